"""How near the rows of an index are to a query in meaning: candidates, and what the second stage sees of it.

A cosine by itself says little: every text is somewhat like every other, and how much depends on the query. So
what counts is where a row stands between the usual and the likest of all.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

FEATURES = ("meaning", "nearest", "hardly_less")
MOST = 40  # candidates
SOME = 0.3  # where no cosine is as great, nothing here is about it; where one is, something may be
LEAST, LESS = 0.22, 0.25  # cosine of a candidate, and how much below the likest
HARDLY = 0.19
READ = 512  # of which the cosine is told exactly
ROUGH = 0.12  # how much greater it may be than what is roughly known of it
RANKS, HALF = 256, 5  # so many are told apart by rank; the rank that counts half of the first


class Nearness:
    """``roughly`` is about the cosine of each row; ``exactly`` gives that of some.

    >>> Nearness(np.array([0.2, 0.6, 0.4])).columns(np.array([0, 1]))[0].tolist()
    [0.0, 1.0]
    """

    def __init__(
        self, roughly: np.ndarray, exactly: Callable[[np.ndarray], np.ndarray] | None = None
    ) -> None:
        self.roughly, self.exactly = roughly, exactly or roughly.__getitem__
        self.usual = float(roughly.sum() / max(1, len(roughly)))
        self._read = _greatest(roughly, READ)
        self._exact = self.exactly(self._read)
        self._best = np.sort(self._exact)[-RANKS:]  # in rising order
        self.most = float(self._best[-1]) if len(self._best) else 0.0

    def columns(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """``FEATURES`` of ``rows``, from 0 to 1: between the usual likeness and the greatest; by rank; by how
        little less than the greatest.
        """
        likeness = self.exactly(rows)
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
        rows, likeness = self._read[allowed[self._read]], self._exact[allowed[self._read]]
        if len(rows) < MOST and len(self._read) < len(self.roughly):  # most of the likest are not allowed
            rows = np.flatnonzero(allowed & (self.roughly >= floor - ROUGH))
            rows = rows[_greatest(self.roughly[rows], READ)]
            likeness = self.exactly(rows)
        near, likeness = rows[likeness >= floor], likeness[likeness >= floor]
        return near[np.lexsort((near, -likeness))][:MOST]


def _greatest(values: np.ndarray, most: int) -> np.ndarray:
    """The places of the greatest ``most`` of ``values``."""
    if len(values) <= most:
        return np.arange(len(values))
    return np.argpartition(values, len(values) - most)[len(values) - most :]
