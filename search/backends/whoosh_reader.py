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


class WhooshReader:
    """Answers ``reader.Postings`` from the index in ``directory``. ``ids`` are the paragraphs of the rows, of
    all that the index holds or of some.
    """

    def __init__(self, directory: Path, ids: np.ndarray) -> None:
        self.reader = MappedStorage(str(directory)).open_index().reader()
        self._reading = Lock()  # a file has one place at which it is read
        numbering = Numbering(ids)
        self.parts = [
            (leaf, _without(numbering(_ids(leaf)), leaf))
            for leaf, _ in self.reader.leaf_readers()
            if leaf.doc_count_all()
        ]
        held = [int(np.count_nonzero(rows >= 0)) for _, rows in self.parts]
        self.count = sum(held)
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
                leaf.doc_frequency(field, name) if whole else len(_postings(leaf, rows, field, name)[0])
                for whole, (leaf, rows) in zip(self.whole, self.parts, strict=True)
            )

    def paragraphs(self) -> np.ndarray:
        kept = [_ids(leaf)[_alive(leaf)] for leaf, _ in self.parts]
        return np.concatenate(kept) if kept else np.empty(0, np.int64)

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


def _postings(
    leaf: SegmentReader, rows: np.ndarray, field: str, term: bytes
) -> tuple[np.ndarray, np.ndarray]:
    numbers, weights = _blocks(leaf, field, term)
    held = rows[numbers]
    if (held < 0).any():
        alive = held >= 0
        return held[alive], weights[alive]
    return held, weights


def _blocks(leaf: SegmentReader, field: str, term: bytes) -> tuple[np.ndarray, np.ndarray]:
    """Document numbers and weights of all postings of a term, block by block where they lie so on disk.

    Whoosh's own iteration calls several methods for every posting and takes some ten times as long. Raises
    ValueError where there are more postings than documents: damaged blocks may lead round in a circle.
    """
    numbers, weights = [], []
    left = leaf.doc_count_all()
    try:
        matcher = leaf._terms.matcher(field, term, leaf.schema[field].format)
    except TermNotFound:
        return np.empty(0, np.int64), np.empty(0)
    by_block = type(matcher) is W3LeafMatcher and not matcher._byteids
    while matcher.is_active():
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
    return np.concatenate(numbers), np.concatenate(weights)
