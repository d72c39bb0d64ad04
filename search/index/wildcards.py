"""Where a phrase with asterisks stands in the texts; ``text.marked_words`` has the rules."""

from __future__ import annotations

import numpy as np

from search.text.marked_words import GAP, pieces_of

from .literal import LiteralIndex, Occurrences


def find_pattern(literal: LiteralIndex, phrase: str) -> Occurrences:
    """Where a phrase occurs whose asterisks stand for other characters."""
    starts, ends = _matches(literal, pieces_of(phrase))
    rows, counts = np.unique(literal.rows_at(_apart(starts, ends)), return_counts=True)
    return Occurrences(rows.astype(np.int32), counts, literal)


def _matches(literal: LiteralIndex, pieces: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Where matches may begin, in rising order, and where the shortest from there ends.

    From the last piece to the first: a place of a piece is kept where the next piece has one close behind it
    in the same paragraph. The nearest of these is the one that ends first.
    """
    following: np.ndarray | None = None
    ends = np.empty(0, np.int64)
    for piece in reversed(pieces):
        places = literal.places(piece)
        behind = places + len(piece)
        if following is None:
            following, ends = places, behind
            continue
        if not len(following):
            return following, ends
        nearest = np.searchsorted(following, behind)
        there = np.minimum(nearest, len(following) - 1)
        close = (nearest < len(following)) & (following[there] - behind <= GAP)
        close &= literal.rows_at(following[there]) == literal.rows_at(places)
        following, ends = places[close], ends[there][close]
    return (np.empty(0, np.int64), ends) if following is None else (following, ends)


def _apart(starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """The matches from left to right, those left out that begin inside the one before, as readers count."""
    if not (starts[1:] < ends[:-1]).any():
        return starts
    kept, free = [], -1
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        if start >= free:
            kept.append(start)
            free = end
    return np.array(kept, np.int64)
