"""Numerals as UN documents print them: Chinese (十二), enclosed (㈢, ③), roman (iii) ↔ numbers."""

from __future__ import annotations

import unicodedata

DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
TENS = {"十": 10, "百": 100, "千": 1000}
ENCLOSED = {
    **{chr(0x3220 + n): n + 1 for n in range(10)},  # ㈠ … ㈩
    **{chr(0x2460 + n): n + 1 for n in range(20)},  # ① … ⑳
    **{chr(0x2474 + n): n + 1 for n in range(20)},  # ⑴ … ⒇
}
# What is put between 1 and 2: 1之二 is 1 bis.
INSERTED = ("bis", "ter", "quater", "quinquies", "sexies")
LATIN_OF_INSERTED = dict(zip(("之二", "之三", "之四", "之五", "之六", *INSERTED), 2 * INSERTED, strict=True))
ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}


def number_of(text: str) -> int | None:
    """The number that ``text`` writes in arabic or Chinese digits or as one enclosed sign, else None.

    >>> [number_of(text) for text in ("14", "十", "二十三", "一百零五", "二〇〇四", "㈢", "甲")]
    [14, 10, 23, 105, 2004, 3, None]
    """
    if text.isascii() and text.isdecimal() and len(text) < 10:
        return int(text)
    if text in ENCLOSED:
        return ENCLOSED[text]
    if not text or len(text) > 9 or any(char not in DIGITS and char not in TENS for char in text):
        return None
    if all(char in DIGITS for char in text):
        return int("".join(str(DIGITS[char]) for char in text))
    return _with_tens(text)


def _with_tens(text: str) -> int | None:
    total, digit = 0, None
    for char in text:
        if char in TENS:
            total += TENS[char] * (1 if digit is None else digit)
            digit = None
        else:
            digit = DIGITS[char]
    return total + (digit or 0)


def roman_of(number: int) -> str:
    """``3`` → ``iii``; for numbers from 1 to 399."""
    if not 0 < number < 400:
        raise ValueError(f"no roman numeral is used for {number}")
    out = ""
    for value, sign in ROMAN:
        count, number = divmod(number, value)
        out += sign * count
    return out


def number_of_roman(text: str) -> int | None:
    """``XXV`` or ``ⅩⅩⅤ`` → ``25``, in either case; None where ``text`` is no usual roman numeral."""
    text = unicodedata.normalize("NFKC", text).lower()
    values = [ROMAN_VALUES[char] for char in text if char in ROMAN_VALUES]
    if not values or len(values) < len(text) or len(values) > 15:
        return None
    total = sum(
        -value if any(value < later for later in values[place + 1 : place + 2]) else value
        for place, value in enumerate(values)
    )
    return total if total < 400 and roman_of(total) == text else None


def number_of_label(text: str) -> int | None:
    """``二``, ``2``, ``II``, ``Ⅱ`` and ``b`` are the second; None where ``text`` is no such label."""
    plain = unicodedata.normalize("NFKC", text).lower()
    lettered = len(plain) == 1 and plain.isascii() and plain.isalpha() and plain not in "ivx"
    return ord(plain) - ord("a") + 1 if lettered else number_of(text) or number_of_roman(plain)
