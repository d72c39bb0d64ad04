"""Where paragraphs begin, and which lines are notes: what the page's measures say of neighbouring lines.

The surest sign is a line that ends before the margin though the next word had room there: nobody wraps so.
Distance, indent and size are weighed beside it; where they say nothing, ``opens`` stays None and the words
decide (``archive.text.blocks``).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from archive.text.blocks.footnotes import read_note_start
from archive.text.blocks.markers import read_markers
from archive.text.cleaner.markup import split_bullet
from archive.text.shapes import stands_alone
from archive.text.typography import cannot_begin, ends_sentence

from .pdf_lines import Piece

_ROOM = 0.3  # of the size: what may be left at the end of a full line beside its next word
_INDENT, _DEEP = 0.45, 4.0
_SET_APART, _FAR_APART = 1.17, 1.28  # of the usual step
_LARGER = 1.05
_NOTE_SIZE = 0.93
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


def mark_notes(pages: Sequence[Sequence[Piece]], size: float) -> None:
    """Set ``note`` on the lines at the foot of a column that are smaller than the text, or stand below a
    drawn line, and begin as notes do; or that go on with those of the page before."""
    open_note = False
    for lines in pages:
        foot = _foot_of([line for line in lines if not line.furniture], size, open_note)
        for line in foot:
            line.note = True
        open_note = bool(foot) and not ends_sentence(foot[-1].text)


def _foot_of(lines: Sequence[Piece], size: float, open_note: bool) -> list[Piece]:
    found: list[Piece] = []
    zones: dict[int, list[Piece]] = defaultdict(list)
    for line in lines:
        zones[line.zone].append(line)
    for zone in zones.values():
        at = len(zone)
        while at > 0 and zone[at - 1].size < _NOTE_SIZE * size:
            at -= 1
        starts = [n for n in range(at, len(zone)) if _begins_note(zone[n])]
        ruled = next((n for n in range(len(zone)) if zone[n].rule and _begins_note(zone[n])), None)
        if ruled is not None and ruled <= (starts[0] if starts else len(zone)):
            found += zone[ruled:]
        elif open_note and at < len(zone) and (not starts or starts[0] > at):
            found += zone[at:]
        elif starts and not _is_below(zone, lines):
            found += zone[starts[0] :]
    return found


def _begins_note(line: Piece) -> bool:
    return read_note_start(line.text) is not None


def _is_below(zone: Sequence[Piece], lines: Sequence[Piece]) -> bool:
    """True where text of the same column stands below the zone, so that it is no foot."""
    last = zone[-1]
    return any(
        line.y > last.y + line.size
        and line.zone != last.zone
        and line.size > last.size / _NOTE_SIZE
        and min(line.right, last.right) - max(line.left, last.left) > line.size
        for line in lines
    )


def mark_paragraphs(lines: Iterable[Piece], size: float, widths: Mapping[int, float]) -> None:
    """Set ``opens``, ``gap`` and ``indent`` on ``lines``, which are in the order in which they are read.

    ``size`` is the usual one, ``widths`` are those of the pages. The body and the notes are each read as if
    the other were not there, and what is ``aside`` as well.
    """
    lines = list(lines)
    edges: dict[int, float] = {}
    for line in lines:
        if line.furniture in ("line number", "stamp"):
            continue
        edges[line.page] = min(edges.get(line.page, line.left), line.left)
    margins = {page: widths[page] - left for page, left in edges.items()}
    for kind in (False, True):
        chosen = [line for line in lines if line.note is kind and not line.aside]
        if chosen:
            _Setting(chosen, size, margins).mark()


class _Setting:
    """How the lines are set, as they themselves show it."""

    def __init__(self, lines: Sequence[Piece], size: float, margins: Mapping[int, float]) -> None:
        self.lines, self.size = lines, size
        self.frames = _frames_of(lines, margins)
        self.steps = _steps_of(lines, self.frames)
        self.hangs: dict[float, Counter[float]] = defaultdict(Counter)
        self.spaced = self._is_spaced()
        self.indented = self._is_indented()

    def mark(self) -> None:
        """Decide line by line; ``first`` and ``hang`` are the indents of the open paragraph."""
        paragraph: list[Piece] = []
        for before, line in zip([None, *self.lines], self.lines, strict=False):
            frame = self.frame_of(line)
            line.indent = line.left - frame.left
            if before is None:
                line.opens = True
            else:
                same = self.beside(before, line)
                line.gap = (line.y - before.y) / self.step_of(line) if same else 0.0
                line.opens = self._inside(paragraph, line) if same else self._across(paragraph, line)
            if line.opens is False:
                paragraph.append(line)
                if len(paragraph) == 2:
                    self.hangs[round(paragraph[0].indent)][round(line.indent)] += 1
            else:
                paragraph = [line]

    def frame_of(self, line: Piece) -> Frame:
        return self.frames[line.page, line.zone]

    def step_of(self, line: Piece) -> float:
        usual = self.steps.get(round(self.size), 1.5 * self.size)
        return self.steps.get(round(line.size), usual * max(1.0, line.size / self.size))

    @staticmethod
    def beside(before: Piece, line: Piece) -> bool:
        """True for lines that stand below each other in one column."""
        return (before.page, before.zone) == (line.page, line.zone) and line.y > before.y

    def _limit(self, paragraph: Sequence[Piece], line: Piece) -> float:
        """The right margin of the open paragraph: two lines that end together show it."""
        before = paragraph[-1]
        beside = paragraph[-2] if len(paragraph) > 1 else line
        right = self.frame_of(before).right
        near = 0.3 * before.size
        together = self.frame_of(beside) is self.frame_of(before) and abs(beside.right - before.right) < near
        long = before.right - before.left > 0.5 * (right - self.frame_of(before).left)
        return before.right if together and long and beside is not line else right

    def _inside(self, paragraph: list[Piece], line: Piece) -> bool | None:
        """A line below another one of its column."""
        before = paragraph[-1]
        if cannot_begin(line.text) or line.y - before.y < 0.7 * line.size:
            return False  # the second is set over the line above by an error of the producer
        if _differs(before, line):
            return True
        ended = ends_sentence(before.text)
        forced = _is_forced(before, line, self._limit(paragraph, line))
        if line.gap > _SET_APART:
            sure = ended or forced or self.spaced or _is_marked(line) or line.gap > _FAR_APART
            return True if sure else None
        if self._is_at_the_right(before):
            moved = line.left - before.left
            if moved < -2 * line.size and not self._is_at_the_right(line):
                return True
            whole = stands_alone(before.text) or stands_alone(line.text)
            if whole or (len(paragraph) == 1 and abs(moved) > _INDENT * line.size):
                return None
        return self._tight(paragraph, line, ended=ended, forced=forced)

    def _tight(self, paragraph: list[Piece], line: Piece, *, ended: bool, forced: bool) -> bool | None:
        """A line no further below the last than lines of a paragraph are."""
        before = paragraph[-1]
        hang = paragraph[1].indent if len(paragraph) > 1 else None
        if forced:
            loose = self.frame_of(before).assumed and not self._is_at_the_right(line)
            if loose and self.spaced and line.right <= before.right and not (ended or _is_marked(line)):
                return False
            if not ended and self._is_title(paragraph, line) and not _is_marked(line):
                return False if self.spaced and round(line.size) in self.steps else None
            return True
        shift = line.indent - (paragraph[0].indent if hang is None else hang)
        near = _INDENT * line.size
        if hang is not None and abs(shift) <= near:
            return None if ended and _is_marked(line) and not self.spaced else False
        if hang is None and shift <= near:
            if ended and abs(shift) <= near < before.indent and self.indented:
                return True
            return None if ended and abs(shift) <= near and _is_marked(line) else False
        if ended:
            return True if self.indented or _is_marked(line) else None
        return None if _is_marked(line) or shift > near else False

    def _across(self, paragraph: list[Piece], line: Piece) -> bool | None:
        """The first line of a column or page, and the last of the one before."""
        before = paragraph[-1]
        if cannot_begin(line.text):
            return False
        if _differs(before, line):
            return True
        ended = ends_sentence(before.text)
        if _is_forced(before, line, self._limit(paragraph, line)):
            return None if not ended and self._is_title(paragraph, line) else True
        first = paragraph[0].indent
        usual = self.hangs.get(round(first))
        if len(paragraph) > 1:
            hang = paragraph[-1].indent
        else:
            hang = float(usual.most_common(1)[0][0]) if usual else 0.0
        near = _INDENT * line.size
        if not ended:
            if len(paragraph) == 1 and self._is_at_the_right(before):
                return True
            return None if _is_marked(line) and before.text[-1] in "，、" else False
        if abs(line.indent - hang) > near or _is_marked(line):
            return True
        return False if abs(first - hang) > near or self.indented else None

    def _is_title(self, paragraph: Sequence[Piece], line: Piece) -> bool:
        """Lines of a heading are broken where they read best: larger, bold or centred ones."""
        before = paragraph[-1]
        frame = self.frame_of(line)
        middle = (frame.left + frame.right) / 2
        centred = all(abs((one.left + one.right) / 2 - middle) < one.size for one in (before, line))
        aligned = abs(line.left - before.left) < _INDENT * line.size
        alone = not aligned or abs(line.right - before.right) < _INDENT * line.size
        centred = centred and alone and min(line.indent, before.indent) > line.size
        return centred or (aligned and (line.bold or line.size > _LARGER * self.size))

    def _is_at_the_right(self, line: Piece) -> bool:
        """True for a line that begins where no indent does: a date or an attribution at the right margin."""
        frame = self.frame_of(line)
        return line.indent > 0.4 * (frame.right - frame.left)

    def _is_spaced(self) -> bool:
        """True where most lines that surely begin a paragraph stand apart from the line above."""
        openers = gaps = 0
        for before, line in zip(self.lines, self.lines[1:], strict=False):
            if not self.beside(before, line) or _differs(before, line):
                continue
            if ends_sentence(before.text) and _is_forced(before, line, self.frame_of(before).right):
                openers += 1
                gaps += (line.y - before.y) / self.step_of(line) > _SET_APART
        return openers > 1 and gaps >= 0.8 * openers

    def _is_indented(self) -> bool:
        """True where most lines that surely begin a paragraph, and bear no number, are set in."""
        openers = indents = 0
        for before, line in zip(self.lines, self.lines[1:], strict=False):
            if not self.beside(before, line) or _differs(before, line) or _is_marked(line):
                continue
            if ends_sentence(before.text) and _is_forced(before, line, self.frame_of(before).right):
                openers += 1
                indents += line.left - self.frame_of(line).left > _INDENT * line.size
        return openers > 1 and indents >= 0.7 * openers


def _is_marked(line: Piece) -> bool:
    """True for a line that begins with a number or bullet."""
    return bool(read_markers(line.text)) or bool(split_bullet(line.text)[0])


def _differs(before: Piece, line: Piece) -> bool:
    """True for another size or weight: a heading ends, or begins."""
    sizes = sorted((before.size, line.size))
    return sizes[1] > _LARGER * sizes[0] or before.bold != line.bold


def _steps_of(lines: Sequence[Piece], frames: Mapping[tuple[int, int], Frame]) -> dict[int, float]:
    """The usual distance of baselines within paragraphs, by size: the least that comes often where a full
    line goes on below. None is given for a size of which no line goes on."""
    steps: dict[int, Counter[float]] = defaultdict(Counter)
    for before, line in zip(lines, lines[1:], strict=False):
        way = line.y - before.y
        alike = _Setting.beside(before, line) and round(before.size) == round(line.size)
        if not alike or not 0.8 * line.size < way < 3 * line.size:
            continue
        goes_on = not (ends_sentence(before.text) or _is_marked(line))
        if goes_on and not _is_forced(before, line, frames[before.page, before.zone].right):
            steps[round(line.size)][round(way * 2) / 2] += 1
    found: dict[int, float] = {}
    for size, ways in steps.items():
        often = max(ways.values())
        found[size] = min(way for way, count in ways.items() if count >= max(1, 0.3 * often))
    return found


def _is_forced(before: Piece, line: Piece, limit: float) -> bool:
    """True where the line before ends though what begins the next one had room in it."""
    return limit - before.right > line.first + _ROOM * max(line.size, before.size)


def _frames_of(lines: Sequence[Piece], margins: Mapping[int, float]) -> dict[tuple[int, int], Frame]:
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
        elif frame.full < _FEW and not frame.wraps and not _has_neighbour(zones, key):
            frames[key] = Frame(
                frame.left, max(frame.right, margins.get(key[0], 0.0)), frame.full, assumed=True
            )
    return frames


def _has_neighbour(zones: Mapping[tuple[int, int], Sequence[Piece]], key: tuple[int, int]) -> bool:
    """True where text stands beside the zone, so that it does not reach over the page."""
    top, bottom = min(p.y for p in zones[key]), max(p.y for p in zones[key])
    right = max(p.right for p in zones[key])
    return any(
        other != key
        and other[0] == key[0]
        and any(top - p.size <= p.y <= bottom + p.size and p.left > right - 1 for p in zone)
        for other, zone in zones.items()
    )


def _holds(frame: Frame, other: Frame) -> bool:
    return frame.left - 6 <= other.left and other.right <= frame.right + 6


def _frame_of(zone: Sequence[Piece]) -> Frame:
    """The margins that the lines of a zone show: where many begin, and where many end."""
    lefts = Counter(round(line.left) for line in zone)
    often = max(lefts.values())
    left = min(edge for edge, count in lefts.items() if count >= max(1, 0.2 * often))
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
    wraps = any(
        right - one.right < near
        and (full > 2 or exact or right - other.right < near)
        and max(one.left, other.left) - left < _DEEP * one.size
        and not (ends_sentence(one.text) or _is_marked(other))
        for one, other in zip(zone, zone[1:], strict=False)
    )
    return Frame(float(left), right, full, wraps)
