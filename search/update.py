"""Bringing the index up to date with the database, beside the live index, and switching it in whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from haystack import connections

from archive.models import Document, Paragraph

from .column_files import ColumnFiles
from .columns import Columns, Row
from .entities.snapshot import archive_names
from .generations import (
    ENGINE,
    IndexUnavailableError,
    Manifest,
    current_generation,
    discard,
    new_generation,
    switch,
    write_manifest,
    writing,
)
from .integrity import digests, refuse_damaged, verify
from .library import OpenIndex, index_root, index_version, open_index
from .literal import write_literal_index
from .rows import MANY, Entry, Prepared, counted, definition, exact_fields, prepare, token_fields
from .search_indexes import paragraphs_of

Progress = Callable[[int, int], None]
ATTEMPTS = 10  # an import may go on while the index is built


@dataclass(frozen=True, slots=True)
class Update:
    """What an update did: documents indexed anew and taken out, paragraphs in the index, whether all
    was rebuilt.
    """

    indexed: int
    removed: int
    paragraphs: int
    rebuilt: bool
    switched: bool


def update_index(rebuild: bool = False, progress: Progress | None = None) -> Update:
    """Make the index equal to the database. Waits for another writer; nothing to do means nothing is written.

    Documents that changed since the live index are indexed anew. All are, with ``rebuild``, where there is no
    readable index, or where it was made by other rules. ``progress`` is called with paragraphs done and
    to do.
    """
    root = index_root()
    with writing(root):
        live = None if rebuild else _usable(root)
        marks, names = document_marks(), archive_names()
        changed, gone = _differences(live, marks)
        if live and not changed and not gone and live.manifest.names == names:
            return Update(0, 0, live.manifest.paragraphs, False, False)
        if live and verify(live.directory):  # nothing is taken over from damaged files
            live = None
            changed, gone = _differences(live, marks)
        built = _build(root, live, marks, names, progress)
        switch(root, built.directory)
    return Update(len(changed), len(gone), built.manifest.paragraphs, live is None, True)


def _usable(root: Path) -> OpenIndex | None:
    """The live index where it can be read, is not known to be damaged and follows the present rules."""
    try:
        directory = current_generation(root)
        if directory:
            refuse_damaged(directory)
        live = open_index(directory) if directory else None
    except IndexUnavailableError:
        return None
    return live if live and live.manifest.version == index_version() else None


def _differences(base: OpenIndex | None, marks: dict[str, str]) -> tuple[list[int], list[int]]:
    """The documents to be indexed anew, and those to be taken out."""
    before = base.manifest.documents if base else {}
    changed = [int(pk) for pk, mark in marks.items() if before.get(pk) != mark]
    return changed, [int(pk) for pk in before if pk not in marks]


def _build(
    root: Path,
    base: OpenIndex | None,
    marks: dict[str, str],
    names: dict[str, Any],
    progress: Progress | None,
) -> OpenIndex:
    """A generation that equals the database. Documents that change meanwhile are indexed in a further one."""
    unfinished: list[Path] = []
    for _attempt in range(ATTEMPTS):
        directory = new_generation(root, base.directory if base else None)
        unfinished.append(directory)
        try:
            built = _fill(directory, base, marks, names, progress)
            now = document_marks()
        except BaseException:
            for directory in unfinished:
                discard(directory)
            raise
        if now == marks:
            for directory in unfinished[:-1]:
                discard(directory)
            return built
        base, marks = built, now
    for directory in unfinished:
        discard(directory)
    raise IndexUnavailableError("documents kept changing while they were indexed")


def _fill(
    directory: Path,
    base: OpenIndex | None,
    marks: dict[str, str],
    names: dict[str, Any],
    progress: Progress | None,
) -> OpenIndex:
    """Write all parts of a generation: what ``base`` holds of unchanged documents, the others anew."""
    changed, gone = _differences(base, marks)
    total = Paragraph.objects.filter(document__in=changed).count()
    prepared = _reported(prepared_rows(changed), total, progress)
    stale = {*changed, *gone}
    kept = _kept(base, stale) if base else iter(())
    held = set(map(int, base.manifest.documents)) if base else set()
    paragraphs = write_generation(directory, kept, prepared, sorted(stale & held), total, fresh=base is None)
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    files = digests(directory, base.directory, base.manifest.files) if base else digests(directory)
    write_manifest(directory, Manifest(now, paragraphs, index_version(), marks, names, files))
    return open_index(directory)  # raises where the parts do not fit each other


def _kept(base: OpenIndex, stale: set[int]) -> Iterator[Row]:
    rows = base.columns.all_rows(base.literal.ids, base.literal.documents)
    return (row for row in rows if row.document not in stale)


def _reported(prepared: Iterator[Prepared], total: int, progress: Progress | None) -> Iterator[Prepared]:
    for done, one in enumerate(prepared, start=1):
        yield one
        if progress:
            progress(done, total)


def prepared_rows(documents: list[int]) -> Iterator[Prepared]:
    """The paragraphs of the documents, ready to be cut into words."""
    index = definition()
    return (prepare(paragraph, index) for paragraph in paragraphs_of(documents))


def write_generation(
    directory: Path,
    kept: Iterator[Row],
    prepared: Iterator[Prepared],
    removed: list[int],
    total: int,
    fresh: bool,
) -> int:
    """Write the engine's part, the columns and the literal index; returns the number of paragraphs.

    ``kept`` rows stay as they are, the documents ``removed`` leave the engine, ``total`` paragraphs
    ``prepared`` are cut into words and added.
    """
    backend = connections["default"].get_backend()
    if fresh:
        backend.create(directory / ENGINE)
    many = total >= MANY
    with ColumnFiles(directory, exact_fields(), token_fields()) as files:
        rows = _Merging(kept, files.add)

        def entries() -> Iterator[Entry]:
            for row, entry in counted(prepared, many):
                rows.add(row)
                yield entry

        backend.write(directory / ENGINE, removed, entries(), many)
        rows.add_rest()
        keys = files.finish()
    columns = Columns(directory)
    texts = (columns.stored(row)["text"] for row in range(len(columns)))
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
        self._hand_on(self._next)
        self._next = next(self._kept, None)


def document_marks() -> dict[str, str]:
    """Document id → what changes whenever its rows do."""
    rows = Document.objects.order_by("pk").values_list("pk", "changed", "content_hash")
    return {str(pk): f"{changed.isoformat()} {content}" for pk, changed, content in rows}
