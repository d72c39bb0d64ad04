"""Parallel passages of a paragraph: who shares how much of it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from archive.presenters.diff import Difference, compare
from search.index.columns import Columns
from search.live.index import OpenIndex
from search.text.folding import Folded, fold_literally_with_places

from .runs import Runs, Span, shared_runs, text_of


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

    def __init__(self, index: OpenIndex, row: int, names: Sequence[Span] = ()) -> None:
        """``names``: places in the text of the paragraph of what all documents name alike."""
        self.index, self.row = index, row
        self.text: str = index.columns.stored(row)["text"]
        self.folded = fold_literally_with_places(self.text)
        folded_names = [span for name in names if (span := _into(self.folded, name))]
        self.runs: Runs = shared_runs(index.literal, row, folded_names)

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
        stored = self.index.columns.stored(row)
        theirs = fold_literally_with_places(stored["text"])
        pairs = self.runs.of(row)
        here = united(here for here, _there in pairs)
        there = united(there for _here, there in pairs)
        return Parallel(
            stored,
            tuple(self.folded.span(*span) for span in here),
            tuple(theirs.span(*span) for span in there),
            sum(end - start for start, end in here),
        )


def parallels(index: OpenIndex, paragraph: int, names: Sequence[Span] = ()) -> Parallels | None:
    """Returns the parallel passages of the paragraph with this key; None if it is not indexed yet."""
    found = np.flatnonzero(index.literal.ids == paragraph)
    return Parallels(index, int(found[0]), names) if len(found) else None


def united(spans) -> list[Span]:
    """Spans in order, joined where they touch or overlap."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _into(folded: Folded, span: Span) -> Span | None:
    """Returns a place in a text as a place in its fold; None where nothing of it is left."""
    start, end = bisect_left(folded.ends, span[0] + 1), bisect_left(folded.starts, span[1])
    return (start, end) if start < end else None


__all__ = ["Parallel", "Parallels", "parallels", "text_of", "united"]


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
    own = found.index.columns.stored(found.row)
    if not _is_resolution(found, found.row) or not own["sort_date"]:
        return []
    kin = family if own["symbol"] in family else None
    nearest: dict[str, tuple[int, dict]] = {own["symbol"]: (found.row, own)}
    for row in map(int, found.rows):
        if len(nearest) > MOST_STEPS:
            break
        if not _is_resolution(found, row):
            continue
        stored = found.index.columns.stored(row)
        symbol = stored["symbol"]
        belongs = symbol in kin if kin is not None else _series(symbol) == _series(own["symbol"])
        if belongs and stored["sort_date"]:
            nearest.setdefault(symbol, (row, stored))
    ordered = sorted(nearest.values(), key=lambda step: (step[1]["sort_date"], step[1]["symbol"]))
    return _steps(ordered) if len(ordered) > 1 else []


def _steps(ordered: list[tuple[int, dict]]) -> list[Step]:
    steps = [Step(*ordered[0])]
    for (_row, before), (row, stored) in zip(ordered, ordered[1:], strict=False):
        steps.append(Step(row, stored, _difference(before["text"], stored["text"])))
    return steps


def _difference(then: str, now: str) -> Difference | None:
    longest = max(len(then), len(now))
    if longest > LONGEST:
        return None
    difference = compare(then, now, figures=True)
    return difference if len(now) - difference.added >= MOSTLY * longest else None


def _is_resolution(found: Parallels, row: int) -> bool:
    column = found.index.columns["document_type"]
    number = int(column.first[row])
    return number >= 0 and column.values[number] in RESOLUTIONS


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
    """Returns a run without ends that cut a figure: of 2032年 and 2022年, 2年 is nobody's wording."""
    while start < end and text[max(0, start - 1) : start + 1].isdecimal() and start:
        start += 1
    while start < end and text[end - 1 : end + 1].isdecimal() and end < len(text):
        end -= 1
    return start, end


def _latest_first(found: Parallels) -> np.ndarray:
    """Orders the runs so that those painted last win: by date, then by length."""
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
