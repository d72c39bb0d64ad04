"""How a source is laid out: decided once for the file, from the file.

Three layouts are met. A PDF extractor gives hard-wrapped lines, often with a blank line after each (then a
page begins where one line follows another directly, and bears one extra leading space). Other extractors
wrap without those blanks. A copy from the web, or from OCR, has one paragraph a line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .lines import Line
from .typography import ends_sentence

_WIDEST_PAGE = 150
_FEW = 8


@dataclass(frozen=True, slots=True)
class Layout:
    """``wrapped``: lines are cut at ``width`` columns. ``normal_gap``: blank lines between two lines of a
    paragraph. ``indents``: an indent begins a paragraph. ``trailing``: a space ends one."""

    wrapped: bool
    width: int
    normal_gap: int = 0
    indents: bool = False
    trailing: bool = False


def read_layout(lines: Sequence[Line]) -> Layout:
    """Decide the layout of ``lines``, which are the body's."""
    widths = sorted(line.width for line in lines)
    if not widths:
        return Layout(wrapped=False, width=0)
    width = _wrap_width(lines, widths)
    if width is None:
        return Layout(wrapped=False, width=widths[-1])
    return Layout(
        wrapped=True,
        width=width,
        normal_gap=_normal_gap(lines),
        indents=_signal_begins_paragraph(lines, width),
        trailing=_signal_ends_paragraph(lines, width),
    )


def is_double_spaced(gaps: Sequence[int]) -> bool:
    """True where nearly every line is followed by exactly one blank line or more."""
    return len(gaps) > 3 and sum(gap >= 1 for gap in gaps) >= 0.8 * len(gaps)


def _wrap_width(lines: Sequence[Line], widths: Sequence[int]) -> int | None:
    """The column at which lines were cut, or None where they were not.

    Cut lines crowd below one width and mostly break off within a sentence; whole paragraphs do neither.
    """
    width = widths[min(len(widths) - 1, int(len(widths) * 0.97))]
    if width > _WIDEST_PAGE or width < 20:
        return None
    full = [line for line in lines if width * 0.88 <= line.width <= width * 1.12]
    broken = sum(not ends_sentence(line.text) and not line.text.endswith(("，", ",")) for line in full)
    enough = len(full) >= 2 and len(full) >= 0.15 * len(lines)
    return width if enough and broken >= 0.45 * len(full) else None


def _normal_gap(lines: Sequence[Line]) -> int:
    inside = [line.gap for line in lines[1:] if not line.page]
    return 1 if is_double_spaced(inside) else 0


def _signal_begins_paragraph(lines: Sequence[Line], width: int) -> bool:
    """Whether indented lines follow ended ones, and lines without indent follow broken ones."""
    indented = [_ended(before, width) for before, line in zip(lines, lines[1:], strict=False) if line.indent]
    flush = [_ended(before, width) for before, line in zip(lines, lines[1:], strict=False) if not line.indent]
    if len(indented) < 2 or len(indented) > 0.8 * len(lines):
        return False
    return sum(indented) >= 0.75 * len(indented) and sum(flush) <= 0.5 * max(1, len(flush))


def _signal_ends_paragraph(lines: Sequence[Line], width: int) -> bool:
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
