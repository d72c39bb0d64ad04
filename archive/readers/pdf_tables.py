"""Ruled tables: the cells that drawn lines enclose, and the lines of text in each.

A cell that reaches over several rows or columns is that of its first. Tables without upright lines are read
by where their cells stand above each other (``pdf_rows``).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from .pdf_drawings import Stretch
from .pdf_glyphs import Glyph, Leaf
from .pdf_lines import Piece, joined, pieces_of

_TOUCH = 3.0  # points: how far apart lines end that are meant to meet
_LEAST_RULE = 10.0


@dataclass(frozen=True, slots=True)
class Grid:
    """Lines that meet: the heights of the flat ones and the places of the upright ones, in order."""

    rules: tuple[Stretch, ...]
    posts: tuple[Stretch, ...]
    rows: tuple[float, ...]
    columns: tuple[float, ...]

    @property
    def box(self) -> tuple[float, float, float, float]:
        return self.columns[0], self.rows[0], self.columns[-1], self.rows[-1]

    def holds(self, x: float, y: float) -> bool:
        left, top, right, bottom = self.box
        return left <= x <= right and top <= y <= bottom

    def resembles(self, other: Grid) -> bool:
        """True for columns of the same widths."""
        return len(self.columns) == len(other.columns) and all(
            abs((one - self.columns[0]) - (two - other.columns[0])) <= _TOUCH
            for one, two in zip(self.columns, other.columns, strict=True)
        )

    def cell_at(self, x: float, y: float) -> tuple[int, int]:
        """Row and column, from 1, of the cell that encloses the place."""
        above = [rule for rule in self.rules if rule[1] <= y and rule[0] - _TOUCH <= x <= rule[2] + _TOUCH]
        before = [post for post in self.posts if post[0] <= x and post[1] - _TOUCH <= y <= post[2] + _TOUCH]
        top = max((rule[1] for rule in above), default=self.rows[0])
        left = max((post[0] for post in before), default=self.columns[0])
        return _place(self.rows, top), _place(self.columns, left)


def _place(edges: Sequence[float], at: float) -> int:
    return max(1, min(bisect_right(edges, at + _TOUCH), len(edges) - 1))


def take_tables(leaves: Sequence[Leaf]) -> list[list[list[Piece]]]:
    """The lines of each ruled table, page by page; their characters, and the lines that frame them, are taken
    from the pages. A single row is a table where the page before or behind has one of the same columns."""
    found: list[list[tuple[Grid, list[Piece], bool]]] = []
    for leaf in leaves:
        found.append([])
        for at, grid in enumerate(_find_grids(leaf.rules, leaf.posts), start=1):
            outside, cells = _take_cells(leaf.glyphs, grid, leaf.number, at)
            sure = _is_table(cells)
            if sure:
                leaf.glyphs = outside
            found[-1].append((grid, cells, sure))
    tables: list[list[list[Piece]]] = []
    for page, leaf in enumerate(leaves):
        near = [grid for on in found[max(0, page - 1) : page + 2] for grid, _, sure in on if sure]
        taken = [
            (grid, cells)
            for grid, cells, sure in found[page]
            if sure or (cells and any(map(grid.resembles, near)))
        ]
        inside = {id(glyph) for _, cells in taken for line in cells for glyph in line.glyphs}
        leaf.glyphs = [glyph for glyph in leaf.glyphs if id(glyph) not in inside]
        ruled = {rule for grid, _ in taken for rule in grid.rules}
        leaf.rules = [rule for rule in leaf.rules if rule not in ruled]
        tables.append([cells for _, cells in taken])
    return tables


def _find_grids(rules: Iterable[Stretch], posts: Iterable[Stretch]) -> list[Grid]:
    """The grids of a page: two columns at least, whose lines meet; from top to bottom."""
    flat = [rule for rule in rules if rule[2] - rule[0] >= _LEAST_RULE]
    upright = list(posts)
    grids = []
    for some, others in _meeting(flat, upright):
        columns = _apart(post[0] for post in others)
        ends = [end for _, *both in others for end in both]
        # Where a page breaks a row, no flat line may be drawn: all upright ones end there.
        broken = [end for end in (min(ends), max(ends)) if ends.count(end) >= len(columns)]
        rows = _apart([*(rule[1] for rule in some), *broken])
        if len(rows) > 1 and len(columns) > 2:
            grids.append(Grid(tuple(some), tuple(others), rows, columns))
    return sorted(grids, key=lambda grid: grid.rows[0])


def _meeting(flat: list[Stretch], upright: list[Stretch]) -> list[tuple[list[Stretch], list[Stretch]]]:
    """Groups of lines each of which meets another of its group."""
    groups: list[tuple[list[Stretch], list[Stretch]]] = []
    left, right = list(flat), sorted(upright)
    while left:
        some, others = [left.pop()], []
        grown = True
        while grown:
            met = [post for post in right if any(_meet(rule, post) for rule in some)]
            right = [post for post in right if post not in met]
            others += met
            more = [rule for rule in left if any(_meet(rule, post) for post in met)]
            left = [rule for rule in left if rule not in more]
            some += more
            grown = bool(met or more)
        if others:
            groups.append((some, others))
    return groups


def _meet(rule: Stretch, post: Stretch) -> bool:
    level = post[1] - _TOUCH <= rule[1] <= post[2] + _TOUCH
    return level and rule[0] - _TOUCH <= post[0] <= rule[2] + _TOUCH


def _apart(places: Iterable[float]) -> tuple[float, ...]:
    """Places in order, those that all but touch taken as one."""
    kept: list[float] = []
    for place in sorted(places):
        if not kept or place - kept[-1] > _TOUCH:
            kept.append(place)
    return tuple(kept)


def _take_cells(glyphs: list[Glyph], grid: Grid, page: int, table: int) -> tuple[list[Glyph], list[Piece]]:
    """What stands outside of the grid, and the lines of its cells, row by row: each knows its ``cell``."""
    outside: list[Glyph] = []
    cells: dict[tuple[int, int], list[Glyph]] = defaultdict(list)
    for glyph in glyphs:
        x, y = (glyph.x + glyph.right) / 2, glyph.y - 0.3 * glyph.size
        if grid.holds(x, y):
            cells[grid.cell_at(x, y)].append(glyph)
        else:
            outside.append(glyph)
    lines: list[Piece] = []
    for (row, column), inside in sorted(cells.items()):
        pieces = joined([piece for piece in pieces_of(inside, page) if piece.text], [])
        for line in sorted(pieces, key=lambda one: one.y):
            line.cell = (table, row, column)
            lines.append(line)
    return outside, lines


def put_tables(lines: list[Piece], tables: Iterable[list[Piece]]) -> list[Piece]:
    """``lines`` with those of each table behind the last one that stands above it in its column."""
    placed = list(lines)
    for table in tables:
        top = min(line.y - line.size for line in table)
        bottom = max(line.y for line in table)
        left, right = min(line.left for line in table), max(line.right for line in table)
        above = [
            (line.y, at)
            for at, line in enumerate(placed)
            if line.y <= top + 2 and line.left < right and left < line.right
        ]
        at = max(above)[1] + 1 if above else _before_all(placed, top, left, right)
        at = max(at, _behind_columns(placed, top, bottom, left))
        while at < len(placed) and at and placed[at].cell and placed[at - 1].cell:
            at += 1
        zone = placed[at - 1].zone if at else -1
        for line in table:
            line.zone = zone
        placed[at:at] = table
    return placed


def _behind_columns(lines: Sequence[Piece], top: float, bottom: float, left: float) -> int:
    """Where the columns end that are read before a table: beside it, and wholly to its left."""
    zones: dict[int, list[Piece]] = defaultdict(list)
    for line in lines:
        if not line.furniture:
            zones[line.zone].append(line)
    before = {
        zone
        for zone, inside in zones.items()
        if all(line.right < left for line in inside)
        and min(line.y for line in inside) < bottom
        and max(line.y for line in inside) > top
    }
    return max((at for at, line in enumerate(lines, start=1) if line.zone in before), default=0)


def _before_all(lines: Sequence[Piece], top: float, left: float, right: float) -> int:
    """Where a table goes above which nothing stands: before the first line below it in its column."""
    below = (at for at, one in enumerate(lines) if one.y > top and one.left < right and left < one.right)
    return next(below, len(lines))


def _cell(line: Piece) -> tuple[int, int, int]:
    """Table, row and column of a line that stands in a table."""
    return cast(tuple[int, int, int], line.cell)


def _is_table(cells: Sequence[Piece]) -> bool:
    """Two rows at least with ink in two columns: other frames only set the page."""
    rows = defaultdict(set)
    for line in cells:
        rows[_cell(line)[1]].add(_cell(line)[2])
    return sum(len(columns) > 1 for columns in rows.values()) > 1


def count_tables(lines: Sequence[Piece]) -> None:
    """Count the tables of a document, which ``take_tables`` counts by page.

    What goes on at the head of the next page in columns of the same width is the same table; its head, set
    again there, is the page's.
    """
    runs: list[list[Piece]] = []
    before: Piece | None = None
    broken = True
    for line in lines:
        if line.cell is None:
            broken = broken or not (line.furniture or line.note)
            continue
        if before is None or (before.page, _cell(before)[0]) != (line.page, line.cell[0]):
            goes_on = before is not None and not broken and line.page - before.page <= 1
            if not (goes_on and _alike(runs[-1], [one for one in lines if _same(one, line)])):
                runs.append([])
        runs[-1].append(line)
        before, broken = line, False
    for number, run in enumerate(runs, start=1):
        _count_rows(run, number)


def _same(one: Piece, line: Piece) -> bool:
    return one.cell is not None and (one.page, one.cell[0]) == (line.page, _cell(line)[0])


def _alike(run: Sequence[Piece], more: Sequence[Piece]) -> bool:
    """True where the columns that both have begin at the same distance from the first, elsewhere."""
    one, other = _lefts([line for line in run if _same(line, run[-1])]), _lefts(more)
    shared = one.keys() & other.keys()
    first = min(shared, default=0)
    moved = run[-1].page != more[0].page or one.get(first, 0.0) < other.get(first, 0.0) - 2 * _TOUCH
    return (
        moved
        and len(shared) > 1
        and all(abs((one[at] - one[first]) - (other[at] - other[first])) < 2 * _TOUCH for at in shared)
    )


def _lefts(lines: Iterable[Piece]) -> dict[int, float]:
    lefts: dict[int, float] = {}
    for line in lines:
        column = _cell(line)[2]
        lefts[column] = min(line.left, lefts.get(column, line.left))
    return lefts


def _count_rows(run: Sequence[Piece], number: int) -> None:
    head = [line.text for line in run if line.page == run[0].page and _cell(line)[1] == _cell(run[0])[1]]
    rows: dict[tuple[int, int, int], list[Piece]] = defaultdict(list)
    for line in run:
        rows[line.page, *_cell(line)[:2]].append(line)
    count = 0
    at, columns = (0, 0), {0}  # page and table of the row before, and its columns
    for (page, table, _), row in rows.items():
        if page != run[0].page and [line.text for line in row] == head:
            for line in row:
                line.cell, line.furniture = None, "running header"
            continue
        here = {_cell(line)[2] for line in row}
        broken = (page, table) != at and here <= columns - {min(columns)}
        at, columns = (page, table), here | columns if broken else here
        count += not broken
        for line in row:
            line.cell = (number, count, _cell(line)[2])
