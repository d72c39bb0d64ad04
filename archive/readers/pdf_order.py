"""The order in which the lines of a page are read.

The file's own order is kept where it can be read: what goes down, or begins anew to the right of what has
been read. Stretches that stand elsewhere in the file than on the page (a masthead behind the body, the lines
of columns in turn) are put where they stand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from .pdf_lines import Piece, joined, parted

_LEAST_ROWS = 5
_NARROWEST = 7.0  # of the size: a column is no list of numbers
_INDENTED = 4.0  # of the size: half of a column's lines begin no further in
_SIDE, _FAR = 0.6, 4.8
_RECENT = 40
_NEAR = 4.0


def lines_in_order(pieces: Sequence[Piece]) -> list[Piece]:
    """The lines of one page as they are read, each with the number of its zone: a column or part of one."""
    gutters = find_gutters(pieces)
    lines = parted(joined(pieces, gutters))
    if not lines:
        return []
    zones = _one_below_other(_in_order(_columns(_stretches(lines))))
    for number, zone in enumerate(zones):
        for line in zone:
            line.zone = number
    return [line for zone in zones for line in zone]


def find_gutters(pieces: Sequence[Piece]) -> list[float]:
    """Where columns part: places that many rows leave free between text on both sides, and few cross."""
    rows = [piece for piece in pieces if piece.text]
    if len(rows) < 2 * _LEAST_ROWS:
        return []
    size = Counter(round(piece.size, 1) for piece in rows).most_common(1)[0][0]
    starts = Counter(round(piece.left) for piece in rows if piece.right - piece.left > _NARROWEST * size)
    found: list[float] = []
    for left, _ in sorted(starts.items()):
        edge = left - 1.0
        if found and edge - found[-1] < _NARROWEST * size:
            continue
        before = [p for p in rows if p.right <= edge + 1]
        after = [p for p in rows if p.left >= edge - 0.5]
        across = [p for p in rows if p.left < edge - 1 and p.right > edge + 1]
        if not (_is_column(before, size) and _is_column(after, size)):
            continue
        top, bottom = _common(before, after)
        inside = [p for p in across if top <= p.y <= bottom]
        level = sum(1 for p in after if top <= p.y <= bottom)
        near = sum(1 for p in after if p.left < edge + _INDENTED * size)
        if 3 * near >= _levels(after) and level >= _LEAST_ROWS and len(inside) <= 0.1 * level:
            found.append(edge)
    return found


def _is_column(pieces: Sequence[Piece], size: float) -> bool:
    """Enough rows as wide as text and not as a number or a label, and not many more that are narrower; the
    cells of one row of a table in the column count as one."""
    wide = sum(piece.right - piece.left > _NARROWEST * size for piece in pieces)
    return wide >= _LEAST_ROWS and 3 * wide >= _levels(pieces)


def _levels(pieces: Sequence[Piece]) -> int:
    return len({round(piece.y) for piece in pieces})


def _common(one: Sequence[Piece], other: Sequence[Piece]) -> tuple[float, float]:
    """From where to where both stand beside each other."""
    return (
        max(min(p.y for p in one), min(p.y for p in other)) - 1,
        min(max(p.y for p in one), max(p.y for p in other)) + 1,
    )


Zone = list[Piece]
Edges = tuple[float, float, float, float]


def _stretches(lines: Sequence[Piece]) -> list[Zone]:
    """The lines in the order of the file, parted where it jumps: up, sideways, or over other lines."""
    zones: list[Zone] = []
    for line in lines:
        zone = zones[-1] if zones else []
        if not zone or _leaves(zone, line) or _jumps(zone[-1], line, lines):
            zones.append([line])
        else:
            zones[-1].append(line)
    return zones


def _leaves(zone: Zone, line: Piece) -> bool:
    """True where the line stands wholly beside what the column has held."""
    recent = zone[-_RECENT:]
    to_the_right = line.left > max(one.right for one in recent) + line.size
    return to_the_right or line.right < min(one.left for one in recent) - line.size


def _jumps(before: Piece, line: Piece, lines: Sequence[Piece]) -> bool:
    size = max(before.size, line.size)
    if line.y < before.y - _SIDE * size:
        return True
    if abs(line.y - before.y) <= _SIDE * size:
        return line.left >= before.right - size and line.y <= before.y + 0.1 * size
    if line.y > before.y + _FAR * size:
        return True
    return any(
        before.y + 0.3 * size < other.y < line.y - 0.3 * size and _over(other, before) and _over(other, line)
        for other in lines
    )


def _over(one: Piece, other: Piece) -> bool:
    """True where one stands above the other, at least with a part."""
    return min(one.right, other.right) - max(one.left, other.left) > 0.5 * min(one.size, other.size)


def _columns(zones: list[Zone]) -> list[Zone]:
    """Zones that stand below each other in one column made one, unless something stands between."""
    merged: list[Zone] = []
    for zone in zones:
        above = next((one for one in merged if _goes_below(one, zone, zones)), None)
        if above is None:
            merged.append(list(zone))
        else:
            above += zone
    return merged


def _goes_below(above: Zone, zone: Zone, zones: list[Zone]) -> bool:
    left, _, right, bottom = _box(above)
    own_left, top, own_right, _ = _box(zone)
    if not (left - 2 <= own_left and own_right <= right + 2 and bottom <= top + 4):
        return False
    lefts = sorted(line.left for line in above)
    if abs(lefts[len(lefts) // 2] - min(line.left for line in zone)) > _NEAR * zone[0].size:
        return False
    between = (_box(one) for one in zones if one is not zone)
    return not any(box[1] >= bottom - 4 and box[3] <= top + 4 for box in between)


def _in_order(zones: list[Zone]) -> list[Zone]:
    """Zones from top to bottom and from left to right, as far as they say so; else as they come."""
    boxes = [_box(zone) for zone in zones]
    left = list(range(len(zones)))
    ordered: list[Zone] = []
    while left:
        free = [at for at in left if not any(_before(boxes[o], boxes[at]) for o in left if o != at)] or left
        at = free[0]
        left.remove(at)
        ordered.append(zones[at])
    return ordered


def _one_below_other(zones: list[Zone]) -> list[Zone]:
    """Zones on end, with nothing beside either, made one: a date at the right or a title in the middle of a
    column is no column of its own."""
    boxes = [_box(zone) for zone in zones]
    merged: list[Zone] = []
    start = 0
    for at, zone in enumerate(zones):
        if at and boxes[at][1] >= boxes[at - 1][3] - 2:
            whole = _union(boxes[start : at + 1])
            if not any(_meet(whole, box) for box in (*boxes[:start], *boxes[at + 1 :])):
                merged[-1] += zone
                continue
        merged.append(list(zone))
        start = at
    return merged


def _union(boxes: Sequence[Edges]) -> Edges:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _meet(one: Edges, other: Edges) -> bool:
    return _beside(one, other) and min(one[2], other[2]) - max(one[0], other[0]) > 2


def _box(zone: Zone) -> Edges:
    return (
        min(line.left for line in zone),
        min(line.y - line.size for line in zone),
        max(line.right for line in zone),
        max(line.y for line in zone),
    )


def _before(one: Edges, other: Edges) -> bool:
    left, top, right, bottom = one
    other_left, other_top, other_right, other_bottom = other
    if min(right, other_right) - max(left, other_left) > 2:
        return bottom <= other_top + 4
    beside = min(bottom, other_bottom) - max(top, other_top) > 2
    return right <= other_left + 2 and (beside or bottom <= other_top + 4)


def _beside(one: Edges, other: Edges) -> bool:
    return min(one[3], other[3]) - max(one[1], other[1]) > 2
