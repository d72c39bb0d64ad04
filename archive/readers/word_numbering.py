"""Automatic numbers: what Word prints before a paragraph, which stands nowhere in its text.

Counters belong to the abstract definition that lists share; a list may start a level anew once, by
``startOverride`` (ISO/IEC 29500-1, 17.9).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from archive.text.lines import Level as Depth
from archive.text.numerals import roman_of

from .word_fields import ringed
from .word_styles import Styles, as_letters, below, is_on, number_of, value_of

DEEPEST = 9
_PLACE = re.compile(r"%([1-9])")
_LONGEST = 60  # characters of a number


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list. ``restart`` is the level from 1 after which it begins anew; 0: it never does."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    restart: int | None = None
    legal: bool = False
    font: str = ""
    style: str | None = None


@dataclass(frozen=True, slots=True)
class Printed:
    """A number as it is printed. ``bullet`` where it is the sign of an item and counts nothing; ``level`` as
    in ``Evidence``."""

    text: str
    bullet: bool = False
    level: Depth | None = None


class Numbering:
    """The lists of a file, and how far each has been counted."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        self._styles = styles
        self._abstract: dict[str, dict[int, Level]] = {}
        self._links: dict[str, str] = {}
        self._linked: dict[str, str] = {}
        self._lists: dict[str, tuple[str, dict[int, Level]]] = {}
        self._starts: dict[str, dict[int, int]] = {}
        self._counts: dict[str, list[int | None]] = {}
        self._used: set[tuple[str, int]] = set()
        if root is not None:
            self._read(root)

    def _read(self, root: Element) -> None:
        for abstract in root.findall("w:abstractNum"):
            name = abstract.get("w:abstractNumId", "")
            self._abstract[name] = _levels(abstract)
            if (link := value_of(abstract, "w:numStyleLink")) is not None:
                self._links[name] = link
            if (link := value_of(abstract, "w:styleLink")) is not None:
                self._linked[link] = name
        for listed in root.findall("w:num"):
            name = listed.get("w:numId", "")
            changed: dict[int, Level] = {}
            for override in listed.findall("w:lvlOverride"):
                level = number_of(override.get("w:ilvl"), 0, DEEPEST - 1)
                if level is None:
                    continue
                for own in _levels(override).values():
                    changed[level] = own
                start = number_of(value_of(override, "w:startOverride"))
                if start is not None:
                    self._starts.setdefault(name, {})[level] = start
            self._lists[name] = (value_of(listed, "w:abstractNumId") or "", changed)

    def print(self, paragraph: Element | None, style: str | None) -> Printed | None:
        """Count one paragraph on, by its properties ``w:pPr`` and its style; None where it has no number."""
        place = self._place(paragraph, style)
        if place is None:
            return None
        name, abstract, level, levels = place
        one = levels.get(level, Level())
        counts = self._counts.setdefault(abstract, [None] * DEEPEST)
        start = self._starts.get(name, {}).get(level)
        if start is not None and (name, level) not in self._used:
            counts[level] = start
        else:
            before = counts[level]
            counts[level] = one.start if before is None else before + 1
        self._used.add((name, level))
        for deeper in range(level + 1, DEEPEST):
            restart = levels.get(deeper, Level()).restart
            if restart is None or level < restart:
                counts[deeper] = None
        printed = _printed(one, counts, levels)
        return replace(printed, level=(abstract, level, one.form)) if printed else None

    def counts(self, paragraph: Element | None, style: str | None) -> bool:
        """Whether ``print`` would count the paragraph; nothing is counted by asking."""
        return self._place(paragraph, style) is not None

    def _place(
        self, paragraph: Element | None, style: str | None
    ) -> tuple[str, str, int, dict[int, Level]] | None:
        """The list, its abstract definition, the level, and the levels as the list has them."""
        stated = paragraph.find("w:numPr") if paragraph is not None else None
        name, told = value_of(stated, "w:numId"), value_of(stated, "w:ilvl")
        by_style: list[str] = []
        if name is None:
            name, level_of_style, by_style = self._styles.numbering(style)
            told = told or level_of_style
        if name is None or name == "0" or name not in self._lists:
            return None
        abstract, changed = self._lists[name]
        abstract = self._followed(abstract)
        levels = {**self._abstract.get(abstract, {}), **changed}
        if not levels:
            return None
        level = number_of(told, 0, DEEPEST - 1)
        by_level = {one.style: at for at, one in levels.items()}
        level = next((by_level[one] for one in by_style if one in by_level), level)
        return name, abstract, level or 0, levels

    def _followed(self, abstract: str) -> str:
        """The definition that a definition refers to by the name of a list style, one step of it."""
        link = self._links.get(abstract)
        if link is None:
            return abstract
        if link in self._linked:
            return self._linked[link]
        listed = self._styles.numbering(link)[0]
        return self._lists[listed][0] if listed in self._lists else abstract


def _levels(parent: Element) -> dict[int, Level]:
    found: dict[int, Level] = {}
    for level in parent.findall("w:lvl"):
        at = number_of(level.get("w:ilvl"), 0, DEEPEST - 1)
        if at is None:
            continue
        start = number_of(value_of(level, "w:start"))
        form = level.find("w:numFmt")
        if form is None:  # w14 forms stand beside a plain one
            form = below(level, "mc:AlternateContent", "mc:Fallback", "w:numFmt")
        font = below(level, "w:rPr", "w:rFonts")
        found[at] = Level(
            start=0 if start is None else start,
            form=form.get("w:val", "decimal") if form is not None else "decimal",
            text=value_of(level, "w:lvlText") or "",
            restart=number_of(value_of(level, "w:lvlRestart"), 0, DEEPEST),
            legal=bool(is_on(level, "w:isLgl")),
            font=(font.get("w:ascii") or font.get("w:hAnsi") or "") if font is not None else "",
            style=value_of(level, "w:pStyle"),
        )
    return found


def _printed(one: Level, counts: list[int | None], levels: dict[int, Level]) -> Printed | None:
    if one.form == "bullet":
        sign = as_letters(one.text, one.font).strip()
        unknown = not sign or "\ue000" <= sign <= "\uf8ff"
        return Printed("•" if unknown else sign, bullet=True) if one.text.strip() else None

    def write(place: re.Match[str]) -> str:
        at = int(place[1]) - 1
        level = levels.get(at, Level())
        value = counts[at]
        form = "decimal" if one.legal and level.form not in ("none", "bullet") else level.form
        return counted(level.start if value is None else value, form)

    text = _PLACE.sub(write, one.text[:_LONGEST])[:_LONGEST].strip()
    return Printed(text) if text else None


# Counts as Word writes them (ISO/IEC 29500-1, 17.18.59 ST_NumberFormat).

_DIGITS = "〇一二三四五六七八九"
_FORMAL_SIMPLIFIED = "零壹贰叁肆伍陆柒捌玖"
_FORMAL_TRADITIONAL = "零壹貳參肆伍陸柒捌玖"
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
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
    return roman_of(value) if 0 < value < 4000 else ""


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
    return ringed(str(value))


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
    "ideographEnclosedCircle": lambda value: ringed(_thousand(_DIGITS, "十百千万")(value)),
}
