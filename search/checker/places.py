"""Places: the paragraphs of the archive in which words stand, as the index knows them."""

from __future__ import annotations

from functools import cached_property, lru_cache

import numpy as np

from archive.http.addresses import paragraph_path
from search.index.labels import dates_of, place_of, who_of
from search.index.literal import Occurrences
from search.live.index import OpenIndex

from .report import QuotedPlace
from .uncovered import Uncovered

MOST_PLACES = 20
FIRST_OF_ALL = ("resolution", "presidential_statement", "decision")


class Places:
    """The paragraphs of one index, or of those that it does not cover; read once each for a check."""

    def __init__(self, index: OpenIndex | Uncovered) -> None:
        self.index = index
        self._stored = lru_cache(maxsize=4096)(index.columns.stored)

    def text(self, row: int) -> str:
        return self._stored(row)["text"]

    def of_rows(self, rows: np.ndarray, first: np.ndarray, most: int = MOST_PLACES) -> list[QuotedPlace]:
        """Returns the places of ``rows``, those of ``first`` before all others; then resolutions, then by
        date, the oldest first: who said it first.
        """
        ordered = np.concatenate([self._ordered(first), self._ordered(np.setdiff1d(rows, first))])
        return [self.of_row(row) for row in ordered[:most].tolist()]

    def _ordered(self, rows: np.ndarray) -> np.ndarray:
        if len(rows) < 2:
            return rows
        columns = self.index.columns
        kinds, dates = columns["document_type"], columns["sort_date"]
        leading = [kinds.numbers[kind] for kind in FIRST_OF_ALL if kind in kinds.numbers]
        heading = columns["kind"].numbers.get("heading", -2)
        dated = dates.first[rows]
        keys = (
            rows,
            np.where(dated < 0, len(dates.values), dated),
            columns["kind"].first[rows] == heading,
            ~np.isin(kinds.first[rows], leading),
        )
        return rows[np.lexsort(keys)]

    def of_row(self, row: int) -> QuotedPlace:
        stored = self._stored(row)
        return QuotedPlace.from_row(
            stored,
            name=place_of(stored),
            url=paragraph_path(stored["symbol"], stored["anchor"], stored["fingerprint"]),
        ).carrying(
            key=int(self.index.literal.ids[row]),
            document=int(self.index.literal.documents[row]),
            dates=dates_of(stored),
        )

    def who(self, row: int) -> str:
        """Returns the speaker or submitter of a row; empty where nobody is named."""
        return who_of(self._stored(row))

    @cached_property
    def _by_key(self) -> np.ndarray:
        return np.argsort(self.index.literal.ids, kind="stable")

    def rows_of(self, keys: list[int]) -> np.ndarray:
        """Returns the rows of the paragraphs that are in the index."""
        ids = self.index.literal.ids
        at = np.searchsorted(ids, np.array(keys, np.int64), sorter=self._by_key)
        rows = self._by_key[at[at < len(ids)]]
        return rows[np.isin(ids[rows], keys)]

    def find(self, phrase: str) -> Occurrences:
        return self.index.literal.find(phrase)
