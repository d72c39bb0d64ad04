"""Tables without drawn lines: cells that stand above each other, read row by row.

What only looks so is left alone: mastheads, and what is no table in plain text either.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from archive.text.blocks.markers import read_markers
from archive.text.blocks.tables import is_no_table
from archive.text.cleaner.markup import split_bullet

from .pdf_lines import Piece, joined
from .writer import is_masthead

_LEVEL = 0.3  # of the size: baselines of one level
_STRIP = 0.6  # of the size: the least that parts two columns
_NARROW = 0.9  # of the size: the least gap between two cells
_FAR = 3.2  # of the size: between two levels of one table
_ALIKE = 0.85  # of the size of the level above
_WIDER = 1.07  # of the least step: a step between rows
_FEW_ACROSS = 4  # a column has oftener as many lines as titles run over it
_LEAST_LEVELS, _LEAST_ROWS = 3, 2
_FURNITURE = 3  # levels: heads and feet, a note
_NEAR = 2.0  # points

Level = list[Piece]
Span = tuple[float, float]
Region = tuple[int, int, list[Span]]


def find_rows(
    pages: Sequence[Sequence[Piece]], gutters: Sequence[Sequence[float]], ruled: Sequence[int]
) -> list[list[list[Piece]]]:
    """The lines of each unruled table among the pieces of all ``pages``, row by row, each with its ``cell``.

    ``gutters`` part a page's own columns; its tables count on from those that are ``ruled``.
    """
    columns: list[_Column] = []
    for at, (pieces, parts) in enumerate(zip(pages, gutters, strict=True)):
        edges = [float("-inf"), *parts, float("inf")]
        cells = list(_parted(pieces))
        for left, right in pairwise(edges):
            levels = _without_folios(_levels_of(_between(left, right, cells)))
            found = [one for one in _regions(levels) if _is_table(levels[one[0] : one[1]], one[2])]
            columns.append(_Column(at, levels, found))
    for column, following in pairwise(columns):
        _go_on(column, following)
    tables: list[list[list[Piece]]] = [[] for _ in pages]
    for column in columns:
        for start, end, spans in column.regions:
            number = ruled[column.page] + len(tables[column.page]) + 1
            tables[column.page].append(_cells_of(column.levels[start:end], spans, number))
    return tables


@dataclass(slots=True)
class _Column:
    """A column of a page, and where its tables begin and end among its levels."""

    page: int
    levels: list[Level]
    regions: list[Region]


def _go_on(column: _Column, following: _Column) -> None:
    """Add to a table at the foot of a column, or at the head of the next, its rows in the other."""
    levels, others = column.levels, following.levels
    start, end, spans = following.regions[0] if following.regions else (len(others), 0, [])
    if spans and start <= _FURNITURE:
        ends = column.regions[-1][1] if column.regions else 0
        column.regions += _rows_of(levels, range(len(levels) - 1, ends - 1, -1), spans)
    if not column.regions or column.regions[-1][1] < len(levels) - _FURNITURE:
        return
    following.regions[:0] = _rows_of(others, range(start), column.regions[-1][2])
    if spans and following.regions[0][0] == start:
        while start and _is_row(others[start - 1], spans) and not _is_first(others[start - 1], spans):
            start -= 1  # the rest of a row that the page has broken
        following.regions[0] = start, end, spans


def _rows_of(levels: Sequence[Level], order: range, spans: Sequence[Span]) -> list[Region]:
    """The levels that stand in cells of a table of the columns ``spans``, perhaps elsewhere across the page:
    from the first of ``order`` on, but for what is the page's own."""
    for skipped in range(min(_FURNITURE, len(order))):
        for first in order[skipped : skipped + _LEAST_LEVELS]:
            move = levels[first][0].left - spans[0][0]
            moved = [(left + move, right + move) for left, right in spans]
            run: list[int] = []
            for at in order[skipped:]:
                if not _is_row(levels[at], moved, move):
                    break
                run.append(at)
            while run and len(levels[run[-1]]) < 2 and (order.step < 0 or _is_first(levels[run[-1]], moved)):
                run.pop()
            if first in run and len(levels[first]) > 1:
                return [(min(run), max(run) + 1, _spans(moved, [p for at in run for p in levels[at]]))]
    return []


def _is_first(level: Level, spans: Sequence[Span]) -> bool:
    return _cell_at(level[0], spans) == 0


