"""Dates as UN documents print them, in Chinese or English, as ISO 8601."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from .languages import TABLES
from .numerals import number_of
from .parsed import Facts
from .symbols.symbol import Symbol, parsed_symbol

_MONTHS = [month for table in TABLES.values() for month in table["months"]]
CHINESE_DATE = (
    r"(?:\d{4}|[〇○零０0一二三四五六七八九]{4})\s*年\s*(?:\d{1,2}|[一二三四五六七八九十]{1,2})\s*月\s*"
    r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*日"
)
_YEAR, _SMALL = r"(?P<y{n}>[\d〇○零Ｏ一二三四五六七八九]{{4}})\s*年", "[一二三四五六七八九十]{1,3}"
_JOINED = "[至到和及与、—–~-]"  # 1至3日: the last one has the word
_CHINESE = re.compile(
    rf"(?<![\d.])(?:{_YEAR.format(n=1)}\s*)?(?P<m>\d{{1,2}}|{_SMALL})\s*月(?:\s*(?P<d1>\d{{1,2}}|{_SMALL})\s*日)?"
    rf"|(?<![\d.]){_YEAR.format(n=2)}(?!代)|(?<=[月日]{_JOINED})(?P<d2>\d{{1,2}}|{_SMALL})\s*日(?!内|期限)"
)
_ENGLISH = re.compile(
    rf"(?<![\d.,/])(?:(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?(?: of)?\s+)?\b(?P<m>{'|'.join(_MONTHS)})\b"
    r"(?:\s+(?P<d2>\d{1,2})\b(?![:.]\d))?(?:,?\s+(?P<y1>\d{4})\b)?"
    r"|(?<![\d.,/])(?P<d3>\d{1,2})(?=(?:(?:,|,? to|,? and|,? or|\s?[-–—])\s?\d{1,2}){1,9}"
    rf"\s+(?:{'|'.join(_MONTHS)})\b)"
)
_TO = re.compile(rf"{_JOINED}|以及")
_TO_ENGLISH = re.compile(r",? ?(?:to|and|or|until|through|[-–—])? ?(?:from )?")
Date = tuple[int | None, int | None, int | None]


def find_dates(text: str) -> Iterator[tuple[int, int, Date, bool]]:
    """Generates start and end of each date in ``text``, Chinese ones first, with year, month and day (None
    for what is not said), and whether it says all of that itself: 30日 of 6月1日至30日 does not.
    """
    for pattern, joint, step in ((_CHINESE, _TO, 1), (_ENGLISH, _TO_ENGLISH, -1)):
        dates: list[tuple[int, int, Date, bool]] = []
        for found in list(pattern.finditer(text))[::step]:
            told = {name[0]: value for name, value in found.groupdict().items() if value}
            year, month, day = said = (_number(told.get("y")), _number(told.get("m")), _number(told.get("d")))
            if dates and joint.fullmatch(text, *sorted((*found.span(), *dates[-1][:2]))[1:3]):
                year, month = year or dates[-1][2][0], month or dates[-1][2][1]
            dates.append((*found.span(), (year, month, day), said == (year, month, day)))
        yield from dates[::step]


def _number(text: str | None) -> int | None:
    if text in _MONTHS:
        return _MONTHS.index(text) % 12 + 1
    return int(text) if text and text.isdecimal() else number_of(re.sub("[Ｏ０0]", "〇", text or ""))


def read_date(text: str) -> str | None:
    """The first date in ``text`` as ``2016-06-22``, or None where there is none or it cannot be."""
    full = next((told for *_, told, whole in find_dates(text) if whole and None not in told), None)
    try:
        return date(*full).isoformat() if full else None  # type: ignore[arg-type]
    except ValueError:
        return None


# The year of a document, by its dates or else by its symbol.

FIRST_ASSEMBLY = 1945  # the Assembly's session n ends in the year after 1945 + n
COUNCIL_SINCE, COUNCIL_SESSIONS_A_YEAR = 2006, 3  # the Human Rights Council


def year_of(facts: Facts) -> int | None:
    """Year of issue, of the letter or of the meeting, else of the symbol; None where nothing tells.

    A/74/140 is of 2020 at the latest, A/HRC/52/30 of 2023.
    """
    if date := facts.date or facts.communication_date or facts.meeting_date:
        return int(date[:4])
    symbol = parsed_symbol(facts.symbol or "")
    return (symbol.year or _year_of_session(symbol)) if symbol else None


def _year_of_session(symbol: Symbol) -> int | None:
    session = symbol.session or ""
    if not session.isdecimal():
        return None
    if symbol.organ_code == "A/HRC":
        return COUNCIL_SINCE + (int(session) - 1) // COUNCIL_SESSIONS_A_YEAR
    return FIRST_ASSEMBLY + int(session) + 1 if symbol.components[0] == "A" else None
