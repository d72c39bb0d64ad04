"""How near the rows of an index are to a query in meaning: candidates, and what the second stage sees of it.

A cosine by itself says little: every text is somewhat like every other, and how much depends on the query. So
what counts is where a row stands between the usual and the likest of all.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

FEATURES = ("meaning", "nearest", "hardly_less")
MOST = 40  # candidates
SOME = 0.4  # where no cosine is as great, nothing here is about it; where one is, something may be
LEAST, LESS = 0.35, 0.2  # cosine of a candidate, and how much below the likest
HARDLY = 0.15
RANKS, HALF = 256, 5  # so many are told apart by rank; the rank that counts half of the first


class Nearness:
    """``likeness`` is the cosine of each row.

    >>> Nearness(np.array([0.2, 0.6, 0.4])).columns(np.array([0, 1]))[0].tolist()
    [0.0, 1.0]
    """

    def __init__(self, likeness: np.ndarray) -> None:
        self.likeness = likeness
        self.most, self.usual = float(likeness.max(initial=0)), float(likeness.sum() / max(1, len(likeness)))

    def columns(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """``FEATURES`` of ``rows``, from 0 to 1: between the usual likeness and the greatest; by rank; by how
        little less than the greatest.
        """
        likeness = self.likeness[rows]
        ahead = len(self._best) - np.searchsorted(self._best, likeness, side="right")
        return (
            np.clip((likeness - self.usual) / max(self.most - self.usual, 1e-6), 0, 1),
            1 / (1 + ahead / HALF),
            np.clip(1 - (self.most - likeness) / HARDLY, 0, 1),
        )

    def nearest(self, allowed: np.ndarray, least: float = LEAST) -> np.ndarray:
        """The likest of the rows that are ``allowed`` (for each one, whether), best first; none where nothing
        is near.
        """
        if self.most < SOME:
            return np.empty(0, np.int64)
        floor = max(least, self.most - LESS)
        rows = np.flatnonzero(allowed & (self.likeness >= floor))
        return rows[np.lexsort((rows, -self.likeness[rows]))][:MOST]

    @cached_property
    def _best(self) -> np.ndarray:
        """The greatest likenesses, in rising order."""
        first = max(0, len(self.likeness) - RANKS)
        return np.sort(np.partition(self.likeness, first)[first:]) if first else np.sort(self.likeness)
