"""Tokens: the numbers and symbols in a text that may name a resolution, a decision or a document.

All patterns see folded text (``aligned_folding.fold``), are bounded, and cannot begin in the middle of a
number or word, so that a text is read in linear time whatever it holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from archive.text.symbols.agencies import ICAO, OAS, OSCE, WHA
from archive.text.symbols.symbol import Symbol

from ..numerals import number_of, roman_of
from ..symbols.series import SERIES
from ..symbols.spelling import PART_NAME
from .serials import council_year


class Shape(StrEnum):
    """What a token looks like; which organ it belongs to is another question."""

    SYMBOL = "symbol"  # S/2008/493, A/77/895-S/2023/363
    EU_ACT = "eu_act"  # (CFSP)2018/1939
    COUNCIL = "council"  # 1540(2004), also 1540(2004年) and 1540号(2004年)
    ROMAN = "roman"  # 2625(XXV), 217 A(III), 3201(S-VI)
    SESSION = "session"  # 73/55, 1996/31, ES-10/13, 49/35 A
    EU_NUMBER = "eu_number"  # 428/2009, the year last
    PLAIN = "plain"  # 1540
    LETTER = "letter"  # the B of 第73/262 A和B号决议
    ADDRESS = "address"  # web and e-mail addresses, in which nothing is sought
    SUFFIX = "suffix"  # the Corr.1 of A/73/12和Corr.1


@dataclass(frozen=True, slots=True)
class Token:
    """A token from ``start`` to ``end``; ``outer_start`` and ``outer_end`` take in 第 and 号.

    ``text`` is what stands there, but for Chinese numerals: 一五四〇(二〇〇四) is given as 1540(2004).
    """

    shape: Shape
    text: str
    start: int
    end: int
    outer_start: int
    outer_end: int

    @property
    def framed(self) -> bool:
        return self.outer_start < self.start or self.outer_end > self.end


# Series that other things than documents are called by (IT/OT, ID 12, T/2) are not sought in running text.
_UNSAFE = frozenset(
    {"C", "EC", "RC", "C-SS", "EC-M", "GC", "IT", "ID", "T", "HS", "LC", "ICC", "KP", "SSC", "CAC"}
)
_SERIES = "|".join(sorted((re.escape(s) for s in SERIES if s not in _UNSAFE), key=len, reverse=True))
_BRACKET = rf" ?\({PART_NAME}\)"
_NATURE = (
    r"(?:E?S-[0-9IVX]{1,4}|[A-Z]{1,2}\.[0-9IVX]{1,6}|Part ?[0-9IVX]{1,4}(?![0-9A-Za-z])"  # ES-10, C.1, Part 1
    r"|[A-Z][A-Za-z]{1,9}(?:\.[0-9A-Z]{1,6}|\([0-9]{1,3}\))?"  # RES, ICEF, AC.44, SER.A, Add.1, COP(11)
    r"|[0-9]{1,5}[A-Z]?(?![0-9A-Za-z])|\([0-9]{2}\)|[A-Z](?![A-Za-z0-9.-]))"  # 2008, 36L, (02), C
)
_YEAR = r"(?:19[4-9][0-9]|20[0-9][0-9])"
_ROMAN = r"(?:E?S-)?[IVXL]{1,7}"
_PART = r"(?: ?[A-Z](?![A-Za-z0-9./]))"
_PART_OF_SYMBOL = rf"(?:{_PART}(?! ?[节组类款-])|\[[A-Z]\])"  # A/RES/53/77 D, A/RES/53/77[D]
# A State's 19th to 21st reports to a treaty body, in one document: CERD/C/CMR/CO/19-21
_REPORTS = r"[A-Z]{2,5}/C/[A-Z]{3}/(?:[A-Z]{1,3}/)?[0-9]{1,2}[-–][0-9]{1,2}(?![0-9])(?:/(?:Add|Corr)\.[0-9])?"
_ONE_SYMBOL = (
    rf"(?:(?:S/RES|s/res)/[0-9]{{1,4}}(?![0-9A-Za-z])(?: ?\( ?{_YEAR} ?\))?"  # S/RES/1985 (2011)
    rf"|(?:[ae]/res|[AE]/RES)/[0-9]{{1,4}}/[0-9]{{1,3}}(?:{_PART_OF_SYMBOL}|(?![0-9A-Za-z]))"
    rf"|[AE]/RES/[0-9]{{1,4}}{_PART}? ?\({_ROMAN}\){_PART}?"  # A/RES/2625 (XXV)
    rf"|(?:C|EC|RC)-(?:SS-|M-)?[0-9IVX]{{1,5}}(?:/{_NATURE}){{1,4}}"  # C-SS-4/DEC.3
    rf"|{OSCE}|{OAS}|{WHA}(?![0-9A-Za-z])"
    rf"|{ICAO}(?= ?号(?: ?决议|和|、|及))|(?<=[决议第]){ICAO}(?![0-9A-Za-z])"
    rf"|GC\([0-9IVXL]{{1,5}}\)(?:/{_NATURE}){{1,4}}"  # GC(62)/RES/10
    rf"|(?:{_SERIES})(?:\.[0-9IVX]{{1,4}})?(?:/{_NATURE}){{1,9}}(?:{_BRACKET})?"  # S/AC.44/2004/(02)/5/Corr.1
    r")(?:/(?:Add|Corr|Rev|Amend)\.[0-9]{1,3}){0,4}(?!/[0-9A-Za-z(])"  # S/2098/123456 is not S/2098
)
_EU_TYPE = r"(?:CFSP|EU|EC|EEC|JHA|PESC)(?:, ?Euratom)?"
_LEFT = r"(?<![A-Za-z0-9/.@_-])"
_LEFT_OR_UNSCR = rf"(?:{_LEFT}|(?<=UNSCR))"
# 第1267(1999)/1989(2011)/2253(2015)号决议 and 第751/1907号决议 are each a resolution of the Council
_SLASHED = rf"[1-9][0-9]{{2,3}}(?: ?\( ?{_YEAR} ?\))?"
_IS_YEAR = re.compile(_YEAR)
_RESOLUTION_BEHIND = re.compile(" ?号 ?决议")
_SLASHED_PIECE = re.compile(_SLASHED)
_DIGITS = "[〇○零一二三四五六七八九十百千]"  # ○ is what many fonts and gazettes have for 〇

_TOKEN = re.compile(
    rf"(?P<address>(?:https?://|www\.)[!-~]+"
    rf"|{_LEFT}[A-Za-z0-9._%+-]{{1,64}}@[A-Za-z0-9.-]{{1,100}}"
    rf"|{_LEFT}(?:[A-Za-z0-9-]{{1,40}}\.){{1,5}}(?:org|com|int|net|gov|edu|cn)/[!-~]*)"
    rf"|(?P<eu_act>\( ?{_EU_TYPE} ?\) ?/?(?:第|No\.?)? ?[0-9]{{1,4}}/[0-9]{{1,4}}(?![0-9/])"
    rf"|{_LEFT}[12][0-9]{{3}}/[0-9]{{1,4}}/(?:CFSP|JHA|PESC|EC)(?![A-Za-z]))"
    rf"|{_LEFT}(?P<symbol>{_REPORTS}|{_ONE_SYMBOL}(?:[-–—] ?{_ONE_SYMBOL})?)"
    rf"|(?<![A-Za-z0-9])(?P<suffix>(?:Add|Amend|Corr|Rev)\.[0-9]{{1,3}}(?:/(?:Add|Corr|Rev)\.[0-9]{{1,3}}){{0,3}})"
    rf"|{_LEFT}(?P<slashed>{_SLASHED}(?:/{_SLASHED}){{1,5}})(?= ?号)"
    rf"|{_LEFT_OR_UNSCR}(?P<council>[1-9][0-9]{{0,3}}"
    rf"(?: ?\( ?{_YEAR} ?年? ?\)|号 ?\( ?{_YEAR} ?年? ?\)(?= ?决议)))(?!年)"
    rf"|{_LEFT}(?P<roman>[1-9][0-9]{{0,3}}{_PART}? ?\( ?{_ROMAN} ?\){_PART}?)"
    rf"|{_LEFT}(?P<session>(?:[1-9][0-9]{{0,3}}|E?S-[0-9]{{1,2}})/[1-9][0-9]{{0,2}}(?![0-9/.])"
    rf"(?: ?[A-Z](?:-[A-Z])?(?![A-Za-z0-9./]))?)"
    rf"|{_LEFT}(?P<eu_number>[1-9][0-9]{{0,3}}/{_YEAR}(?![0-9/.]))"
    rf"|{_LEFT_OR_UNSCR}(?P<plain>[1-9][0-9]{{0,3}})(?![0-9A-Za-z/.%])"
    rf"|(?<=第)(?P<chinese>{_DIGITS}{{2,9}}(?:\({_DIGITS}{{1,6}}\))?)(?=号)"
    rf"|(?<![A-Za-z0-9.(-])(?P<letter>[A-Z])(?![A-Za-z0-9./)-])"
)


def tokens(folded: str) -> Iterator[Token]:
    """The tokens of folded text in order, without overlap."""
    for match in _TOKEN.finditer(folded):
        shape = match.lastgroup or ""
        if shape == "slashed":
            yield from _slashed(folded, match)
        elif shape != "chinese":
            yield _framed(Shape(shape), match.group(), folded, match.start(), match.end())
        elif read := _from_chinese(match.group()):
            yield _framed(*read, folded, match.start(), match.end())


def _slashed(folded: str, match: re.Match[str]) -> Iterator[Token]:
    """Each number of 1267/1989/2253号决议; two that may be an act, as in 428/2009号条例, are one."""
    pieces = list(_SLASHED_PIECE.finditer(folded, *match.span()))
    numbers = [piece.group() for piece in pieces]
    if len(pieces) == 2 and all(map(str.isdecimal, numbers)):
        of_act = _IS_YEAR.fullmatch(numbers[1]) and not _RESOLUTION_BEHIND.match(folded, match.end())
        if len(numbers[1]) < 4 or of_act:
            shape = Shape.EU_NUMBER if of_act else Shape.SESSION
            yield _framed(shape, match.group(), folded, *match.span())
            return
        if council_year(int(numbers[0])) == int(numbers[1]):  # 第1540/2004号决议
            yield _framed(Shape.COUNCIL, match.group(), folded, *match.span())
            return
    for piece in pieces:
        shape = Shape.PLAIN if piece.group().isdecimal() else Shape.COUNCIL
        yield _framed(shape, piece.group(), folded, *piece.span())


def _from_chinese(text: str) -> tuple[Shape, str] | None:
    """一五四〇(二〇〇四) → 1540(2004), 二六二五(二十五) → 2625(XXV), 一三七三 → 1373."""
    head, _, bracket = text.removesuffix(")").partition("(")
    number, inside = number_of(head), number_of(bracket)
    if number is None or not 0 < number < 10_000:
        return None
    if inside is None:
        return (Shape.PLAIN, str(number)) if not bracket else None
    if inside < 100:
        return Shape.ROMAN, f"{number}({roman_of(inside).upper()})"
    return (Shape.COUNCIL, f"{number}({inside})") if 1946 <= inside < 2100 else None


def _framed(shape: Shape, text: str, folded: str, start: int, end: int) -> Token:
    outer_start, outer_end = start, end
    if folded[max(0, start - 1) : start] == "第":
        outer_start = start - 1
    elif folded[max(0, start - 2) : start] == "第 ":
        outer_start = start - 2
    if folded.startswith("号", end):
        outer_end = end + 1
    elif folded.startswith(" 号", end):
        outer_end = end + 2
    return Token(shape, text, start, end, outer_start, outer_end)


# What the finders hand on: a place and what it names.


@dataclass(frozen=True, slots=True)
class Found:
    """A mention before its pinpoint and surface are read."""

    start: int
    end: int
    symbol: Symbol
    certain: bool = True
