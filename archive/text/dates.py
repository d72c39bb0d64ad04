"""Dates as UN documents print them, in Chinese or English, as ISO 8601."""

from __future__ import annotations

import re
from datetime import date

from .languages import TABLES
from .parsed import Facts
from .symbols import Symbol, parsed_symbol

_MONTHS = [month for table in TABLES.values() for month in table["months"]]
_DIGITS = {char: str(at) for at, char in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0", "Ｏ": "0"}
CHINESE_DATE = (
    r"(?:\d{4}|[〇○零０0一二三四五六七八九]{4})\s*年\s*(?:\d{1,2}|[一二三四五六七八九十]{1,2})\s*月\s*"
    r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*日"
)
_CHINESE = re.compile(
    r"([\d〇○零一二三四五六七八九]{4})\s*年\s*([\d一二三四五六七八九十]{1,2})\s*月\s*([\d一二三四五六七八九十]{1,3})\s*日"
)
_WORDED = re.compile(rf"(\d{{1,2}})\s+({'|'.join(_MONTHS)})\s+(\d{{4}})")


def read_date(text: str) -> str | None:
    """The first date in ``text`` as ``2016-06-22``, or None where there is none or it cannot be."""
    chinese = _CHINESE.search(text)
    if chinese:
        return _iso(_year(chinese[1]), _small(chinese[2]), _small(chinese[3]))
    worded = _WORDED.search(text)
    return _iso(int(worded[3]), _MONTHS.index(worded[2]) % 12 + 1, int(worded[1])) if worded else None


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _year(text: str) -> int:
    return int("".join(_DIGITS.get(char, char) for char in text))


def _small(text: str) -> int:
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    value = (int(_DIGITS[tens]) if tens else 1) * 10 if ten else 0
    return value + (int(_DIGITS[ones]) if ones in _DIGITS else 0)


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
