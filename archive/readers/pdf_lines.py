"""Characters to lines: what stands on one baseline and goes on to the right.

The order of the file is kept. A raised digit is a superscript; blanks are put where Latin letters stand
apart, none between ideographs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from archive.text.blocks.markers import read_lone_numeral
from archive.text.typography import is_latin

from .pdf_glyphs import Glyph

_LEVEL = 0.16  # of the size: how far baselines of one line may differ
_RAISED, _SMALLER = 0.75, 0.86
_BACK = 0.7
_APART = 1.2
_WORD_GAP = 0.15
_GAP, _WIDE_GAP = 0.45, 1.2
_FEW_GAPS = 5
_LONGEST_NUMERAL = 12  # 第一百二十三部分
_SAME = 0.01  # points
_PARTED = 4.5
_SUPERSCRIPT = dict(zip("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True))
_CLOSING = frozenset("，。、；：！？）)》〉”’」』】〕]％%‰℃,;!?…．.")
_HANGING = frozenset("，。、；：！？,.;:!?）)》〉”’」』】]")
_MIDDLE_DOTS = frozenset("·•・‧")
_ADDRESS = ("://", "www.", "@")
_QUOTES = frozenset("“”‘’「」『』《》〈〉")
_MOST_MARKS = 1000  # of a page
_OPENING = frozenset("“‘（(《〈「『【[")


@dataclass(slots=True, eq=False)
class Piece:
    """A stretch of a line without a wide gap, or a whole line.

    ``y`` is its baseline, ``size`` the size of most characters, ``first`` the width of what could not be
    parted at its beginning, ``bare`` the right edge without the mark that closes it, ``cells`` are its
    stretches between wide gaps with their left edges; ``gap`` is the step from the line above in usual steps;
    ``cell`` and ``confidence`` are as in ``Evidence``.
    """

    page: int
    glyphs: list[Glyph]
    order: int = 0
    zone: int = 0
    text: str = ""
    cells: list[tuple[float, str]] = field(default_factory=list)
    left: float = 0.0
    right: float = 0.0
    y: float = 0.0
    size: float = 0.0
    bold: bool = False
    first: float = 0.0
    note: bool = False
    cell: tuple[int, int, int] | None = None
    confidence: float | None = None
    opens: bool | None = None
    furniture: str = ""
    aside: bool = False
    rule: bool = False
    bare: float = 0.0
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
        self.cells = _cells_of(self.glyphs, self.size, self.y)
        self.text = "  ".join(text for _, text in self.cells)
        self.first = _first_unit(inked)
        hangs = len(inked) > 1 and inked[-1].char in _HANGING
        self.bare = inked[-2].right if hangs else self.right
        told = [glyph.confidence for glyph in inked if glyph.confidence is not None]
        self.confidence = sum(told) / len(told) if told else None
        tall = max(glyph.size for glyph in inked)
        self.box = (self.left, self.y - 0.9 * tall, self.right, self.y + 0.2 * tall)
        return self

    def raise_digits(self) -> None:
        """Write the digits of the line as superscripts."""
        self.cells = [(left, "".join(_SUPERSCRIPT.get(c, c) for c in text)) for left, text in self.cells]
        self.text = "  ".join(text for _, text in self.cells)


def pieces_of(glyphs: Iterable[Glyph], page: int) -> list[Piece]:
    """The pieces of a page in the order of the file, cut at wide gaps."""
    pieces: list[list[Glyph]] = []
    for glyph in glyphs:
        if pieces and _joins(pieces[-1], glyph):
            pieces[-1].append(glyph)
        elif glyph.char != " ":
            pieces.append([glyph])
    pieces = _with_marks(pieces)
    return [Piece(page, piece, order=at).measure() for at, piece in enumerate(pieces)]


def _with_marks(pieces: list[list[Glyph]]) -> list[list[Glyph]]:
    """The pieces, with quotation marks that the file draws apart from their words put between these."""
    marks = [piece for piece in pieces if all(glyph.char in _QUOTES for glyph in piece)]
    if not 0 < len(marks) < _MOST_MARKS:
        return pieces
    apart = set(map(id, marks))
    words = [piece for piece in pieces if id(piece) not in apart]
    for piece in marks:
        for mark in list(piece):
            for home in words:
                at = _gap_for(mark, home)
                if at is not None:
                    home.insert(at, mark)
                    piece.remove(mark)
                    break
    return [piece for piece in pieces if piece]


def _gap_for(mark: Glyph, piece: Sequence[Glyph]) -> int | None:
    """Where in a piece the mark has its place: in a gap as wide as it is, or at either end."""
    room = 0.3 * mark.size
    if abs(piece[0].y - mark.y) > room or piece[0].x > mark.right + room:
        return None
    at = sum(glyph.x < mark.x - room for glyph in piece)
    ahead = mark.x - piece[at - 1].right if at else None
    behind = piece[at].x - mark.right if at < len(piece) else None
    gaps = [gap for gap in (ahead, behind) if gap is not None]
    return at if min(map(abs, gaps)) <= room and min(gaps) >= -room else None


def _joins(line: Sequence[Glyph], glyph: Glyph) -> bool:
    last = line[-1]
    size = max(last.size, glyph.size)
    gap = glyph.x - last.right
    if abs(glyph.x - last.x) + abs(glyph.right - last.right) < _SAME:
        return glyph.y == last.y  # a ligature (——) whose characters all have its box
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


def parted(lines: Sequence[Piece]) -> list[Piece]:
    """``lines`` cut where a gap is too wide for one text."""
    out: list[Piece] = []
    for line in lines:
        cuts = [
            at
            for at, (one, other) in enumerate(pairwise(line.glyphs), start=1)
            if other.x - one.right > _PARTED * line.size and other.char not in _CLOSING
        ]
        if not cuts:
            out.append(line)
            continue
        for start, end in pairwise([0, *cuts, len(line.glyphs)]):
            out.append(Piece(line.page, line.glyphs[start:end], line.order).measure())
    return out


def _continues(before: Piece, piece: Piece, gutters: Sequence[float]) -> bool:
    size = max(before.size, piece.size)
    if piece.left < before.right - _BACK * size or not _is_level(before.glyphs, piece.glyphs[0]):
        return False
    if piece.left > before.right + _APART * size and min(before.size, piece.size) < _SMALLER * size:
        return False  # the page's own beside the text's last line
    return not any(before.right - 1 <= gutter <= piece.left + 1 for gutter in gutters)


def _cells_of(glyphs: Sequence[Glyph], size: float, level: float) -> list[tuple[float, str]]:
    """The text between wide gaps, and where each begins."""
    cells: list[tuple[float, str]] = []
    out: list[str] = []
    start = glyphs[0].x
    last: Glyph | None = None
    stretched = _stretch(glyphs)
    for glyph in glyphs:
        char = glyph.char
        if glyph.size < _SMALLER * size and level - glyph.y > _LEVEL * size:
            char = _SUPERSCRIPT.get(char, char)
        if last is not None and last.char != " " and char != " ":
            gap = glyph.x - last.right - stretched
            if gap > _WIDE_GAP * size:
                cells.append((start, "".join(out).strip()))
                out, start = [], glyph.x
            elif gap > _GAP * size or gap > _WORD_GAP * size and _is_word(out, char):
                out.append(" ")
        out.append(char)
        last = glyph
    return [*cells, (start, "".join(out).strip())]


def _is_word(out: Sequence[str], char: str) -> bool:
    """Whether what is set stands apart from ``char`` by a small gap: a Latin word, or 第一章."""
    return _is_narrow(out[-1]) or _is_narrow(char) or bool(read_lone_numeral("".join(out[:_LONGEST_NUMERAL])))


def _is_narrow(char: str) -> bool:
    return char.isascii() or is_latin(char)


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
    the marks that cannot stand apart from it, or with an address of the web (which some programs keep)."""
    end = 0
    while end < len(glyphs) - 1 and glyphs[end].char in _OPENING:
        end += 1
    if not glyphs[end].char.isascii() and (address := _word_at(glyphs, end + 1)):
        word = "".join(glyph.char for glyph in glyphs[end + 1 : address + 1])
        end = address if any(sign in word for sign in _ADDRESS) else end
    end = _word_at(glyphs, end) or end
    while end < len(glyphs) - 1 and glyphs[end + 1].char in _CLOSING | _MIDDLE_DOTS:
        end += 1
    if glyphs[end].char in ")]" and end < len(glyphs) - 1 and glyphs[end + 1].char.isalnum():
        end = _word_at(glyphs, end + 1) or end
    return glyphs[end].right - glyphs[0].x


def _word_at(glyphs: Sequence[Glyph], start: int) -> int | None:
    """The place of the last character of the Latin word that begins at ``start``, if one does."""
    if start >= len(glyphs) or not _is_narrow(glyphs[start].char):
        return None
    end = start
    while end < len(glyphs) - 1 and _same_word(glyphs[end], glyphs[end + 1]):
        end += 1
    return end


def _same_word(one: Glyph, other: Glyph) -> bool:
    return _is_narrow(other.char) and other.char != " " and other.x - one.right <= _WORD_GAP * one.size


def usual_size(lines: Iterable[Piece]) -> float:
    """The size of most characters of ``lines``, 0 where there are none."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return max(sizes, key=sizes.__getitem__, default=0.0)
