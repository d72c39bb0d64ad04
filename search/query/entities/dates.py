"""Dates as readers write them: 2016年12月15日, 2016-12-15, 2016/12/15, 2016.12.15, 二〇一六年十二月十五日,
15 December 2016, 15/12/2016.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from archive.text.folding import fold_words
from archive.text.numerals import number_of
from archive.text.typed_places import acts_in_figures
from search.query.text.quantities import HAN_DIGITS, in_han

MEETINGS = Path(__file__).with_name("meetings.txt").read_text("utf-8").split()
YEAR = r"(?:19[4-9]\d|20\d\d)"
DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
NUMERIC = re.compile(
    rf"({YEAR})(?:年|[-/.])(\d{{1,2}})(?:(?:月|[-/.])(\d{{1,2}})日?|月)|({YEAR})(0[1-9]|1[0-2])([0-3]\d)"
)
HAN_DATE = re.compile(
    r"([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月(?:([一二三四五六七八九十]{1,3})日)?"
)
# The day first, as the UN writes; the month first only where the day can be no month.
DAY_FIRST = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2({YEAR})")
HAN_YEAR = re.compile(r"([〇○零一二三四五六七八九]{4})(?=年(?![一二三四五六七八九十]{1,2}月))")
MONTHS = {name.casefold(): number for number, name in enumerate(calendar.month_name) if name}
MONTHS |= {name.casefold(): number for number, name in enumerate(calendar.month_abbr) if name}
MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
ENGLISH = re.compile(
    rf"(?:(\d{{1,2}})(?:st|nd|rd|th)?(?:of)?)?({MONTH})\.?,?({YEAR})|({MONTH})\.?(\d{{1,2}})(?:st|nd|rd|th)?,?({YEAR})"
)


def read_date(text: str) -> str | None:
    """Returns the ISO date, or year and month, that the whole ``text`` writes; None for anything else.

    >>> read_date("二〇一六年十二月十五日"), read_date("2016年12月"), read_date("2016年13月")
    ('2016-12-15', '2016-12', None)
    """
    plain = "".join(_with_years(fold_words(text)).split())
    if found := DAY_FIRST.fullmatch(plain):
        day, _, month, year = found.groups()
        if int(month) > 12 >= int(day):
            day, month = month, day
    elif found := NUMERIC.fullmatch(plain):
        year, month, day = found.groups()[:3] if found[1] else found.groups()[3:]
    elif found := HAN_DATE.fullmatch(plain):
        year, month = found[1].translate(DIGITS), str(number_of(found[2]) or 0)
        day = str(number_of(found[3]) or 0) if found[3] else None
    elif found := ENGLISH.fullmatch(plain):
        day, name, year = (found[1], found[2], found[3]) if found[2] else (found[5], found[4], found[6])
        month = str(MONTHS[name])
    else:
        return None
    return _iso(int(year), int(month), int(day) if day else None)


def in_figures(text: str) -> str:
    """Returns ``text`` with years and numbers of acts in figures, as UN documents write them; else as typed.

    >>> in_figures("二〇一六年"), in_figures("第一五四〇号决议")
    ('2016年', '第1540号决议')
    """
    plain = fold_words(text)
    common = acts_in_figures(_with_years(plain))
    return text if common == plain else common


def _with_years(text: str) -> str:
    return HAN_YEAR.sub(lambda found: found[1].translate(DIGITS), text)


def _iso(year: int, month: int, day: int | None) -> str | None:
    try:
        date = dt.date(year, month, day if day is not None else 1)
    except ValueError:
        return None
    return date.isoformat() if day is not None else date.isoformat()[:7]


def date_range(iso: str) -> tuple[dt.date, dt.date]:
    """Returns the first and the last day of a date, or of a month."""
    year, month, *day = map(int, iso.split("-"))
    last = calendar.monthrange(year, month)[1]
    return dt.date(year, month, day[0] if day else 1), dt.date(year, month, day[0] if day else last)


def in_chinese(iso: str) -> str:
    """Formats an ISO date: 2016-12-15 → 2016年12月15日."""
    year, month, *day = iso.split("-")
    return f"{year}年{int(month)}月" + (f"{int(day[0])}日" if day else "")


def written_forms(iso: str) -> tuple[str, ...]:
    """Returns the other ways in which a text may write the date than ``in_chinese``."""
    year, month, *day = iso.split("-")
    han = f"{''.join(HAN_DIGITS[int(digit)] for digit in year)}年{in_han(int(month))}月"
    if not day:
        return (han,)
    number, name = int(day[0]), calendar.month_name[int(month)]
    forms = [f"{han}{in_han(number)}日", *(mark.join((year, month, day[0])) for mark in "-/.")]
    if number > 9:  # 1 December stands inside 11 December
        forms.append(f"{number} {name} {year}")
    return tuple(forms)


# Meetings by their number: 第74次会议, 安理会第7169次会议, 第4956次, 7169th meeting.

KIND_OF_MEETING = r"(?:\(?(?:全体|正式|非正式|公开|非公开|闭门)\)?)?"
MEETING = re.compile(
    rf"(?P<owner>.{{0,40}}?)第(?P<number>\d{{1,5}}|[〇零一二三四五六七八九十百千]{{1,7}})次"
    rf"(?P<noun>{KIND_OF_MEETING}会议?)?(?:的?(?:简要|逐字)?记录)?"
)
ENGLISH_MEETING = re.compile(r"(?:the)?(?P<number>\d{1,5})(?:st|nd|rd|th)(?:plenary)?meeting")
RECORD = re.compile(r"/(?:SR|PV)\.0*(\d{1,5})(?!\d)")


@dataclass(frozen=True, slots=True)
class Meeting:
    """The meeting of a number. ``owner``: whose, as written; ``sure``: whether the word 会议 was there."""

    number: int
    owner: str = ""
    sure: bool = True


def read_meeting(text: str) -> Meeting | None:
    """Returns the meeting that the whole of ``text`` names.

    >>> read_meeting("第七十四次會議").number, read_meeting("第3次报告")
    (74, None)
    """
    plain = "".join(fold_words(text).split())
    if found := ENGLISH_MEETING.fullmatch(plain):
        return Meeting(int(found["number"]))
    if found := MEETING.fullmatch(plain):
        number = number_of(found["number"])
        return Meeting(number, found["owner"].removesuffix("的"), bool(found["noun"])) if number else None
    return None


def meeting_label(number: int | str) -> str:
    """Returns the label of a meeting: 第74次会议."""
    return f"第{number}次会议"


def written_meetings(number: int) -> tuple[str, ...]:
    """Returns the ways in which texts write the number of a meeting."""
    figures = (str(number), in_han(number))
    return tuple(f"第{figure}次{kind}" for figure in figures for kind in MEETINGS)


def records_by_number(symbols: Iterable[str]) -> dict[int, list[str]]:
    """Returns the symbols of records by number of the meeting.

    >>> records_by_number(["S/AC.44/SR.74", "S/2010/52"])
    {74: ['S/AC.44/SR.74']}
    """
    found: dict[int, list[str]] = {}
    for symbol in symbols:
        if match := RECORD.search(symbol.upper()):
            found.setdefault(int(match[1]), []).append(symbol)
    return found
