"""Places: the paragraphs of the archive in which words stand, as the index knows them."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from search.library import OpenIndex
from search.literal import Occurrences

from .report import Place

MOST_PLACES = 50
MOST_ORDERED = 500  # rows that are put into order; of more, the first of the index are shown
FIRST_OF_ALL = ("resolution", "presidential_statement", "decision")


class Places:
    """The paragraphs of one index; read once each for a check."""

    def __init__(self, index: OpenIndex) -> None:
        self.index = index
        self._stored = lru_cache(maxsize=4096)(index.columns.stored)

    def text(self, row: int) -> str:
        return self._stored(row)["text"]

    def of_rows(self, rows: np.ndarray, first: np.ndarray | None = None) -> tuple[Place, ...]:
        """The places of ``rows``, those of ``first`` before all others; then resolutions, then by date, the
        oldest first: who said it first.
        """
        chosen = [] if first is None else sorted(first[:MOST_ORDERED].tolist(), key=self._order)
        others = rows if first is None else np.setdiff1d(rows, first)
        chosen += sorted(others[:MOST_ORDERED].tolist(), key=self._order)
        return tuple(self.of_row(row) for row in chosen[:MOST_PLACES])

    def of_row(self, row: int) -> Place:
        stored = self._stored(row)
        return Place(
            key=int(self.index.literal.ids[row]),
            document=int(self.index.literal.documents[row]),
            symbol=stored["symbol"],
            anchor=stored["anchor"],
            name=stored["place"],
            title=stored["title"],
            date=stored["date_in_words"],
            fingerprint=stored["fingerprint"],
        )

    def _order(self, row: int) -> tuple:
        stored = self._stored(row)
        first = stored["document_type"] in FIRST_OF_ALL
        return (not first, stored["kind"] == "heading", stored["date"] or "9", stored["symbol"], row)

    def find(self, phrase: str) -> Occurrences:
        return self.index.literal.find(phrase)
