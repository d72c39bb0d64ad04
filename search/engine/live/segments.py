"""The segments of an index: small whole indexes, written once and never changed.

18-7c1f…/1/   each segment is a folder
18-7c1f…/4/   an update adds one with the documents that came or changed

A document lies in one segment; where an older self of it lies in another, the manifest says that it is gone
there.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from weakref import WeakValueDictionary

import numpy as np
from haystack import connections

from archive.models import Paragraph
from search.engine.index.arrangement import Arrangement
from search.engine.index.columns import ColumnFiles, Columns, ComposedColumns, Keys
from search.engine.index.generations import ENGINE, IndexUnavailableError
from search.engine.index.literal import LiteralIndex, LiteralSegment, write_literal_index
from search.engine.index.rows import (
    MANY,
    Entry,
    Prepared,
    counted,
    definition,
    exact_fields,
    prepare,
    token_fields,
)
from search.engine.meaning.vectors import AllMeanings, Meanings, write_meanings
from search.engine.searcher.reader import AllPostings, Postings, Reader
from search.search_indexes import paragraphs_of

Progress = Callable[[int, int], None]
READ_AT_ONCE = 400  # texts whose meanings are read before their words are found: some seconds
MOST = 10  # segments; so many are merged

# --- reading ---


@dataclass(frozen=True, eq=False)
class Segment:
    """One segment, open for reading; its parts have the same rows."""

    postings: Postings
    columns: Columns
    literal: LiteralSegment
    meanings: Meanings

    @cached_property
    def documents(self) -> frozenset[int]:
        """The ids of its documents."""
        return frozenset(np.unique(self.literal.documents).tolist())


_known: WeakValueDictionary[tuple, Segment] = WeakValueDictionary()


def open_segment(directory: Path) -> Segment:
    """Returns the segment in ``directory``. What this process has open of it serves again.

    Raises OSError, ValueError or IndexUnavailableError where a file is missing or damaged.
    """
    about = directory.stat()
    key = (directory, about.st_ino, about.st_mtime_ns)
    segment = _known.get(key)
    if segment is None:
        segment = _known[key] = _opened(directory)
    return segment


def _opened(directory: Path) -> Segment:
    literal, columns = LiteralSegment(directory), Columns(directory)
    if len(literal.ids) != len(columns):
        raise IndexUnavailableError(f"{directory}: its parts hold different numbers of paragraphs")
    postings = connections["default"].get_backend().open(directory / ENGINE, literal.ids)
    return Segment(postings, columns, literal, Meanings(directory, len(columns)))


def content_of(
    segments: Sequence[Segment], left_out: Sequence[Collection[int]]
) -> tuple[Reader, AllMeanings]:
    """Opens ``segments`` as one reader and one set of vectors, without the documents ``left_out`` of each."""
    arrangement = Arrangement([each.literal.documents for each in segments], left_out)
    literal = LiteralIndex([each.literal for each in segments], arrangement)
    columns = ComposedColumns([each.columns for each in segments], arrangement)
    postings = AllPostings([each.postings for each in segments], arrangement)
    meanings = AllMeanings([each.meanings for each in segments], arrangement)
    return Reader(postings, columns, literal), meanings


def rows_kept(segment: Segment, gone: Collection[int]) -> int:
    """Counts the rows of a segment that belong to none of the documents ``gone``."""
    return int(np.count_nonzero(~np.isin(segment.literal.documents, sorted(gone))))


def to_merge(sizes: Mapping[str, tuple[int, int]]) -> list[str]:
    """The names of the segments that are to be one, after how many rows each has and how many of them are
    kept: those of which most is gone; and where there are ``MOST``, the smaller half, and of the others those
    that are no larger than all that are merged already. So a row is written anew a few times in its life.

    >>> to_merge({"1": (900, 900), "2": (9, 9)}), to_merge({"1": (900, 400), "2": (9, 9)})
    ([], ['1'])
    """
    due = [name for name, (size, kept) in sizes.items() if 2 * kept < size]
    if len(sizes) < MOST:
        return due
    taken = 0
    for number, (name, (_size, kept)) in enumerate(sorted(sizes.items(), key=lambda one: one[1][1])):
        if number >= MOST // 2 and kept > taken:
            break
        due, taken = [*due, name], taken + kept
    return [*dict.fromkeys(due)]


# --- writing ---


def write_segment(
    directory: Path,
    documents: list[int],
    known: Sequence[Meanings],
    progress: Progress | None = None,
) -> int:
    """Writes a segment of the ``documents`` as the database has them; returns its paragraphs. What ``known``
    has of their meanings is taken over.
    """
    total = count_of(documents)
    prepared = reported(prepared_rows(documents), total, progress)
    paragraphs = write_rows(directory, prepared, total)
    write_meanings(directory, Columns(directory).texts(), known, READ_AT_ONCE)
    return paragraphs


def link_files(source: Path, target: Path) -> None:
    """Puts the files of a segment into another as the same files; those that lie there already stay."""
    for file in source.rglob("*"):
        there = target / file.relative_to(source)
        if file.is_file() and not there.exists():
            there.parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(file, there)
            except OSError:  # a file system without links
                shutil.copy2(file, there)


def reported(prepared: Iterator[Prepared], total: int, progress: Progress | None) -> Iterator[Prepared]:
    """Generates ``prepared``, and tells ``progress`` of each."""
    for done, one in enumerate(prepared, start=1):
        yield one
        if progress:
            progress(done, total)


def count_of(documents: list[int]) -> int:
    """Counts the paragraphs of the documents in the database."""
    return Paragraph.objects.filter(document__in=documents).count()


def prepared_rows(documents: list[int]) -> Iterator[Prepared]:
    """Generates the paragraphs of the documents, ready to be cut into words."""
    index = definition()
    return (prepare(paragraph, index) for paragraph in paragraphs_of(documents))


def write_rows(directory: Path, prepared: Iterator[Prepared], total: int) -> int:
    """Writes ``total`` paragraphs, all but their meanings; returns their number."""
    (directory / ENGINE).mkdir(parents=True)
    with ColumnFiles(directory, exact_fields(), token_fields()) as files:

        def entries() -> Iterator[Entry]:
            for row, entry in counted(prepared, total >= MANY):
                files.add(row)
                yield entry

        connections["default"].get_backend().write(directory / ENGINE, entries())
        return _write_literal(directory, files.finish())


def _write_literal(directory: Path, keys: Keys) -> int:
    texts = Columns(directory).texts()
    return write_literal_index(directory, zip(keys.paragraphs, keys.documents, texts, strict=True))
