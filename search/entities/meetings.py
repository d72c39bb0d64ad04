"""Meetings by their number: 第74次会议, 安理会第7169次会议, 第4956次, 7169th meeting."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from archive.text.numerals import number_of
from search.text.folding import fold_words

from .dates import in_han

KIND_OF_MEETING = r"(?:\(?(?:全体|正式|非正式|公开|非公开|闭门)\)?)?"
MEETING = re.compile(
    rf"(?P<owner>.{{0,40}}?)第(?P<number>\d{{1,5}}|[〇零一二三四五六七八九十百千]{{1,7}})次"
    rf"(?P<noun>{KIND_OF_MEETING}会议?)?(?:的?(?:简要|逐字)?记录)?"
)
ENGLISH = re.compile(r"(?:the)?(?P<number>\d{1,5})(?:st|nd|rd|th)(?:plenary)?meeting")
RECORD = re.compile(r"/(?:SR|PV)\.0*(\d{1,5})(?!\d)")
HAN_UP_TO = 99


@dataclass(frozen=True, slots=True)
class Meeting:
    """The meeting of a number. ``owner``: whose, as written; ``sure``: whether the word 会议 was there."""

    number: int
    owner: str = ""
    sure: bool = True


def read_meeting(text: str) -> Meeting | None:
    """The meeting that the whole of ``text`` names.

    >>> read_meeting("第七十四次會議").number, read_meeting("第3次报告")
    (74, None)
    """
    plain = "".join(fold_words(text).split())
    if found := ENGLISH.fullmatch(plain):
        return Meeting(int(found["number"]))
    if found := MEETING.fullmatch(plain):
        number = number_of(found["number"])
        return Meeting(number, found["owner"].removesuffix("的"), bool(found["noun"])) if number else None
    return None


def meeting_label(number: int | str) -> str:
    """第74次会议."""
    return f"第{number}次会议"


def written_meetings(number: int) -> tuple[str, ...]:
    """How texts write the meeting."""
    figures = [str(number)] + ([in_han(number)] if number <= HAN_UP_TO else [])
    kinds = (
        "会议",
        "全体会议",
        "正式会议",
        "公开会议",
        "(闭门)会议",
        "(非公开)会议",
        "非公开会议",
        "闭门会议",
    )
    return tuple(f"第{figure}次{kind}" for figure in figures for kind in kinds)


def records_by_number(symbols: Iterable[str]) -> dict[int, list[str]]:
    """Number of a meeting → the symbols of records of meetings so numbered.

    >>> records_by_number(["S/AC.44/SR.74", "S/2010/52"])
    {74: ['S/AC.44/SR.74']}
    """
    found: dict[int, list[str]] = {}
    for symbol in symbols:
        if match := RECORD.search(symbol.upper()):
            found.setdefault(int(match[1]), []).append(symbol)
    return found
