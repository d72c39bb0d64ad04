"""The whole archive as files to take away: every document as its JSON twin, and tables in one SQLite file,
whose rows name each other by symbol and anchor, as documents do.

The same archive gives the same bytes, whenever and wherever it is written. It is written aside, and put in
its place whole; a manifest tells of the files with size and checksum, and of the state that they hold.
"""

from __future__ import annotations

import datetime as dt
import gzip
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cache
from hashlib import file_digest
from pathlib import Path
from typing import IO, Any

import msgspec
from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db.models import F, Field, Max, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.export.tables import BY_MODEL, TABLES, Table
from archive.models import Document, Paragraph
from archive.models.references import NaturalKeyModel
from archive.store.database.bulk import one_moment
from archive.store.derived import ASIDE, MARK, Built, DataFolder, building, put, sweep, unfinished
from archive.store.reading import records as values
from archive.store.revision import current_revision
from archive.store.values import Schema, encode
from archive.store.withholding.register import Producer
from archive.store.withholding.words import Forbidden, withheld_state


class DumpFile(Schema, frozen=True, kw_only=True):
    """A file of the dump."""

    name: str
    bytes: int
    sha256: str


class DumpManifest(Schema, frozen=True, kw_only=True):
    """The dump: when the archive last changed before it was made, its rows by table, its files."""

    changed: str | None
    counts: dict[str, int]
    files: list[DumpFile]
    withheld: str | None
    revision: str | None

    @property
    def date(self) -> dt.datetime | None:
        return dt.datetime.fromisoformat(self.changed) if self.changed else None


AT_ONCE = 2000
MANIFEST, LINES, DATABASE = NAMES = ("dump.json", "documents.jsonl.gz", "archive.sqlite3")
DUMPED = tuple(table for table in TABLES if not table.private)


def offered() -> Storage:
    """Returns the storage of the public dump."""
    return storages["dump"]


def is_clean(manifest: DumpManifest) -> bool:
    """Returns True if the dump excludes all words that are withheld now; one query."""
    return (manifest.withheld or "") == withheld_state()


def read_manifest(where: Path | Storage) -> DumpManifest | None:
    """Returns the manifest of the dump in a folder or storage; None where no whole dump lies there."""
    storage = _storage(where)
    try:
        with storage.open(MANIFEST) as file:
            told = {"withheld": None, "revision": None, **json.loads(file.read())}
        manifest = msgspec.convert(told, DumpManifest)
    except (OSError, ValueError, TypeError, msgspec.MsgspecError):
        return None
    return manifest if all(_is_there(storage, file) for file in manifest.files) else None


def open_file(storage: Storage, manifest: DumpManifest, file: DumpFile) -> IO[bytes] | None:
    """Opens a file of the dump that ``manifest`` describes; None where another dump replaced it since."""
    try:
        opened = storage.open(file.name)
    except OSError:
        return None
    if read_manifest(storage) == manifest:  # the last that is put in place: what was opened before is its own
        return opened
    opened.close()
    return None


def write_dump(where: Path | Storage, progress: Callable[[str], None] = lambda name: None) -> DumpManifest:
    """Writes documents, tables and, last, the manifest into a folder or storage, all read at one moment;
    ``progress`` is told each name. A run that is killed leaves no dump rather than a mixture.
    """
    storage = _storage(where)
    sweep_dump(storage)
    with building(place_of_work()) as aside, one_moment():
        changed = Document.objects.aggregate(changed=Max("changed"))["changed"]
        progress(LINES)
        counts = {"jsonl": _write_lines(aside / LINES)}
        progress(DATABASE)
        counts |= _write_database(aside / DATABASE)
        manifest = DumpManifest(
            changed=changed.isoformat() if changed else None,
            counts=counts,
            files=[_describe(aside / name) for name in (LINES, DATABASE)],
            withheld=withheld_state(),
            revision=str(current_revision()),
        )
        (aside / MANIFEST).write_text(encode(manifest) + "\n", encoding="utf-8")
        remove_dump(storage)
        for name in (LINES, DATABASE, MANIFEST):
            with Built(aside / name) as built:
                put(storage, name, built)
    return manifest


def place_of_work() -> Path:
    """Returns the path next to which a dump is built."""
    return Path(settings.DATA_DIR) / MANIFEST


def half_written(storage: Storage) -> list[str]:
    """Lists the unfinished files of killed runs, and those being written, in the dump's storage."""
    try:
        names = storage.listdir("")[1]
    except FileNotFoundError:
        return []
    return sorted(name for name in names if name.startswith(tuple(f"{one}{ASIDE}" for one in NAMES)))


def sweep_dump(storage: Storage) -> None:
    """Removes the files left by killed runs."""
    for name in half_written(storage):
        storage.delete(name)
    sweep(place_of_work().parent, f".{MANIFEST}{MARK}")


def remove_dump(where: Path | Storage) -> None:
    """Removes a dump, its manifest first; nothing else that lies there."""
    for name in NAMES:
        _storage(where).delete(name)


def _storage(where: Path | Storage) -> Storage:
    """Returns a storage as it is; a folder as one."""
    return where if isinstance(where, Storage) else DataFolder(location=where)


def _is_there(storage: Storage, file: DumpFile) -> bool:
    return "/" not in file.name and storage.exists(file.name) and storage.size(file.name) == file.bytes


def _describe(path: Path) -> DumpFile:
    """Returns a file that was written, as it is."""
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    return DumpFile(name=path.name, bytes=path.stat().st_size, sha256=digest)


