"""The parts of a generation: a base, written seldom, and what came since, in the same form.

20161120T101500-7/base/    all documents as they stood when it was written; its files are links to those of
                           the generation before
20161120T101500-7/since/   the documents that came or changed since; missing where there are none
20161120T101500-7/masked   the entries of the base's suffix array that are no more
20161120T101500-7/ranks    before which entry of it each character of the later texts stands
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakValueDictionary

import numpy as np
from haystack import connections

from search.engine.composed import ComposedPostings
from search.engine.reader import Postings, Reader
from search.index.arrangement import Arrangement
from search.index.columns import Columns
from search.index.composed_columns import ComposedColumns
from search.index.composed_literal import ComposedLiteral
from search.index.composed_suffixes import masked_places
from search.index.generations import ENGINE, IndexUnavailableError
from search.index.integrity import is_unlisted
from search.index.literal import LiteralIndex
from search.index.suffixes import mapped
from search.meaning.composed import ComposedMeanings
from search.meaning.vectors import Meanings

BASE, SINCE, MASKED, RANKS = "base", "since", "masked", "ranks"


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Part:
    """One part, open for reading. Its rows are those of all that it holds."""

    postings: Postings
    columns: Columns
    literal: LiteralIndex
    meanings: Meanings

    @property
    def documents(self) -> frozenset[int]:
        """The ids of the documents that it holds."""
        return frozenset(np.unique(self.literal.documents).tolist())


@dataclass(frozen=True, slots=True, eq=False)
class Content:
    """What is read of a generation, over all its parts and without what is masked."""

    engine: Reader
    literal: LiteralIndex
    meanings: Meanings


_known: WeakValueDictionary[frozenset, Part] = WeakValueDictionary()


def open_part(directory: Path) -> Part:
    """The part in ``directory``. What this process has open of the same files serves again.

    Raises OSError, ValueError or IndexUnavailableError where a file is missing or damaged.
    """
    key = _files(directory)
    part = _known.get(key)
    if part is None:
        part = _known[key] = _opened(directory)
    return part


def _files(directory: Path) -> frozenset:
    """Which files these are, whatever they are called: a file that is mapped keeps its number."""
    files = (path for path in directory.rglob("*") if path.is_file() and not is_unlisted(path))
    found = ((path.relative_to(directory).as_posix(), path.stat()) for path in files)
    return frozenset(
        (name, about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns) for name, about in found
    )


def _opened(directory: Path) -> Part:
    literal, columns = LiteralIndex(directory), Columns(directory)
    meanings = Meanings(directory, len(literal))
    postings = connections["default"].get_backend().open(directory, literal.ids)
    if {len(literal), len(columns), postings.count} != {len(literal)}:
        raise IndexUnavailableError(f"{directory}: its parts hold different numbers of paragraphs")
    return Part(postings, columns, literal, meanings)


def content_of(directory: Path, parts: tuple[Part, ...], left_out: Sequence[Collection[int]]) -> Content:
    """What the ``parts`` of the generation in ``directory`` hold together, without the documents ``left_out``
    of each.
    """
    if len(parts) == 1 and not left_out[0]:
        (one,) = parts
        return Content(Reader(one.postings, one.columns, one.literal), one.literal, one.meanings)
    arrangement = Arrangement([part.literal.documents for part in parts], left_out)
    literal = ComposedLiteral(
        tuple(part.literal for part in parts),
        arrangement,
        tuple(
            _masked(directory, part, rows, number)
            for number, (part, rows) in enumerate(zip(parts, arrangement.masked, strict=True))
        ),
        mapped(directory / RANKS, "<i4") if len(parts) > 1 else np.empty(0, np.int32),
    )
    columns = ComposedColumns(tuple(part.columns for part in parts), arrangement)
    postings = ComposedPostings([part.postings for part in parts], arrangement)
    meanings = ComposedMeanings(tuple(part.meanings for part in parts), arrangement)
    return Content(Reader(postings, columns, literal), literal, meanings)


def _masked(directory: Path, part: Part, rows: np.ndarray | None, number: int) -> np.ndarray:
    """The entries of a suffix array that lie in the masked ``rows``. Those of the base as the generation has
    it were found when it was written.
    """
    if rows is None:
        return np.empty(0, np.int32)
    if number == 0:
        held = mapped(directory / MASKED, "<i4") if (directory / MASKED).exists() else np.empty(0, np.int32)
        sizes = part.literal.ends - part.literal.starts + 1
        if len(held) == int(sizes[rows].sum()):
            return held
    return masked_places(part.literal.rows, rows, len(part.literal))


def parts_of(directory: Path) -> tuple[Part, ...]:
    """The parts of a generation."""
    names = (BASE, SINCE) if (directory / SINCE / ENGINE).is_dir() else (BASE,)
    return tuple(open_part(directory / name) for name in names)
