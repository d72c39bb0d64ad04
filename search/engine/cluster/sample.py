"""Paragraphs that a cluster has sent, as a small index in memory: with the statistics of all, so that their
signals are those that they would have among all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from search.engine.index.small import small_index
from search.engine.protocol import Numbers
from search.engine.searcher.reader import Field, Reader, as_bytes, averaged
from search.query.language.conditions import Concept

from .mapping import Hit

Told = Mapping[Concept, tuple[Concept, Sequence[int]]]


@dataclass(frozen=True, slots=True)
class Totals:
    """What is true of all paragraphs: their number, the years of their documents; of each field of tokens how
    many have any, and how many there are.
    """

    size: int
    years: tuple[str, ...]
    tokens: Mapping[str, tuple[int, int]]


class Sample(Reader):
    """A reader of ``hits``. ``told`` says of a concept which of its forms stand anywhere, and in how many
    paragraphs.
    """

    def __init__(self, hits: Sequence[Hit], totals: Totals, told: Told) -> None:
        known = {hit.row.paragraph: hit for hit in hits}
        self.hits = sorted(known.values(), key=lambda hit: hit.place)
        literal, columns = small_index(hit.row for hit in self.hits)
        super().__init__(SentPostings(self.hits), columns, literal)
        self.total, self._totals, self._told = totals.size, totals, told

    @cached_property
    def scores(self) -> Numbers:
        """The score of each row."""
        return np.array([hit.score for hit in self.hits], np.float32)

    def told(self, concept: Concept) -> tuple[Concept, Sequence[int]]:
        return self._told.get(concept, (concept, ()))

    def early(self, rows: Numbers) -> Numbers:
        return np.array([self.hits[row].early for row in rows.tolist()])

    @cached_property
    def _fields(self) -> dict[str, Field]:
        return {
            name: averaged(as_bytes(lengths), *self._totals.tokens[name])
            for name, lengths in self.columns.lengths.items()
        }


@dataclass(frozen=True)
class SentPostings:
    """The tokens that came with ``hits``, by term."""

    hits: Sequence[Hit]
    _known: dict[str, dict[str, tuple[list[int], list[int]]]] = field(default_factory=dict)

    def postings(self, field: str, term: str) -> tuple[Numbers, Numbers]:
        if field not in self._known:
            terms = self._known[field] = {}
            for row, hit in enumerate(self.hits):
                for token, count in hit.tokens[field].items():
                    rows, counts = terms.setdefault(token, ([], []))
                    rows.append(row)
                    counts.append(count)
        rows, counts = self._known[field].get(term, ([], []))
        return np.array(rows, np.int32), np.array(counts, np.int32)

    def frequency(self, field: str, term: str) -> int:
        return len(self.postings(field, term)[0])
