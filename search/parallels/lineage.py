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
    there. What bears no date is never first. A run counts with its whole length, but for digits of a
    figure that goes on beyond it.
    """
    columns = found.index.columns
    own = _date(columns, found.row)
    owner = np.full(len(found.folded.text), -1, np.int64)
    for run in _latest_first(found):
        row = int(found.runs.rows[run])
        if _date(columns, row) < own:
            start, end = int(found.runs.starts[run]), int(found.runs.ends[run])
            owner[slice(*_with_whole_figures(found.folded.text, start, end))] = row
    return _pieces(found, owner)


def _with_whole_figures(text: str, start: int, end: int) -> tuple[int, int]:
    """A run without the ends at which it cuts a figure: of 2032年 and 2022年, 2年 is nobody's wording."""
    while start < end and text[max(0, start - 1) : start + 1].isdecimal() and start:
        start += 1
    while start < end and text[end - 1 : end + 1].isdecimal() and end < len(text):
        end -= 1
    return start, end


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
