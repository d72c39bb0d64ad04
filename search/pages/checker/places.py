"""Places: the paragraphs of the archive in which words stand, as the index knows them."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from archive.store.addresses.paths import paragraph_path
from search.engine.protocol import Found, Slice
from search.pages.labels import Voice, dates_of, place_of, voice_of

from .report import QuotedPlace

MOST_PLACES = 20
FIRST_OF_ALL = ("resolution", "presidential_statement", "decision")


class Places:
    """The paragraphs of an index, or of those that it does not cover; read once each for a check."""

    def __init__(self, archive: Slice) -> None:
        self.archive, self.folded = archive, archive.folded
        self._stored = lru_cache(maxsize=4096)(archive.stored)

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
        values = self.archive.values
        kinds, dates = values["document_type"], values["sort_date"]
        leading = [kinds.numbers[kind] for kind in FIRST_OF_ALL if kind in kinds.numbers]
        heading = values["kind"].numbers.get("heading", -2)
        dated = dates.first[rows]
        keys = (
            rows,
            np.where(dated < 0, len(dates.values), dated),
            values["kind"].first[rows] == heading,
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
            key=int(self.folded.ids[row]),
            document=int(self.folded.documents[row]),
            dates=dates_of(stored),
        )

    def voice(self, row: int) -> Voice:
        """Returns the speaker or submitter of a row."""
        return voice_of(self._stored(row))

    def rows_of(self, keys: list[int]) -> np.ndarray:
        """Returns the rows of the paragraphs that are in the index."""
        rows = self.folded.rows_of(keys)
        return rows[rows >= 0]

    def find(self, phrase: str) -> Found:
        return self.folded.find(phrase)
