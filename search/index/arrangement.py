"""The rows of one index that lies in several parts: a base, and what came since.

Rows are numbered as those of a whole index: document by document, in rising order of their ids. A document
lies in one part only; its older self in another is left out. So whatever is answered by rows (order, ties,
cursors, counts) is what an index built at once would answer.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property

import numpy as np

NOWHERE = -1


class Arrangement:
    """Which row each row of the parts is. ``documents`` are the ids of the document of each row, by part;
    ``left_out`` the documents of each part that are masked.

    ``rows`` maps the rows of each part to those of the whole, −1 for a masked one; ``size`` is their number.
    """

    def __init__(self, documents: Sequence[np.ndarray], left_out: Sequence[Collection[int]]) -> None:
        self.firsts = np.cumsum([0, *map(len, documents)])
        kept = [_kept(each, without) for each, without in zip(documents, left_out, strict=True)]
        self.masked = tuple(None if each is None else np.flatnonzero(~each).astype(np.int32) for each in kept)
        held = [
            first + (np.arange(len(each)) if keep is None else np.flatnonzero(keep))
            for first, each, keep in zip(self.firsts, documents, kept, strict=False)
        ]
        order = np.concatenate(held)
        of_row = np.concatenate(
            [each if keep is None else each[keep] for each, keep in zip(documents, kept, strict=True)]
        )
        self.interleaved = bool((np.diff(of_row) < 0).any())  # else the parts lie one behind the other
        if self.interleaved:
            order = order[np.argsort(of_row, kind="stable")]
        self.size = len(order)
        self._order = order.astype(np.int32)
        places = np.full(self.firsts[-1], NOWHERE, np.int32)
        places[order] = np.arange(self.size, dtype=np.int32)
        self.rows = tuple(np.split(places, self.firsts[1:-1]))

    @cached_property
    def in_step(self) -> tuple[bool, ...]:
        """For each part whether its rows have the same numbers in the whole."""
        return tuple(bool((rows == np.arange(len(rows))).all()) for rows in self.rows)

    def of_rows(self, columns: Sequence[np.ndarray]) -> np.ndarray:
        """What the parts have for each of their rows, for the rows of the whole."""
        return np.concatenate(columns)[self._order]

    def places(self, rows: np.ndarray) -> np.ndarray:
        """Where ``rows`` of the whole lie in the parts end to end; ``firsts`` tells these apart."""
        return self._order[rows].astype(np.int64)

    def source(self, row: int) -> tuple[int, int]:
        """The number of the part in which a row lies, and its row there."""
        place = int(self._order[row])
        part = int(np.searchsorted(self.firsts, place, side="right")) - 1
        return part, place - int(self.firsts[part])

    def mapped(self, part: int, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
        """Rising ``rows`` of a part as rows of the whole, and the places among them of those that are masked
        and left out, None where none is.
        """
        if self.in_step[part]:
            return rows, None
        gone, masked = None, self.masked[part]
        if masked is not None and len(rows):
            at = np.minimum(np.searchsorted(rows, masked), len(rows) - 1)
            gone = at[rows[at] == masked]
            rows = np.delete(rows, gone) if len(gone) else rows
        return self.rows[part][rows], gone if gone is not None and len(gone) else None


def _kept(documents: np.ndarray, without: Collection[int]) -> np.ndarray | None:
    """For each row whether it is kept; None where all are."""
    if not without:
        return None
    kept = ~np.isin(documents, np.fromiter(without, np.int64, len(without)))
    return None if kept.all() else kept


def merged(
    first: tuple[np.ndarray, np.ndarray], *others: tuple[np.ndarray, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Rising rows of several parts, each with a number, as one list in rising order."""
    rows, numbers = first
    for more, their in others:
        if not len(more):
            continue
        if not len(rows) or more[0] > rows[-1]:
            rows, numbers = np.concatenate((rows, more)), np.concatenate((numbers, their))
        else:
            at = np.searchsorted(rows, more)
            rows, numbers = np.insert(rows, at, more), np.insert(numbers, at, their)
    return rows, numbers
