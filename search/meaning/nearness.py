"""How near the rows of an index are to a query in meaning: candidates, and what the second stage sees of it.

A cosine by itself says little: every text is somewhat like every other, and how much depends on the query. So
what counts is where a row stands between the usual and the likest of all.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

Exactly = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]
FEATURES = ("meaning", "nearest", "hardly_less", "whole", "nearest_whole")
MOST = 40  # candidates
SOME = 0.38  # where no cosine is as great, nothing here is about it; where one is, something may be
LEAST, LESS = 0.28, 0.25  # cosine of a candidate, and how much below the likest
HARDLY = 0.19
READ = 512  # of which the cosine is told exactly
ROUGH = 0.12  # how much greater it may be than what is roughly known of it
RANKS, HALF = 256, 5  # so many are told apart by rank; the rank that counts half of the first


class Scale:
    """How like in one regard the likest rows are (``likeness``), beside the ``usual`` likeness of a row."""

    def __init__(self, likeness: np.ndarray, usual: float) -> None:
        self.usual = usual
        self._best = np.sort(likeness)[-RANKS:]  # in rising order
        self.most = float(self._best[-1]) if len(self._best) else 0.0

    def share(self, likeness: np.ndarray) -> np.ndarray:
        """Where ``likeness`` stands between the usual one and the greatest, from 0 to 1."""
        return np.clip((likeness - self.usual) / max(self.most - self.usual, 1e-6), 0, 1)

    def by_rank(self, likeness: np.ndarray) -> np.ndarray:
        """1 for the greatest, less the more rows are more like."""
        ahead = len(self._best) - np.searchsorted(self._best, likeness, side="right")
        return 1 / (1 + ahead / HALF)


class Nearness:
    """``roughly`` is about the cosine of the likest passage of each row; ``exactly`` gives it for some rows,
    and that of the whole.

    >>> Nearness(np.array([0.2, 0.6, 0.4])).columns(np.array([0, 1]))[0].tolist()
    [0.0, 1.0]
    """

    def __init__(self, roughly: np.ndarray, exactly: Exactly | None = None) -> None:
        self.roughly, self.exactly = roughly, exactly or (lambda rows: (roughly[rows], roughly[rows]))
        self._read = _greatest(roughly, READ)
        self._likest, wholes = self.exactly(self._read)
        usual = float(roughly.sum() / max(1, len(roughly)))
        self.passages, self.whole = Scale(self._likest, usual), Scale(wholes, usual)

    def columns(self, rows: np.ndarray) -> tuple[np.ndarray, ...]:
        """``FEATURES`` of ``rows``, from 0 to 1: of their passages the share, by rank, and by how little less
        than the greatest; of the whole the first two.
        """
        likest, wholes = self.exactly(rows)
        return (
            self.passages.share(likest),
            self.passages.by_rank(likest),
            np.clip(1 - (self.passages.most - likest) / HARDLY, 0, 1),
            self.whole.share(wholes),
            self.whole.by_rank(wholes),
        )

    def nearest(self, allowed: np.ndarray, least: float = LEAST) -> np.ndarray:
        """The rows that are ``allowed`` (for each one, whether) with the likest passages, best first; none
        where nothing is near.
        """
        most = self.passages.most
        if most < SOME:
            return np.empty(0, np.int64)
        floor = max(least, most - LESS)
        rows, likest = self._read[allowed[self._read]], self._likest[allowed[self._read]]
        if len(rows) < MOST and len(self._read) < len(self.roughly):  # most of the likest are not allowed
            rows = np.flatnonzero(allowed & (self.roughly >= floor - ROUGH))
            rows = rows[_greatest(self.roughly[rows], READ)]
            likest = self.exactly(rows)[0]
        near, likest = rows[likest >= floor], likest[likest >= floor]
        return near[np.lexsort((near, -likest))][:MOST]


def _greatest(values: np.ndarray, most: int) -> np.ndarray:
    """The places of the greatest ``most`` of ``values``."""
    if len(values) <= most:
        return np.arange(len(values))
    return np.argpartition(values, len(values) - most)[len(values) - most :]
