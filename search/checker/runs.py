"""Runs: stretches of a folded draft that occur in the archive, each as long as it can be.

The first step tells for every place whether the next twelve characters occur. From there a run is followed to
its end; the next one of interest is the earliest that reaches at least twelve characters further, found by
halving. So no character is looked at more than a few times, whatever the draft holds.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

import numpy as np
from rapidfuzz.distance import Prefix

from search.index.literal import LiteralIndex
from search.index.ngram_lookup import NgramLookup, codes_of

LEAST = 12
FIRST_LOOK = 128


def runs(folded: str, literal: LiteralIndex, least: int = LEAST) -> list[tuple[int, int]]:
    """Returns the runs of ``folded`` of at least ``least`` characters, in order.

    Each occurs in the archive inside one paragraph and would not if it were longer at either end. A run of
    which fewer than ``least`` characters lie outside a longer one is left out. No string of ``least``
    characters that occurs lies wholly outside the runs.
    """
    if len(folded) < least or not len(literal):
        return []
    places = np.arange(len(folded) - least + 1)
    begins = NgramLookup(literal, codes_of(folded), places, least).counts > 0
    return _without_slivers(list(_chain(folded, literal, begins, least)), least)


def longest_beginning(literal: LiteralIndex, text: str, start: int = 0) -> int:
    """Returns the length of the longest prefix of ``text[start:]`` that occurs in the index."""
    look = FIRST_LOOK
    while True:
        wanted = text[start : start + look]
        size = len(wanted)
        reached = max(
            Prefix.similarity(literal.text_at(at, at + size), wanted) for at in literal.nearest(wanted)
        )
        if reached < look:
            return reached
        look *= 4


def _chain(folded: str, literal: LiteralIndex, begins: np.ndarray, least: int) -> Iterator[tuple[int, int]]:
    places = np.flatnonzero(begins)
    start = int(places[0]) if len(places) else -1
    while start >= 0:
        end = start + longest_beginning(literal, folded, start)
        yield start, end
        if end < len(begins) and begins[end]:
            start = _earliest(folded, literal, start + 1, end, end + least)
        else:
            behind = int(np.searchsorted(places, end, side="right"))
            start = int(places[behind]) if behind < len(places) else -1


def _earliest(folded: str, literal: LiteralIndex, low: int, high: int, end: int) -> int:
    """Returns the first place from ``low`` on from which all up to ``end`` occurs; from ``high`` it does."""
    while low < high:
        middle = (low + high) // 2
        if longest_beginning(literal, folded[middle:end]) == end - middle:
            high = middle
        else:
            low = middle + 1
    return low


def _without_slivers(found: list[tuple[int, int]], least: int) -> list[tuple[int, int]]:
    """Removes the runs that longer neighbours cover but for a few characters."""
    kept = list(found)
    for run in sorted(found, key=lambda one: one[1] - one[0]):
        index = kept.index(run) if len(kept) < 64 else bisect_left(kept, run)
        before = kept[index - 1][1] if index else 0
        after = kept[index + 1][0] if index + 1 < len(kept) else run[1]
        alone = min(run[1], after) - max(run[0], before)
        longer = (index and _size(kept[index - 1]) >= _size(run)) or (
            index + 1 < len(kept) and _size(kept[index + 1]) >= _size(run)
        )
        if alone < least and longer:
            del kept[index]
    return kept


def _size(run: tuple[int, int]) -> int:
    return run[1] - run[0]
