"""Lines that belong to the page, not to the text: running headers and footers, link lines, bar codes.

How UN documents print them: the symbol alone in the header, job number with language letter and page in the
footer (``16-10499 (C) 3/8``; fused as ``510-22570 (C)`` in S/2010/52: page 5, job 10-22570). Other duty
stations put their letters before it and initials and days behind (``V.19-01873 (C) GX GY 080419 090419``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from archive.text.aligned_folding import fold

from ..lines import SourceLine
from ..symbols.spelling import PART_NAME
from .markup import read_tex_symbol

SYMBOL = (
    r"(?:[A-Z]{1,8}(?:\(\d{1,3}\)(?=/))?|S-\d{1,2}|ES-\d{1,2})"
    r"(?:[/.-](?:\([A-Za-z0-9 ]{1,12}\)|Part [0-9IVX]{1,4}"
    r"|[A-Za-z0-9]{1,12}(?:\([0-9]{1,3}\)(?=/))?(?:[.\-][A-Za-z0-9]{1,10}){0,3})){1,8}"
    rf"(?:\s?[(（](?:[0-9A-Za-z ,.]{{1,12}}|{PART_NAME})[)）](?:/(?:Add|Corr|Rev)\.\d{{1,3}}){{0,3}})?"
    r"\*{0,3}"
)
_PAGE = r"(?:\d{1,3}\s*/\s*\d{1,3}|第\s*\d{1,4}\s*页(?:\s*[，,/]?\s*共\s*\d{1,4}\s*页)?)"
_JOB = (
    r"(?:(?:\d{0,3}|[A-Z]{1,2}\.?\s?)(?P<number>\d\d-\d{5,6})\*{0,3}|[A-Z](?P<nairobi>\d{7})(?=\s*[\s(（]))"
    r"(?:\s*[(（]\s?[A-Z]{1,2}\s?[)）])?(?:\s*(?:[A-Z]{2,3})?\d{6}|\s+[A-Z]{2,3}(?=\s|$)){0,6}"
)
_PAGE_LINE = re.compile(rf"{_PAGE}|[-–—]\s*\d{{1,4}}\s*[-–—]|[Pp]age\s+\d{{1,4}}(?:\s*(?:/|of)\s*\d{{1,4}})?")
_COLUMN_HEAD = re.compile(
    r"[页段頁章节節]\s{0,4}次(?:\s{1,90}[页段頁]\s{0,4}次)?|Page|Paragraphs?(?:\s{1,40}Page)?"
)
_BARE_NUMBER = re.compile(r"\d{1,3}")
_PRINTER = r"请回收(?:利用)?|Please recycle|☺|♲|CS-\d{4}-\d{1,5}\([A-Z]\)(?: distributed \d\d/\d\d/\d{4})?"
_FOOT_PIECE = re.compile(
    rf"(?:(?P<job>{_JOB}(?:\s*\*{{1,3}})?)|(?P<code>\*\s?\d{{5,12}}\s?\*|\*[A-Z0-9]{{6,14}}\*)|"
    rf"(?P<printer>{_PRINTER})|{_PAGE}|\d{{1,3}})(?:\s+|$)"
)
SYMBOL_LINE = re.compile(rf"(?:联合国\s*)?({SYMBOL})(?:\s+{_PAGE})?|{_PAGE}\s+({SYMBOL})|联合国\s+({SYMBOL})")
_DASHES = str.maketrans("–—‑−", "----")
_LINK = re.compile(r"<?https?://[^\s<>\u2e80-\uffef]+>?")
_LINK_TAIL = re.compile(r"[\w./()%?&=#-]{1,80}")
_OFFICIAL_LINK = re.compile(
    r"https?://(?:www\.)?(?:undocs\.org|docs\.un\.org|daccess-|documents\.un\.org/(?:doc|api))", re.I
)


@dataclass(slots=True)
class Furniture:
    """Which source lines (by index) are furniture and why; and what they told of the document."""

    reasons: dict[int, str] = field(default_factory=dict)
    symbols: Counter[str] = field(default_factory=Counter)
    job_number: str | None = None


def find_furniture(lines: Sequence[SourceLine]) -> Furniture:
    """Find the lines of ``lines`` that the page, and not the author, put there."""
    found = Furniture()
    for at, line in enumerate(lines):
        if len(line.text) > 400:
            continue
        reason = _page_reason(line.text, found)
        if reason:
            found.reasons[at] = reason
    _find_links(lines, found)
    _find_bare_page_numbers(lines, found)
    return found


def page_numbers_beside(lines: Sequence[SourceLine], reasons: dict[int, str]) -> dict[int, str]:
    """Bare numbers that stand directly beside a running header among ``reasons``."""
    headers = {at for at, reason in reasons.items() if reason == "running header"}
    return {
        at: "page number"
        for header in headers
        for at in (header - 1, header + 1)
        if 0 <= at < len(lines) and at not in reasons and _BARE_NUMBER.fullmatch(lines[at].text)
    }


def symbol_of_line(text: str) -> str | None:
    """The symbol that stands alone on a line (with 联合国 or a page number at most), or None."""
    text = with_hyphens(read_tex_symbol(fold(text))).strip("| \t\u3000").replace("|", " ")
    match = SYMBOL_LINE.fullmatch(text)
    symbol = match and (match[1] or match[2] or match[3])
    if not symbol or "/" not in symbol or not re.search(r"\d", symbol):
        return None
    return symbol.rstrip("*")


def with_hyphens(text: str) -> str:
    """``text`` with the dashes that join a double symbol as hyphens (A/63/985–S/2009/419)."""
    return text.translate(_DASHES)


def _page_reason(text: str, found: Furniture) -> str | None:
    if _PAGE_LINE.fullmatch(text):
        return "page number"
    if _COLUMN_HEAD.fullmatch(text.strip("| ")):
        return "column head of the contents list"
    foot = _pieces_of_foot(text)
    if "code" in foot:
        digits = re.sub(r"\D", "", foot["code"])
        if len(digits) == 7 and found.job_number is None:
            found.job_number = f"{digits[:2]}-{digits[2:]}"
    if "job" in foot:
        found.job_number = found.job_number or foot["job"]
        return "running footer"
    return "bar code" if "code" in foot else "printer's note" if "printer" in foot else None


def _pieces_of_foot(text: str) -> dict[str, str]:
    """Job number, bar code and printer's words by name, where a line holds these and pages and no more."""
    pieces: dict[str, str] = {}
    at = 0
    while at < len(text):
        match = _FOOT_PIECE.match(text, at)
        if not match:
            return {}
        if match.lastgroup:
            pieces[match.lastgroup] = match["number"] or match["nairobi"] or match[0]
        at = match.end()
    return pieces


