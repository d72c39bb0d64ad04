"""BM25 as Lucene computes it, so that an engine built on Lucene puts paragraphs in the same order.

Sources, of Apache Lucene 8 and later: ``SmallFloat.intToByte4``, ``byte4ToInt`` (a length in one byte, exact
up to 39, then three bits behind the first), ``BM25Similarity`` (rarity, average, score; the number of rows is
that of those with a token in the field). Numbers are single floats where they are there. Lucene leaves out
the factor k1 + 1, which changes no order: here it is ``FACTOR``, and a boost where another engine is asked.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from search.query.vocabulary import inverse_frequency

from .protocols import Numbers

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
    holding = int(np.count_nonzero(lengths))
    average = np.float32(int(lengths.sum(dtype=np.int64)) / holding) if holding else np.float32(1)
    k1, b, one = np.float32(K1), np.float32(B), np.float32(1)
    inverse = one / (k1 * ((one - b) + b * LENGTHS.astype(np.float32) / average))
    return Field(rounded, holding, inverse)
