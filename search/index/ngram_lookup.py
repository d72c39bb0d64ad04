"""Many short strings sought in a suffix array at once.

A draft has as many strings of some length as characters. One search of each in Python would take a minute;
here all halve the array in step, as columns of numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .suffixes import Suffixes

WORD = 3  # code points of 21 bits that fit a number of 64
BITS = 21


@dataclass(frozen=True, slots=True)
class Stretches:
    """For each string its stretch of the suffix array; empty (``low`` = ``high``) where it occurs nowhere."""

    low: np.ndarray
    high: np.ndarray

    @property
    def counts(self) -> np.ndarray:
        return self.high - self.low


def codes_of(text: str) -> np.ndarray:
    """The code points of ``text``; a lone surrogate is one too."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")


def occurring(suffixes: Suffixes, codes: np.ndarray, starts: np.ndarray, size: int) -> np.ndarray:
    """Whether ``codes[start : start + size]`` occurs, for each start. No string may pass the end."""
    wanted = _wanted(codes, starts, size)
    return _is_at(suffixes, _bound(suffixes, wanted, size, after=False), wanted, size)


def stretches(suffixes: Suffixes, codes: np.ndarray, starts: np.ndarray, size: int) -> Stretches:
    """Where ``codes[start : start + size]`` occurs, for each start."""
    wanted = _wanted(codes, starts, size)
    low = _bound(suffixes, wanted, size, after=False)
    high = low.copy()
    found = np.flatnonzero(_is_at(suffixes, low, wanted, size))
    if len(found):
        high[found] = _bound(suffixes, wanted[:, found], size, after=True, low=low[found])
    return Stretches(low, high)


def _wanted(codes: np.ndarray, starts: np.ndarray, size: int) -> np.ndarray:
    """The strings as columns, each of numbers that sort as the strings do."""
    return _packed([codes[starts + place] for place in range(size)])


def _packed(characters: list[np.ndarray]) -> np.ndarray:
    words = []
    for first in range(0, len(characters), WORD):
        word = np.zeros(len(characters[0]), np.uint64)
        for character in characters[first : first + WORD]:
            word = (word << np.uint64(BITS)) | character.astype(np.uint64)
        words.append(word)
    return np.array(words, np.uint64).reshape(len(words), -1)


def _word(suffixes: Suffixes, places: np.ndarray, first: int, size: int) -> np.ndarray:
    """A word of the text at ``places``. The text ends with a line feed, which no string holds, so what lies
    behind its end is never decisive.
    """
    last = suffixes.size - 1
    found = [
        suffixes.characters[np.minimum(places + place, last)]
        for place in range(first, min(first + WORD, size))
    ]
    return _packed(found)[0]


def _bound(
    suffixes: Suffixes, wanted: np.ndarray, size: int, after: bool, low: np.ndarray | None = None
) -> np.ndarray:
    """The first place of the array that is not before its string (``after``: that is behind all of it)."""
    count = wanted.shape[1]
    low = np.zeros(count, np.int64) if low is None else low.copy()
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
    """Whether the suffix is smaller than the string; with ``after``, also where it begins with it."""
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
    """Whether the string stands at its place of the array."""
    inside = np.flatnonzero(low < len(suffixes))
    places = suffixes.places[low[inside]].astype(np.int64)
    equal = np.ones(len(inside), np.bool_)
    for number, word in enumerate(wanted):
        equal &= _word(suffixes, places, number * WORD, size) == word[inside]
    found = np.zeros(len(low), np.bool_)
    found[inside] = equal
    return found
