"""How a source is laid out: decided once for the file, from the file.

Three layouts are met. A PDF extractor gives hard-wrapped lines, often with a blank line after each (then a
page begins where one line follows another directly, and bears one extra leading space). Other extractors
wrap without those blanks. A copy from the web, or from OCR, has one paragraph a line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from archive.text.aligned_folding import fold

from ..lines import WIDEST_PAGE, Line, is_double_spaced
from ..shapes import (
    MEETING_CLOSING,
    begins_preamble,
    is_complete_title,
    is_heading_like,
    is_of_preamble,
    is_title_like,
    stands_alone,
)
from ..typography import display_width, ends_sentence, first_piece, without_note_mark
from .markers import read_lone_numeral, read_markers

_FEW = 8
_SURE_WRAPS = 3
_NARROWEST = 30
_LONG_WORD = re.compile(r"[!-~]{16,}|\s{3,}")
_HALF = 0.5
_COMMAS = ("，", ",", "、")


@dataclass(frozen=True, slots=True)
class Layout:
    """``wrapped``: lines are cut at ``width`` columns. ``normal_gap``: blank lines between two lines of a
    paragraph. ``indents``: an indent begins one. ``trailing``: a space at the end of a line ends one.
    ``preamble``: the paragraphs of a preamble end in commas. ``reach``: the column of the right margin.
    ``indent``: the columns by which most paragraphs are set in, where an indent begins one. ``exact``: what
    ends before the margin was not cut there. ``room``: how many columns most cut lines leave free."""

    wrapped: bool
    width: int
    normal_gap: int = 0
    indents: bool = False
    trailing: bool = False
    preamble: bool = False
    reach: int = 0
    indent: int = 0
    exact: bool = False
    room: int = 0

    def is_set_in(self, line: Line) -> bool:
        """Whether an indent begins a paragraph with ``line``; a blank before a wrap does not."""
        return line.indent > 0 and not (line.indent == 1 and self.indent > 2)

    def ends(self, text: str) -> bool:
        """Whether a block may end like ``text``: as a sentence, or in a resolution with a comma."""
        return ends_sentence(text) or (self.preamble and without_note_mark(text).endswith(_COMMAS[:2]))


def read_layout(lines: Sequence[Line], *, resolution: bool = False) -> Layout:
    """Decide the layout of ``lines``, the body's; ``resolution`` where they are known to be of one."""
    exact = _measure(lines)
    widths = sorted(line.width for line in lines)
    if not widths:
        return Layout(wrapped=False, width=0)
    preamble = resolution or any(
        begins_preamble(line.text, after.text) or (is_of_preamble(line.text) and is_of_preamble(after.text))
        for line, after in zip(lines, lines[1:], strict=False)
    )
    airy = sum(line.gap > 0 for line in lines[1:]) >= 0.6 * (len(lines) - 1)
    pairs = [_Pair(before, line, preamble, airy) for before, line in zip(lines, lines[1:], strict=False)]
    gap = _normal_gap(lines, min(WIDEST_PAGE, widths[-1]))
    width = _wrap_width(pairs, widths, gap)
    if width is None:
        reach = max(line.indent + line.width for line in lines)
        return Layout(wrapped=False, width=widths[-1], preamble=preamble, reach=reach)
    indents = _indents_begin_paragraphs(pairs, width, gap)
    return Layout(
        wrapped=True,
        width=width,
        reach=width,
        normal_gap=gap and _normal_gap(lines, width),
        preamble=preamble,
        indents=indents,
        indent=_usual_indent(lines) if indents else 0,
        trailing=_spaces_end_paragraphs(lines, width),
        exact=exact,
        room=_usual_room(pairs, width),
    )


