"""Which strings stand near each other: NEAR and THEN, answered from the places of the literal index."""

from __future__ import annotations

import numpy as np

from search.query.conditions import NearBy
from search.text.folding import fold_literally

from .literal import LiteralIndex, Occurrences, apart
from .sentences import sentence_ends


def near(literal: LiteralIndex, asked: NearBy) -> Occurrences:
    """The paragraphs where strings of the first side have one of the second near them, and how many have.

    Near: at most ``asked.within`` characters between the two, white space not counted; or, where it is None,
    no end of a sentence before the last character of the two. Either way round unless ``asked.ordered``.
    """
    held = [np.empty(0, np.int32)]
    others = [_places(literal, string) for string in asked.second]
    for string in asked.first:
        starts, ends = _places(literal, string)
        hit = np.zeros(len(starts), bool)
        for other_starts, other_ends in others:
            hit |= _followed(literal, starts, ends, other_starts, other_ends, asked.within)
            if not asked.ordered:
                hit |= _preceded(literal, starts, ends, other_starts, other_ends, asked.within)
        held.append(literal.rows_at(apart(starts[hit], len(fold_literally(string)))))
    rows, counts = np.unique(np.concatenate(held), return_counts=True)
    return Occurrences(rows.astype(np.int32), counts, literal)


def _places(literal: LiteralIndex, string: str) -> tuple[np.ndarray, np.ndarray]:
    """Where a string begins and ends in the whole folded text, in order; places that overlap are all of them
    places, and the nearest counts.
    """
    needle, suffixes = fold_literally(string), literal.suffixes
    first, last = suffixes.find(needle) if needle else (0, 0)
    starts = np.sort(suffixes.places[first:last]).astype(np.int64)
    return starts, starts + len(needle)


def _followed(literal, starts, ends, other_starts, other_ends, within: int | None) -> np.ndarray:
    """Which places have one of the others near behind them."""
    if not len(other_starts):
        return np.zeros(len(ends), bool)
    number = np.searchsorted(other_starts, ends)
    there = np.minimum(number, len(other_starts) - 1)
    close = _close(literal, starts, ends, other_starts[there], other_ends[there], within)
    return (number < len(other_starts)) & close


def _preceded(literal, starts, ends, other_starts, other_ends, within: int | None) -> np.ndarray:
    """Which places have one of the others near before them."""
    if not len(other_starts):
        return np.zeros(len(starts), bool)
    number = np.searchsorted(other_ends, starts, side="right") - 1
    there = np.maximum(number, 0)
    close = _close(literal, other_starts[there], other_ends[there], starts, ends, within)
    return (number >= 0) & close


def _close(literal, starts, ends, next_starts, next_ends, within: int | None) -> np.ndarray:
    """Which of the places have the next one, which does not begin before they end, near enough."""
    same = literal.rows_at(starts) == literal.rows_at(next_starts)
    if within is not None:
        return same & (next_starts - ends <= within)
    marks = sentence_ends(literal)
    return same & (np.searchsorted(marks, starts, "right") == np.searchsorted(marks, next_ends, "left"))
