"""The third stage's first half: lines to blocks. Wraps are undone; numbers and bullets are told from text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from ..lines import Line
from ..parsed import DroppedLine
from ..shapes import CONTENTS, LEADERS, is_lead_in, read_part_label
from ..typography import ends_sentence, join_lines
from .block import Block
from .breaks import place_between
from .footnotes import NoteRegion, mark_feet
from .layout import Layout
from .markers import ITEM_STYLES, Marker, Style, is_counted_so, read_bare_numbers, read_markers
from .numbering import Numbering, Place, parts_of
from .signatures import signature_groups

_NOISE_BULLETS = frozenset("-*+>")
_PAGED = re.compile(r"\s{3,}(?:\d{1,4}|[ivxl]{1,5})$")
_AHEAD = 60
_ITEM_INSIDE = "the number of a further block stands in the text"
_OPENING, _CLOSING = "“「", "”」"
_LONGEST_QUOTED, _DEEPEST_QUOTED = 80, 4  # lines between two that open with the mark; marks left open


def assemble_blocks(lines: Sequence[Line], layout: Layout) -> tuple[list[Block], list[DroppedLine]]:
    """The blocks of ``lines`` in order, and the list marks that stood on mere continuations."""
    assembler = _Assembler(lines, layout)
    for at in range(len(lines)):
        assembler.take(at)
    return assembler.blocks, assembler.dropped


class _Assembler:
    """Walks over the lines once; the body goes on where a footnote at the page's foot interrupted it."""

    def __init__(self, lines: Sequence[Line], layout: Layout) -> None:
        self._quotations = _quotations(lines)
        self.lines, self.layout = lines, layout
        self.blocks: list[Block] = []
        self.dropped: list[DroppedLine] = []
        self._body: Block | None = None
        self._contents = False
        self._entries: set[str] = set()
        mark_feet(lines, layout)
        self._notes = NoteRegion(layout)
        self._signatures = signature_groups(lines, layout)
        self._bare = read_bare_numbers(["" if line.cells else line.text for line in lines])
        self._readings = [
            () if at in self._signatures or line.cells else tuple(self._markers(at, line.text))
            for at, line in enumerate(lines)
        ]
        decimals = (near for near in chain(*self._readings) if near.style is Style.DECIMAL)
        self._decimals = frozenset(map(parts_of, decimals))
        self._spaced = any(line.spaced for line in lines[:1])
        self._numbering = self._outside = Numbering(self._decimals, spaced=self._spaced)
        self._quoted = 0

    def _markers(self, at: int, text: str) -> Iterator[Marker]:
        """The numbers at the front of a line; in a quotation its mark may stand before them: “(a)."""
        if at in self._bare:
            return iter([self._bare[at]])
        mark = text[:1] if at in self._quotations and text[:1] in _OPENING else ""
        found = (replace(each, prefix=mark + each.prefix) for each in read_markers(text[len(mark) :]))
        level = self.lines[at].level
        return (each for each in found if level is None or is_counted_so(each, level[2]))

    def take(self, at: int) -> None:
        """Put the line at ``at`` where it belongs; a quotation counts for itself."""
        line = self.lines[at]
        quoted = self._quotations.get(at, 0)
        if quoted != self._quoted:
            self._quoted = quoted
            inside = Numbering(self._decimals, spaced=self._spaced)
            self._numbering = inside if quoted else self._outside
        if line.cells:
            self._open(Block([line], [line.text], row=line.row), line)
            return
        note = self._notes.take(line)
        if note is not None:
            self._take_note(line, note)
        elif at in self._signatures:
            self._take_signature(at, line)
        else:
            self._take_body(at, line)

    def _take_note(self, line: Line, note: tuple[str, str, str]) -> None:
        number, prefix, text = note
        if number:
            self.blocks.append(Block([line], [text], note=number, prefix=prefix, page=line.page))
            self._notes.block = self.blocks[-1]
        elif self._notes.begins_definition(line):
            self.blocks.append(Block([line], [text], of_note=True, page=line.page))
            self._notes.block = self.blocks[-1]
        else:
            assert self._notes.block is not None  # what goes on goes on from a block
            self._drop_bullet(line)
            self._notes.block.add(line, text)

    def _take_signature(self, at: int, line: Line) -> None:
        same = at > 0 and self._signatures.get(at - 1) == self._signatures[at]
        text = line.bullet + line.text
        if same and self._body is not None and self._body.signature:
            if line.opens is False:
                text = join_lines([self._body.texts.pop(), text], spaced=line.spaced)
            self._body.add(line, text)
        else:
            self._open(Block([line], [text], signature=True), line)

    def _take_body(self, at: int, line: Line) -> None:
        block = self._body
        surely = line.counted or (block is not None and block.signature)
        place = Place(True, False, True, sure=line.counted) if surely else self._place(block, at)
        marker = self._numbering.accept(
            self._readings[at],
            lambda marker: _PAGED.sub("", LEADERS.sub("", line.text[len(marker.prefix) :])).strip(),
            place,
            lambda: self._ahead(at),
        )
        if marker is not None:
            prefix = f"{line.bullet} {marker.prefix}".strip()
            self._open(Block([line], [line.text[len(marker.prefix) :]], marker, prefix=prefix), line)
            if block and not line.counted and is_lead_in(block.texts[-1]) and self._may_be_roman(marker, at):
                self.blocks[-1].unsure = "the number may be a letter or a Roman numeral"
        elif line.bullet and (place.opens or place.short or not place.broken) and block is not None:
            self._open(Block([line], [line.text], bullet=line.bullet, prefix=line.bullet), line)
        elif place.opens or block is None:
            glyph = "" if block else line.bullet
            self._open(Block([line], [line.text], bullet=glyph, prefix=glyph), line)
        else:
            series = block.marker.style if block.marker and ends_sentence(block.texts[-1]) else None
            item = series in ITEM_STYLES and any(one.style is series for one in self._readings[at])
            block.add(line, self._continuation(line))
            block.unsure = block.unsure or (_ITEM_INSIDE if item else place.near)

    def _may_be_roman(self, marker: Marker, at: int) -> bool:
        """Whether (i), read as a letter, may begin a series: no (j) follows it."""
        roman = any((other.style, other.value) == (Style.ROMAN, 1) for other in self._readings[at])
        followed = any((near.style, near.value) == (Style.LETTER, 10) for near in self._ahead(at))
        return marker.style is Style.LETTER and roman and not followed

    def _place(self, block: Block | None, at: int) -> Place:
        after = self.lines[at + 1] if at + 1 < len(self.lines) else None
        begins = after is not None and (
            bool(self._readings[at + 1]) or (self.layout.indents and self.layout.is_set_in(after))
        )
        entry = self._opens_entry(at) or self._is_entry(block)
        if (block is not None and block.row) or (entry and self.lines[at].opens is not False):
            return Place(opens=True, broken=False, short=True)
        return place_between(block, self.lines[at], self.layout, after if begins else None)

    def _is_entry(self, block: Block | None) -> bool:
        """True where the block so far is what the contents list names: a whole heading."""
        return (
            bool(self._entries)
            and block is not None
            and len(block.lines) <= 4
            and block.text in self._entries
        )

    def _opens_entry(self, at: int) -> bool:
        """In a contents list every line that does not reach the margin is an entry of its own."""
        line, before = self.lines[at], self.lines[at - 1]
        if at and CONTENTS.fullmatch(before.text):
            self._contents = True
        if self._contents and (ends_sentence(before.text) or before.number == line.number):
            self._contents = False
        return self._contents and before.width < 0.82 * self.layout.width

    def _open(self, block: Block, line: Line) -> None:
        block.gap, block.indent, block.depth, block.page = line.gap, line.indent, line.depth, line.page
        block.quoted = self._quoted
        if self._contents and self._body is not None:
            self._entries.add(LEADERS.sub("", self._body.text))
        self.blocks.append(block)
        self._body = block
        if read_part_label(line.text):
            self._numbering.restart()

    def _continuation(self, line: Line) -> str:
        """A list mark on a continuation is noise where Markdown put it, else it is part of the text."""
        if line.bullet and line.bullet not in _NOISE_BULLETS:
            return line.bullet + line.text
        self._drop_bullet(line)
        return line.text

    def _drop_bullet(self, line: Line) -> None:
        if line.bullet:
            self.dropped.append(DroppedLine(line.number, line.bullet, "list mark on a continuation"))

    def _ahead(self, at: int) -> tuple[Marker, ...]:
        following = range(at + 1, min(at + _AHEAD, len(self.lines)))
        return next((self._readings[near] for near in following if self._readings[near]), ())


