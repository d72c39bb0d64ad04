"""Whoosh, the engine that needs nothing but Python. It keeps which paragraph holds which token how often."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
from haystack.backends import BaseEngine

from search.engine.reader import Postings
from search.index.generations import IndexUnavailableError
from search.index.rows import Entry, token_fields

from .collected import Collected
from .haystack import ArchiveBackend, ArchiveQuery
from .whoosh_segment import WhooshSegment, WhooshWriter, joined


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

    def merge(self, directory: Path, ids: np.ndarray, others: Sequence[tuple[Path, np.ndarray]]) -> None:
        writer = WhooshWriter(directory, token_fields())
        try:
            for paragraph in ids.tolist():
                writer.add_row(paragraph)
            segments = [WhooshSegment(other) for other, _ in others]
            writer.finish(joined(segments, [rows for _, rows in others]))
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
