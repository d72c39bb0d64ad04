"""Postings gathered as columns of numbers while paragraphs are written."""

from __future__ import annotations

from array import array
from collections import defaultdict
from itertools import count
from typing import NamedTuple

import numpy as np

from search.index.rows import Entry

Key = tuple[str, str]  # field and term


class Holding(NamedTuple):
    """The paragraphs that hold a term, and how often each does."""

    paragraphs: np.ndarray
    counts: np.ndarray


class Collected:
    """The postings of the paragraphs that are being written, gathered as they come."""

    def __init__(self) -> None:
        numbers = count().__next__
        self._known: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(numbers))
        self._terms, self._counts = array("I"), bytearray()
        self._paragraphs, self._sizes = array("q"), array("I")

    def add(self, entry: Entry) -> Entry:
        before = len(self._terms)
        for field, tokens in entry.tokens.items():
            self._terms.extend(map(self._known[field].__getitem__, tokens))
            self._counts.extend(tokens.values())
        self._paragraphs.append(entry.paragraph)
        self._sizes.append(len(self._terms) - before)
        return entry

    def keys(self) -> list[Key]:
        """The terms that were met, in the order of their numbers."""
        held = [
            (number, (field, term)) for field, known in self._known.items() for term, number in known.items()
        ]
        return [key for _, key in sorted(held)]

    def frequencies(self) -> np.ndarray:
        """By number of the term: how many paragraphs hold it."""
        return np.bincount(np.frombuffer(self._terms, np.uint32)) if self._terms else np.empty(0, np.int64)

    def holding(self, wanted: np.ndarray) -> list[Holding]:
        """The lists of the terms of the numbers ``wanted``, which are in rising order."""
        terms = np.frombuffer(self._terms, np.uint32) if self._terms else np.empty(0, np.uint32)
        rank = np.zeros(int(terms.max(initial=0)) + 1, np.uint32)
        rank[wanted] = np.arange(1, len(wanted) + 1)
        ranks = rank[terms]
        chosen = np.flatnonzero(ranks)
        ranks = ranks[chosen].astype(np.min_scalar_type(len(wanted)))  # small numbers are sorted by counting
        places = chosen[np.argsort(ranks, kind="stable")]
        ends = np.cumsum(np.bincount(ranks, minlength=len(wanted) + 1)[1:])[:-1]
        owners = np.repeat(np.arange(len(self._sizes), dtype=np.uint32), self._sizes)[places]
        paragraphs = (
            np.frombuffer(self._paragraphs, np.int64)[owners] if len(owners) else np.empty(0, np.int64)
        )
        counts = np.frombuffer(self._counts, np.uint8)[places] if len(places) else np.empty(0, np.uint8)
        pieces = zip(np.split(paragraphs, ends), np.split(counts, ends), strict=True)
        return [Holding(*piece) for piece in pieces] if len(wanted) else []
