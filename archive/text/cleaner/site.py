"""What a web site puts above a copied resolution: links to its neighbours, and its title once more.

Copies bear arrows and the numbers of the resolutions before and after (``← | 2568(2021) | …``). They are
told from the text by standing above the line that enacts the resolution.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ..lines import SourceLine
from ..script import fold
from ..shapes import RESOLUTION_TITLE, begins_preamble

_HEAD = 40
_CELLS = re.compile(r"\s*\|\s*")
_ARROWS = frozenset("←→◄►◀▶«»‹›⟵⟶")
_BARE_NUMBER = re.compile(r"(?:S/RES/)?\d{1,4}\s?\(\d{4}\)")
_NEIGHBOURS = 3
_CHROME = re.compile(
    r"维基(?:文库|百科)[，,].{0,20}|(?:来自|出自)维基.{0,30}|(?:跳到|跳转到|跳转至).{0,6}(?:导航|搜索|内容).{0,12}|"
    r"取自[“\"「]?https?://.{1,180}|(?:页面|隐藏)?分类[:：].{1,120}|本页面最后(?:修订|编辑)于.{1,60}|[\[［]编辑[\]］]"
)


def find_site_lines(lines: Sequence[SourceLine]) -> dict[int, str]:
    """The lines (by index) above a resolution that are the web site's, and why they are left out."""
    reasons = _chrome(lines)
    end = _enacting_line(lines)
    if end is None:
        return reasons
    reasons |= {at: "site navigation" for at in range(end) if _is_navigation(lines[at].text)}
    titles = {at: _titles_of(lines[at].text) for at in range(end) if at not in reasons}
    titles = {at: numbers for at, numbers in titles.items() if numbers}
    own = _own_number(titles)
    if own is None:
        return reasons
    repeated = [at for at, numbers in titles.items() if set(numbers) == {own} and len(numbers) == 1]
    kept = max(repeated, key=lambda at: ("(" in fold(lines[at].text), at), default=None)
    for at, numbers in titles.items():
        if any(0 < abs(number - own) <= _NEIGHBOURS for number in numbers):
            reasons[at] = "site navigation"
        elif at in repeated and at != kept:
            reasons[at] = "repeated title"
    return reasons


def _chrome(lines: Sequence[SourceLine]) -> dict[int, str]:
    """Lines of a wiki's frame, at the head and the foot of a copy."""
    near = {*range(min(_HEAD, len(lines))), *range(max(0, len(lines) - _HEAD), len(lines))}
    return {
        at: "site navigation"
        for at in sorted(near)
        if len(lines[at].text) <= 200 and _CHROME.fullmatch(fold(lines[at].text))
    }


def _enacting_line(lines: Sequence[SourceLine]) -> int | None:
    for at in range(min(_HEAD, len(lines) - 1)):
        if begins_preamble(lines[at].text, lines[at + 1].text):
            return at
    return None


def _is_navigation(text: str) -> bool:
    if len(text) > 400:
        return False
    cells = [cell for cell in _CELLS.split(text.strip()) if cell]
    if any(set(cell) <= _ARROWS or cell[0] in _ARROWS or cell[-1] in _ARROWS for cell in cells):
        return True
    return "|" in text and bool(cells) and all(_BARE_NUMBER.fullmatch(fold(cell)) for cell in cells)


def _titles_of(text: str) -> list[int]:
    """The numbers of Council resolutions where ``text`` consists of their titles only."""
    if len(text) > 120:
        return []
    text = fold(text).strip().strip("| ")
    numbers: list[int] = []
    at = 0
    while at < len(text):
        match = RESOLUTION_TITLE.match(text, at)
        number = match and re.match(r"\d+(?=\s?\(\d{4}\)|$)", match["number"])
        if not match or not number:
            return []
        numbers.append(int(number[0]))
        at = match.end()
        while at < len(text) and (text[at].isspace() or text[at] in "|·•"):
            at += 1
    return numbers


def _own_number(titles: dict[int, list[int]]) -> int | None:
    """The number that is named most often; of equals the one that stands alone on a line first."""
    counted = Counter(number for numbers in titles.values() for number in numbers)
    alone = [numbers[0] for numbers in titles.values() if len(numbers) == 1]
    best = max(counted.values(), default=0)
    return next((number for number in alone if counted[number] == best), None)
