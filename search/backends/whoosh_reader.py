"""Postings of a Whoosh index, read block by block into arrays."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

import numpy as np
from whoosh.codec.whoosh3 import W3LeafMatcher
from whoosh.reading import SegmentReader, TermNotFound

from search.engine.reader import Numbering

from .whoosh_files import MappedStorage

ID = "django_id"
MASKS = 8  # sets of rows of which it is remembered where they lie


class WhooshReader:
    """Answers ``reader.Postings`` from the index in ``directory``. ``ids`` are the paragraphs of the rows."""

    def __init__(self, directory: Path, ids: np.ndarray) -> None:
        self.reader = MappedStorage(str(directory)).open_index().reader()
        self._reading = Lock()  # a file has one place at which it is read
        self.size, self._paragraphs = len(ids), ids
        self._sought: dict[tuple[int, int], tuple[np.ndarray, np.ndarray]] = {}
        numbering = Numbering(ids)
        self.parts = [
            (leaf, _without(numbering(_ids(leaf)), leaf))
            for leaf, _ in self.reader.leaf_readers()
            if leaf.doc_count_all()
        ]
        held = [int(np.count_nonzero(rows >= 0)) for _, rows in self.parts]
        self.count = sum(held)
        self._out = [np.flatnonzero(rows < 0) for _, rows in self.parts]
        self.whole = [count == len(rows) for count, (_, rows) in zip(held, self.parts, strict=True)]

    def postings(self, field: str, term: str) -> tuple[np.ndarray, np.ndarray]:
        with self._reading:
            found = [_postings(leaf, rows, field, term.encode()) for leaf, rows in self.parts]
        if not found:
            return np.empty(0, np.int32), np.empty(0)
        rows, counts = (np.concatenate(columns) for columns in zip(*found, strict=True))
        if len(rows) > 1 and (np.diff(rows) < 0).any():
            order = np.argsort(rows, kind="stable")
            return rows[order], counts[order]
        return rows, counts

    def frequency(self, field: str, term: str) -> int:
        name = term.encode()
        with self._reading:
            return sum(
                leaf.doc_frequency(field, name) - (0 if whole else _holding(leaf, field, name, out))
                for whole, out, (leaf, _) in zip(self.whole, self._out, self.parts, strict=True)
            )

    def among(self, field: str, term: str, rows: np.ndarray) -> int:
        name, found = term.encode(), 0
        with self._reading:
            for leaf, of_leaf in self.parts:
                numbers = self._numbers(of_leaf, rows)
                if len(numbers):
                    found += _holding(leaf, field, name, numbers)
        return found

    def _numbers(self, of_leaf: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """The numbers in a segment of ``rows``, in rising order; remembered for those asked for last."""
        key = (id(of_leaf), id(rows))
        if key not in self._sought:
            held = np.flatnonzero(np.isin(of_leaf, rows))
            self._sought = {**dict([*self._sought.items()][-MASKS:]), key: (rows, held)}
        return self._sought[key][1]

    def paragraphs(self) -> np.ndarray:
        found = np.full(self.size, -1, np.int64)
        for _leaf, rows in self.parts:
            held = rows >= 0
            found[rows[held]] = self._paragraphs[rows[held]]
        return found

    def close(self) -> None:
        self.reader.close()


def _ids(leaf: SegmentReader) -> np.ndarray:
    """The paragraph ids of a segment. Whoosh unpacks one number at a time; they lie in one piece."""
    column = leaf.column_reader(ID, translate=False)
    if column._typecode == "q" and column._count == leaf.doc_count_all():
        return np.frombuffer(column._dbfile.get(column._basepos, 8 * column._count), ">i8").astype(np.int64)
    return np.array(list(column), np.int64)


def _alive(leaf: SegmentReader) -> np.ndarray:
    alive = np.ones(leaf.doc_count_all(), np.bool_)
    alive[list(leaf.deleted_docs_set)] = False
    return alive


def _without(rows: np.ndarray, leaf: SegmentReader) -> np.ndarray:
    """The row of each document of a segment, -1 for those that were taken out."""
    return np.where(_alive(leaf), rows, -1).astype(np.int32)


def _holding(leaf: SegmentReader, field: str, term: bytes, numbers: np.ndarray) -> int:
    """How many of rising ``numbers`` hold a token."""
    held = _blocks(leaf, field, term, numbers)[0]  # rising, and perhaps many
    if not len(held):
        return 0
    at = np.minimum(np.searchsorted(held, numbers), len(held) - 1)
    return int(np.count_nonzero(held[at] == numbers))


def _postings(
    leaf: SegmentReader, rows: np.ndarray, field: str, term: bytes
) -> tuple[np.ndarray, np.ndarray]:
    numbers, weights = _blocks(leaf, field, term)
    held = rows[numbers]
    if (held < 0).any():
        alive = held >= 0
        return held[alive], weights[alive]
    return held, weights


def _blocks(
    leaf: SegmentReader, field: str, term: bytes, among: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Document numbers and weights of all postings of a term, block by block where they lie so on disk; with
    ``among`` (rising numbers) blocks that can hold none of these may be left out.

    Whoosh's own iteration calls several methods for every posting and takes some ten times as long. Raises
    ValueError where there are more postings than documents: damaged blocks may lead round in a circle.
    """
    numbers, weights = [], []
    left, last = leaf.doc_count_all(), -1
    try:
        matcher = leaf._terms.matcher(field, term, leaf.schema[field].format)
    except TermNotFound:
        return np.empty(0, np.int64), np.empty(0)
    by_block = type(matcher) is W3LeafMatcher and not matcher._byteids
    while matcher.is_active():
        if by_block and among is not None:
            before, last = last, matcher._maxid
            if not _has_between(among, before, last):
                matcher._next_block()
                continue
        if by_block:
            matcher._read_data()
            steps, held = matcher._data[0], matcher._data[1]  # distances; None where each weight is 1
            numbers.append(np.cumsum(steps, dtype=np.int64))
            weights.append(np.broadcast_to(np.asarray(1.0 if held is None else held, np.float64), len(steps)))
            matcher._next_block()
        else:
            numbers.append(np.array([matcher.id()], np.int64))
            weights.append(np.array([matcher.weight()]))
            matcher.next()
        left -= len(numbers[-1])
        if left < 0:
            raise ValueError("more postings than documents")
    if not numbers:
        return np.empty(0, np.int64), np.empty(0)
    return np.concatenate(numbers), np.concatenate(weights)


def _has_between(numbers: np.ndarray, before: int, last: int) -> bool:
    """Whether one of rising ``numbers`` lies behind ``before`` and not behind ``last``."""
    return bool(np.searchsorted(numbers, before, "right") < np.searchsorted(numbers, last, "right"))
