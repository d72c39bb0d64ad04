"""Characters to lines: what stands on one baseline and goes on to the right.

The order of the file is kept. A raised digit is a superscript; blanks are put where Latin letters stand
apart, none between ideographs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from archive.text.typography import is_latin

from .pdf_glyphs import Glyph

_LEVEL = 0.16  # of the size: how far baselines of one line may differ
_RAISED, _SMALLER = 0.75, 0.86
_BACK = 0.7
_APART = 1.2
_WORD_GAP = 0.15
_GAP, _WIDE_GAP = 0.45, 1.5
_FEW_GAPS = 5
_SUPERSCRIPT = dict(zip("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True))
_CLOSING = frozenset("，。、；：！？）)》〉”’」』】]％%,;!?….")
_OPENING = frozenset("“‘（(《〈「『【[")


@dataclass(slots=True, eq=False)
class Piece:
    """A stretch of a line without a wide gap, or a whole line.

    ``y`` is its baseline, ``size`` the size of most characters, ``first`` the width of what could not be
    parted at its beginning; ``gap`` is the step from the line above in usual steps.
    """

    page: int
    glyphs: list[Glyph]
    order: int = 0
    zone: int = 0
    text: str = ""
    left: float = 0.0
    right: float = 0.0
    y: float = 0.0
    size: float = 0.0
    bold: bool = False
    first: float = 0.0
    note: bool = False
    opens: bool | None = None
    furniture: str = ""
    aside: bool = False
    rule: bool = False
    gap: float = 0.0
    indent: float = 0.0
    box: tuple[float, float, float, float] = field(default=(0.0, 0.0, 0.0, 0.0))

    def measure(self) -> Piece:
        """Set everything that follows from the characters."""
        inked = [glyph for glyph in self.glyphs if glyph.char != " "] or self.glyphs
        self.left = min(glyph.x for glyph in inked)
        self.right = max(glyph.right for glyph in inked)
        sizes = Counter(round(glyph.size, 1) for glyph in inked)
        self.size = max(sizes, key=lambda size: (sizes[size], size))
        levels = Counter(round(glyph.y, 2) for glyph in inked if glyph.size > _SMALLER * self.size)
        self.y = max(levels, key=levels.__getitem__)
        self.bold = sum(glyph.bold for glyph in inked) > 0.7 * len(inked)
        self.text = _text_of(self.glyphs, self.size, self.y)
        self.first = _first_unit(inked)
        tall = max(glyph.size for glyph in inked)
        self.box = (self.left, self.y - 0.9 * tall, self.right, self.y + 0.2 * tall)
        return self


def pieces_of(glyphs: Iterable[Glyph], page: int) -> list[Piece]:
    """The pieces of a page in the order of the file, cut at wide gaps."""
    pieces: list[list[Glyph]] = []
    for glyph in glyphs:
        if pieces and _joins(pieces[-1], glyph):
            pieces[-1].append(glyph)
        elif glyph.char != " ":
            pieces.append([glyph])
    return [Piece(page, piece, order=at).measure() for at, piece in enumerate(pieces)]


def _joins(line: Sequence[Glyph], glyph: Glyph) -> bool:
    last = line[-1]
    size = max(last.size, glyph.size)
    gap = glyph.x - last.right
    if glyph.x < last.x - 0.3 * size or gap < -_BACK * size or gap > _APART * size:
        return False
    return _is_level(line, glyph)


def _is_level(line: Sequence[Glyph], glyph: Glyph) -> bool:
    """On the baseline of the line, or a smaller character raised above or sunk below it."""
    last = line[-1]
    if abs(glyph.y - last.y) <= _LEVEL * min(glyph.size, last.size):
        return True
    usual = max(line, key=lambda one: one.size)
    if abs(glyph.y - usual.y) <= _LEVEL * usual.size:
        return True
    larger, smaller = max(glyph.size, usual.size), min(glyph.size, usual.size)
    return smaller < _SMALLER * larger and abs(glyph.y - usual.y) <= _RAISED * larger


def joined(pieces: Sequence[Piece], gutters: Sequence[float]) -> list[Piece]:
    """The lines of a page: pieces that follow each other on one baseline, unless a gutter parts them."""
    lines: list[Piece] = []
    for piece in pieces:
        before = lines[-1] if lines else None
        if before is not None and _continues(before, piece, gutters):
            lines[-1] = Piece(before.page, before.glyphs + piece.glyphs, before.order).measure()
        else:
            lines.append(piece)
    return lines


def _continues(before: Piece, piece: Piece, gutters: Sequence[float]) -> bool:
    size = max(before.size, piece.size)
    if piece.left < before.right - _BACK * size or not _is_level(before.glyphs, piece.glyphs[0]):
        return False
    return not any(before.right - 1 <= gutter <= piece.left + 1 for gutter in gutters)


def _text_of(glyphs: Sequence[Glyph], size: float, level: float) -> str:
    out: list[str] = []
    last: Glyph | None = None
    stretched = _stretch(glyphs)
    for glyph in glyphs:
        char = glyph.char
        if glyph.size < _SMALLER * size and level - glyph.y > _LEVEL * size:
            char = _SUPERSCRIPT.get(char, char)
        if last is not None and last.char != " " and char != " ":
            gap = glyph.x - last.right - stretched
            if gap > _WIDE_GAP * size:
                out.append("  ")
            elif gap > _GAP * size or gap > _WORD_GAP * size and (is_latin(last.char) or is_latin(char)):
                out.append(" ")
        out.append(char)
        last = glyph
    return "".join(out).strip()


def _stretch(glyphs: Sequence[Glyph]) -> float:
    """By how much all characters of a line are drawn apart to fill it."""
    gaps = sorted(
        other.x - one.right
        for one, other in zip(glyphs, glyphs[1:], strict=False)
        if one.char != " " != other.char
    )
    return max(0.0, gaps[len(gaps) // 2]) if len(gaps) > _FEW_GAPS else 0.0


def _first_unit(glyphs: Sequence[Glyph]) -> float:
    """The width of what no wrap could have parted at the head of a line: a Latin word, or an ideograph with
    the marks that cannot stand apart from it."""
    end = 0
    while end < len(glyphs) - 1 and glyphs[end].char in _OPENING:
        end += 1
    if glyphs[end].char.isascii():
        while end < len(glyphs) - 1 and _same_word(glyphs[end], glyphs[end + 1]):
            end += 1
    while end < len(glyphs) - 1 and glyphs[end + 1].char in _CLOSING:
        end += 1
    return glyphs[end].right - glyphs[0].x


def _same_word(one: Glyph, other: Glyph) -> bool:
    return other.char.isascii() and other.char != " " and other.x - one.right <= _WORD_GAP * one.size
