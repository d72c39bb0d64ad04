"""Recognized words as the characters of a page, so that a scanned page is read as any other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, zip_longest
from statistics import median

from archive.text.typography import is_wide

from .ocr import Word
from .pdf_glyphs import Glyph

_NEAR = 0.2  # of the page's usual size: what differs by less is of one size
_DESCENT = 0.12  # of the size: how far ink reaches below the baseline
_USUAL = 0.75  # of a line's height: the size, where no ideographs tell it

Line = tuple[int, int, int]


def glyphs_of(words: Sequence[Word]) -> list[Glyph]:
    """The characters of all words, in the order in which they were recognized, each in its share of the box.

    Boxes hold ink alone, which is flat for 一, low for a comma and high for a bracket; so the size is what
    the ideographs of a line take in width.
    """
    lines: dict[Line, list[Word]] = defaultdict(list)
    for word in words:
        lines[word.line].append(word)
    sizes = _sizes_of(lines)
    glyphs: list[Glyph] = []
    for at, line in lines.items():
        size = sizes[at]
        baseline = median(word.bottom for word in line) - _DESCENT * size
        for word, after in zip_longest(line, line[1:]):
            # Boxes of ideographs reach over their neighbours; where each begins is sure.
            right = after.left if after and word.left < after.left < word.right else word.right
            glyphs += _spread(word, right, baseline, size)
    return glyphs


def _sizes_of(lines: Mapping[Line, Sequence[Word]]) -> dict[Line, float]:
    pitches = {at: _pitch(line) for at, line in lines.items()}
    heights = {at: max(w.bottom for w in line) - min(w.top for w in line) for at, line in lines.items()}
    known = [pitch / heights[at] for at, pitch in pitches.items() if pitch]
    ratio = median(known) if known else _USUAL
    told = {at: pitches[at] or ratio * heights[at] for at in lines}
    usual = median(told[at] for at, line in lines.items() for _ in line) if lines else 1.0
    return {
        at: round(usual if abs(size - usual) < _NEAR * usual else max(size, 1.0), 1)
        for at, size in told.items()
    }


def _pitch(line: Sequence[Word]) -> float | None:
    """From one ideograph of a line to the next, as far as the beginnings of its words tell it."""
    told = [
        (after.left - word.left) / len(word.text)
        for word, after in pairwise(line)
        if after.left > word.left and all(map(is_wide, word.text + after.text))
    ]
    return median(told) if told else None


def _spread(word: Word, right: float, baseline: float, size: float) -> Iterator[Glyph]:
    widths = [2 if is_wide(char) else 1 for char in word.text]
    unit = (right - word.left) / sum(widths)
    x = word.left
    for char, width in zip(word.text, widths, strict=True):
        yield Glyph(char, x, baseline, x + width * unit, size, False, word.confidence)
        x += width * unit
