"""The measures of a column as its lines show them: margins, full lines, and the usual step between lines."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from archive.text.blocks.markers import read_markers
from archive.text.cleaner.markup import split_bullet
from archive.text.typography import ends_sentence

from .pdf_lines import Piece

_ROOM = 0.3  # of the size: what may be left at the end of a full line beside its next word
_DEEP = 4.0
_QUOTES = "“‘「『\"'"
_LOOSEST = 1.9  # of the size: a wider step is no evidence that a line goes on
_AXIS, _FEW_CENTRED = 0.12, 3
_WIDER = 1.3  # titles are set no wider than text: else their lines are titles each
_RAGGED = 0.3  # of the size: by how much full lines of ragged text differ
LARGER = 1.05
_FEW = 4


@dataclass(slots=True)
class Frame:
    """The margins of a column; ``full`` lines reach the right one, and ``wraps`` tells that one goes on.

    The right margin is ``assumed`` where no line shows it.
    """

    left: float
    right: float
    full: int = 0
    wraps: bool = False
    assumed: bool = False


def beside(before: Piece, line: Piece) -> bool:
    """True for lines that stand below each other in one column."""
    return (before.page, before.zone) == (line.page, line.zone) and line.y > before.y


def is_marked(line: Piece) -> bool:
    """True for a line that begins with a number or bullet, perhaps inside of a quotation."""
    text = line.text.lstrip(_QUOTES)
    return bool(read_markers(text)) or bool(split_bullet(text)[0])


def differs(before: Piece, line: Piece) -> bool:
    """True for another size or weight: a heading ends, or begins."""
    sizes = sorted((before.size, line.size))
    return sizes[1] > LARGER * sizes[0] or before.bold != line.bold


def is_forced(before: Piece, line: Piece, limit: float) -> bool:
    """True where the line before ends though what begins the next one had room in it."""
    return limit - before.right > line.first + _ROOM * max(line.size, before.size)


def unhang(lines: Sequence[Piece]) -> None:
    """Set ``right`` of lines whose last mark hangs in the margin back to where others end."""
    plain: dict[tuple[int, int], float] = {}
    for line in lines:
        if line.bare == line.right:
            key = line.page, line.zone
            plain[key] = max(line.right, plain.get(key, line.right))
    for line in lines:
        edge = plain.get((line.page, line.zone))
        if edge is not None and line.bare <= edge + _RAGGED * line.size < line.right:
            line.right = max(edge, line.bare)


def frames_of(lines: Sequence[Piece], margins: Mapping[int, float]) -> dict[tuple[int, int], Frame]:
    """The margins of every column: its own, and those of the columns of other pages that hold it.

    Where hardly a line is full, the right margin is as wide as the left one.
    """
    zones: dict[tuple[int, int], list[Piece]] = defaultdict(list)
    for line in lines:
        zones[line.page, line.zone].append(line)
    frames = {key: _frame_of(zone) for key, zone in zones.items()}
    sure = [frames[key] for key in zones if frames[key].full >= _FEW]
    for key in zones:
        frame = frames[key]
        if frame.full >= 2 * _FEW:
            continue
        holders = [one for one in sure if one is not frame and _holds(one, frame)]
        if holders:
            holder = min(holders, key=lambda one: one.right - one.left)
            frames[key] = Frame(min(frame.left, holder.left), max(frame.right, holder.right), frame.full)
        elif frame.full < _FEW and not frame.wraps:
            centred = _right_of_centred(zones[key], frame)
            if centred:
                frames[key] = Frame(frame.left, centred, frame.full)
                continue
            right = _assumed_right(key, zones, frames, margins.get(key[0], 0.0))
            frames[key] = Frame(frame.left, max(frame.right, right), frame.full, assumed=True)
    return frames


def _right_of_centred(zone: Sequence[Piece], frame: Frame) -> float | None:
    """The right margin that lines in the middle of the column show, where some of several widths do."""
    for line in zone:
        middle = (line.left + line.right) / 2
        alike = [one for one in zone if one.left > frame.left + 2 * one.size and _is_at(middle, one)]
        widths = {round((one.right - one.left) / one.size) for one in alike}
        right = 2 * middle - frame.left
        if len(widths) >= _FEW_CENTRED and right > frame.right - _RAGGED * line.size:
            return max(right, frame.right)
    return None


def _is_at(middle: float, line: Piece) -> bool:
    return abs((line.left + line.right) / 2 - middle) < _AXIS * line.size


def _assumed_right(
    key: tuple[int, int],
    zones: Mapping[tuple[int, int], Sequence[Piece]],
    frames: Mapping[tuple[int, int], Frame],
    margin: float,
) -> float:
    """The right margin of a zone that does not show it: that of the page, or, where text stands beside it,
    as far from its left one as that of the last column is."""
    top, bottom = min(p.y for p in zones[key]), max(p.y for p in zones[key])
    right = max(p.right for p in zones[key])
    beside = [
        frames[other].left
        for other, zone in zones.items()
        if other != key
        and other[0] == key[0]
        and any(top - p.size <= p.y <= bottom + p.size and p.left > right - 1 for p in zone)
    ]
    if not beside:
        return margin
    alike = frames[key].left + margin - max(beside)
    return alike if alike < min(beside) else 0.0


def _holds(frame: Frame, other: Frame) -> bool:
    return frame.left - 6 <= other.left and other.right <= frame.right + 6


def _frame_of(zone: Sequence[Piece]) -> Frame:
    """The margins that the lines of a zone show: where many begin, and where many end."""
    lefts = Counter(round(line.left) for line in zone)
    often = max(lefts.values())
    widest = max(line.right for line in zone)
    after_full = {
        round(line.left)
        for before, line in pairwise(zone)
        if line.y > before.y
        and not (is_forced(before, line, widest) or ends_sentence(before.text) or is_marked(line))
    }
    left = min(edge for edge, count in lefts.items() if count >= max(1, 0.2 * often) or edge in after_full)
    near = 0.7 * zone[0].size
    rights = sorted((line.right for line in zone), reverse=True)
    many = max(3, 0.25 * len(rights))
    right = next(
        (
            one
            for one in rights[: max(1, len(rights) // 10)]
            if sum(0 <= one - other < near for other in rights) >= many
        ),
        rights[0],
    )
    full = sum(abs(right - one) < near for one in rights)
    exact = sum(abs(right - one) < 0.06 * near for one in rights) > 1
    going_on = [
        (one, other)
        for one, other in pairwise(zone)
        if max(one.left, other.left) - left < _DEEP * one.size
        and other.y - one.y < _LOOSEST * one.size
        and not (ends_sentence(one.text) or is_marked(other))
    ]
    wraps = any(
        right - one.right < near and (full > 2 or exact or right - other.right < near)
        for one, other in going_on
    )
    wraps = wraps or sum(not is_forced(one, other, right) for one, other in going_on) > 1
    return Frame(float(left), right, full, wraps)


def steps_of(lines: Sequence[Piece], frames: Mapping[tuple[int, int], Frame]) -> dict[int, float]:
    """The usual distance of baselines within paragraphs, by size: the least that comes often where a full
    line goes on below. None is given for a size of which no line goes on."""
    steps: dict[int, Counter[float]] = defaultdict(Counter)
    for before, line in zip(lines, lines[1:], strict=False):
        way = line.y - before.y
        alike = beside(before, line) and round(before.size) == round(line.size)
        if not alike or not 0.8 * line.size < way < 3 * line.size:
            continue
        goes_on = not (ends_sentence(before.text) or is_marked(line))
        if goes_on and not is_forced(before, line, frames[before.page, before.zone].right):
            steps[round(line.size)][round(way * 2) / 2] += 1
    found: dict[int, float] = {}
    for size, ways in steps.items():
        often = max(ways.values())
        found[size] = min(way for way, count in ways.items() if count >= max(1, 0.3 * often))
    letters: Counter[int] = Counter()
    for line in lines:
        letters[round(line.size)] += len(line.text)
    usual = max(found, key=lambda size: letters[size], default=0)
    return {
        size: step
        for size, step in found.items()
        if steps[size].total() >= _FEW or step / size < _WIDER * found[usual] / usual
    }
