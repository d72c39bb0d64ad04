"""Semantic similarity of the rows of an index to a query: candidates, and ranking features made of it.

A cosine by itself says little: every text is somewhat similar to every other, and how much depends on the
query. So each is scaled between the usual and the greatest similarity.
"""

from __future__ import annotations

import numpy as np

FEATURES = ("nearest", "hardly_less", "whole", "nearest_whole")
MOST = 40  # candidates
SOME = 0.30  # where no cosine is as great, nothing here is about it; where one is, something may be
LEAST, LESS = 0.22, 0.30  # cosine of a candidate, and how much below the likest
HARDLY = 0.22
RANKS, HALF = 256, 5  # so many are told apart by rank; the rank that counts half of the first


class Scale:
    """The scale of similarities to a query: the greatest of ``likeness``, and a row's ``usual`` one."""

    def __init__(self, likeness: np.ndarray, usual: float) -> None:
        self.usual = usual
        self._best = np.sort(_greatest(likeness, RANKS))
        self.most = float(self._best[-1]) if len(self._best) else 0.0

    def share(self, likeness: np.ndarray) -> np.ndarray:
        """Scales ``likeness`` between the usual similarity and the greatest, from 0 to 1."""
        return np.clip((likeness - self.usual) / max(self.most - self.usual, 1e-6), 0, 1)

    def by_rank(self, likeness: np.ndarray) -> np.ndarray:
        """Returns 1 for the greatest, and less the more rows are more similar."""
        ahead = len(self._best) - np.searchsorted(self._best, likeness, side="right")
        return 1 / (1 + ahead / HALF)


class Nearness:
    """``likest`` is the cosine of the likest passage of each row, ``wholes`` that of the whole.

    >>> likest = np.array([0.2, 0.6, 0.4])
    >>> Nearness(likest, likest).columns(np.array([0, 1]))[2].tolist()
    [0.0, 1.0]
    """

    def __init__(self, likest: np.ndarray, wholes: np.ndarray) -> None:
        self._likest, self._wholes = likest, wholes
        usual = float(likest.mean()) if len(likest) else 0.0
        self.passages, self.whole = Scale(likest, usual), Scale(wholes, usual)

    def columns(self, rows: np.ndarray) -> tuple[np.ndarray, ...]:
        """Returns ``FEATURES`` of ``rows``, from 0 to 1: of their passages by rank, and by how little less
        than the greatest; of the whole where it stands between the usual and the greatest, and by rank.
        """
        likest, wholes = self._likest[rows], self._wholes[rows]
        return (
            self.passages.by_rank(likest),
            np.clip(1 - (self.passages.most - likest) / HARDLY, 0, 1),
            self.whole.share(wholes),
            self.whole.by_rank(wholes),
        )

    def nearest(self, allowed: np.ndarray, least: float = LEAST) -> np.ndarray:
        """Returns the ``allowed`` rows (a mask) with the most similar passages, best first; none where
        nothing is near.
        """
        most = self.passages.most
        if most < SOME:
            return np.empty(0, np.int64)
        rows = np.flatnonzero(allowed & (self._likest >= max(least, most - LESS)))
        likest = self._likest[rows]
        rows = rows[likest >= _greatest(likest, MOST).min(initial=1.0)]
        return rows[np.lexsort((rows, -self._likest[rows]))][:MOST]


def _greatest(values: np.ndarray, most: int) -> np.ndarray:
    """Returns the greatest ``most`` of ``values``."""
    return np.partition(values, -most)[-most:] if len(values) > most else values