def _measure(lines: Sequence[Line]) -> bool:
    """Measure in characters the lines of a program that cut them after so many, wide or narrow: several lines
    that break off are as long as the longest, though not as wide. Returns whether it does."""
    longest = max((len(line.text) for line in lines), default=0)
    broken = [line for line in lines if len(line.text) >= 0.9 * longest and not ends_sentence(line.text)]
    cut = [line.width for line in broken if len(line.text) == longest]
    exact = len(cut) > max(_SURE_WRAPS, 0.75 * len(broken)) and min(cut) < 0.94 * max(cut)
    for line in lines if exact else ():
        line.width = 2 * len(line.text)
    return exact


class _Pair:
    """Two neighbouring lines, and what may be asked of them."""

    __slots__ = ("before", "line", "opener", "preamble", "tight", "titled")

    def __init__(self, before: Line, line: Line, preamble: bool, airy: bool) -> None:
        self.before, self.line, self.preamble = before, line, preamble
        self.tight = airy and line.gap == 0 and not line.page
        self.titled = any(map(_is_whole, (before.text, line.text)))
        self.opener = bool(line.bullet or line.depth or stands_alone(line.text) or read_markers(line.text))

    def ended(self, width: int) -> bool:
        """True where a block may end with the first line."""
        comma = self.preamble and without_note_mark(self.before.text).endswith(_COMMAS[:2])
        return comma or _ended(self.before, width)

    def is_wrap(self, gap: int) -> bool:
        """True where the second line can only go on with the first: no end of sentence, nothing opens."""
        if (
            self.opener
            or self.titled
            or self.before.depth
            or self.line.gap > gap
            or (ends_sentence(self.before.text) and not (self.tight and not self.line.indent))
        ):
            return False
        if (
            len(self.line.text) >= _FEW
            and self.line.indent >= self.before.indent
            and is_heading_like(self.line.text)
            and is_title_like(self.before.text)
        ):
            return False
        comma = self.before.text.endswith(_COMMAS) and not self.tight
        return self.line.indent < self.before.indent or (self.line.indent == self.before.indent and not comma)

    def is_hanging(self, gap: int) -> bool:
        """The surest wraps: the first line is set in and breaks off, and the second is not; or no blank
        line stands between the two where one stands between most."""
        if self.tight:
            return self.is_wrap(gap)
        comma = self.before.text.endswith(_COMMAS)
        return not comma and self.line.indent < self.before.indent and self.is_wrap(gap)

    def overshoots(self, width: int) -> bool:
        """True where the second line is far too long, though it could have been cut: it has no long word."""
        return self.line.width > 1.14 * width and not _LONG_WORD.search(self.line.text[: 4 * WIDEST_PAGE])

    def weight(self, gap: int) -> int:
        """How much the pair says for cut lines: most where only the blank line between two is missing."""
        return self.is_wrap(gap) and 1 + 2 * self.is_hanging(gap) + self.tight


def _is_whole(text: str) -> bool:
    """True for lines that neither go on nor continue: a letter's whole title, a lone numeral, a lone date."""
    if len(text) < 30 and (read_lone_numeral(text) or MEETING_CLOSING.fullmatch(fold(text))):
        return True
    return is_complete_title(text)


def _wrap_width(pairs: Sequence[_Pair], widths: Sequence[int], gap: int) -> int | None:
    """The column at which lines were cut, or None where they were not.

    Cut lines crowd below one width and mostly break off within a sentence; whole paragraphs do neither. In a
    short text one long line may be all there is of a crowd.
    """
    tried = dict.fromkeys((_crowded_width(widths), widths[-1]))
    return next((width for width in tried if _is_cut_at(width, pairs, widths, gap)), None)


def _is_cut_at(width: int, pairs: Sequence[_Pair], widths: Sequence[int], gap: int) -> bool:
    over = sum(other > 1.14 * width for other in widths)
    if not _NARROWEST <= width <= WIDEST_PAGE or over > 0.06 * len(widths):
        return False
    if sum(pair.overshoots(width) for pair in pairs) > 0.03 * len(widths):
        return False
    full = [pair for pair in pairs if width * 0.86 <= pair.before.width <= width * 1.14]
    wraps = sum(pair.weight(gap) for pair in full if pair is not pairs[0])
    if len(full) < 0.1 * len(widths) and wraps < _SURE_WRAPS:
        return False
    whole = sum(ends_sentence(pair.before.text) for pair in full)
    return wraps > 0 and wraps >= 0.45 * (wraps + whole)


