"""Writing the files of a generation: a base of all documents, or what came since a base that stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import numpy as np
from haystack import connections

from archive.models import Paragraph
from search.index.column_files import ColumnFiles
from search.index.columns import Columns, Row
from search.index.composed_suffixes import masked_places
from search.index.generations import ENGINE, link, link_files
from search.index.literal import LiteralIndex, write_literal_index
from search.index.ngram_lookup import ranks
from search.index.rows import MANY, Entry, Prepared, counted, definition, exact_fields, prepare, token_fields
from search.index.suffixes import mapped
from search.meaning.vectors import Known, write_meanings
from search.search_indexes import paragraphs_of

from .index import OpenIndex
from .parts import BASE, MASKED, RANKS, SINCE, Part

Progress = Callable[[int, int], None]
Taking = Callable[[Row, Entry], None]  # is handed each paragraph that is cut into words
READ_AT_ONCE = 400  # texts whose meanings are read before their words are found: some seconds


def write_base(
    directory: Path,
    live: OpenIndex | None,
    changed: list[int],
    stale: set[int],
    known: Known | None,
    progress: Progress | None = None,
    taking: Taking | None = None,
) -> int:
    """Write all documents into one part; returns its paragraphs. ``live`` gives what it holds but the
    documents ``stale``; those that ``changed`` are read from the database. What ``known`` has of their
    meanings is taken over.
    """
    base, removed = directory / BASE, list[int]()
    kept: Iterator[Row] = iter(())
    base.mkdir()
    if live:
        kept = _kept(live.columns.all_rows(live.literal.ids, live.literal.documents), stale)
        removed = sorted(stale & set(map(int, live.manifest.documents)))
        link_files(live.directory / BASE / ENGINE, base / ENGINE)
        if live.manifest.masked or live.manifest.since:
            since = live.directory / SINCE / ENGINE if live.manifest.since else None
            connections["default"].get_backend().join(base / ENGINE, live.manifest.masked, since)
    paragraphs = _write_anew(
        base, kept, changed, removed, fresh=live is None, progress=progress, taking=taking
    )
    write_meanings(base, Columns(base).texts(), known, READ_AT_ONCE)
    return paragraphs


def write_since(
    directory: Path,
    live: OpenIndex,
    changed: list[int],
    stale: set[int],
    progress: Progress | None = None,
    taking: Taking | None = None,
) -> tuple[list[int], list[int], int]:
    """Leave the base of ``live`` as it is, and write beside it what changed since, that of before and the
    documents ``changed`` now. Of ``stale`` documents nothing is taken over.

    Returns the documents that lie in this part, those of the base that are masked, and the paragraphs of both
    parts that are not.
    """
    link_files(live.directory / BASE, directory / BASE)
    base, before = live.parts[0], live.parts[1] if live.manifest.since else None
    since = sorted({*live.manifest.since} - stale | {*changed})
    masked = sorted({*live.manifest.masked} | (stale & base.documents))
    gone = np.flatnonzero(np.isin(base.literal.documents, masked)) if masked else np.empty(0, np.int64)
    if masked == live.manifest.masked and (live.directory / MASKED).exists():
        link(live.directory / MASKED, directory / MASKED)
    elif masked:
        masked_places(base.literal.rows, gone, len(base.literal)).tofile(directory / MASKED)
    paragraphs = len(base.literal) - len(gone)
    if since:
        paragraphs += _write_later(directory / SINCE, live, before, changed, stale, progress, taking)
        _write_ranks(directory, live, base, before)
    return since, masked, paragraphs


def _write_later(
    target: Path,
    live: OpenIndex,
    before: Part | None,
    changed: list[int],
    stale: set[int],
    progress: Progress | None,
    taking: Taking | None,
) -> int:
    kept: Iterator[Row] = iter(())
    target.mkdir()
    if before:
        link_files(live.directory / SINCE / ENGINE, target / ENGINE)
        kept = _kept(before.columns.all_rows(before.literal.ids, before.literal.documents), stale)
    removed = sorted(stale & {*live.manifest.since})
    paragraphs = _write_anew(
        target, kept, changed, removed, fresh=before is None, progress=progress, taking=taking
    )
    write_meanings(target, Columns(target).texts(), live.meanings, READ_AT_ONCE)
    return paragraphs


def _write_ranks(directory: Path, live: OpenIndex, base: Part, before: Part | None) -> None:
    """Before which suffix of the base each of the later texts stands; what was known of kept rows stays."""
    literal = LiteralIndex(directory / SINCE)
    found = np.full(literal.suffixes.size, -1, np.int32)
    if before:
        known, rows = mapped(live.directory / RANKS, "<i4"), before.literal
        kept = dict(
            zip(zip(rows.ids.tolist(), rows.documents.tolist(), strict=True), range(len(rows)), strict=True)
        )
        held = {*live.manifest.since}
        for row, key in enumerate(zip(literal.ids.tolist(), literal.documents.tolist(), strict=True)):
            old = kept.get(key)
            if old is None or key[1] not in held or rows.text(old) != literal.text(row):
                continue
            first, last = int(literal.starts[row]), int(literal.ends[row]) + 1
            start = int(rows.starts[old])
            found[first:last] = known[start : start + last - first]
    places = np.flatnonzero(found < 0)
    ends = literal.ends[np.searchsorted(literal.starts, places, side="right") - 1] if len(places) else places
    found[places] = ranks(base.literal.suffixes, literal.suffixes.characters, places, ends)
    found.tofile(directory / RANKS)


def _kept(rows: Iterator[Row], stale: set[int]) -> Iterator[Row]:
    return (row for row in rows if row.document not in stale)


def _write_anew(
    target: Path,
    kept: Iterator[Row],
    changed: list[int],
    removed: list[int],
    fresh: bool,
    progress: Progress | None,
    taking: Taking | None,
) -> int:
    total = count_of(changed)
    prepared = _reported(prepared_rows(changed), total, progress)
    return write_part(target, kept, prepared, removed, total, fresh, taking)


def _reported(prepared: Iterator[Prepared], total: int, progress: Progress | None) -> Iterator[Prepared]:
    for done, one in enumerate(prepared, start=1):
        yield one
        if progress:
            progress(done, total)


def count_of(documents: list[int]) -> int:
    """How many paragraphs the documents have in the database."""
    return Paragraph.objects.filter(document__in=documents).count()


def prepared_rows(documents: list[int]) -> Iterator[Prepared]:
    """The paragraphs of the documents, ready to be cut into words."""
    index = definition()
    return (prepare(paragraph, index) for paragraph in paragraphs_of(documents))


def write_part(
    directory: Path,
    kept: Iterator[Row],
    prepared: Iterator[Prepared],
    removed: list[int],
    total: int,
    fresh: bool,
    taking: Taking | None = None,
) -> int:
    """Write the engine's files, the columns and the literal index; returns the number of paragraphs.

    ``kept`` rows stay as they are, the documents ``removed`` leave the engine, ``total`` paragraphs
    ``prepared`` are cut into words and added.
    """
    backend = connections["default"].get_backend()
    if fresh:
        (directory / ENGINE).mkdir(parents=True)
        backend.create(directory / ENGINE)
    many = total >= MANY
    with ColumnFiles(directory, exact_fields(), token_fields()) as files:
        rows = _Merging(kept, files.add)

        def entries() -> Iterator[Entry]:
            for row, entry in counted(prepared, many):
                rows.add(row)
                if taking:
                    taking(row, entry)
                yield entry

        backend.write(directory / ENGINE, removed, entries(), many)
        rows.add_rest()
        keys = files.finish()
    texts = Columns(directory).texts()
    return write_literal_index(directory, zip(keys.paragraphs, keys.documents, texts, strict=True))


class _Merging:
    """Hands on new rows, and ``kept`` ones between them, in the order of their documents. All come in it."""

    def __init__(self, kept: Iterator[Row], hand_on: Callable[[Row], None]) -> None:
        self._kept, self._hand_on = kept, hand_on
        self._next = next(kept, None)

    def add(self, row: Row) -> None:
        while self._next is not None and self._next.document < row.document:
            self._step()
        self._hand_on(row)

    def add_rest(self) -> None:
        while self._next is not None:
            self._step()

    def _step(self) -> None:
        self._hand_on(cast(Row, self._next))
        self._next = next(self._kept, None)
