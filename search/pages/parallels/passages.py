"""Parallel passages of a paragraph: who shares how much of it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from archive.site.presenters.diff import Difference, compare
from archive.store.values import Span
from archive.text.folding import Folded, fold_literally_with_places
from search.engine.highlight import joined
from search.engine.protocol import Index, Slice, Texts, holding
from search.engine.slices.ngram_lookup import Matches, NgramLookup, codes_of
from search.query.language.conditions import Everything


@dataclass(frozen=True, slots=True)
class Parallel:
    """Another paragraph with the passages that it shares: ``stored`` is its row of the index.

    ``here`` and ``there`` are the shared runs as spans in both texts, each in order and joined where they
    overlap; ``shared`` is how many characters of the paragraph in focus it has.
    """

    stored: dict
    here: tuple[Span, ...]
    there: tuple[Span, ...]
    shared: int


class Parallels:
    """The parallel passages of the paragraph ``row``, those with the longest run first, read lazily."""

    def __init__(self, archive: Slice, row: int, names: Sequence[Span] = ()) -> None:
        """``names``: places in the text of the paragraph of what all documents name alike."""
        self.archive, self.row = archive, row
        self.text: str = archive.stored(row)["text"]
        self.folded = fold_literally_with_places(self.text)
        folded_names = [span for name in names if (span := _into(self.folded, name))]
        self.runs: Runs = shared_runs(archive.folded, row, folded_names)

    @cached_property
    def rows(self) -> np.ndarray:
        """The paragraphs, in order: the longest run, then the most in all, then in order."""
        rows, first = np.unique(self.runs.rows, return_index=True)
        if not len(rows):
            return rows
        sizes = self.runs.ends - self.runs.starts
        longest = np.maximum.reduceat(sizes, first)
        total = np.add.reduceat(sizes, first)
        return rows[np.lexsort((rows, -total, -longest))]

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, wanted: slice) -> list[Parallel]:
        return [self.parallel(int(row)) for row in self.rows[wanted]]

    def parallel(self, row: int) -> Parallel:
        stored = self.archive.stored(row)
        theirs = fold_literally_with_places(stored["text"])
        pairs = self.runs.of(row)
        here = joined(here for here, _there in pairs)
        there = joined(there for _here, there in pairs)
        return Parallel(
            stored,
            tuple(self.folded.span(*span) for span in here),
            tuple(theirs.span(*span) for span in there),
            sum(end - start for start, end in here),
        )


def parallels(index: Index, paragraph: int, names: Sequence[Span] = ()) -> Parallels | None:
    """Returns the parallel passages of the paragraph with this key; None if it is not indexed yet."""
    archive = holding(index, Everything())
    (row,) = archive.folded.rows_of([paragraph]).tolist()
    return Parallels(archive, row, names) if row >= 0 else None


def _into(folded: Folded, span: Span) -> Span | None:
    """Returns a place in a text as a place in its fold; None where nothing of it is left."""
    start, end = bisect_left(folded.ends, span[0] + 1), bisect_left(folded.starts, span[1])
    return (start, end) if start < end else None


# A clause from resolution to resolution: where it stands in each, in time order, and what was reworded.

RESOLUTIONS = frozenset({"resolution", "decision"})
MOST_STEPS = 40
# So much of the longer wording must be left for the next one to be read as the same clause reworded.
MOSTLY = 0.5
LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Step:
    """The clause in one resolution. ``row`` is its row of the index, ``stored`` what the index has of it.

    ``difference`` is against the step before; None for the first, and where little of the wording is left.
    """

    row: int
    stored: dict
    difference: Difference | None = None


def clause_through(found: Parallels, family: Collection[str] = ()) -> list[Step]:
    """Returns the paragraph in focus and, of each other resolution, the paragraph that shares most with it.

    Empty where the paragraph is of no resolution. A clause of a resolution of the ``family`` (symbols) is
    followed through the family, another one through the resolutions of its series: those whose symbols begin
    alike, as ``A/RES/``. What bears no date cannot be put in order and is left out.
    """
    own = found.archive.stored(found.row)
    if not _is_resolution(found, found.row) or not own["sort_date"]:
        return []
    kin = family if own["symbol"] in family else None
    nearest: dict[str, tuple[int, dict]] = {own["symbol"]: (found.row, own)}
    for row in map(int, found.rows):
        if len(nearest) > MOST_STEPS:
            break
        if not _is_resolution(found, row):
            continue
        stored = found.archive.stored(row)
        symbol = stored["symbol"]
        belongs = symbol in kin if kin is not None else _series(symbol) == _series(own["symbol"])
        if belongs and stored["sort_date"]:
            nearest.setdefault(symbol, (row, stored))
    ordered = sorted(nearest.values(), key=lambda step: (step[1]["sort_date"], step[1]["symbol"]))
    if len(ordered) < 2:
        return []
    changes = (_difference(before["text"], stored["text"]) for (_, before), (_, stored) in pairwise(ordered))
    return [Step(*step, change) for step, change in zip(ordered, (None, *changes), strict=True)]


def _difference(then: str, now: str) -> Difference | None:
    longest = max(len(then), len(now))
    if longest > LONGEST:
        return None
    difference = compare(then, now, figures=True)
    return difference if len(now) - difference.added >= MOSTLY * longest else None


def _is_resolution(found: Parallels, row: int) -> bool:
    return found.archive.values["document_type"].of(row) in RESOLUTIONS


def _series(symbol: str) -> str:
    """Returns the series of a symbol: ``S/RES/`` of S/RES/1540(2004), ``A/RES/`` of A/RES/73/55."""
    kind = next((kind for kind in ("/RES/", "/DEC/") if kind in symbol), "")
    return symbol.partition(kind)[0] + kind if kind else symbol


# Where each wording of a paragraph stands first, among all that the archive holds.

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
    """Cuts the paragraph into pieces, each with its first occurrence. Joined, they are the whole text.

    The first is that of the earliest date; of paragraphs with one date, the one that shares the longest run
    there. An undated one is never first. A run counts with its whole length, but for digits of a figure that
    goes on beyond it.
    """
    own = _date(found, found.row)
    owner = np.full(len(found.folded.text), -1, np.int64)
    for run in _latest_first(found):
        row = int(found.runs.rows[run])
        if _date(found, row) < own:
            start, end = int(found.runs.starts[run]), int(found.runs.ends[run])
            owner[slice(*_with_whole_figures(found.folded.text, start, end))] = row
    return _pieces(found, owner)


def _with_whole_figures(text: str, start: int, end: int) -> tuple[int, int]:
    """Returns a run without ends that cut a figure: of 2032年 and 2022年, 2年 is nobody's wording."""
    while start < end and text[max(0, start - 1) : start + 1].isdecimal() and start:
        start += 1
    while start < end and text[end - 1 : end + 1].isdecimal() and end < len(text):
        end -= 1
    return start, end