def _usual_room(pairs: Sequence[_Pair], width: int) -> int:
    """How many columns most lines that break off leave, behind which the first piece of the next had room."""
    broken = [pair for pair in pairs if not pair.ended(width) and not pair.line.page]
    rooms = sorted(
        width - pair.before.indent - pair.before.width - display_width(first_piece(pair.line.text))
        for pair in broken
    )
    return max(0, rooms[int(len(rooms) * 0.9)]) if rooms else 0


def _crowded_width(widths: Sequence[int]) -> int:
    """The greatest width below which lines crowd; a line with a long address may overshoot it.

    ``widths`` are in rising order.
    """
    few = max(2, int(0.05 * len(widths)))
    for at in range(len(widths) - 1, few - 2, -1):
        if widths[at] - widths[at - few + 1] <= 6:
            return widths[at]
    return widths[-1]


def _normal_gap(lines: Sequence[Line], width: int) -> int:
    """Blank lines between two lines of a paragraph: one, unless full lines go on at the margin below.

    Of footnotes they may, where the lines of the body stand apart.
    """
    widest = 0.86 * width
    going_on = [
        line.gap
        for before, line in zip(lines, lines[1:], strict=False)
        if not (line.indent or line.page or ends_sentence(before.text)) and before.width >= widest
    ]
    if going_on.count(0) > 0.2 * len(going_on):
        return 0
    inside = [line for line in lines if not line.page]
    if not is_double_spaced([line.text for line in inside], [line.gap for line in inside]):
        return 0
    return max(1, Counter(going_on).most_common(1)[0][0]) if going_on else 1


def _indents_begin_paragraphs(pairs: Sequence[_Pair], width: int, gap: int) -> bool:
    """Whether indented lines follow ended ones, and lines without indent follow broken ones.

    Short lines, as of signatures and lists, end blocks by themselves and tell nothing of indents; nor do
    lines in the middle of the page, as titles and signatures, or at its right side.
    """
    indented = [
        p.ended(width) or p.line.gap > gap
        for p in pairs
        if 0 < p.line.indent <= width // 4 and not p.line.page
        if p.line.width >= _HALF * width or ends_sentence(p.line.text) or p.line.text.endswith(_COMMAS)
    ]
    flush = [
        p.ended(width)
        for p in pairs
        if not (p.line.indent or p.opener or p.line.page or p.line.gap > gap)
        and p.before.width >= _HALF * width
    ]
    surely = bool(flush) and not any(flush)
    if len(indented) < 2 or (len(indented) > 0.8 * len(pairs) and not surely):
        return False
    return sum(indented) >= 0.75 * len(indented) and sum(flush) <= 0.5 * max(1, len(flush))


def _usual_indent(lines: Sequence[Line]) -> int:
    counted = Counter(line.indent for line in lines if line.indent)
    return counted.most_common(1)[0][0] if counted else 0


def _spaces_end_paragraphs(lines: Sequence[Line], width: int) -> bool:
    """Whether a trailing space goes with the ends of paragraphs and not with wraps."""
    if len(lines) < _FEW:
        return False
    ended = [line.trailing for line in lines if _ended(line, width)]
    wrapped = [line.trailing for line in lines if not _ended(line, width)]
    if not ended or not wrapped:
        return False
    return sum(ended) >= 0.7 * len(ended) and sum(wrapped) <= 0.25 * len(wrapped)


def _ended(line: Line, width: int) -> bool:
    return ends_sentence(line.text) or line.width < 0.8 * width