def _quotations(lines: Sequence[Line]) -> dict[int, int]:
    """For the index of each line of a quotation, the number of the first of them: of several lines, or of one
    that opens with a number.

    Each paragraph of a quotation may open with the mark, which only the last of them closes.
    """
    quoted: dict[int, int] = {}
    tried: set[int] = set()
    opened = [sum(map(line.text.count, _OPENING)) - sum(map(line.text.count, _CLOSING)) for line in lines]
    for first, line in enumerate(lines):
        if first in tried or line.text[:1] not in _OPENING or line.cells:
            continue
        if opened[first] <= 0:
            whole = opened[first] == 0 and line.text.rstrip("。")[-1] in _CLOSING
            quoted |= {first: line.number} if whole and read_markers(line.text[1:]) else {}
            continue
        depth, last = opened[first], first
        for at in range(first + 1, len(lines)):
            text = lines[at].text
            again = text[:1] in _OPENING and (opened[at] > 0 or text[-1:] in _CLOSING)
            depth, last = depth + opened[at] - again, at if again else last
            if again and depth == opened[at]:
                tried.add(at)  # what begins here is read as from the first line
            if depth <= 0:
                tried |= set(range(first, at + 1))
                quoted |= dict.fromkeys(range(first, at + 1), line.number)
            over = at - last > _LONGEST_QUOTED or depth > _DEEPEST_QUOTED
            if depth <= 0 or over or (opened[at] <= 0 and read_part_label(text)):
                break
    return quoted
