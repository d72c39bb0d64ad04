"""Whoosh, the engine that needs nothing but Python. It keeps which paragraph holds which token how often."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing
from itertools import count
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO

import numpy as np
from haystack.backends import BaseEngine

from search.engine.index.generations import IndexUnavailableError
from search.engine.index.rows import Entry, token_fields
from search.engine.searcher.reader import Postings
from search.query.text.term_counts import Tokens

from .haystack import ArchiveBackend, ArchiveQuery
from .whoosh_segment import WhooshSegment, WhooshWriter

Key = tuple[str, str]  # field and term
AT_ONCE = 1 << 20  # postings


class WhooshBackend(ArchiveBackend):
    """Every segment is an index of Whoosh with one segment, in which nothing is deleted."""

    def write(self, directory: Path, entries: Iterable[Entry]) -> None:
        writer = WhooshWriter(directory, token_fields())
        try:
            with closing(Collected(directory)) as collected:
                for row, entry in enumerate(entries):
                    writer.add_row(entry.paragraph)
                    collected.add(row, entry.tokens)
                writer.finish(collected.postings())
        except BaseException:
            writer.cancel()
            raise

    def open(self, directory: Path, ids: np.ndarray) -> Postings:
        segment = WhooshSegment(directory)
        if not np.array_equal(segment.paragraphs, ids):
            raise IndexUnavailableError(f"{directory}: its parts hold different paragraphs")
        return segment


class WhooshEngine(BaseEngine):
    backend = WhooshBackend
    query = ArchiveQuery


# --- gathering the postings of a segment while it is written ---


class Collected:
    """The postings of the rows that are being written, gathered as they come as columns of numbers. They go
    to files without a name in ``directory`` from time to time, sorted by field and term; all is read again in
    that order, a stretch of each file at a time: memory grows with the terms and not with the postings.
    """

    def __init__(self, directory: Path) -> None:
        numbers = count().__next__
        self._known: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(numbers))
        self._directory, self._runs, self._files = directory, list[_Run](), ExitStack()
        self._clear()

    def _clear(self) -> None:
        self._terms, self._counts = array("I"), bytearray()
        self._rows, self._sizes = array("I"), array("I")

    def add(self, row: int, tokens: Mapping[str, Tokens]) -> None:
        before = len(self._terms)
        for field, counts in tokens.items():
            self._terms.extend(map(self._known[field].__getitem__, counts))
            self._counts.extend(counts.values())
        self._rows.append(row)
        self._sizes.append(len(self._terms) - before)
        if len(self._terms) >= AT_ONCE:
            self._put_away()

    def _put_away(self) -> None:
        terms = np.frombuffer(self._terms, np.uint32)
        met = np.zeros(sum(map(len, self._known.values())), np.bool_)
        met[terms] = True
        numbers = [number for _, number in self._sorted() if met[number]]
        ranks = np.zeros(len(met), np.uint64)
        ranks[numbers] = np.arange(len(numbers))
        ranks = ranks[terms]
        places = np.sort((ranks << np.uint64(32)) | np.arange(len(terms), dtype=np.uint64)).astype(np.uint32)
        owners = np.repeat(np.frombuffer(self._rows, np.uint32), self._sizes)[places]
        counts = np.frombuffer(self._counts, np.uint8)[places]
        sizes = np.bincount(ranks.astype(np.int64), minlength=len(numbers))
        files = self._put(owners), self._put(counts)
        self._runs.append(_Run(np.array(numbers, np.uint32), sizes, *files))
        self._clear()

    def _put(self, column: np.ndarray) -> BinaryIO:
        file = self._files.enter_context(TemporaryFile(dir=self._directory))  # noqa: SIM115
        column.tofile(file)
        file.seek(0)
        return file

    def _sorted(self) -> Iterator[tuple[Key, int]]:
        """Generates the terms that were met and their numbers; characters sort as their bytes do."""
        for field in sorted(self._known):
            known = self._known[field]
            for term in sorted(known):
                yield (field, term), known[term]

    def postings(self) -> Iterator[tuple[tuple[str, bytes], tuple[np.ndarray, np.ndarray]]]:
        """Generates for each term the rows that contain it and its frequency in each, in the order of fields
        and terms. To be called once.
        """
        if self._terms:
            self._put_away()
        totals = np.zeros(sum(map(len, self._known.values())), np.int64)
        for run in self._runs:
            totals[run.numbers] += run.sizes
        batch, size = list[tuple[Key, int]](), 0
        for one in self._sorted():
            if batch and size + totals[one[1]] > AT_ONCE:
                yield from self._together(batch, len(totals))
                batch, size = [], 0
            batch.append(one)
            size += totals[one[1]]
        yield from self._together(batch, len(totals))

    def close(self) -> None:
        """Closes the temporary files."""
        self._files.close()

    def _together(self, batch: list[tuple[Key, int]], known: int) -> Iterator:
        """Generates the lists of the terms that come next in all files."""
        ranks = np.full(known, -1, np.int64)
        ranks[[number for _, number in batch]] = np.arange(len(batch))
        parts = [run.next_of(ranks) for run in self._runs]
        if not parts:
            return
        of, rows, counts = (np.concatenate(columns) for columns in zip(*parts, strict=True))
        order = np.argsort(of, kind="stable")
        ends = np.cumsum(np.bincount(of, minlength=len(batch)))[:-1]
        pieces = zip(np.split(rows[order], ends), np.split(counts[order], ends), strict=True)
        for ((field, term), _), piece in zip(batch, pieces, strict=True):
            yield (field, term.encode()), piece


class _Run:
    """A file of postings in the order of their terms, and which terms with how many each has."""

    def __init__(self, numbers: np.ndarray, sizes: np.ndarray, owners: BinaryIO, counts: BinaryIO) -> None:
        self.numbers, self.sizes, self._owners, self._counts = numbers, sizes, owners, counts
        self._next = 0

    def next_of(self, ranks: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Returns rank of the term, row and count of the next postings whose terms have a rank (not -1)."""
        first = self._next
        while self._next < len(self.numbers) and ranks[self.numbers[self._next]] >= 0:
            self._next += 1
        part = slice(first, self._next)
        of = np.repeat(ranks[self.numbers[part]], self.sizes[part])
        rows = np.fromfile(self._owners, np.uint32, len(of))
        return of, rows, np.fromfile(self._counts, np.uint8, len(of))
