"""Counts as Word writes them (ISO/IEC 29500-1, 17.18.59 ST_NumberFormat)."""

from __future__ import annotations

from collections.abc import Callable

_DIGITS = "〇一二三四五六七八九"
_FORMAL_SIMPLIFIED = "零壹贰叁肆伍陆柒捌玖"
_FORMAL_TRADITIONAL = "零壹貳參肆伍陸柒捌玖"
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_LARGEST = 99_999


def counted(value: int, form: str) -> str:
    """``value`` in the number format ``form``; decimal where it is not a format of ours, "" for ``none``."""
    if form in ("none", "bullet"):
        return ""
    if not 0 <= value <= _LARGEST:
        return str(value)
    write = _FORMS.get(form)
    return (write(value) if write else "") or str(value)


def _letters(value: int) -> str:
    """a … z, then aa, bb, as Word goes on."""
    if not value:
        return ""
    again, at = divmod(value - 1, 26)
    return chr(ord("a") + at) * (again + 1) if again < 30 else ""


def _roman(value: int) -> str:
    if value > 3999:
        return ""
    written = ""
    for worth, sign in _ROMAN:
        count, value = divmod(value, worth)
        written += sign * count
    return written


def _thousand(digits: str, units: str, *, ten_alone: bool = True) -> Callable[[int], str]:
    """Numbers in words: 一百零五, 二十一; ``ten_alone``: 十, not 一十."""
    zero = digits[0] if digits[0] != "〇" else "零"

    def write(value: int) -> str:
        if not value:
            return zero
        written, skipped = "", False
        figures = str(value)
        for at, figure in enumerate(figures):
            place = len(figures) - at - 1
            if figure == "0":
                skipped = True
                continue
            if skipped:
                written += zero
            skipped = False
            one = figure == "1" and place == 1 and not written and ten_alone
            written += ("" if one else digits[int(figure)]) + (units[place - 1] if place else "")
        return written

    return write


def _counting(value: int) -> str:
    """Word's chineseCounting: in words below a hundred, then digit for digit."""
    return _thousand(_DIGITS, "十百千万")(value) if value < 100 else _by_digits(value)


def _by_digits(value: int) -> str:
    return "".join(_DIGITS[int(figure)] for figure in str(value))


def _one_of(signs: str) -> Callable[[int], str]:
    return lambda value: signs[value - 1] if 0 < value <= len(signs) else ""


def _enclosed(value: int) -> str:
    if 0 < value <= 20:
        return chr(0x2460 + value - 1)
    if value <= 35:
        return chr(0x3251 + value - 21)
    return chr(0x32B1 + value - 36) if value <= 50 else ""


def _full_width(value: int) -> str:
    return "".join(chr(ord("０") + int(figure)) for figure in str(value))


def _ordinal(value: int) -> str:
    last = "th" if value % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{last}"


_FORMS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda value: f"{value:02}",
    "decimalHalfWidth": str,
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "decimalEnclosedCircle": _enclosed,
    "decimalEnclosedCircleChinese": _enclosed,
    "decimalEnclosedParen": lambda value: chr(0x2474 + value - 1) if 0 < value <= 20 else f"({value})",
    "decimalEnclosedFullstop": lambda value: chr(0x2488 + value - 1) if 0 < value <= 20 else f"{value}.",
    "ordinal": _ordinal,
    "numberInDash": lambda value: f"- {value} -",
    "lowerLetter": _letters,
    "upperLetter": lambda value: _letters(value).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda value: _roman(value).upper(),
    "chineseCounting": _counting,
    "taiwaneseCounting": _counting,
    "japaneseCounting": _thousand(_DIGITS, "十百千万"),
    "chineseCountingThousand": _thousand(_DIGITS, "十百千万"),
    "taiwaneseCountingThousand": _thousand(_DIGITS, "十百千萬"),
    "japaneseDigitalTenThousand": _by_digits,
    "taiwaneseDigital": _by_digits,
    "ideographDigital": _by_digits,
    "chineseLegalSimplified": _thousand(_FORMAL_SIMPLIFIED, "拾佰仟万", ten_alone=False),
    "ideographLegalTraditional": _thousand(_FORMAL_TRADITIONAL, "拾佰仟萬", ten_alone=False),
    "ideographTraditional": _one_of(_STEMS),
    "ideographZodiac": _one_of(_BRANCHES),
    "ideographZodiacTraditional": lambda value: _STEMS[(value - 1) % 10] + _BRANCHES[(value - 1) % 12],
    "ideographEnclosedCircle": lambda value: chr(0x3280 + value - 1) if 0 < value <= 10 else "",
}
