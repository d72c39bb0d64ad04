"""Places: the paragraphs of the archive in which words stand, as the index knows them."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np

from archive.text.folding import fold_literally, fold_literally_with_places
from search.engine.protocol import Found, Slice
from search.pages.labels import Voice, dates_of, path_of, place_of, voice_of
from search.query.text.marked_words import starts_of

from .report import QuotedPlace

MOST_PLACES = 20
COMPARED = 200  # paragraphs that have the words of a quotation, whose characters and voices are looked at
# 3 497, 1.5, 二〇二四, State: a piece of one is another one
_UNIT = re.compile(r"\d+(?:\.\d+|[ ,]\d{3}(?!\d))*|[〇零一二三四五六七八九十百千万亿]+|[A-Za-zÀ-ɏ]+")
FIRST_OF_ALL = ("resolution", "presidential_statement", "decision")


class Places:
    """The paragraphs of an index, or of those that it does not cover; read once each for a check."""

    def __init__(self, archive: Slice) -> None:
        self.archive, self.folded = archive, archive.folded
        self._stored = lru_cache(maxsize=4096)(archive.stored)
        self._inside = lru_cache(maxsize=4096)(self._halves)

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
            url=path_of(stored, stored["fingerprint"]),
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

    def _halves(self, row: int) -> frozenset[int]:
        """Returns the places in the folded text of a row that halve a number or a Latin word."""
        text = self.text(row)
        halves = {at for one in _UNIT.finditer(text) for at in range(one.start() + 1, one.end())}
        return frozenset(
            at for at, start in enumerate(fold_literally_with_places(text).starts) if start in halves
        )

    def whole(self, phrase: str) -> tuple[np.ndarray, np.ndarray]:
        """Returns the rows of a phrase with its number in each, without those in which it halves a number or
        a word at its ends, as far as so many are looked at.
        """
        found, needle = self.find(phrase), fold_literally(phrase)
        if not (_UNIT.match(needle) or _UNIT.match(needle[-1:])):
            return found.rows, found.counts
        whole = [self._standing(needle, row) for row in found.rows[:COMPARED].tolist()]
        counts = np.append(whole, found.counts[COMPARED:]).astype(np.int64)
        return found.rows[counts > 0], counts[counts > 0]

    def _standing(self, needle: str, row: int) -> int:
        inside, size = self._inside(row), len(needle)
        return sum(not {at, at + size} & inside for at in starts_of(needle, self.folded.text(row)))

    def widened(self, row: int, start: int, end: int) -> tuple[int, int]:
        """Returns a place in the folded text of a row, with the rest of numbers and words at its ends."""
        inside = self._inside(row)
        while start in inside:
            start -= 1
        while end in inside:
            end += 1
        return start, end