def _is_row(level: Level, spans: Sequence[Span], moved: float = 0.0) -> bool:
    cells = [_cell_at(piece, spans, only_begins=abs(moved) > _NEAR) for piece in level]
    return min(cells) >= 0 and len({*cells}) == len(cells)


def _cell_at(piece: Piece, spans: Sequence[Span], *, only_begins: bool = False) -> int:
    """The column with which a piece begins, or within which it stands; -1 if there is none."""
    ends = [*(left for left, _ in spans[1:]), float("inf")]
    for at, ((left, right), end) in enumerate(zip(spans, ends, strict=True)):
        begins = abs(piece.left - left) < _NEAR
        within = left - _NEAR < piece.left and piece.right < right + _NEAR and not only_begins
        if piece.right < end and (begins or within):
            return at
    return -1


def _parted(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The pieces, cut where a narrow gap parts two cells: others begin below each other where its sides do.
    A number stays before its paragraph."""
    lefts = Counter(round(piece.left) for piece in pieces)
    cells = {left for left in lefts if sum(lefts[left + near] for near in (-1, 0, 1)) >= _LEAST_LEVELS}
    for piece in pieces:
        cuts = [
            at
            for at, (one, other) in enumerate(pairwise(piece.glyphs), start=1)
            if other.x - one.right > _NARROW * piece.size and round(other.x) in cells
        ]
        if not cuts or round(piece.left) not in cells:
            yield piece
            continue
        parts = [
            Piece(piece.page, piece.glyphs[start:end], piece.order).measure()
            for start, end in pairwise([0, *cuts, len(piece.glyphs)])
        ]
        yield from [piece] if _are_numbers(parts[:1]) else parts


def page_gutters(pieces: Sequence[Piece], gutters: Sequence[float]) -> list[float]:
    """Those of ``gutters`` that part the page: running text crosses those of a table, above or below it."""
    edges = [*(piece.left for piece in pieces), *(piece.right for piece in pieces)]
    wide = 0.6 * (max(edges, default=0.0) - min(edges, default=0.0))
    return [gutter for gutter in gutters if not _is_crossed_often(gutter, pieces, wide)]


def _is_crossed_often(gutter: float, pieces: Sequence[Piece], wide: float) -> bool:
    across = [piece for piece in pieces if piece.left < gutter - 1 and piece.right > gutter + 1]
    if sum(piece.right - piece.left > wide for piece in across) > 1:
        return True
    right = sum(piece.left >= gutter - 1 for piece in pieces)
    return len(across) > 1 and _FEW_ACROSS * len(across) > min(right, len(pieces) - len(across) - right)


def _between(left: float, right: float, pieces: Sequence[Piece]) -> list[Piece]:
    return [piece for piece in pieces if piece.left >= left - 1 and piece.right <= right + 1]


def _levels_of(pieces: Sequence[Piece]) -> list[Level]:
    """The pieces on one baseline together, from top to bottom and from left to right."""
    levels: list[Level] = []
    for piece in sorted(pieces, key=lambda one: one.y):
        if levels and piece.y - levels[-1][0].y <= _LEVEL * piece.size:
            levels[-1].append(piece)
        else:
            levels.append([piece])
    return [sorted(level, key=lambda one: one.left) for level in levels]


def _without_folios(levels: list[Level]) -> list[Level]:
    """The levels without a running head or foot that has the page's number in it."""
    edges = (levels[0], levels[-1]) if levels else ()
    folios = [level for level in edges if any(piece.text == str(piece.page) for piece in level)]
    return [level for level in levels if level not in folios]


def _regions(levels: Sequence[Level]) -> Iterator[Region]:
    """Runs of levels through which the same strips are free, with the columns between the strips."""
    at = 0
    while at < len(levels):
        if len(levels[at]) < 2 or _is_numbered(levels[at]):
            at += 1
            continue
        spans, end = _spans([], levels[at]), at + 1
        while end < len(levels):
            level = levels[end]
            wider = _spans(spans, level)
            before, size = levels[end - 1][0], level[0].size
            apart = level[0].y - before.y > _FAR * size or min(size, before.size) < _ALIKE * max(
                size, before.size
            )
            fewer = len(wider) < len(spans)
            lost = fewer and len(level) < 2 or _is_numbered(level) and (fewer or _is_in_one(level, wider))
            if apart or lost or len(wider) < max(2, len(spans) - 1):
                break
            spans, end = wider, end + 1
        end = _without_below(levels, at, end, spans)
        yield at, end, spans
        at = max(end, at + 1)


def _is_numbered(level: Level) -> bool:
    """True for the first line of a paragraph whose number stands apart."""
    return len(level) == 2 and _are_numbers(level[:1])


def _is_in_one(level: Level, spans: Sequence[Span]) -> bool:
    return len({_column_at(spans, piece) for piece in level}) == 1


def _without_below(levels: Sequence[Level], start: int, end: int, spans: Sequence[Span]) -> int:
    """Where the region ends if the lines in the first column alone at its end are not of it."""
    last = end
    while last > start + 1 and not any(_column_at(spans, piece) for piece in levels[last - 1]):
        last -= 1
    return next((at for at in range(last, end) if _is_below(levels[at - 1], levels[at], spans)), end)


def _is_below(before: Level, level: Level, spans: Sequence[Span]) -> bool:
    """True for a line in the first column alone that does not go on with what stands above it there."""
    if any(_column_at(spans, piece) for piece in level):
        return False
    above = [piece for piece in before if _column_at(spans, piece) == 0]
    return not above or spans[0][1] - above[-1].right > level[0].first + 0.3 * level[0].size


def _spans(spans: Sequence[Span], level: Level) -> list[Span]:
    """The columns that hold all ink so far."""
    size = level[0].size
    united: list[Span] = []
    for left, right in sorted([*spans, *((piece.left, piece.right) for piece in level)]):
        if united and left < united[-1][1] + _STRIP * size:
            united[-1] = united[-1][0], max(right, united[-1][1])
        else:
            united.append((left, right))
    return united


def _column_at(spans: Sequence[Span], piece: Piece) -> int:
    middle = (piece.left + piece.right) / 2
    return next((at for at, (_, right) in enumerate(spans) if middle <= right), len(spans) - 1)


def _is_table(levels: Sequence[Level], spans: Sequence[Span]) -> bool:
    full = [level for level in levels if len({_column_at(spans, piece) for piece in level}) > 1]
    if len(levels) < _LEAST_LEVELS or len(full) < _LEAST_ROWS:
        return False
    if is_no_table([[piece.text for piece in level] for level in full]):
        return False
    return not is_masthead(piece.text for level in levels for piece in level)


def _are_numbers(column: Sequence[Piece]) -> bool:
    """True for the numbers or bullets of paragraphs and items, set apart from their text."""
    texts = (f"{piece.text} 文" for piece in column)
    return 2 * sum(bool(read_markers(text) or split_bullet(text)[0]) for text in texts) > len(column)


def _cells_of(levels: Sequence[Level], spans: Sequence[Span], table: int) -> list[Piece]:
    rows: list[dict[int, list[Piece]]] = []
    steps = [after[0].y - before[0].y for before, after in pairwise(levels)]
    sorts = min(steps, default=0.0) * _WIDER < max(steps, default=0.0)
    limits = [right for _, right in spans]
    before: dict[int, Piece] = {}
    for at, level in enumerate(levels):
        here: dict[int, list[Piece]] = defaultdict(list)
        for piece in level:
            here[_column_at(spans, piece)].append(piece)
        apart = not at or (sorts and steps[at - 1] > _WIDER * min(steps))
        if apart or _begins_row(before, here, limits, sorts=sorts):
            rows.append(defaultdict(list))
        for column, inside in here.items():
            rows[-1][column] += inside
        before = {column: inside[-1] for column, inside in here.items()}
    lines: list[Piece] = []
    for count, row in enumerate(rows, start=1):
        for column, inside in sorted(row.items()):
            for line in sorted(joined(inside, []), key=lambda one: one.y):
                line.cell = (table, count, column + 1)
                lines.append(line)
    return lines


def _begins_row(
    before: dict[int, Piece], here: dict[int, list[Piece]], limits: Sequence[float], *, sorts: bool
) -> bool:
    """True where no cell goes on: a new one begins, or the lines above had room for what stands here."""
    shared = before.keys() & here.keys()
    room = [
        limits[column] - before[column].right > here[column][0].first + 0.3 * before[column].size
        for column in shared
    ]
    if sorts:
        return 0 in shared and len(shared) > 1 and all(room)
    return not here.keys() <= before.keys() or any(room) or len(shared) == len(limits)
