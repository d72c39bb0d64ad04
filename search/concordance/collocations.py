"""Which words stand in the same paragraphs as a phrase more often than chance would have it, and when.

The counts are those of the word index over all paragraphs, never of a sample: paragraphs with both, with the
word, with the phrase. Only which words are looked at may come from a part of a long list, evenly spread.
Ranked by log-likelihood (T. Dunning, Accurate Methods for the Statistics of Surprise and Coincidence, 1993).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from search.index.occurrences import Places
from search.live.index import OpenIndex
from search.query.conditions import TEXT
from search.text.analyzer import Token, analyze
from search.text.folding import fold_literally, fold_words
from search.text.grouping import is_character, only_asks

MOST_READ = 300  # paragraphs whose words are looked at
MOST_WEIGHED = 150  # words that are counted over all paragraphs
MOST_SHOWN = 60
LEAST_TOGETHER = 2
LEAST_STRENGTH = 3.84  # beyond chance at one in twenty


@dataclass(frozen=True, slots=True)
class Collocate:
    """A word: ``together`` paragraphs hold it and the phrase, ``paragraphs`` hold it at all, ``expected``
    would hold both by chance; ``strength`` is the log-likelihood.
    """

    word: str
    together: int
    paragraphs: int
    expected: float
    strength: float


@dataclass(frozen=True, slots=True)
class Collocates:
    """``holding`` paragraphs of ``size`` hold the phrase; the words of ``read`` of these were looked at."""

    words: tuple[Collocate, ...]
    holding: int
    size: int
    read: int


@dataclass(frozen=True, slots=True)
class Year:
    """A year of documents: how often the phrase stands in them, in how many paragraphs and documents, and how
    many paragraphs of that year there are at all. ``year`` is empty for documents without one.
    """

    year: str
    occurrences: int
    paragraphs: int
    documents: int
    of: int


def collocates(index: OpenIndex, found: Places, within: np.ndarray | None = None) -> Collocates:
    """The words beside the places ``found``, strongest first; only among the rows ``within`` where given."""
    size = len(index.literal)
    counted = np.ones(size, bool)
    if within is not None:
        counted = np.zeros(size, bool)
        counted[within] = True
    rows = index.literal.distinct(found.rows)
    holding = np.zeros(size, bool)
    holding[rows] = True
    read = rows[np.unique(np.linspace(0, len(rows) - 1, min(len(rows), MOST_READ)).astype(int))]
    total = int(counted.sum())
    weighed = (
        _weighed(index, term, holding, counted, len(rows), total)
        for term in _candidates(index, read, found.match)
    )
    kept = [one for one in weighed if one.together >= LEAST_TOGETHER and one.strength >= LEAST_STRENGTH]
    kept.sort(key=lambda one: (-one.strength, one.word))
    return Collocates(tuple(kept[:MOST_SHOWN]), len(rows), total, len(read))


def _candidates(index: OpenIndex, rows: Sequence[int], match: str) -> Iterator[str]:
    """The words of the paragraphs ``rows``, those in most of them first; none that is part of the phrase, or
    that the phrase is part of.
    """
    often: Counter[str] = Counter()
    for row in rows:
        tokens = analyze(index.columns.stored(int(row))["text"])
        often.update({token.term for token in tokens if _is_word(token)})
    # Which words are weighed at all must not hang on the order of a set, which is another in each process.
    in_order = sorted(often, key=lambda term: (-often[term], term))
    apart = (term for term in in_order if not _overlap(term, match))
    for number, term in enumerate(apart):
        if number == MOST_WEIGHED:
            return
        yield term


def _is_word(token: Token) -> bool:
    return token.kind == "word" and len(token.term) > 1 and not is_character(token) and not only_asks(token)


def _overlap(term: str, match: str) -> bool:
    forms = (fold_literally(term), match), (term, fold_words(match))
    return any(one in other or other in one for one, other in forms)


def _weighed(
    index: OpenIndex, term: str, holding: np.ndarray, counted: np.ndarray, phrase: int, size: int
) -> Collocate:
    rows = index.engine.term(TEXT, term).rows
    rows = rows[counted[rows]]
    together, word = int(holding[rows].sum()), len(rows)
    expected = phrase * word / size if size else 0.0
    strength = log_likelihood(together, phrase, word, size) if together > expected else 0.0
    return Collocate(term, together, word, expected, strength)


def log_likelihood(together: int, one: int, other: int, size: int) -> float:
    """Dunning's G² of two things that stand in ``one`` and ``other`` of ``size`` paragraphs, ``together`` in
    the same.

    >>> log_likelihood(2, 4, 5, 10)  # what chance would have it
    0.0
    """
    cells = (
        (together, one, other),
        (one - together, one, size - other),
        (other - together, size - one, other),
        (size - one - other + together, size - one, size - other),
    )
    return 2 * sum(seen * log(seen * size / (row * column)) for seen, row, column in cells if seen)


def by_year(index: OpenIndex, found: Places, within: np.ndarray | None = None) -> list[Year]:
    """The places ``found`` by the year of their documents, every year that the archive has, in order; those
    without a year last. Only among the rows ``within`` where given.
    """
    column = index.columns["year"]
    values = [*column.values, ""]
    numbers = np.where(column.first < 0, len(values) - 1, column.first)
    rows = index.literal.distinct(found.rows)
    everything = np.arange(len(index.literal)) if within is None else within
    size = len(values)
    occurrences = np.bincount(numbers[found.rows], minlength=size)
    paragraphs = np.bincount(numbers[rows], minlength=size)
    of = np.bincount(numbers[everything], minlength=size)
    pairs = np.unique(np.stack([numbers[rows], index.literal.documents[rows]]), axis=1)
    documents = np.bincount(pairs[0], minlength=size)
    counted: dict[str, Year] = {}
    for number, value in enumerate(values):
        year = Year(value, *(int(counts[number]) for counts in (occurrences, paragraphs, documents, of)))
        before = counted.get(value, Year(value, 0, 0, 0, 0))
        counted[value] = Year(
            value,
            before.occurrences + year.occurrences,
            before.paragraphs + year.paragraphs,
            before.documents + year.documents,
            before.of + year.of,
        )
    return sorted((one for one in counted.values() if one.of), key=lambda one: one.year or "~")