def _latest_first(found: Parallels) -> np.ndarray:
    """Orders the runs so that those painted last win: by date, then by length."""
    runs = found.runs
    date = found.archive.values["sort_date"].first[runs.rows]
    return np.lexsort((runs.ends - runs.starts, -date))


def _date(found: Parallels, row: int) -> str:
    return found.archive.values["sort_date"].of(row) or NEVER


def _pieces(found: Parallels, owner: np.ndarray) -> list[Piece]:
    cuts = [0, *(np.flatnonzero(np.diff(owner)) + 1).tolist(), len(owner)]
    pieces: list[Piece] = []
    for first, last in pairwise(cuts):
        if first == last:
            continue
        start = pieces[-1].end if pieces else 0
        end = len(found.text) if last == len(owner) else found.folded.starts[last]
        row = int(owner[first])
        pieces.append(Piece(start, end, found.archive.stored(row) if row >= 0 else None))
    return pieces


# Runs of characters that a paragraph shares with others of the archive.

LEAST = 16
# So many places at most are looked at. Where a paragraph has more, runs do not begin with the strings that
# stand most often, but may go on through them.
MOST_PLACES = 2_000_000


@dataclass(frozen=True, slots=True)
class Runs:
    """The passages that one paragraph shares with others: columns of equal length, in order of row and place.

    ``rows`` is the other paragraph, ``starts`` and ``ends`` the run in the folded text of the one in focus,
    ``shifts`` what is added to reach it in the folded text of the other.
    """

    rows: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    shifts: np.ndarray

    def of(self, row: int) -> list[tuple[Span, Span]]:
        """Returns the runs shared with ``row``, each as its span here, and there."""
        part = slice(*np.searchsorted(self.rows, [row, row + 1]))
        columns = (column[part].tolist() for column in (self.starts, self.ends, self.shifts))
        return [
            ((start, end), (start + shift, end + shift)) for start, end, shift in zip(*columns, strict=True)
        ]


def shared_runs(index: Texts, row: int, names: Sequence[Span] = (), least: int = LEAST) -> Runs:
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


def _seeds(index: Texts, codes: np.ndarray, names: Sequence[Span], least: int) -> Matches:
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
    index: Texts, codes: np.ndarray, starts: np.ndarray, ends: np.ndarray, shifts: np.ndarray
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
    return (np.diff(columns, axis=1, prepend=-1) != 0).any(axis=0)


def _outside(names: Sequence[Span], size: int, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Counts the characters from ``starts`` to ``ends`` outside of ``names``."""
    free = np.ones(size, np.int64)
    for start, end in names:
        free[start:end] = 0
    so_far = np.concatenate([[0], np.cumsum(free)])
    return so_far[ends] - so_far[starts]
