"""An open index: the engine's postings, scored by BM25, beside the columns that all engines share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from threading import Lock
from typing import Protocol

import numpy as np
from cachetools import LRUCache, cached

from archive.text.folding import fold_literally
from search.engine.index.arrangement import Arrangement, merged
from search.engine.index.columns import Columns
from search.engine.index.generations import reading
from search.engine.index.literal import LiteralIndex, Occurrences, find_pattern, near
from search.engine.protocol import Numbers
from search.query.language.conditions import (
    TEXT,
    Concept,
    Contains,
    Literal,
    NearBy,
    Pattern,
    inverse_frequency,
)

from .scoring import NOTHING, Scores

# Postings kept in memory by each process, 12 bytes each: at least so many, and so many for each paragraph. An
# index that is larger holds longer lists, so that the same number of lists is kept.
KEPT, KEPT_FOR_EACH = 4_000_000, 10
FREQUENCIES = 32_768  # how many of them are kept


class Postings(Protocol):
    """The interface of a segment's postings; rows are those of the segment."""

    def postings(self, field: str, term: str) -> tuple[Numbers, Numbers]:
        """Returns the rows that contain a token, in rising order, and its frequency in each."""
        ...

    def frequency(self, field: str, term: str) -> int:
        """Returns the document frequency of a token."""
        ...


class AllPostings:
    """The postings of all ``segments``, each read alone, mapped to the rows of ``arrangement``."""

    def __init__(self, segments: Sequence[Postings], arrangement: Arrangement) -> None:
        self._segments, self._arrangement = segments, arrangement

    def postings(self, field: str, term: str) -> tuple[Numbers, Numbers]:
        """Returns the same as ``Postings.postings``."""
        each = enumerate(self._segments)
        return merged([self._arrangement.mapped(at, *one.postings(field, term)) for at, one in each])

    def frequency(self, field: str, term: str) -> int:
        """Returns the same as ``Postings.frequency``, without the rows that are left out."""
        return sum(
            one.frequency(field, term)
            if self._arrangement.whole[at]
            else len(self._arrangement.mapped(at, *one.postings(field, term))[0])
            for at, one in enumerate(self._segments)
        )


class Reader:
    """Postings, columns and literal index as scores (``scoring.Source``). Usable by several threads at
    once.
    """

    def __init__(self, postings: Postings, columns: Columns, literal: LiteralIndex) -> None:
        self.postings, self.columns, self.literal = postings, columns, literal
        self.size = self.total = len(columns)  # rows here, and paragraphs of which they are part
        most = max(KEPT, KEPT_FOR_EACH * self.size)
        kept: LRUCache[tuple[str, str], Scores] = LRUCache(most, lambda found: len(found.rows) + 1)
        self.term = cached(kept, key=lambda *asked: asked, lock=Lock())(self._term)

    def _term(self, field: str, value: str) -> Scores:
        """Returns the paragraphs that hold ``value``, kept as ``term``."""
        if field not in self.columns.lengths:
            return self._exact(field, value)
        return self._ranked(field, value) if value else NOTHING

    def _exact(self, field: str, value: str) -> Scores:
        if field not in self.columns:
            return NOTHING
        rows = self.columns[field].rows([value])
        return Scores(rows, np.zeros(len(rows)))

    def _ranked(self, field: str, value: str) -> Scores:
        with reading(f"postings of {value!r}"):
            rows, counts = self.postings.postings(field, value)
        if not len(rows):
            return NOTHING
        scoring = self._fields[field]
        return Scores(rows, scoring.scores(rows, counts, scoring.rarity(len(rows))))

    def strength(self, rows: Numbers, counts: Numbers | float) -> Numbers:
        return self._fields[TEXT].scores(rows, counts, 1.0)

    def told(self, concept: Concept) -> tuple[Concept, Sequence[int]]:
        """Returns ``concept`` as it is matched here, and in how many paragraphs of all each kind of its forms
        holds, where the rows do not tell.
        """
        return concept, ()

    def early(self, rows: Numbers) -> Numbers:
        """Returns the position of each of ``rows`` in its document: 1 for the first, falling towards 0."""
        documents = self.literal.documents
        first = np.searchsorted(documents, documents[rows])
        last = np.searchsorted(documents, documents[rows], side="right")
        early: Numbers = 1 - (rows - first) / np.maximum(last - first, 1)
        return early

    def rarity(self, field: str, holding: int) -> float | None:
        return self._fields[field].rarity(holding) if field in self._fields else None

    @cached_property
    def _fields(self) -> dict[str, Field]:
        return {name: field_of(lengths, as_bytes(lengths)) for name, lengths in self.columns.lengths.items()}

    @cached_property
    def frequency(self) -> Callable[[str, str], int]:
        """A cached function: the number of paragraphs with a value in a field."""
        return lru_cache(maxsize=FREQUENCIES)(self._frequency)

    def _frequency(self, field: str, value: str) -> int:
        if field not in self.columns.lengths:
            return len(self.term(field, value).rows)
        with reading(f"frequency of {value!r}"):
            return self.postings.frequency(field, value) if value else 0

    def phrase(self, condition: Literal) -> Occurrences:
        """Returns the rows that match a literal condition, with the number of occurrences."""
        return occurrences_of(condition, self.literal)

    @cached_property
    def occurs(self) -> Callable[[str], bool]:
        """A cached function: True if a string occurs in any text."""
        return lru_cache(maxsize=FREQUENCIES)(self.literal.occurs)


