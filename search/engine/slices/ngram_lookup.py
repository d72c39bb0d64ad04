"""Character n-grams: all those of a draft looked up in a suffix array at once.

A draft has as many strings of some length as characters. One search of each in Python would take a minute;
here all halve the array in step, as columns of numbers.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from search.engine.index.literal import LiteralIndex
from search.engine.index.suffixes import Suffixes

WORD = 3  # code points of 21 bits that fit a number of 64
BITS = 21


def codes_of(text: str) -> np.ndarray:
    """Returns the code points of ``text``; a lone surrogate is one too."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")


class Matches(NamedTuple):
    """Places of several strings: the number of the string, the place, its row."""

    strings: np.ndarray
    places: np.ndarray
    rows: np.ndarray


class NgramLookup:
    """A batch lookup of many n-grams of one size: ``codes[start : start + size]`` for each of ``starts``.
    None may pass the end. ``counts`` are their numbers of occurrences.
    """

    def __init__(self, literal: LiteralIndex, codes: np.ndarray, starts: np.ndarray, size: int) -> None:
        wanted = _packed([codes[starts + place] for place in range(size)])
        self._literal = literal
        self._found = [_stretches(segment.suffixes, wanted, size) for segment in literal.segments]
        each = zip(literal.kept, self._found, strict=True)
        self.counts = np.sum([kept.within(*found) for kept, found in each], axis=0)

    @property
    def keys(self) -> np.ndarray:
        """An identifier for each n-gram that occurs: the same for the same n-gram; else -1."""
        keys = np.full(len(self.counts), -1, np.int64)
        for border, (low, high) in zip(self._literal.borders, self._found, strict=False):
            new = (keys < 0) & (low < high)
            keys[new] = low[new] + border
        return keys

    def matches(self, strings: np.ndarray, most: int | None = None) -> Matches:
        """Returns all places of the ``strings`` with these numbers, segment by segment; of each string not
        more than ``most`` in a segment.
        """
        arrangement, columns = self._literal.arrangement, []
        for number, (low, high) in enumerate(self._found):
            segment, counts = self._literal.segments[number], (high - low)[strings]
            counts = counts if most is None else np.minimum(counts, most)
            at = np.repeat(low[strings] - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
            rows = arrangement.rows[number][segment.rows[at]]
            places = segment.suffixes.places[at] + self._literal.borders[number]
            each = np.array([np.repeat(strings, counts), places, rows], np.int64)
            columns.append(each if arrangement.whole[number] else each[:, rows >= 0])
        return Matches(*np.concatenate(columns, axis=1))


def _stretches(suffixes: Suffixes, wanted: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Returns the stretch of the array for each string; empty where it stands nowhere."""
    low = _bound(suffixes, wanted, size, after=False)
    high = low.copy()
    found = np.flatnonzero(_is_at(suffixes, low, wanted, size))
    if len(found):
        high[found] = _bound(suffixes, wanted[:, found], size, after=True, begin=low[found])
    return low, high


def _packed(characters: list[np.ndarray]) -> np.ndarray:
    words = []
    for first in range(0, len(characters), WORD):
        word = np.zeros(len(characters[0]), np.uint64)
        for character in characters[first : first + WORD]:
            word = (word << np.uint64(BITS)) | character.astype(np.uint64)
        words.append(word)
    return np.array(words, np.uint64).reshape(len(words), -1)


def _word(suffixes: Suffixes, places: np.ndarray, first: int, size: int) -> np.ndarray:
    """Returns a word of the text at ``places``. The text ends with a line feed, which no string holds, so
    what lies behind its end is never decisive.
    """
    last = len(suffixes) - 1
    found = [
        suffixes.characters[np.minimum(places + place, last)]
        for place in range(first, min(first + WORD, size))
    ]
    return _packed(found)[0]


def _bound(
    suffixes: Suffixes, wanted: np.ndarray, size: int, after: bool, begin: np.ndarray | None = None
) -> np.ndarray:
    """Returns the first place of the array, from ``begin`` on, that is not before its string (``after``: that
    is behind all of it).
    """
    count = wanted.shape[1]
    low = np.zeros(count, np.int64) if begin is None else begin.copy()
    high = np.full(count, len(suffixes), np.int64)
    active = np.flatnonzero(low < high)
    while len(active):
        middle = (low[active] + high[active]) // 2
        smaller = _is_before(suffixes, middle, wanted[:, active], size, after)
        low[active] = np.where(smaller, middle + 1, low[active])
        high[active] = np.where(smaller, high[active], middle)
        active = active[low[active] < high[active]]
    return low


def _is_before(
    suffixes: Suffixes, middle: np.ndarray, wanted: np.ndarray, size: int, after: bool
) -> np.ndarray:
    """Returns, per n-gram, whether the suffix sorts before it; with ``after``, also if it begins with it."""
    places = suffixes.places[middle].astype(np.int64)
    before = np.zeros(len(places), np.bool_)
    tied = np.arange(len(places))
    for number, word in enumerate(wanted):
        here = _word(suffixes, places[tied], number * WORD, size)
        before[tied] = here < word[tied]
        tied = tied[here == word[tied]]
        if not len(tied):
            return before
    before[tied] = after
    return before


def _is_at(suffixes: Suffixes, low: np.ndarray, wanted: np.ndarray, size: int) -> np.ndarray:
    """Returns, for each n-gram, whether the suffix at ``low`` begins with it."""
    inside = np.flatnonzero(low < len(suffixes))
    places = suffixes.places[low[inside]].astype(np.int64)
    equal = np.ones(len(inside), np.bool_)
    for number, word in enumerate(wanted):
        equal &= _word(suffixes, places, number * WORD, size) == word[inside]
    found = np.zeros(len(low), np.bool_)
    found[inside] = equal
    return found
