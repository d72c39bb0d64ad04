"""The places of a phrase, one by one: what a concordance shows, in the order it is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import overload

import numpy as np

from search.text.folding import fold_literally

from .literal import LiteralIndex, apart

CONTEXT = 40


@dataclass(frozen=True, slots=True)
class Place:
    """One occurrence. ``offset`` counts characters of the folded text of the paragraph, as do ``before``,
    ``match`` and ``after``; ``folding.fold_literally_with_places(text).span(offset, offset + len(match))``
    is the place in the text itself. ``row`` is the paragraph's row of the index.
    """

    paragraph: int
    document: int
    row: int
    offset: int
    match: str
    before: str
    after: str


class Places:
    """A sequence of occurrences; ``places[20:40]`` reads only those. ``rows`` are their paragraphs' rows."""

    def __init__(self, index: LiteralIndex, match: str, starts: np.ndarray, rows: np.ndarray) -> None:
        self.index, self.match, self.starts, self.rows = index, match, starts, rows

    def __len__(self) -> int:
        return len(self.starts)

    def __iter__(self) -> Iterator[Place]:
        return map(self._place, range(len(self)))

    @overload
    def __getitem__(self, wanted: int) -> Place: ...

    @overload
    def __getitem__(self, wanted: slice) -> list[Place]: ...

    def __getitem__(self, wanted: int | slice) -> Place | list[Place]:
        if isinstance(wanted, slice):
            return [self._place(number) for number in range(*wanted.indices(len(self)))]
        return self._place(range(len(self))[wanted])

    def in_rows(self, rows: np.ndarray) -> Places:
        """The places that lie in the given rows, in the same order."""
        return self.in_order(np.flatnonzero(np.isin(self.rows, rows)))

    def in_order(self, order: np.ndarray) -> Places:
        """The places whose numbers stand in ``order``, in that order."""
        return Places(self.index, self.match, self.starts[order], self.rows[order])

    def by_rows(self, rank: np.ndarray) -> Places:
        """The places in the order of ``rank`` (a number for each row of the index), then of the text."""
        return self.in_order(np.lexsort((self.starts, rank[self.rows])))

    def _place(self, number: int) -> Place:
        index, start, row = self.index, int(self.starts[number]), int(self.rows[number])
        first, end = int(index.starts[row]), start + len(self.match)
        last = int(index.ends[row])
        text = index.text_at
        return Place(
            int(index.ids[row]),
            int(index.documents[row]),
            row,
            start - first,
            self.match,
            text(max(first, start - CONTEXT), start),
            text(end, min(last, end + CONTEXT)),
        )


def occurrences(
    index: LiteralIndex, phrase: str, not_before: Iterable[str] = (), not_after: Iterable[str] = ()
) -> Places:
    """Every place of ``phrase`` after folding, in the order of the rows and of the text: a sequence that is
    cut into pages and read lazily.

    Left out are places with one of ``not_before`` right before the phrase, or one of ``not_after`` right
    behind it.
    """
    phrase = fold_literally(phrase)
    starts = apart(index.places(phrase), len(phrase))
    for string in _folded(not_after):
        starts = np.setdiff1d(starts, index.places(phrase + string), assume_unique=True)
    for string in _folded(not_before):
        starts = np.setdiff1d(starts, index.places(string + phrase) + len(string), assume_unique=True)
    rows = index.rows_at(starts)
    order = np.argsort(rows, kind="stable")
    return Places(index, phrase, starts[order], rows[order])


def _folded(strings: Iterable[str]) -> list[str]:
    return [folded for string in strings if (folded := fold_literally(string))]