def occurrences_of(condition: Literal, literal: LiteralIndex) -> Occurrences:
    """Returns the paragraphs that satisfy ``condition``, and how often each does."""
    match condition:
        case Contains(text, apart_from=longer):
            return _apart_from(literal.find(text), text, longer)
        case Pattern(text):
            return find_pattern(literal, text)
        case NearBy():
            return near(literal, condition)


def _apart_from(found: Occurrences, text: str, longer: tuple[str, ...]) -> Occurrences:
    """Returns ``found`` of ``text`` without occurrences inside one of the ``longer`` strings."""
    if not longer:
        return found
    left = found.counts.astype(np.int64)
    for string in longer:
        other = found.index.find(string)
        times = fold_literally(string).count(fold_literally(text))
        left[np.searchsorted(found.rows, other.rows)] -= other.counts * times
    held = left > 0
    return Occurrences(found.rows[held], left[held], found.index)


# BM25 as Lucene computes it, so that an engine built on Lucene puts paragraphs in the same order.
# Sources, of Apache Lucene 8 and later: ``SmallFloat.intToByte4``, ``byte4ToInt`` (a length in one byte,
# exact up to 39, then three bits behind the first), ``BM25Similarity`` (rarity, average, score; the number
# of rows is that of those with a token in the field). Numbers are single floats where they are there.
# Lucene leaves out the factor k1 + 1, which changes no order: here it is ``FACTOR``, and a boost where
# another engine is asked.

# A paragraph is long because it says more, not because it repeats itself: its length weighs less than that of
# whole documents (0.75).
K1, B = 1.2, 0.4
FACTOR = K1 + 1
EXACT = 24  # so many bytes are not needed for the greatest length, and stand for themselves


def _length(code: int) -> int:
    """Decodes the length that a byte encodes."""
    bits, shift = code & 7, (code >> 3) - 1
    return bits if shift < 0 else (bits | 8) << shift


LENGTHS: Numbers = np.array(
    [*range(EXACT), *(EXACT + _length(code) for code in range(256 - EXACT))], np.int64
)


def as_bytes(lengths: Numbers) -> Numbers:
    """Numbers of tokens (not below 0) as one byte each: the greatest of ``LENGTHS`` that is not above."""
    return (np.searchsorted(LENGTHS, lengths, side="right") - 1).astype(np.uint8)


@dataclass(frozen=True, slots=True)
class Field:
    """The statistics of a tokenised field for scoring: the rounded length of each row as a byte; the number
    of rows with a token; for each byte the inverse of the addend to the frequency.
    """

    lengths: Numbers
    holding: int
    inverse: Numbers

    def scores(self, rows: Numbers, counts: Numbers | float, rarity: float) -> Numbers:
        """Scores the ``rows`` for a term with ``counts`` occurrences in each."""
        weight = np.float32(FACTOR) * np.float32(rarity)
        one = np.float32(1)
        counts = np.asarray(counts, np.float32)
        found: Numbers = weight - weight / (one + counts * self.inverse[self.lengths[rows]])
        return found

    def rarity(self, holding: int) -> float:
        """Returns the inverse document frequency of a term that occurs in ``holding`` rows."""
        return inverse_frequency(self.holding, holding)


def field_of(lengths: Numbers, rounded: Numbers) -> Field:
    """Builds a field. ``lengths`` are the true numbers of tokens of all rows, which give the average;
    ``rounded`` their bytes.
    """
    return averaged(rounded, int(np.count_nonzero(lengths)), int(lengths.sum(dtype=np.int64)))


def averaged(rounded: Numbers, holding: int, total: int) -> Field:
    """Builds a field of which ``holding`` rows have tokens, ``total`` in all."""
    average = np.float32(total / holding) if holding else np.float32(1)
    k1, b, one = np.float32(K1), np.float32(B), np.float32(1)
    inverse = one / (k1 * ((one - b) + b * LENGTHS.astype(np.float32) / average))
    return Field(rounded, holding, inverse)
