"""Where each wording of a paragraph stands first, among all that the archive holds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from search.index.columns import Columns

from .passages import Parallels

NEVER = "9999"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the paragraph, and the earliest paragraph that has it; ``stored`` is None where it is the
    paragraph itself.
    """

    start: int
    end: int
    stored: dict | None


def lineage(found: Parallels) -> list[Piece]:
    """The paragraph cut into pieces, each with where it stands first. Joined, they are the whole text.

    First is what bears the earliest date; of paragraphs with one date, the one that shares the longest run
    there. What bears no date is never first. A run counts with its whole length.
    """
    columns = found.index.columns
    own = _date(columns, found.row)
    owner = np.full(len(found.folded.text), -1, np.int64)
    for run in _latest_first(found):
        row = int(found.runs.rows[run])
        if _date(columns, row) < own:
            owner[found.runs.starts[run] : found.runs.ends[run]] = row
    return _pieces(found, owner)


def _latest_first(found: Parallels) -> np.ndarray:
    """The runs, so that what is painted later stands before: by date, then by length."""
    runs = found.runs
    date = found.index.columns["sort_date"].first[runs.rows]
    return np.lexsort((runs.ends - runs.starts, -date))


def _date(columns: Columns, row: int) -> str:
    column = columns["sort_date"]
    number = int(column.first[row])
    return (column.values[number] if number >= 0 else "") or NEVER


def _pieces(found: Parallels, owner: np.ndarray) -> list[Piece]:
    cuts = [0, *(np.flatnonzero(np.diff(owner)) + 1).tolist(), len(owner)]
    pieces: list[Piece] = []
    for first, last in zip(cuts, cuts[1:], strict=False):
        if first == last:
            continue
        start = pieces[-1].end if pieces else 0
        end = len(found.text) if last == len(owner) else found.folded.starts[last]
        row = int(owner[first])
        pieces.append(Piece(start, end, found.index.columns.stored(row) if row >= 0 else None))
    return pieces
