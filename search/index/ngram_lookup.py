"""Many short strings sought in a suffix array at once.

A draft has as many strings of some length as characters. One search of each in Python would take a minute;
here all halve the array in step, as columns of numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .composed_suffixes import ComposedSuffixes
from .suffixes import Suffixes

WORD = 3  # code points of 21 bits that fit a number of 64
BITS = 21

# Of the beginning and of the end of each stretch: the places between which it lies.
Within = tuple[tuple[np.ndarray, np.ndarray], ...]


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
    return stretches(suffixes, codes, starts, size).counts > 0


def stretches(suffixes: Suffixes, codes: np.ndarray, starts: np.ndarray, size: int) -> Stretches:
    """Where ``codes[start : start + size]`` occurs, for each start."""
    return _stretches(suffixes, _wanted(codes, starts, size), size)


def _stretches(suffixes: Suffixes, wanted: np.ndarray, size: int, within: Within | None = None) -> Stretches:
    if isinstance(suffixes, ComposedSuffixes):
        return _composed(suffixes, wanted, size)
    begin, end = within or (None, None)
    low = _bound(suffixes, wanted, size, after=False, within=begin)
    high = low.copy()
    found = np.flatnonzero(_is_at(suffixes, low, wanted, size))
    if len(found):
        above = end and (np.maximum(end[0][found], low[found]), end[1][found])
        high[found] = _bound(suffixes, wanted[:, found], size, after=True, within=above or (low[found], None))
    return Stretches(low, high)


def _composed(suffixes: ComposedSuffixes, wanted: np.ndarray, size: int) -> Stretches:
    """Where a string stands in the base says nearly where it stands in what came since: between the suffixes
    that have the same place of the base.
    """
    base = _stretches(suffixes.parts[0], wanted, size)
    if len(suffixes.parts) == 1:
        nothing = np.zeros(len(base.low), np.int64)
        return Stretches(*suffixes.whole((base.low, base.high), (nothing, nothing)))
    ranks = suffixes.order.ranks
    ends = tuple(
        (np.searchsorted(ranks, bound, side="left"), np.searchsorted(ranks, bound, side="right"))
        for bound in (base.low, base.high)
    )
    later = _stretches(suffixes.parts[1], wanted, size, ends)
    return Stretches(*suffixes.whole((base.low, base.high), (later.low, later.high)))


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
    suffixes: Suffixes,
    wanted: np.ndarray,
    size: int,
    after: bool,
    within: tuple[np.ndarray, np.ndarray | None] | None = None,
    offset: int = 0,
) -> np.ndarray:
    """The first place of the array that is not before its string (``after``: that is behind all of it). It
    lies ``within`` two places, the second itself among them; there the characters before ``offset`` are
    equal.
    """
    count = wanted.shape[1]
    begin, end = within or (None, None)
    low = np.zeros(count, np.int64) if begin is None else begin.copy()
    high = np.full(count, len(suffixes), np.int64) if end is None else end.copy()
    active = np.flatnonzero(low < high)
    while len(active):
        middle = (low[active] + high[active]) // 2
        smaller = _is_before(suffixes, middle, wanted[:, active], size, after, offset)
        low[active] = np.where(smaller, middle + 1, low[active])
        high[active] = np.where(smaller, high[active], middle)
        active = active[low[active] < high[active]]
    return low


def _is_before(
    suffixes: Suffixes, middle: np.ndarray, wanted: np.ndarray, size: int, after: bool, offset: int
) -> np.ndarray:
    """Whether the suffix is smaller than the string; with ``after``, also where it begins with it."""
    places = suffixes.places[middle].astype(np.int64) + offset
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


STEP = 4 * WORD  # characters that are compared at once


def ranks(base: Suffixes, text: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """How many suffixes of ``base`` are smaller than what stands in ``text`` from each of ``starts`` up to
    its line feed at ``ends``, this included: all that decides about the order of phrases.
    """
    low, high = np.zeros(len(starts), np.int64), np.full(len(starts), len(base), np.int64)
    open_, offset = np.arange(len(starts)), 0
    while len(open_):
        first, last = starts[open_] + offset, ends[open_]
        characters = [
            np.where(first + step <= last, text[np.minimum(first + step, last)], 0) for step in range(STEP)
        ]
        wanted = _packed(characters)
        low[open_] = _bound(base, wanted, STEP, False, (low[open_], high[open_]), offset)
        goes_on = first + STEP <= last
        open_, wanted = open_[goes_on], wanted[:, goes_on]
        high[open_] = _bound(base, wanted, STEP, True, (low[open_], high[open_]), offset)
        open_ = open_[low[open_] < high[open_]]
        offset += STEP
    return low