def _find_links(lines: Sequence[SourceLine], found: Furniture) -> None:
    """Link lines that an extractor inserted: on a UN document server, or several together.

    Any other address alone on a line may be the author's (S/2010/52, para. 7) and stays.
    """
    alone = {at for at, line in enumerate(lines) if len(line.text) <= 400 and _LINK.fullmatch(line.text)}
    for at in sorted(alone):
        together = any(near in alone and _touch(lines, at, near) for near in (at - 1, at + 1))
        if together or _OFFICIAL_LINK.match(lines[at].text):
            found.reasons[at] = "inserted link"
            _mark_tail(lines, at, found)


def _touch(lines: Sequence[SourceLine], one: int, other: int) -> bool:
    return lines[max(one, other)].before <= 1


def _mark_tail(lines: Sequence[SourceLine], at: int, found: Furniture) -> None:
    """The rest of a link that was wrapped over its line: ``…/ch/S/RES/`` and ``1540(2004)``."""
    if at + 1 >= len(lines) or lines[at].text[-1] not in "/-._=(":
        return
    tail = lines[at + 1]
    if tail.before <= 1 and _LINK_TAIL.fullmatch(tail.text):
        found.reasons[at + 1] = "inserted link"


def _find_bare_page_numbers(lines: Sequence[SourceLine], found: Furniture) -> None:
    """A number alone on its line is a page number where a page turns: beside furniture or a form feed.

    Numbers that stand apart and count on from page to page are, too, where nothing else tells of a turn.
    """
    apart = [at for at, line in enumerate(lines) if line.before > 1 and _BARE_NUMBER.fullmatch(line.text)]
    numbers = [int(lines[at].text) for at in apart]
    if len(numbers) > 1 and numbers == list(range(numbers[0], numbers[0] + len(numbers))) and numbers[0] <= 2:
        found.reasons |= dict.fromkeys(apart, "page number")
    for at, line in enumerate(lines):
        if at in found.reasons or not _BARE_NUMBER.fullmatch(line.text):
            continue
        turns = line.feed or at + 1 == len(lines) or lines[at + 1].feed
        if turns or at - 1 in found.reasons or at + 1 in found.reasons:
            found.reasons[at] = "page number"
