"""Lines that belong to the page, not to the text: running headers and footers, link lines, bar codes.

How UN documents print them: the symbol alone in the header, job number with language letter and page in the
footer (``16-10499 (C) 3/8``; fused as ``510-22570 (C)`` in S/2010/52: page 5, job 10-22570). Other duty
stations put their letters before it and initials and days behind (``V.19-01873 (C) GX GY 080419 090419``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from archive.text.aligned_folding import fold

from ..blocks.markers import read_markers
from ..lines import SourceLine
from ..shapes import ANNEX_LABEL, is_heading_like, read_caption
from ..symbols.spelling import PART_NAME
from ..typography import compact, ends_sentence
from .markup import read_tex_symbol

SYMBOL = (
    r"(?:[AE]/RES/\d{1,3}/\d{1,3}(?:\s?\[[A-Z]\]|\s[A-Z](?![A-Za-z0-9]))|"  # a part: A/RES/53/77 D
    r"(?:[A-Z]{1,8}(?:\(\d{1,3}\)(?=/))?|S-\d{1,2}|ES-\d{1,2})"
    r"(?:[/.-](?:\([A-Za-z0-9 ]{1,12}\)|Part [0-9IVX]{1,4}"
    r"|[A-Za-z0-9]{1,12}(?:\([0-9]{1,3}\)(?=/))?(?:[.\-][A-Za-z0-9]{1,10}){0,3})){1,8}"
    rf"(?:\s?[(（](?:[0-9A-Za-z ,.]{{1,12}}|{PART_NAME})[)）](?:/(?:Add|Corr|Rev)\.\d{{1,3}}){{0,3}})?"
    r"\*{0,3})"
)
_PAGE = r"(?:\d{1,3}\s*/\s*\d{1,3}|第\s*\d{1,4}\s*页(?:\s*[，,/]?\s*共\s*\d{1,4}\s*页)?)"
_JOB = (
    r"(?:(?:\d{0,3}|[A-Z]{1,2}\.?\s?)(?P<number>\d\d-\d{5,6})\*{0,3}|[A-Z](?P<nairobi>\d{7})(?=\s*[\s(（]))"
    r"(?:\s*[(（]\s?[A-Z]{1,2}\s?[)）])?(?:\s*(?:[A-Z]{2,3})?\d{6}|\s+[A-Z]{2,3}(?=\s|$)){0,6}"
)
_PAGE_LINE = re.compile(rf"{_PAGE}|[-–—]\s*\d{{1,4}}\s*[-–—]|[Pp]age\s+\d{{1,4}}(?:\s*(?:/|of)\s*\d{{1,4}})?")
_COLUMN_HEAD = re.compile(
    r"目\s{0,8}[录次錄]\s?[(（]续[)）]|[页段頁章节節]\s{0,4}次(?:\s{1,90}[页段頁]\s{0,4}次)?|Page|Paragraphs?(?:\s{1,40}Page)?"
)
_BARE_NUMBER = re.compile(r"\d{1,3}")
_PRINTER = r"请回收(?:利用)?|Please recycle|☺|♲|CS-\d{4}-\d{1,5}\([A-Z]\)(?: distributed \d\d/\d\d/\d{4})?"
_FOOT_PIECE = re.compile(
    rf"(?:(?P<job>{_JOB}(?:\s*\*{{1,3}})?)|(?P<code>\*\s?\d{{5,12}}\s?\*|\*[A-Z0-9]{{6,14}}\*)|"
    rf"(?P<printer>{_PRINTER})|{_PAGE}|\d{{1,3}}|/\s?(?:\.\.\.|…))(?:\s+|$)"
)
SYMBOL_LINE = re.compile(rf"(?:联合国\s*)?({SYMBOL})(?:\s+{_PAGE})?|{_PAGE}\s+({SYMBOL})|联合国\s+({SYMBOL})")
# A page beside the words of a head; a bare number stands apart: 次级方案 1 is a name.
_PAGE_BESIDE = re.compile(rf"^(?:{_PAGE}\s+|\d{{1,4}}\s{{2,}})|\s+{_PAGE}$|\s{{2,}}\d{{1,4}}$")
_DATED_HEAD = re.compile(r"^\d\d/\d\d/\d{4}\s|\s\d\d/\d\d/\d{4}$")  # of each page of a record
_GUTTER = re.compile(r"\S(?:\s{2,}|\t|\u3000)\S")
_AT_TURNS = ("running header", "running footer", "page number")
_LONGEST_HEAD = 160
_LEVEL = 5  # points
_LEAST_CUT = 20  # characters of a line that breaks off
_DASHES = str.maketrans("–—‑−", "----")
_LINK = re.compile(r"<?https?://[^\s<>\u2e80-\uffef]+>?")
_LINK_TAIL = re.compile(r"[\w./()%?&=#-]{1,80}")
_OFFICIAL_LINK = re.compile(
    r"https?://(?:www\.)?(?:undocs\.org|docs\.un\.org|daccess-|documents\.un\.org/(?:doc|api))", re.I
)
# What a browser prints around a page: 2026/11/25 20:34 and the title above, the address and 1/5 below; or, in
# another, title and address above, 1 of 5 and the time below.
_STAMP = r"\d{1,4}[/.年-]\d{1,2}[/.月-]\d{1,4}日?[,，]?\s*(?:[上下]午\s*)?\d{1,2}:\d\d(?::\d\d)?(?:\s?[AP]M)?"
_ADDRESS = r"(?:file|https?)://\S+"
_COUNT = r"\d{1,3}\s*(?:/|of|，共)\s*\d{1,3}"
_PRINT_FOOT = re.compile(rf"{_ADDRESS}\s+{_COUNT}|{_COUNT}\s{{2,}}{_STAMP}|{_STAMP}\s{{2,}}{_COUNT}", re.I)
_PRINT_HEAD = re.compile(rf"{_STAMP}(?:\s{{2,}}(?P<title>\S.*))?|(?P<titled>\S.*\S)\s{{2,}}{_ADDRESS}")
_PIECES = re.compile(r"[\d\s年月日/-]{1,40}")  # of a title whose digits are of another font


@dataclass(slots=True)
class Furniture:
    """Which source lines (by index) are furniture and why; and what they told of the document."""

    reasons: dict[int, str] = field(default_factory=dict)
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
    _find_browser_print(lines, found)
    _find_links(lines, found)
    _find_bare_page_numbers(lines, found)
    return found


def page_numbers_beside(lines: Sequence[SourceLine], reasons: Mapping[int, str]) -> dict[int, str]:
    """Numbers alone on their lines where a page turns: beside furniture, a running header or a form feed."""
    beside = {at for at, reason in reasons.items() if reason != "masthead"}
    return {
        at: "page number"
        for at, line in enumerate(lines)
        if at not in reasons and not line.evidence.cell and _BARE_NUMBER.fullmatch(line.text)
        if line.feed or at + 1 == len(lines) or lines[at + 1].feed or not beside.isdisjoint((at - 1, at + 1))
    }


def running_heads(lines: Sequence[SourceLine], reasons: Mapping[int, str], symbol: str | None) -> set[int]:
    """Lines at the head or foot of pages that say what stands there: 第4款 裁军, with or without the page.

    They cut a sentence, are set in two columns, count the pages, stand on three pages on end, or behind the
    symbol. The first of them may be the heading that the others repeat: it stays where it stands nowhere
    above.
    """
    kept = [at for at in range(len(lines)) if at not in reasons]
    texts = [compact(lines[at].text[:_LONGEST_HEAD]) for at in kept]
    heads: dict[str, list[tuple[int, int, int]]] = {}
    found: set[int] = set()
    page = turned = 0
    for here, at in enumerate(kept):
        after = kept[here + 1] if here + 1 < len(kept) else len(lines) - 1
        turns = any(lines[near].feed or reasons.get(near) in _AT_TURNS for near in range(at + 1, after + 1))
        text = with_hyphens(lines[at].text[: _LONGEST_HEAD + 1])
        title = compact(text[len(symbol) :]) if symbol and text.startswith(symbol) else ""
        beside = _PAGE_BESIDE.search(text) if len(text) <= _LONGEST_HEAD else None
        words = compact(_PAGE_BESIDE.sub("", text, count=1)) if beside else texts[here]
        edge = turned or turns
        of_record = symbol and symbol in text and _DATED_HEAD.search(text)
        if of_record or len(title) > 4 and any(one.endswith(title) and one != texts[here] for one in texts):
            found.add(at)
        # Rows touch; where no page turns, a head stands apart from all that is set in columns.
        near = [other for other in kept[max(0, here - 1) : here + 2] if other != at]
        near = [other for other in near if not edge or lines[max(other, at)].before == 0]
        if (
            at not in found
            and (edge or beside)
            and is_heading_like(words)
            and not _is_of_table(lines, at, near, words)
        ):
            number = int(re.findall(r"\d+", beside[0])[0]) if beside else 0
            heads.setdefault(words, []).append((here, page if edge else -1, number))
        page, turned = page + turns, turns
    for words, rows in heads.items():
        counted = len(rows) > 1 and all(a[2] and 0 < b[2] - a[2] < 3 for a, b in pairwise(rows))
        rows = rows if counted else [row for row in rows if row[1] >= 0]
        cuts = [here for here, *_ in rows if _cuts(texts[here - 1 : here + 2])]
        columns = all(_GUTTER.search(lines[kept[here]].text) for here, *_ in rows)
        on_end = len(rows) > 2 and rows[-1][1] - rows[0][1] < len(rows)
        if len(rows) < 2 or not (counted or cuts or columns or on_end):
            continue
        first = rows[0][0]
        above = {*texts[:first], *map("".join, pairwise(texts[:first]))}
        found |= {kept[here] for here, *_ in rows[not (counted or first in cuts or words in above) :]}
    return found


def _cuts(three: Sequence[str]) -> bool:
    """Whether the first and the last of three lines are one sentence."""
    whole = len(three) < 3 or len(three[0]) < _LEAST_CUT or ends_sentence(three[0])
    return not whole and not read_markers(three[2])


def _is_of_table(lines: Sequence[SourceLine], at: int, near: Sequence[int], words: str) -> bool:
    """Whether a line is a caption or label, or set in columns as one of those ``near`` it is."""
    row = _GUTTER.search(lines[at].text) and any(_GUTTER.search(lines[other].text) for other in near)
    return bool(row) or read_caption(words) is not None or ANNEX_LABEL.fullmatch(words) is not None


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


def _find_browser_print(lines: Sequence[SourceLine], found: Furniture) -> None:
    """Heads and feet of pages that a browser printed, where a foot with the page's number tells that one did.

    Some extractors set the digits of a head, or its title, on a line of their own below it.
    """
    short = [at for at, line in enumerate(lines) if len(line.text) <= 400]
    both = {at: " ".join(line.text for line in lines[at : at + 2]) for at in short}
    feet = [at for at in short if any(map(_PRINT_FOOT.fullmatch, (lines[at].text, both[at])))]
    if not feet:
        return
    found.reasons |= dict.fromkeys(feet, "running footer")
    for at in short:
        head = _PRINT_HEAD.fullmatch(lines[at].text)
        if not head or not (lines[at].feed or at == 0 or at - 1 in feet):
            continue
        found.reasons[at] = "running header"
        for line in lines[at + 1 : at + 2]:
            if line.before == 0 and not line.evidence.cell and _goes_on(line, lines[at], lines, head):
                found.reasons[at + 1] = "running header"


def _goes_on(line: SourceLine, above: SourceLine, lines: Sequence[SourceLine], head: re.Match[str]) -> bool:
    """Whether ``line`` holds pieces of the title, or all of it, beside a time that stands alone."""
    level = abs((line.evidence.top or 0) - (above.evidence.top or 0)) < _LEVEL
    title = level and not any(head.groups()) and any(line.text in one.text for one in lines if one != line)
    return title or _PIECES.fullmatch(line.text) is not None


def _find_links(lines: Sequence[SourceLine], found: Furniture) -> None:
    """Link lines that an extractor inserted: on a UN document server, or several together.

    Any other address alone on a line may be the author's (S/2010/52, para. 7) and stays.
    """
    alone = {at for at, line in enumerate(lines) if len(line.text) <= 400 and _LINK.fullmatch(line.text)}
    for at in sorted(alone):
        together = any(near in alone and lines[max(at, near)].before <= 1 for near in (at - 1, at + 1))
        if together or _OFFICIAL_LINK.match(lines[at].text):
            found.reasons[at] = "inserted link"
            _mark_tail(lines, at, found)


def _mark_tail(lines: Sequence[SourceLine], at: int, found: Furniture) -> None:
    """The rest of a link that was wrapped over its line: ``…/ch/S/RES/`` and ``1540(2004)``."""
    if at + 1 >= len(lines) or lines[at].text[-1] not in "/-._=(":
        return
    tail = lines[at + 1]
    if tail.before <= 1 and _LINK_TAIL.fullmatch(tail.text):
        found.reasons[at + 1] = "inserted link"


def _find_bare_page_numbers(lines: Sequence[SourceLine], found: Furniture) -> None:
    """Numbers that stand apart and count on from page to page, where nothing else tells of a turn."""
    apart = [at for at, line in enumerate(lines) if line.before > 1 and _BARE_NUMBER.fullmatch(line.text)]
    numbers = [int(lines[at].text) for at in apart]
    if len(numbers) > 1 and numbers == list(range(numbers[0], numbers[0] + len(numbers))) and numbers[0] <= 2:
        found.reasons |= dict.fromkeys(apart, "page number")
