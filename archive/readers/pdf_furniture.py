"""What belongs to the page and not to the text: running heads and feet, page numbers, line numbers.

A line is furniture because of where it stands and how it comes back, never because of its words.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from archive.text.typography import compact

from .pdf_lines import Piece

_DIGITS = re.compile(r"\d+")
_NUMBER = re.compile(r"\d{1,4}")
_NEAR = 3.0  # points
_APART = 1.05  # of the usual step
_FAR = 1.45  # of the usual step between lines
_LEAST_NUMBERS = 4
_MARGIN = 0.13  # of the height


def take_line_numbers(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces of a page that number its lines in the margin: they count on as the lines beside them do."""
    numbers = [piece for piece in pieces if _NUMBER.fullmatch(piece.text)]
    if len(numbers) < _LEAST_NUMBERS:
        return []
    numbered = {id(number) for number in numbers}
    text = [piece for piece in pieces if id(piece) not in numbered]
    if not text:
        return []
    lefts = sorted(piece.left for piece in text)
    edges = lefts[len(lefts) // 20], max(piece.right for piece in text)
    beside = (
        [number for number in numbers if number.right <= edges[0]],
        [number for number in numbers if number.left >= edges[1]],
    )
    return [number for column in beside if _counts(column, text) for number in column]


def _counts(column: list[Piece], text: Sequence[Piece]) -> bool:
    column.sort(key=lambda piece: piece.y)
    if len(column) < _LEAST_NUMBERS:
        return False
    rows = sorted({round(piece.y) for piece in text if column[0].y - 2 < piece.y < column[-1].y + 2})
    steps = {int(b.text) - int(a.text) for a, b in zip(column, column[1:], strict=False)}
    counted = int(column[-1].text) - int(column[0].text) + 1
    beside = sum(any(abs(number.y - row) <= 2 for row in rows) for number in column)
    return (
        len(steps) == 1
        and min(steps) > 0
        and beside >= 0.9 * len(column)
        and abs(counted - len(rows)) <= 0.1 * len(rows) + 1
    )


def mark_furniture(pages: Sequence[Sequence[Piece]], heights: Mapping[int, float]) -> None:
    """Set ``furniture`` on the lines of all ``pages`` that are the page's own; ``heights`` are the pages'."""
    for down in (False, True):
        while _mark_outermost(pages, down=down):
            pass
    for lines in pages:
        _mark_lone_number(lines, heights)
    first = compact("".join(line.text for line in pages[0])) if pages else ""
    for lines in pages[1:]:
        _mark_repeating_head(lines, first, heights)


def _mark_repeating_head(lines: Sequence[Piece], first: str, heights: Mapping[int, float]) -> None:
    """A running head that no other page has: apart in the upper margin, in words of the first page."""
    left = [line for line in lines if not line.furniture]
    if len(left) < 2 or any(line.furniture == "running header" for line in lines):
        return
    head, second = sorted(left, key=lambda one: one.y)[:2]
    apart = second.y - head.y > _FAR * max(_usual_step(left), head.size) and head.size <= second.size
    said = len(head.text) > 3 and _stands_off([head]) and compact(head.text) in first
    if head.y < _MARGIN * heights.get(head.page, 0.0) and apart and said:
        head.furniture = "running header"


def _mark_lone_number(lines: Sequence[Piece], heights: Mapping[int, float]) -> None:
    """The page's number where no other page shows it: alone, apart, in the upper or lower margin."""
    left = [line for line in lines if not line.furniture]
    if len(left) < 2:
        return
    for line in (min(left, key=lambda one: one.y), max(left, key=lambda one: one.y)):
        height = heights.get(line.page, 0.0)
        margin = line.y < _MARGIN * height or line.y > (1 - _MARGIN) * height
        nearest = min(abs(line.y - other.y) for other in left if other is not line)
        apart = max(_FAR * line.size, _APART * _usual_step(left))
        one = len(_DIGITS.findall(line.text)) == 1 or not line.text.replace(" ", "").isdecimal()
        if margin and one and _is_page_number(line) and nearest > apart:
            line.furniture = "page number"


def _mark_outermost(pages: Sequence[Sequence[Piece]], *, down: bool) -> bool:
    """Mark the outermost row of lines where it is that of a running head (or foot, ``down``)."""
    rows: list[list[Piece]] = []
    for lines in pages:
        left = [line for line in lines if not line.furniture]
        edge = (max if down else min)((line.y for line in left), default=0.0)
        rows.append([line for line in left if abs(line.y - edge) <= 0.5 * line.size])
    alike = _alike(rows)
    for line in alike:
        line.furniture = (
            "page number" if _is_page_number(line) else "running footer" if down else "running header"
        )
    return bool(alike)


def _is_page_number(line: Piece) -> bool:
    return len(_DIGITS.sub("", line.text).strip(" -–—/第页共,，")) == 0


def _alike(rows: Sequence[Sequence[Piece]]) -> list[Piece]:
    """Lines whose words come back at the same height of other pages, and most of what stands at that height.

    Their digits may differ where more than two pages have them, or where a number counts with the pages.
    """
    heights: dict[int, list[Piece]] = defaultdict(list)
    for row in rows:
        for line in row:
            heights[round(line.y / _NEAR)].append(line)
    found: list[Piece] = []
    for height in heights:
        level = [*heights[height], *heights.get(height + 1, ())]
        pages: dict[str, set[int]] = defaultdict(set)
        for line in level:
            for key in (line.text, _DIGITS.sub("#", line.text), *_counts_with_pages(line)):
                pages[key].add(line.page)
        alike = [
            line
            for line in level
            if any(len(pages[key]) > 1 for key in (line.text, *_counts_with_pages(line)))
            or len(pages[_DIGITS.sub("#", line.text)]) > 2
        ]
        if _stands_off(alike) and len({one.page for one in alike}) >= 0.7 * len({one.page for one in level}):
            found += [line for line in alike if line not in found]
    return found


def _counts_with_pages(line: Piece) -> Iterator[str]:
    """The line's text with each number told by how far it is from the page's own."""
    for number in _DIGITS.finditer(line.text):
        ahead, behind = line.text[: number.start()], line.text[number.end() :]
        yield f"{ahead}#{int(number[0]) - line.page}#{behind}"


def _stands_off(found: Sequence[Piece]) -> bool:
    """Not a paragraph's line that two pages happen to begin with: short, and no end of a sentence."""
    return all(len(line.text) < 90 and line.text[-1] not in "。；，" for line in found)


def _usual_step(lines: Sequence[Piece]) -> float:
    steps = sorted(
        after.y - before.y
        for before, after in zip(lines, lines[1:], strict=False)
        if 0.5 * before.size < after.y - before.y < 4 * before.size
    )
    return steps[len(steps) // 2] if steps else 0.0