def _write_lines(path: Path) -> int:
    """Returns one JSON object for each document, as its twin; documents by symbol. Returns how many."""
    written = 0
    # Name and time of a gzip file stand in its header; without them equal content is equal bytes.
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as file:
        for document in (
            Document.objects.select_related("state", "source")
            .with_revision()
            .order_by("symbol", "language")
            .iterator()
        ):
            file.write(f"{encode(_twin(document), indent=None)}\n".encode())
            written += 1
    return written


def _twin(document: Document) -> values.Document:
    blocks = list(document.paragraphs.order_by("position").with_mentions())
    citing = Paragraph.objects.citing(document.symbol).count()
    dropped = document.dropped_lines.order_by("line", "pk")
    return values.Document.of(document, blocks, dropped, citing, document.revision)


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


# The tables of the SQLite file.


def name_of(table: Table) -> str:
    return table.dumped_as or table.name


@cache
def columns(table: Table) -> dict[str, str]:
    """Returns the columns of a table in their order, and the field that each comes from."""
    own = {field.name: field for field in table.columns if field.name not in table.hidden}
    names = dict.fromkeys([*own, *table.computed])
    layout = table.layout or (*(name for name in table.key[:1] if own[name].is_relation), ...)
    rest = [name for name in names if name not in layout]
    found: dict[str, str] = {}
    for place in layout:
        for name in rest if place is ... else [place]:
            found |= _reached(table, own[name]) if name in own else {name: name}
    return found


@cache
def key(table: Table) -> tuple[str, ...]:
    """Returns the columns that identify a row."""
    if issubclass(table.model, NaturalKeyModel):
        return (table.model.key_field,)
    own = {field.name: field for field in table.columns}
    return table.dump_key or tuple(column for name in table.key for column in _reached(table, own[name]))


def _reached(table: Table, field: Field) -> dict[str, str]:
    """Returns the columns for one field: of a reference, those that name the row, but of a paragraph that is
    not the place where the row stands its anchor alone, and of a row of a list its slug or code.
    """
    name = table.renamed.get(field.name, field.name)
    if not field.is_relation:
        return {name: field.name}
    other = BY_MODEL[field.related_model]
    if issubclass(other.model, NaturalKeyModel):
        return {name: f"{field.name}__{other.model.key_field}"}
    if other.model is Paragraph and field.name not in table.key:
        return {name: f"{field.name}__anchor"}
    return {column: f"{field.name}__{columns(other)[column]}" for column in key(other)}


def references(table: Table) -> Iterator[tuple[tuple[str, ...], Table]]:
    """Generates the foreign keys of a table: its columns, and the table whose key they hold."""
    for field in table.columns:
        if not field.is_relation or field.name in table.hidden:
            continue
        other, names = BY_MODEL[field.related_model], tuple(_reached(table, field))
        if field.name in table.inside:
            names = (*key(BY_MODEL[Document]), *names)
        if not other.private and len(names) == len(key(other)):
            yield names, other


def rows(table: Table) -> QuerySet:
    """Rows of values in the order of ``columns``; by their key."""
    values = {name: table.computed.get(name, F(path)) for name, path in columns(table).items()}
    found = table.shown() if table.shown else table.rows
    return found.order_by(*(values[name] for name in key(table))).values_list(*values.values())


# The dump as a copy of the archive's words: made anew without those that law forbids to show, or gone.


def dump_holds(words: Forbidden | None) -> Sequence[str]:
    """Lists files of the dump that may contain withheld words: unfinished, outdated, or with a match."""
    storage = offered()
    manifest = read_manifest(storage)
    names = [*(part.name for part in unfinished(place_of_work().parent, MANIFEST)), *half_written(storage)]
    left = [_("没有做完的%(name)s") % {"name": name} for name in names]
    if manifest is None:
        lying = [name for name in (LINES, DATABASE) if storage.exists(name)]
        return [*left, *(_("%(name)s没有清单") % {"name": name} for name in lying)]
    if not is_clean(manifest):
        return [*left, _("制作于依法不予显示的文字有变之前，现在不提供下载")]
    if words:
        left += dict.fromkeys(name for name, text in _texts(storage) if words.found_in(text))
    return left


def remake_dump() -> None:
    """Makes the dump anew where there is one; where that fails there is none."""
    storage = offered()
    sweep_dump(storage)
    whole = read_manifest(storage) is not None
    try:
        if whole:
            write_dump(storage)
    except BaseException:
        remove_dump(storage)
        raise
    if not whole:
        remove_dump(storage)


def _texts(storage: Storage) -> Iterator[tuple[str, str]]:
    """Generates (name of the file, text) for all texts in the files of a dump."""
    with storage.open(LINES) as packed, gzip.open(packed, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield from ((LINES, text) for text in _strings(json.loads(line)))
    with _on_disk(storage) as path, closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            rows = database.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            yield from ((DATABASE, value) for row in rows for value in row if isinstance(value, str))


@contextmanager
def _on_disk(storage: Storage) -> Iterator[Path]:
    """The tables as a file of this host; SQLite reads no other."""
    try:
        yield Path(storage.path(DATABASE))
    except NotImplementedError:
        with building(place_of_work()) as folder, storage.open(DATABASE) as file:
            with (folder / DATABASE).open("wb") as copy:
                shutil.copyfileobj(file, copy)
            yield folder / DATABASE


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _strings(one)


PRODUCER = Producer("dump", gettext_lazy("整库下载"), dump_holds, remake_dump)
