"""Citations in a draft: what the mention grammar finds, and what looks like a citation and is none to it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from archive.text.aligned_folding import fold
from archive.text.mentions import find_mentions
from archive.text.parsed import Facts, Kind, ParsedParagraph
from archive.text.pinpoints import english_pinpoint_beside, pinpoint_after
from archive.text.reference import load_reference
from archive.text.symbols.series import PRESS, SERIES
from search.entities.names import Kind as EntityKind
from search.entities.names import NameTable
from search.entities.recognise import read_whole

from .lines import paragraphs

# Series of one or two letters that stand for other things as well: IT/OT, ID/2, T/2, C/C++.
_AMBIGUOUS = frozenset("C CD EC RC GC GA GV IT ID T HS LC ICC KP SSC CAC ST ECE".split()) | PRESS  # noqa: SIM905
_SURE = sorted((re.escape(series) for series in SERIES if series not in _AMBIGUOUS), key=len, reverse=True)
_ALL = sorted((re.escape(series) for series in SERIES), key=len, reverse=True)
# s/res/1540, S.RES.1540, S//2010/52, A/RES/73-55; small letters only where the series is sure
_SYMBOL_LIKE = re.compile(
    rf"(?<![A-Za-z0-9/.@_%&=-])(?:(?:{'|'.join(_ALL)})(?=[/.])|(?i:(?:{'|'.join(_SURE)})(?=/)))"
    r"[/.]{1,2}[A-Za-z0-9(][A-Za-z0-9()./-]{1,59}"
)
# 第154O(2004)号决议, 第1540(204)号决议, 第八五二四号决议
_NUMBER_LIKE = re.compile(r"第 ?[^\s第号,。、;:“”\"《》]{1,24}? ?号 ?(?:决议草案|决议|决定|文件)")
NEAR = 200  # characters beside a citation in which its paragraph is looked for
_ADDRESS = re.compile(r"(?:https?://|www\.)[!-~]+|[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,100}")
_MORE_OF_SYMBOL = re.compile(r"/?[0-9]")
# In 第1540(2004)号决议所设委员会 the resolution is part of a name.
_NAME_GOES_ON = re.compile(r" ?(?:所设|设立的?|的)?(?:[^,。;、\s]{0,8})?委员会|所设|专家(?:组|小组)")


# SR.74, PV.7169; 第74次会议记录, 第74次会议第14段
_RECORD = re.compile(
    r"(?P<symbol>(?<![A-Za-z0-9./_-])(?:SR|PV)\. ?[0-9]{1,5}(?![0-9A-Za-z/]))"
    r"|(?P<meeting>第 ?(?:[0-9]{1,5}|[一二三四五六七八九十百千〇]{1,7}) ?次(?:全体|正式)?会议"
    r"(?P<record>的?(?:简要|逐字)?记录)?)"
)
_LONGEST_OWNER = 20


class Pointing(StrEnum):
    """The way in which a pinpoint without a citation refers to its document."""

    NOTHING = "nothing"  # 附件第3段
    TITLE = "title"  # 《最后文件》第3段: by a name that is no citation
    WORD = "word"  # 同上，第3段; 该文件第3段


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation in the draft. ``symbol`` is empty where none could be read; ``pointing`` is set for a
    pinpoint that belongs to no citation.
    """

    start: int
    end: int
    surface: str
    symbol: str = ""
    pinpoint: str = ""
    certain: bool = True
    in_body_name: bool = False
    pointing: Pointing | None = None


def citations(text: str, table: NameTable) -> list[Cited]:
    """Returns all citations of ``text``, in order: those the grammar reads, records of meetings that
    ``table`` knows, and what neither reads.
    """
    read = list(_mentions(text))
    read += _records(text, read, table)
    return sorted([*read, *_unread(text, read)], key=in_draft)


def in_draft(one: Cited) -> tuple[int, int]:
    """Returns the sort key of a citation's place in the draft."""
    return one.start, one.end


