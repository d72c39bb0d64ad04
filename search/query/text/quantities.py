"""Numbers with what they count, in all the ways to write them: 60 000次, 60,000次, 六万次; 50%, 百分之五十.

A text and a query may each have another; a number is none that stands inside a longer one (3年 of 2013年).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from archive.text.folding import fold_words
from archive.text.numerals import number_of

MEASURE = "|".join(Path(__file__).with_name("measure_words.txt").read_text("utf-8").split())
HAN_DIGITS = "〇一二三四五六七八九"
FIGURES, NUMERALS = "0123456789", "〇零一二两三四五六七八九十百千万亿"
QUANTITY = re.compile(
    r"(?P<before>第|百分之)?"
    rf"(?:(?P<figures>\d{{1,3}}(?:[ ,]\d{{3}})+|\d{{1,8}})(?P<ten_thousand>万?)|(?P<han>[{NUMERALS}]+?))"
    rf"(?P<behind>[多余]?(?:{MEASURE})|%)?"
)
MONTH_DAY = re.compile(rf"(\d{{1,2}}|[{NUMERALS}]{{1,2}})月(\d{{1,2}}|[{NUMERALS}]{{1,3}})日")
APART = re.compile(r"(?<=\d)\s+(?!\d)|(?<!\d)\s+(?=\d)")  # blanks between a number and what it counts
YEAR = re.compile(r"(?:19[4-9]|20\d)\d年")


class Writings(NamedTuple):
    """The ways to write a number: in the letters that were typed, and in others."""

    own: tuple[str, ...] = ()
    other: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def writings(text: str) -> Writings:
    """Returns how texts write the number, share or day of any year that the whole ``text`` is; else none.

    >>> writings("3年"), writings("2013年")
    (Writings(own=('3年',), other=('三年',)), Writings(own=(), other=()))
    """
    plain = APART.sub("", fold_words(text))
    if found := MONTH_DAY.fullmatch(plain):
        month, day = (number_of(part) or 0 for part in found.groups())
        if not (1 <= month <= 12 and 1 <= day <= 31):
            return Writings()
        forms = [f"{month}月{day}日", f"{in_han(month)}月{in_han(day)}日"]
    else:
        found = QUANTITY.fullmatch(plain)
        if not found or YEAR.fullmatch(plain) or not (number := _number(found)):
            return Writings()
        forms = list(dict.fromkeys(_forms(number, found["before"] or "", found["behind"] or "")))
    own = [form for form in forms if _in_figures(form) is _in_figures(plain)]
    as_typed = [] if "".join(plain.split()) in forms else [plain]
    return Writings((*own, *as_typed), tuple(form for form in forms if form not in own))


def _in_figures(text: str) -> bool:
    return any(character in FIGURES for character in text)


def _number(found: re.Match[str]) -> int | None:
    """Returns the number of a match; None where nothing is counted, or its characters are no number."""
    if found["figures"]:
        number = int(re.sub("[ ,]", "", found["figures"])) * (10_000 if found["ten_thousand"] else 1)
        return number if number < 10**8 and (found["behind"] or found["ten_thousand"]) else None
    high, mark, low = found["han"].rpartition("万")
    if not (found["behind"] or found["before"] == "百分之" or mark or len(found["han"]) > 1):
        return None
    digits_alone = len(found["han"]) > 1 and not set(found["han"]) & set("十百千万")
    if digits_alone or found["han"] in ("百", "千", "千万") or (mark and not high):
        return None
    parts = [number_of(part) if part else 0 for part in (high, low)]
    return None if None in parts else (parts[0] or 0) * 10_000 + (parts[1] or 0)


def _forms(number: int, before: str, behind: str) -> Iterator[str]:
    if before == "百分之" or behind == "%":
        yield from (f"{number}%", f"百分之{in_han(number)}")
        return
    figures = [str(number), f"{number:,}"] + ([f"{number // 10_000}万"] if not number % 10_000 else [])
    han = in_han(number)
    more = [re.sub("^二(?=[百千万]|$)", "两", han)] if not before else []
    yield from (f"{before}{one}{behind}" for one in dict.fromkeys((*figures, han, *more)))


def in_han(number: int) -> str:
    """Formats a number below 100,000,000 in Han digits.

    >>> in_han(15), in_han(2200), in_han(60_000), in_han(105)
    ('十五', '二千二百', '六万', '一百零五')
    """
    high, number = divmod(number, 10_000)
    written, gap = (in_han(high) + "万" if high else ""), False
    for value, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, value)
        if digit:
            written += ("零" if gap and written else "") + HAN_DIGITS[digit] + sign
        gap = not digit
    return written.removeprefix("一") if written.startswith("一十") else written


def longer(writing: str) -> tuple[str, ...]:
    """Returns strings in which ``writing`` is a piece of another number: 13年, 0.3年, 第3年 of 3年."""
    around = FIGURES if _in_figures(writing) else NUMERALS
    marks = ("", ".", ",") if re.match("[0-9]{3}(?![0-9])", writing) else ("", ".")
    before = ["第", *(f"{one}{mark}" for one in around for mark in marks)] if writing[0] in around else []
    return (
        *(f"{one}{writing}" for one in before),
        *(f"{writing}{one}" for one in around if writing[-1] in around),
    )
