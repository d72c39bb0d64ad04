"""Runs of characters that a paragraph shares with others of the archive.

Every string of ``LEAST`` characters of the paragraph is sought in the suffix array, all of them at once.
Where the same paragraph elsewhere has neighbouring strings at neighbouring places, they are one run.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from search.index.literal import LiteralIndex
from search.index.ngram_lookup import Matches, NgramLookup, codes_of

LEAST = 16
# So many places at most are looked at. Where a paragraph has more, runs do not begin with the strings that
# stand most often, but may go on through them.
MOST_PLACES = 2_000_000

Span = tuple[int, int]


class Runs:
    """The passages that one paragraph shares with others: columns of equal length, in order of row and place.

    ``rows`` is the other paragraph, ``starts`` and ``ends`` the run in the folded text of the one in focus,
    ``shifts`` what is added to reach it in the folded text of the other.
    """

    def __init__(self, rows: np.ndarray, starts: np.ndarray, ends: np.ndarray, shifts: np.ndarray) -> None:
        self.rows, self.starts, self.ends, self.shifts = rows, starts, ends, shifts

    def __len__(self) -> int:
        return len(self.rows)

    def of(self, row: int) -> list[tuple[Span, Span]]:
        """Returns the runs shared with ``row``, each as its span here, and there."""
        first, last = np.searchsorted(self.rows, [row, row + 1])
        return [
            ((start, end), (start + shift, end + shift))
            for start, end, shift in zip(
                self.starts[first:last].tolist(),
                self.ends[first:last].tolist(),
                self.shifts[first:last].tolist(),
                strict=True,
            )
        ]


def text_of(index: LiteralIndex, row: int) -> str:
    """Returns the folded text of a paragraph, as the index has it."""
    return index.text(row)


def shared_runs(index: LiteralIndex, row: int, names: Sequence[Span] = (), least: int = LEAST) -> Runs:
    """Returns the longest runs that the paragraph ``row`` shares with each other paragraph.

    A run has at least ``least`` characters that lie in none of ``names``, places in the folded text (names of
    resolutions and bodies, which all documents share). It would not be shared if it were longer at either
    end.
    """
    codes = codes_of(index.text(row))
    grams, places, others = _seeds(index, codes, names, least)
    elsewhere = others != row
    grams, places = grams[elsewhere], places[elsewhere]
    firsts, lasts, shifts = _joined(grams, places - grams)
    rows = index.rows_at(firsts + shifts)
    starts, ends = _reaching(index, codes, firsts, lasts + least, shifts)
    order = np.lexsort((ends, starts, shifts, rows))
    columns = np.array([rows, starts, ends, shifts - index.starts[rows]], np.int64)[:, order]
    columns = columns[:, _first_of_equals(columns)]
    worth = _outside(names, len(codes), columns[1], columns[2]) >= least
    return Runs(*columns[:, worth])


def _seeds(index: LiteralIndex, codes: np.ndarray, names: Sequence[Span], least: int) -> Matches:
    """Returns each n-gram that may begin a run, by its place here, with a place in the archive."""
    if len(codes) < least:
        return Matches(*np.empty((3, 0), np.int64))
    starts = np.arange(len(codes) - least + 1)
    starts = starts[_outside(names, len(codes), starts, starts + least) > 0]
    found = NgramLookup(index, codes, starts, least)
    useful = (found.counts > 0) & (found.counts <= _most_often(found.counts))
    matches = found.matches(np.flatnonzero(useful))
    return matches._replace(strings=starts[matches.strings])


def _most_often(counts: np.ndarray) -> int:
    """Returns the highest frequency to admit, so that all strings have ``MOST_PLACES`` places at most."""
    ordered = np.sort(counts)
    within = int(np.searchsorted(np.cumsum(ordered), MOST_PLACES, side="right"))
    if within == len(ordered):
        return int(ordered[-1]) if within else 0
    return int(ordered[within]) - 1


def _joined(grams: np.ndarray, shifts: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Joins neighbouring n-grams with the same shift: the first, the last, the shift."""
    order = np.lexsort((grams, shifts))
    grams, shifts = grams[order], shifts[order]
    begins = np.ones(len(grams), np.bool_)
    begins[1:] = (np.diff(shifts) != 0) | (np.diff(grams) != 1)
    ends = np.roll(begins, -1)
    return grams[begins], grams[ends], shifts[begins]


def _reaching(
    index: LiteralIndex, codes: np.ndarray, starts: np.ndarray, ends: np.ndarray, shifts: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Extends the runs as far as they match: through names and frequent strings, which began none.

    All runs grow by a character at a time, those that have met their end no more.
    """
    last = index.size - 1
    starts, ends = starts.copy(), ends.copy()
    growing = np.flatnonzero(starts > 0)
    while len(growing):
        before = starts[growing] - 1
        same = index.characters(before + shifts[growing]) == codes[before]
        growing = growing[same]
        starts[growing] -= 1
        growing = growing[starts[growing] > 0]
    growing = np.flatnonzero(ends < len(codes))
    while len(growing):
        behind = ends[growing]
        same = index.characters(np.minimum(behind + shifts[growing], last)) == codes[behind]
        growing = growing[same]
        ends[growing] += 1
        growing = growing[ends[growing] < len(codes)]
    return starts, ends


def _first_of_equals(columns: np.ndarray) -> np.ndarray:
    """Returns, for each of sorted columns, whether it differs from the one before."""
    differs = np.ones(columns.shape[1], np.bool_)
    differs[1:] = (np.diff(columns, axis=1) != 0).any(axis=0)
    return differs


def _outside(names: Sequence[Span], size: int, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Counts the characters from ``starts`` to ``ends`` outside of ``names``."""
    free = np.ones(size, np.int64)
    for start, end in names:
        free[start:end] = 0
    so_far = np.concatenate([[0], np.cumsum(free)])
    return so_far[ends] - so_far[starts]