def _mentions(text: str) -> Iterator[Cited]:
    blocks = [(start, paragraph) for start, paragraph in paragraphs(text) if paragraph.strip()]
    parsed = [
        ParsedParagraph(anchor=str(start), kind=Kind.PARAGRAPH, text=paragraph) for start, paragraph in blocks
    ]
    by_anchor = {str(start): paragraph for start, paragraph in blocks}
    for mention in find_mentions(parsed, Facts(), load_reference()):
        offset, paragraph = int(mention.anchor), by_anchor[mention.anchor]
        start, end = offset + mention.start, offset + mention.end
        if _goes_on(paragraph, mention.end):
            continue
        pinpoint = mention.paragraph or _in_english(paragraph, mention.start, mention.end)
        yield Cited(
            start,
            end,
            text[start:end],
            mention.symbol,
            pinpoint,
            mention.certain,
            not pinpoint and bool(_NAME_GOES_ON.match(paragraph, mention.end, mention.end + 30)),
        )


def _in_english(text: str, start: int, end: int) -> str:
    """Matches: paragraph 3 of resolution 1540 (2004); resolution 1540 (2004), para. 3; 1540 OP3."""
    before, behind = text[max(0, start - NEAR) : start], text[end : end + NEAR]
    return str(english_pinpoint_beside(before, behind) or "")


def _records(text: str, read: Sequence[Cited], table: NameTable) -> Iterator[Cited]:
    """Records of meetings by less than their symbols: SR.74第14段, 1540委员会第74次会议记录.

    What ``table`` knows no record for is spoken of, not cited.
    """
    folded = fold(text)
    taken = sorted((one.start, one.end) for one in read)
    for match in _RECORD.finditer(folded):
        pinpoint = pinpoint_after(folded, match.end()) or _in_english(folded, *match.span())
        if not (match["symbol"] or match["record"] or pinpoint) or overlaps(taken, *match.span()):
            continue
        (start, end), owned = match.span(), True
        if match["meeting"]:
            start, owned = _with_owner(folded, start, table)
        meant = read_whole(folded[start:end], table).entities
        known = [one.key for one in meant if one.kind is EntityKind.SYMBOL]
        if known:
            symbol = known[0] if len(known) == 1 else ""
            yield Cited(start, end, text[start:end], symbol, pinpoint, certain=owned and bool(symbol))


def _with_owner(folded: str, start: int, table: NameTable) -> tuple[int, bool]:
    """Returns the start of the name of the body that met, and True if there is one."""
    for first in range(max(0, start - _LONGEST_OWNER), start):
        if any(name.kind is EntityKind.BODY and not name.weak for name in table.named(folded[first:start])):
            return first, True
    return start, False


def _goes_on(text: str, end: int) -> bool:
    """Returns True if a symbol was cut short: S/RES/1540 in S/RES/15400, S/2010 in S/2010/123456."""
    return text[end - 1].isdigit() and _MORE_OF_SYMBOL.match(text, end) is not None


def _unread(text: str, read: Sequence[Cited]) -> Iterator[Cited]:
    """Generates strings that look like a symbol or resolution number, where no citation was parsed."""
    taken, looks = [(one.start, one.end) for one in read], []
    for offset, paragraph in paragraphs(text):
        folded = fold(paragraph)
        addresses = (match.span() for match in _ADDRESS.finditer(folded))
        taken += [(offset + start, offset + end) for start, end in addresses]
        looks += [(offset + start, offset + end) for start, end in (*_numbers(folded), *_symbols(folded))]
    taken.sort()
    end = 0
    for start, stop in sorted(looks):
        if start >= end and not overlaps(taken, start, stop):
            yield Cited(start, stop, text[start:stop], certain=False)
            end = stop


def _numbers(folded: str) -> Iterator[tuple[int, int]]:
    yield from (match.span() for match in _NUMBER_LIKE.finditer(folded))


def _symbols(folded: str) -> Iterator[tuple[int, int]]:
    """Generates the spans of symbol-like tokens with a number that no paper size has (A/4)."""
    for match in _SYMBOL_LIKE.finditer(folded):
        token = match.group().rstrip("./-(")
        numbers = re.findall(r"\d+", token)
        pieces = [piece for piece in re.split(r"[/.]+", token) if piece]
        if numbers and len(pieces) > 1 and (len(pieces) > 2 or int(numbers[-1][:9]) >= 100):
            yield match.start(), match.start() + len(token)


def overlaps(taken: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Returns True if the span overlaps one of ``taken``, which are sorted and hardly overlap each other."""
    near = bisect_right(taken, (start, end))
    return any(first < end and start < last for first, last in taken[max(0, near - 3) : near + 1])
