"""Bringing the index up to date with the database, beside the live index, and switching it in whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from haystack import connections

from archive.models import Paragraph
from archive.revision import current_revision
from search.entities.snapshot import archive_names
from search.index.column_files import ColumnFiles
from search.index.columns import Columns, Row
from search.index.coverage import document_marks
from search.index.generations import (
    ENGINE,
    INDEX_VERSION,
    NAMES,
    IndexUnavailableError,
    Manifest,
    current_generation,
    discard,
    link,
    new_generation,
    read_manifest,
    switch,
    write_manifest,
    write_names,
    writing,
)
from search.index.integrity import digests, refuse_damaged, verify
from search.index.literal import write_literal_index
from search.index.rows import MANY, Entry, Prepared, counted, definition, exact_fields, prepare, token_fields
from search.meaning.model import model
from search.meaning.vectors import Meanings, write_meanings
from search.search_indexes import paragraphs_of

from .index import OpenIndex, index_root, open_index

Progress = Callable[[int, int], None]
AGAIN = 3  # an import may go on while the index is built
# Texts whose meanings are read before their words are found: some seconds; the rest in further generations.
READ_AT_ONCE, READ_LATER = 400, 8000


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


def update_index(
    rebuild: bool = False, progress: Progress | None = None, started: Callable[[], None] = lambda: None
) -> Update:
    """Make the index equal to the database. Waits for another writer; nothing to do means nothing is written.

    Documents that changed since the live index are indexed anew. All are, with ``rebuild``, where there is no
    readable index, or where it was made by other rules. What changes meanwhile is indexed in a further
    generation, a few times; what still changes then is not covered until the next update. ``progress`` is
    called with paragraphs done and to do, ``started`` when there is no other writer any more.
    """
    root = index_root()
    with writing(root):
        started()
        whole = _updated(root, None if rebuild else _usable(root), progress)
        for _again in range(AGAIN):
            built = read_manifest(current_generation(root))
            if not whole.switched or built.revision == str(current_revision()):
                break
            whole = _both(whole, _updated(root, _usable(root), progress))
        while (live := _usable(root)) and live.meanings.missing and model():
            _carry_over(root, live, live.manifest, READ_LATER)
            whole = replace(whole, switched=True)
    return whole


def _both(first: Update, then: Update) -> Update:
    indexed, removed = first.indexed + then.indexed, first.removed + then.removed
    return Update(indexed, removed, then.paragraphs, first.rebuilt or then.rebuilt, True)


def _updated(root: Path, live: OpenIndex | None, progress: Progress | None) -> Update:
    """One generation. Its revision is read before all else and the marks of documents before their rows: so a
    row can only be newer than its mark says, and is then not covered.
    """
    revision, marks, names = str(current_revision()), document_marks(), archive_names()
    if live and _codes(live.manifest.names) - _codes(names):
        live = None  # rows hold a code that is now another
    changed, gone = _differences(live, marks)
    if live and not changed and not gone:
        same = (live.manifest.revision, live.manifest.names) == (revision, names)
        if not same:
            _carry_over(root, live, replace(live.manifest, revision=revision, names=names))
        return Update(0, 0, live.manifest.paragraphs, False, not same)
    if live and verify(live.directory):  # nothing is taken over from damaged files
        live = None
        changed, gone = _differences(live, marks)
    directory = new_generation(root, live.directory if live else None)
    try:
        built = _fill(directory, live, Manifest("", 0, INDEX_VERSION, revision, marks, names), progress)
    except BaseException:
        discard(directory)
        raise
    switch(root, directory)
    return Update(len(changed), len(gone), built.manifest.paragraphs, live is None, True)


def _codes(names: Mapping[str, Any]) -> set[tuple[str, str]]:
    return {(kind, code) for kind in ("state", "body") for code in names[kind]}


def _carry_over(root: Path, live: OpenIndex, manifest: Manifest, most: int = 0) -> None:
    """A generation of the same files: all that is new is the revision, how something is called, or the
    meanings of ``most`` texts.
    """
    directory = new_generation(root, live.directory)
    try:
        _write_names(directory, live, manifest)
        if most:
            write_meanings(directory, _texts(live.columns), live.meanings, most)
        for name in manifest.files:
            if not (directory / name).exists():
                link(live.directory / name, directory / name)
        files = digests(directory, live.directory, live.manifest.files)
        write_manifest(directory, replace(manifest, indexed_at=_now(), files=files))
    except BaseException:
        discard(directory)
        raise
    switch(root, directory)


def _write_names(directory: Path, base: OpenIndex | None, manifest: Manifest) -> None:
    if base and base.manifest.names == manifest.names:
        link(base.directory / NAMES, directory / NAMES)
    else:
        write_names(directory, manifest.names)


def _usable(root: Path) -> OpenIndex | None:
    """The live index where it can be read, is not known to be damaged and follows the present rules."""
    try:
        directory = current_generation(root)
        if directory:
            refuse_damaged(directory)
        live = open_index(directory) if directory else None
    except IndexUnavailableError:
        return None
    return live if live and live.manifest.version == INDEX_VERSION else None


def _differences(base: OpenIndex | None, marks: dict[str, str]) -> tuple[list[int], list[int]]:
    """The documents to be indexed anew, and those to be taken out."""
    before = base.manifest.documents if base else {}
    changed = [int(pk) for pk, mark in marks.items() if before.get(pk) != mark]
    return changed, [int(pk) for pk in before if pk not in marks]


def _fill(
    directory: Path, base: OpenIndex | None, manifest: Manifest, progress: Progress | None
) -> OpenIndex:
    """Write all parts of a generation: what ``base`` holds of unchanged documents, the others anew."""
    changed, gone = _differences(base, manifest.documents)
    total = Paragraph.objects.filter(document__in=changed).count()
    prepared = _reported(prepared_rows(changed), total, progress)
    stale = {*changed, *gone}
    kept = _kept(base, stale) if base else iter(())
    held = set(map(int, base.manifest.documents)) if base else set()
    paragraphs = write_generation(directory, kept, prepared, sorted(stale & held), total, fresh=base is None)
    write_meanings(directory, _texts(Columns(directory)), _meanings_before(directory, base), READ_AT_ONCE)
    _write_names(directory, base, manifest)
    files = digests(directory, base.directory, base.manifest.files) if base else digests(directory)
    write_manifest(directory, replace(manifest, indexed_at=_now(), paragraphs=paragraphs, files=files))
    return open_index(directory)  # raises where the parts do not fit each other


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


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
    texts = _texts(Columns(directory))
    return write_literal_index(directory, zip(keys.paragraphs, keys.documents, texts, strict=True))


def _texts(columns: Columns) -> Iterator[str]:
    return (columns.stored(row)["text"] for row in range(len(columns)))


def _meanings_before(directory: Path, base: OpenIndex | None) -> Meanings | None:
    """What is known of texts already: by ``base``, or by the live generation, of whatever version it is."""
    if base:
        return base.meanings
    try:
        live = current_generation(directory.parent)
        return open_index(live).meanings if live else None
    except IndexUnavailableError:
        return None


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
