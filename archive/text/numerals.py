"""Numerals as UN documents print them: Chinese (十二), enclosed (㈢, ③), roman (iii) ↔ numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal

from .languages import ORDINALS, TABLES

DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
TENS = {"亿": 100_000_000, "万": 10_000, "千": 1000, "百": 100, "十": 10}
ENCLOSED = {
    **{chr(0x3220 + n): n + 1 for n in range(10)},  # ㈠ … ㈩
    **{chr(0x2460 + n): n + 1 for n in range(20)},  # ① … ⑳
    **{chr(0x2474 + n): n + 1 for n in range(20)},  # ⑴ … ⒇
}
# What is put between 1 and 2: 1之二 is 1 bis.
INSERTED = ("bis", "ter", "quater", "quinquies", "sexies")
LATIN_OF_INSERTED = dict(zip(("之二", "之三", "之四", "之五", "之六", *INSERTED), 2 * INSERTED, strict=True))
ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)


def number_of(text: str) -> int | None:
    """The number that ``text`` writes in arabic or Chinese digits or as one enclosed sign, else None.

    >>> [number_of(text) for text in ("14", "十", "二十三", "一百零五", "二〇〇四", "㈢", "甲")]
    [14, 10, 23, 105, 2004, 3, None]
    >>> number_of("一万二千")
    12000
    """
    if text.isascii() and text.isdecimal() and len(text) < 10:
        return int(text)
    if text in ENCLOSED:
        return ENCLOSED[text]
    if not text or len(text) > 9 or not set(text) <= DIGITS.keys() | TENS.keys():
        return None
    if all(char in DIGITS for char in text):
        return int("".join(str(DIGITS[char]) for char in text))
    return _with_tens(text)


def _with_tens(text: str) -> int:
    for sign, scale in TENS.items():
        if sign in text:
            above, _, below = text.partition(sign)
            return (_with_tens(above) or 1) * scale + _with_tens(below)
    return DIGITS[text[-1]] if text else 0


def roman_of(number: int) -> str:
    """``3`` → ``iii``; for numbers from 1 to 3999."""
    if not 0 < number < 4000:
        raise ValueError(f"no roman numeral is used for {number}")
    out = ""
    for value, sign in ROMAN:
        count, number = divmod(number, value)
        out += sign * count
    return out


_ROMANS = {roman_of(number): number for number in range(1, 400)}


def number_of_roman(text: str) -> int | None:
    """``XXV`` or ``ⅩⅩⅤ`` → ``25``, in either case; None where ``text`` is no usual roman numeral."""
    return _ROMANS.get(unicodedata.normalize("NFKC", text).lower())


def number_of_label(text: str) -> int | None:
    """``二``, ``2``, ``II``, ``Ⅱ`` and ``b`` are the second; None where ``text`` is no such label."""
    plain = unicodedata.normalize("NFKC", text).lower()
    lettered = len(plain) == 1 and plain.isascii() and plain.isalpha() and plain not in "ivx"
    return ord(plain) - ord("a") + 1 if lettered else number_of(text) or number_of_roman(plain)


_WORDS = ORDINALS | {word: at for table in TABLES.values() for word, at in table.get("numbers", {}).items()}
_SCALE = {**TENS, "百万": 1_000_000, **{w: v for w, v in _WORDS.items() if v >= 100}}
_UNITS, _TEENS, _TENS, _LARGE = (
    "|".join(word for word, value in _WORDS.items() if value in values)
    for values in (range(1, 10), range(10, 20), range(20, 100), (100, 1000, 10**6, 10**9))
)
_SMALL = rf"(?:(?:{_TENS})(?:[ -](?:{_UNITS}))?|{_TEENS}|{_UNITS})"
# What is counted; a numeral before anything else may be part of a word (四川, 百姓).
_COUNTED = (
    "[个名位项条段章节款次届国天日周月岁人件份种类级层批组队艘架辆枚座家所台套起例票州省县市村户倍期轮步篇卷号秒美欧元公吨米英年]"
    "|小时|分之|星期|分钟|地区|领域|方面|阶段|部分|世纪|缔约|成员"
)
_ONE, _PART = "一二两三四五六七八九", "〇零○一二三四五六七八九十百千两"
_NUMBER = re.compile(
    r"(?:(?P<glued>(?<=[A-Za-z]))?(?<![\d.])(?P<digits>\d{1,3}(?:[ ,]\d{3})+(?!\d)|\d+(?:\.\d+)?)"
    rf"(?: ?[多余]?(?P<scale>{'|'.join(sorted(_SCALE, key=len, reverse=True))})(?![a-z]))?(?:s\b)?"
    rf"|\b(?P<words>{_SMALL}(?:[ -](?:{_LARGE})(?:(?: and | ){_SMALL})?)*)s?\b"
    r"|(?<![A-Za-z])(?P<roman>[IVXL]{1,6})(?![A-Za-z])"
    rf"|(?<!星期)(?<![周数几上{_PART}])(?P<named>[百千]分之|第|(?<=分)之|附件|附录|附文|[表图])?"
    rf"(?P<about>[{_ONE}](?=[{_ONE}](?![{_PART}])))?"
    rf"(?P<chinese>[{_PART}]+(?:[多余]?[万亿][{_PART}]*)*)(?:(?=[多余]?(?P<counted>{_COUNTED}))|)"
    r")(?:(?=(?P<age>几|世纪|年代))|)",
    re.IGNORECASE,
)
_NAMED = re.compile(r"\b(?:chapter|annex|part|section|article|table|appendix|volume)[a-z]* $", re.IGNORECASE)


def find_numbers(text: str) -> Iterator[tuple[int, int, Decimal, bool]]:
    """Generates start, end and value of each number in ``text``, in digits, words or roman numerals, and
    whether it is surely one: 1 000万, 10 million, 百分之五, twenty-first, Chapter VII; 四 of 四川 is not.
    """
    for found in _NUMBER.finditer(text):
        digits, words, roman, chinese = found.group("digits", "words", "roman", "chinese")
        sure = bool(words or (digits and found["glued"] is None))
        if digits:
            value = Decimal(re.sub("[ ,]", "", digits)) * _SCALE.get((found["scale"] or "").lower(), 1)
        elif words:
            value = Decimal()
            for more in map(_WORDS.__getitem__, re.findall(r"\b(?!and\b)[a-z]+", words.lower())):
                value = value * more if value and more >= 100 else value + more
        elif roman:
            sure = _NAMED.search(text, max(0, found.start() - 12), found.start()) is not None
            value = (
                Decimal(number_of_roman(roman) or 0) if roman.isupper() and (sure or roman[1:]) else Decimal()
            )
        else:
            value = Decimal(number_of(re.sub("[多余]", "", chinese)) or 0)
            known = found["named"] or found["counted"] or (value > 10 and chinese[0] not in "百千万")
            sure = bool(known) and not found["about"]
        value += 1900 if found["age"] == "年代" and 0 < value < 100 else 0
        if value:
            start = found.start("chinese" if chinese else 0)
            yield start, found.end(), value, sure and not (found["age"] and value < 1000)
