"""Composition of an index from several segments, each a small whole index that is searched alone.

Rows are numbered as those of a whole index: document by document, in rising order of their ids. A document
belongs to one segment only; its older version in another is left out. So all results by rows (order, ties,
cursors, counts) equal those of an index built at once.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

NOWHERE = -1


class Arrangement:
    """The mapping of the segments' rows to those of the whole index. ``documents`` are the ids of the
    document of each row, by segment; ``left_out`` the documents removed from each segment.

    ``rows`` maps the rows of each segment to those of the whole, −1 for a removed one; ``whole`` says which
    segments have all theirs; ``size`` is the number of rows.
    """

    def __init__(self, documents: Sequence[np.ndarray], left_out: Sequence[Collection[int]]) -> None:
        self._firsts = np.cumsum([0, *map(len, documents)])
        kept = [
            ~np.isin(each, np.fromiter(without, np.int64, len(without)))
            for each, without in zip(documents, left_out, strict=True)
        ]
        order, of_row = np.flatnonzero(np.concatenate(kept)), np.concatenate(documents)
        if (np.diff(of_row[order]) < 0).any():
            order = order[np.argsort(of_row[order], kind="stable")]
        self.size, self._order = len(order), order.astype(np.int32)
        places = np.full(len(of_row), NOWHERE, np.int32)
        places[order] = np.arange(self.size, dtype=np.int32)
        self.rows = tuple(np.split(places, self._firsts[1:-1]))
        self.whole = tuple(bool(each.all()) for each in kept)
        self.in_step = tuple(bool((rows == np.arange(len(rows))).all()) for rows in self.rows)

    def of_rows(self, columns: Sequence[np.ndarray]) -> np.ndarray:
        """Joins a column of each segment into one column of the whole index."""
        return columns[0] if self.is_one else np.concatenate(columns)[self._order]

    @property
    def is_one(self) -> bool:
        """True if the index is a single segment whose row numbers are those of the whole."""
        return len(self.rows) == 1 and self.in_step[0]

    def source(self, row: int) -> tuple[int, int]:
        """Returns the number of the segment in which a row lies, and its row there."""
        place = int(self._order[row])
        segment = int(np.searchsorted(self._firsts, place, side="right")) - 1
        return segment, place - int(self._firsts[segment])

    def mapped(self, segment: int, rows: np.ndarray, numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Maps rising ``rows`` of a segment, each with a number, to rows of the whole."""
        if self.in_step[segment]:
            return rows, numbers
        found = self.rows[segment][rows]
        if self.whole[segment]:
            return found, numbers
        kept = found != NOWHERE
        return found[kept], numbers[kept]


def merged(lists: Sequence[tuple[np.ndarray, np.ndarray]]) -> tuple[np.ndarray, np.ndarray]:
    """Merges rising rows of several segments, each with a number, into one list in rising order."""
    held = [one for one in lists if len(one[0])] or [*lists[:1]]
    if len(held) == 1:
        return held[0]
    rows, numbers = (np.concatenate(columns) for columns in zip(*held, strict=True))
    if (np.diff(rows) < 0).any():
        order = np.argsort(rows, kind="stable")
        rows, numbers = rows[order], numbers[order]
    return rows, numbers
