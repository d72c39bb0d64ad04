"""Parallel passages of a paragraph: who shares how much of it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from search.live.index import OpenIndex
from search.text.folding import Folded, fold_literally_with_places

from .runs import Runs, Span, shared_runs, text_of


@dataclass(frozen=True, slots=True)
class Parallel:
    """Another paragraph with what it shares: ``stored`` is its row of the index.

    ``here`` and ``there`` are the shared runs as places in both texts, each in order and joined where they
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
    """The parallel passages of the paragraph with this key, or None where the index does not have it yet."""
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
    """A place in a text as a place in its fold; None where nothing of it is left."""
    start, end = bisect_left(folded.ends, span[0] + 1), bisect_left(folded.starts, span[1])
    return (start, end) if start < end else None


__all__ = ["Parallel", "Parallels", "parallels", "text_of", "united"]
