"""Places: the paragraphs of the archive in which words stand, as the index knows them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from archive.store.addresses.paths import paragraph_path
from search.engine.index.columns import ColumnFiles, Columns, Row
from search.engine.index.literal import LiteralIndex, Occurrences, write_literal_index
from search.engine.index.rows import exact_fields, token_fields
from search.engine.live.index import OpenIndex
from search.engine.live.segments import prepared_rows
from search.pages.labels import Voice, dates_of, place_of, voice_of

from .report import QuotedPlace

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

    def voice(self, row: int) -> Voice:
        """Returns the speaker or submitter of a row."""
        return voice_of(self._stored(row))

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


# A draft is compared, too, with the documents that changed since they were indexed: a right quotation is
# not called wrong because the index is behind. Of these an index of their own is made, in a folder that is
# gone at once, without the words that a check never asks for; it is kept while the archive stands at its
# revision.

MOST_UNCOVERED = 3_000  # paragraphs


@dataclass(frozen=True, slots=True)
class Uncovered:
    """The paragraphs of the documents that an index does not cover, as ``Places`` reads them."""

    literal: LiteralIndex
    columns: Columns


@lru_cache(maxsize=1)
def uncovered_of(index: OpenIndex) -> Uncovered | None:
    """Returns the uncovered documents; None where they are more than ``MOST_UNCOVERED``."""
    if index.coverage.paragraphs > MOST_UNCOVERED:
        return None
    lengths = dict.fromkeys(token_fields(), 0)
    with TemporaryDirectory() as folder:  # what is mapped stays readable
        directory = Path(folder)
        with ColumnFiles(directory, exact_fields(), lengths) as files:
            for one in prepared_rows(sorted(index.coverage.uncovered)):
                files.add(Row(one.paragraph, one.document, one.exact, one.stored, lengths))
            keys = files.finish()
        columns = Columns(directory)
        texts = (columns.stored(row)["text"] for row in range(len(columns)))
        write_literal_index(directory, zip(keys.paragraphs, keys.documents, texts, strict=True))
        return Uncovered(LiteralIndex.of(directory), columns)
