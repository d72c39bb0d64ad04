"""Where paragraphs begin: what the page's measures say of neighbouring lines.

The surest sign is a line that ends before the margin though the next word had room there: nobody wraps so.
Distance, indent and size are weighed beside it; where they say nothing, ``opens`` stays None and the words
decide (``archive.text.blocks``).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from archive.text.shapes import stands_alone
from archive.text.typography import cannot_begin, ends_sentence

from .pdf_frames import LARGER, Frame, beside, differs, frames_of, is_forced, is_marked, steps_of, unhang
from .pdf_lines import Piece

_INDENT = 0.45  # of the size
_MARK_SIZE = 0.75
_OFFICE = re.compile(
    r"(?:代理|临时|共同|副)?主席|(?:副|代理)?常驻代表|大使|(?:副|助理)?秘书长|部长|公使|参赞|代办|协调员"
)
_PAUSES = "，；：,;:、"
_SURELY = 4  # times as often
_SET_APART, _FAR_APART = 1.17, 1.28  # of the usual step


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
        chosen = [line for line in lines if line.note is kind and not (line.aside or line.cell)]
        if chosen:
            unhang(chosen)
            _Setting(chosen, size, margins).mark()


class _Setting:
    """How the lines are set, as they themselves show it."""

    def __init__(self, lines: Sequence[Piece], size: float, margins: Mapping[int, float]) -> None:
        self.lines, self.size = lines, size
        self.frames = frames_of(lines, margins)
        self.steps = steps_of(lines, self.frames)
        self.hangs: dict[float, Counter[float]] = defaultdict(Counter)
        self.spaced = self._is_spaced()
        self.indented = self._is_indented()
        self.ways = self._ways_on()

    def mark(self) -> None:
        """Decide line by line; ``first`` and ``hang`` are the indents of the open paragraph."""
        paragraph: list[Piece] = []
        for before, line in zip([None, *self.lines], self.lines, strict=False):
            frame = self.frame_of(line)
            line.indent = line.left - frame.left
            if before is None:
                line.opens = True
            else:
                same = beside(before, line)
                if same and _is_lone_mark(before, line):
                    line.raise_digits()
                    line.opens = False
                    continue
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

    def _inside(self, paragraph: list[Piece], line: Piece) -> bool | None:
        """A line below another one of its column."""
        before = paragraph[-1]
        if cannot_begin(line.text) or line.y - before.y < 0.7 * line.size:
            return False  # the second is set over the line above by an error of the producer
        if differs(before, line):
            return True
        ended = ends_sentence(before.text)
        forced = is_forced(before, line, self.frame_of(before).right)
        if line.gap > _SET_APART:
            sure = ended or forced or self.spaced or is_marked(line) or line.gap > _FAR_APART
            return True if sure else None
        if self._is_at_the_right(before):
            moved = line.left - before.left
            if moved < -2 * line.size and not self._is_at_the_right(line):
                return True
            aligned = abs(moved) < _INDENT * line.size
            whole = stands_alone(line.text) or (stands_alone(before.text) and not aligned)
            if (
                whole
                or _OFFICE.fullmatch(line.text)
                or (len(paragraph) == 1 and abs(moved) > _INDENT * line.size)
            ):
                return None
        return self._tight(paragraph, line, ended=ended, forced=forced)

    def _tight(self, paragraph: list[Piece], line: Piece, *, ended: bool, forced: bool) -> bool | None:
        """A line no further below the last than lines of a paragraph are."""
        before = paragraph[-1]
        hang = paragraph[1].indent if len(paragraph) > 1 else None
        if forced:
            return True if ended or is_marked(line) else self._short(paragraph, line)
        shift = line.indent - (paragraph[0].indent if hang is None else hang)
        near = _INDENT * line.size
        if hang is not None and abs(shift) <= near:
            return None if ended and is_marked(line) and not self.spaced else False
        if hang is None and shift <= near:
            if (
                abs(shift) <= near < before.indent
                and (told := self._set_in(before, ended=ended)) is not False
            ):
                return told
            return None if ended and abs(shift) <= near and is_marked(line) else False
        if ended:
            usual = self.hangs.get(round(paragraph[0].indent), Counter())
            if self.spaced and usual[round(line.indent)] and not is_marked(line):
                return False
            return True if self.indented or is_marked(line) else None
        alone = is_marked(line) or stands_alone(line.text)
        if hang is None and not alone and (is_marked(before) or _share_their_middle(before, line)):
            return False  # an item whose lines hang, a title in the middle whose first line is full
        return None if is_marked(line) or shift > near else False

    def _short(self, paragraph: list[Piece], line: Piece) -> bool | None:
        """A line below one that ends before the margin, but not as a paragraph does."""
        before = paragraph[-1]
        assumed = self.frame_of(before).assumed
        loose = self.spaced and line.right <= before.right and not self._is_at_the_right(line)
        if assumed and loose:
            return False
        if self._is_title(paragraph, line):
            return False if self.spaced and round(line.size) in self.steps else None
        return True

    def _set_in(self, before: Piece, *, ended: bool) -> bool | None:
        """A line set in as far as the first line of a paragraph above it: how such paragraphs go on tells."""
        if ended and self.indented:
            return True
        seen = self.ways.get(round(before.indent), Counter())
        if before.text[-1] in _PAUSES:
            # Without an example nothing shows how paragraphs go on that begin there.
            return seen[True] > seen[False] if seen or before.text[-1] == "、" else None
        rival = seen[False] if ended else _SURELY * (seen[False] - 1)
        return not self.spaced and seen[True] > rival

    def _across(self, paragraph: list[Piece], line: Piece) -> bool | None:
        """The first line of a column or page, and the last of the one before."""
        before = paragraph[-1]
        if cannot_begin(line.text):
            return False
        if differs(before, line):
            return True
        ended = ends_sentence(before.text)
        if is_forced(before, line, self.frame_of(before).right):
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
            return None if is_marked(line) and before.text[-1] in "，、" else False
        if abs(line.indent - hang) > near or is_marked(line):
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
        centred = centred and _share_their_middle(before, line)
        return centred or (aligned and (line.bold or line.size > LARGER * self.size))

    def _is_at_the_right(self, line: Piece) -> bool:
        """True for a line that begins where no indent does: a date or an attribution at the right margin."""
        frame = self.frame_of(line)
        return line.indent > 0.4 * (frame.right - frame.left)

    def _is_spaced(self) -> bool:
        """True where most lines that surely begin a paragraph stand apart from the line above."""
        openers = gaps = 0
        for before, line in zip(self.lines, self.lines[1:], strict=False):
            if not beside(before, line) or differs(before, line):
                continue
            if ends_sentence(before.text) and is_forced(before, line, self.frame_of(before).right):
                openers += 1
                gaps += (line.y - before.y) / self.step_of(line) > _SET_APART
        return openers > 1 and gaps >= 0.8 * openers

    def _is_indented(self) -> bool:
        """True where most lines that surely begin a paragraph, and bear no number, are set in."""
        openers = indents = 0
        for before, line in zip(self.lines, self.lines[1:], strict=False):
            if not beside(before, line) or differs(before, line) or is_marked(line):
                continue
            if ends_sentence(before.text) and is_forced(before, line, self.frame_of(before).right):
                openers += 1
                indents += line.left - self.frame_of(line).left > _INDENT * line.size
        return openers > 1 and indents >= 0.7 * openers

    def _ways_on(self) -> dict[int, Counter[bool]]:
        """For the indents of first lines: how often their paragraphs are seen to go on at the margin (true),
        and how often at the same indent (false)."""
        ways: dict[int, Counter[bool]] = defaultdict(Counter)
        for before, line in zip(self.lines, self.lines[1:], strict=False):
            frame = self.frame_of(line)
            indent, own = before.left - frame.left, line.left - frame.left
            near = _INDENT * line.size
            if not beside(before, line) or differs(before, line) or is_marked(line) or indent <= near:
                continue
            if is_forced(before, line, frame.right) or before.text[-1] in _PAUSES or own > indent + near:
                continue
            ways[round(indent)][own <= near] += 1
        return ways


def _share_their_middle(before: Piece, line: Piece) -> bool:
    return abs(before.left + before.right - line.left - line.right) < 0.24 * line.size


def _is_lone_mark(before: Piece, line: Piece) -> bool:
    """True for the mark of a note that was wrapped away from its text onto a line of its own."""
    small = line.size < _MARK_SIZE * before.size and line.text.isdecimal() and len(line.text) < 4
    return small and line.y - before.y < 2 * before.size
