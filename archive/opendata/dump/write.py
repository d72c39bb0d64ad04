"""Writes the dump: aside, and put in its place whole."""

from __future__ import annotations

import gzip
import json
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.core.files.storage import Storage
from django.db.models import Max

from archive.derived import ASIDE, Built, put
from archive.models import Document, Paragraph
from archive.moments import one_moment
from archive.presenters import twins
from archive.revision import current_revision
from archive.schemas import passages
from archive.schemas.base import encode
from archive.tables import Table
from archive.withholding.withheld import withheld_state
from archive.workplace import MARK, building, sweep

from .manifest import NAME, Manifest, describe, in_folder, write_manifest
from .tables import DUMPED, columns, key, name_of, references, rows

AT_ONCE = 2000
LINES, DATABASE = "documents.jsonl.gz", "archive.sqlite3"
NAMES = (NAME, LINES, DATABASE)


def write_dump(where: Path | Storage, progress: Callable[[str], None] = lambda name: None) -> Manifest:
    """Write documents, tables and manifest into a folder or storage; ``progress`` is told each name.

    All is read at one moment, and written in the data folder first. The manifest is put in place last: a
    reader of it finds its files, and where the run is killed between them there is no dump rather than a
    mixture.
    """
    storage = in_folder(where)
    sweep_dump(storage)
    with building(place_of_work()) as aside, one_moment():
        changed = Document.objects.aggregate(changed=Max("changed"))["changed"]
        progress(LINES)
        counts = {"jsonl": _write_lines(aside / LINES)}
        progress(DATABASE)
        counts |= _write_database(aside / DATABASE)
        files = tuple(describe(aside / name) for name in (LINES, DATABASE))
        manifest = Manifest(
            changed.isoformat() if changed else None, counts, files, withheld_state(), str(current_revision())
        )
        write_manifest(aside, manifest)
        remove_dump(storage)
        for name in (LINES, DATABASE, NAME):
            with Built(aside / name) as built:
                put(storage, name, built)
    return manifest


def place_of_work() -> Path:
    """What a dump is built beside."""
    return Path(settings.DATA_DIR) / NAME


def half_written(storage: Storage) -> list[str]:
    """What runs that were killed left of a dump, and what is being put in its place."""
    try:
        names = storage.listdir("")[1]
    except FileNotFoundError:
        return []
    return sorted(name for name in names if name.startswith(tuple(f"{one}{ASIDE}" for one in NAMES)))


def sweep_dump(storage: Storage) -> None:
    """Remove what runs that were killed left."""
    for name in half_written(storage):
        storage.delete(name)
    sweep(place_of_work().parent, f".{NAME}{MARK}")


def remove_dump(where: Path | Storage) -> None:
    """Remove a dump, its manifest first; nothing else that lies there."""
    for name in NAMES:
        in_folder(where).delete(name)


def _write_lines(path: Path) -> int:
    """One JSON object for each document, as its twin; documents by symbol. Returns how many."""
    written = 0
    # Name and time of a gzip file stand in its header; without them equal content is equal bytes.
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as file:
        for document in (
            Document.objects.select_related("state", "source")
            .with_revision()
            .order_by("symbol", "language")
            .iterator()
        ):
            line = encode(_twin(document), indent=None)
            file.write(f"{line}\n".encode())
            written += 1
    return written


def _twin(document: Document) -> passages.Document:
    blocks = list(document.paragraphs.order_by("position").with_mentions())
    citing = Paragraph.objects.citing(document.symbol).count()
    dropped = document.dropped_lines.order_by("line", "pk")
    return twins.document(document, blocks, dropped, citing, document.revision)


def _write_database(path: Path) -> dict[str, int]:
    """Returns table → rows."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA page_size = 4096")
        database.execute("BEGIN")
        counts = {name_of(table): _fill(database, table) for table in DUMPED}
        database.execute("COMMIT")
    return counts


def _fill(database: sqlite3.Connection, table: Table) -> int:
    # Names come from our own tables.
    parts = [_names(columns(table)), f"PRIMARY KEY ({_names(key(table))})"]
    parts += [
        # Deferred, so that rows may be put in again in any order.
        f'FOREIGN KEY ({_names(naming)}) REFERENCES "{name_of(other)}" ({_names(key(other))})'
        " DEFERRABLE INITIALLY DEFERRED"
        for naming, other in references(table)
    ]
    database.execute(f'CREATE TABLE "{name_of(table)}" ({", ".join(parts)}) WITHOUT ROWID')
    marks = ", ".join("?" for _name in columns(table))
    insert = f'INSERT INTO "{name_of(table)}" VALUES ({marks})'  # noqa: S608
    written = (tuple(map(_plain, row)) for row in rows(table).iterator(AT_ONCE))
    return max(database.executemany(insert, written).rowcount, 0)


def _names(columns: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _plain(value: object) -> object:
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return value.isoformat() if hasattr(value, "isoformat") else value
