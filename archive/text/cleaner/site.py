"""What a web site puts above a copied resolution: links to its neighbours, and its title once more.

Copies bear arrows and the numbers of the resolutions before and after (``← | 2568(2021) | …``). They are
told from the text by standing above the line that enacts the resolution. Below the text of a copy stands the
site's note on its licence, which quotes ST/AI/189/Add.9/Rev.2.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from archive.text.aligned_folding import fold

from ..lines import SourceLine
from ..shapes import RESOLUTION_TITLE, STATEMENT_TITLE, begins_preamble

_Title = tuple[str, int]
_HEAD = 40
_CELLS = re.compile(r"\s*\|\s*")
_ARROWS = frozenset("←→◄►◀▶«»‹›⟵⟶")
_BARE_NUMBER = re.compile(r"(?:S/RES/)?\d{1,4}\s?\(\d{4}\)")
_NEIGHBOURS = 3
_CHROME = re.compile(
    r"维基(?:文库|百科)[，,].{0,20}|(?:来自|出自)维基.{0,30}|(?:跳到|跳转到|跳转至).{0,6}(?:导航|搜索|内容).{0,12}|"
    r"取自[“\"「]?https?://.{1,180}|(?:页面|隐藏)?分类[:：].{1,120}|本页面最后(?:修订|编辑)于.{1,60}|"
    r"(?:决议|决定|声明|正文|全文|原文)?\s?[\[［]编辑[\]］]|本作品收录于.{1,80}|公有领域.{0,20}|"
    r"Public ?domain.{0,40}"
)
_LICENCE = re.compile(
    r"本作品来自联合国官方文件|This work is excerpted from an official document of the United Nations"
)
_NUMBER = re.compile(r"(?P<series>(?:E?S-)?\d{1,3}/|)(?P<number>\d{1,4})(?=\s?\(\d{4}\)|$)")
_BETWEEN = re.compile(r"(?:[\s|·•]|[-–—]\s|(?:中华|维基)文库)*")
_STATING = re.compile(r"(?:在.{4,40}会议上[,，])?(?:联合国)?安全理事会主席(?:在|就|代表)")


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
        if any(_is_neighbour(number, own) for number in numbers):
            reasons[at] = "site navigation"
        elif at in repeated and at != kept:
            reasons[at] = "repeated title"
    return reasons


def _is_neighbour(title: _Title, own: _Title) -> bool:
    return title[0] == own[0] and 0 < abs(title[1] - own[1]) <= _NEIGHBOURS


def _chrome(lines: Sequence[SourceLine]) -> dict[int, str]:
    """Lines of a wiki's frame, at the head and the foot of a copy."""
    last = range(max(0, len(lines) - _HEAD), len(lines))
    near = {*range(min(_HEAD, len(lines))), *last}
    chrome = {
        at: "site navigation"
        for at in sorted(near)
        if len(lines[at].text) <= 200 and _CHROME.fullmatch(fold(lines[at].text))
    }
    licence = next((at for at in last if _LICENCE.match(fold(lines[at].text[:80]))), len(lines))
    return chrome | dict.fromkeys(range(licence, len(lines)), "site licence")


def _enacting_line(lines: Sequence[SourceLine]) -> int | None:
    """The line below which the text itself stands: 安全理事会， or the lead-in of a President's statement."""
    for at in range(min(_HEAD, len(lines) - 1)):
        stated = _STATING.match(fold(lines[at].text[:80]))
        if stated or begins_preamble(lines[at].text, lines[at + 1].text):
            return at
    return None


def _is_navigation(text: str) -> bool:
    if len(text) > 400:
        return False
    cells = [cell for cell in _CELLS.split(text.strip()) if cell]
    if any(set(cell) <= _ARROWS or cell[0] in _ARROWS or cell[-1] in _ARROWS for cell in cells):
        return True
    return "|" in text and bool(cells) and all(_BARE_NUMBER.fullmatch(fold(cell)) for cell in cells)


def _titles_of(text: str) -> list[_Title]:
    """Session and number of the resolutions of whose titles ``text`` consists, with nothing else in it."""
    if len(text) > 120:
        return []
    text = fold(text).strip().strip("| ")
    numbers: list[_Title] = []
    at = 0
    while at < len(text):
        match = RESOLUTION_TITLE.match(text, at) or STATEMENT_TITLE.match(text, at)
        number = match and _NUMBER.match(match["number"] or "")
        if not match or not number:
            return []
        series = match.groupdict().get("year") or number["series"]
        numbers.append((series, int(number["number"])))
        between = _BETWEEN.match(text, match.end())
        at = between.end() if between else match.end()
    return numbers


def _own_number(titles: dict[int, list[_Title]]) -> _Title | None:
    """The number that is named most often; of equals the one that stands alone on a line first."""
    counted = Counter(number for numbers in titles.values() for number in numbers)
    alone = [numbers[0] for numbers in titles.values() if len(numbers) == 1]
    best = max(counted.values(), default=0)
    return next((number for number in alone if counted[number] == best), None)
