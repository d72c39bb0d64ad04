"""Whoosh, the engine that needs nothing but Python. It keeps which paragraph holds which token how often."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing
from itertools import count, repeat
from pathlib import Path
from tempfile import TemporaryFile

import numpy as np
from haystack.backends import BaseEngine

from search.engine.index.generations import IndexUnavailableError
from search.engine.index.rows import Entry, token_fields
from search.engine.searcher.reader import Postings
from search.query.text.term_counts import Tokens

from .haystack import ArchiveBackend, ArchiveQuery
from .whoosh_segment import WhooshSegment, WhooshWriter

AT_ONCE, MOST = 1 << 20, 1 << 21  # postings that are read at once, and that are put in order


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
    """The postings of the rows that are being written, in the order in which they come: columns of numbers in
    files without a name in ``directory``. They are read again for so many terms at a time as fit in memory,
    which grows with the terms and not with the postings.
    """

    def __init__(self, directory: Path) -> None:
        numbers = count().__next__
        self._known: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(numbers))
        self._held = array("I"), array("I"), array("B")  # term, row, how often
        with ExitStack() as files:
            self._files = [files.enter_context(TemporaryFile(dir=directory)) for _ in self._held]
            self.close = files.pop_all().close

    def add(self, row: int, tokens: Mapping[str, Tokens]) -> None:
        terms, rows, counts = self._held
        before = len(terms)
        for field, found in tokens.items():
            terms.extend(map(self._known[field].__getitem__, found))
            counts.extend(found.values())
        rows.extend(repeat(row, len(terms) - before))
        if len(terms) >= AT_ONCE:
            self._put_away()

    def _put_away(self) -> None:
        for numbers, file in zip(self._held, self._files, strict=True):
            numbers.tofile(file)
            del numbers[:]

    def postings(self) -> Iterator[tuple[tuple[str, bytes], tuple[np.ndarray, np.ndarray]]]:
        """Generates for each term the rows that contain it and its frequency in each, in the order of fields
        and terms. To be called once.
        """
        self._put_away()
        # Characters sort as their bytes do.
        known = sorted((field, *one) for field, numbers in self._known.items() for one in numbers.items())
        ranks = np.empty(len(known), np.int32)
        ranks[[number for _field, _term, number in known]] = np.arange(len(known))
        sizes = np.zeros(len(known), np.int64)
        for terms, _rows, _counts in self._read():
            sizes += np.bincount(ranks[terms], minlength=len(known))
        batches = np.cumsum(sizes) // MOST
        for batch in np.unique(batches).tolist():
            first, last = np.searchsorted(batches, [batch, batch + 1]).tolist()
            pieces = zip(*self._between(ranks, first, last), strict=True)
            for (field, term, _number), piece in zip(known[first:last], pieces, strict=True):
                yield (field, term.encode()), piece

    def _read(self) -> Iterator[list[np.ndarray]]:
        """Generates all postings, some at a time: terms, rows, counts."""
        for file in self._files:
            file.seek(0)
        kinds = [numbers.typecode for numbers in self._held]
        while True:
            columns = [np.fromfile(*one, AT_ONCE) for one in zip(self._files, kinds, strict=True)]
            if not len(columns[0]):
                return
            yield columns

    def _between(self, ranks: np.ndarray, first: int, last: int) -> Iterator[list[np.ndarray]]:
        """Generates rows and counts of the terms with these ranks, each cut by terms."""
        found = []
        for terms, *columns in self._read():
            own = ranks[terms]
            held = (own >= first) & (own < last)
            found.append([own[held], *(column[held] for column in columns)])
        own, *columns = map(np.concatenate, zip(*found, strict=True))
        order = np.argsort(own, kind="stable")
        ends = np.searchsorted(own[order], np.arange(first + 1, last))
        return (np.split(column[order], ends) for column in columns)
