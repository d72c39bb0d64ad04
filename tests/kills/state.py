"""What an archive holds, for comparison, and whether it is whole."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from io import StringIO
from pathlib import Path

from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from archive.management.commands.verify_archive import failures
from archive.models import Document, Paragraph, RetiredDocument, SourceFile
from search.engine.index.generations import LIVE, IndexUnavailableError, live_name
from search.engine.index.integrity import verify
from search.engine.live.consistency import check_index
from search.engine.live.index import index_root, open_index

# How often something was tried, not what came of it.
TRIES = {"ImportRun", "ImportOutcome", "Revision", "DocumentRevision"}
# Who held a file, how often, and the keys of what came of it: the rest of the rows tells that.
LEASE = ("lease_owner", "tries", "document", "before")
SEGMENT = re.compile(r"(?<=/)\d+-[0-9a-f]{16}/\d+(?P<inside>/.*)?$")  # of the index
# What comes and goes, or stays, without a meaning: SQLite's own files, files to be locked, the dictionary's.
STANDING = re.compile(r"\.sqlite3-(?:wal|shm)$|/(?:LOCK|VERIFIED)$|^cache(?:/|$)")

Rows = dict[str, list[str]]


def rows() -> Rows:
    """All rows of the archive, independent of keys, clock and revision: model → sorted digests."""
    digest = _Digest()
    return {
        model.__name__: sorted(digest.of(model, row.pk) for row in model.objects.only("pk"))
        for model in apps.get_app_config("archive").get_models()
        if model.__name__ not in TRIES
    }


def tables() -> Rows:
    """What is where today's models may not be able to read it: table → its columns with how many rows it has,
    and the migrations that were made.
    """
    quoted = connection.ops.quote_name
    with connection.cursor() as cursor:
        found = {"made": sorted(map(str, MigrationRecorder(connection).applied_migrations()))}
        for table in connection.introspection.table_names(cursor):
            columns = [one.name for one in connection.introspection.get_table_description(cursor, table)]
            cursor.execute(f"SELECT COUNT(*) FROM {quoted(table)}")  # noqa: S608, a name of this database
            found[table] = [*columns, str(cursor.fetchone())]
    return found


class _Digest:
    """Of a row: a hash of its values, where a reference counts as the digest of the row referred to."""

    def __init__(self) -> None:
        self.of = cache(self._of)
        self._read = cache(lambda model: model.objects.in_bulk())

    def _of(self, model: type[models.Model], key: int | None) -> str:
        if key is None:
            return ""
        row = self._read(model)[key]
        values = [self._value(row, column) for column in model._meta.concrete_fields if _counts(column)]
        told = hashlib.sha256(repr(values).encode()).hexdigest()[:16]
        return f"{_label(row)[:60]} {told}"

    def _value(self, row: models.Model, column: models.Field) -> object:
        value = getattr(row, column.attname)
        if isinstance(row, RetiredDocument) and column.name == "facts":
            value = self._facts(value)
        if column.is_relation:
            return self.of(column.related_model, value)
        if isinstance(value, memoryview | bytes):
            return hashlib.sha256(value).hexdigest()
        return json.dumps(value, sort_keys=True) if isinstance(value, dict | list) else value

    def _facts(self, facts: dict) -> dict:
        """Those of a retired document, which name rows of sources by their keys."""
        told = dict(facts)
        if "source" in facts:
            told["source"] = self.of(SourceFile, facts["source"])
        if "second_originals" in facts:
            seconds = facts["second_originals"]
            told["second_originals"] = [[self.of(SourceFile, key), format_] for key, format_ in seconds]
        return told


def _label(row: models.Model) -> str:
    """What a row is called, without keys: a sequence of PostgreSQL does not take back those it gave."""
    return f"{row.document.symbol}/p/{row.anchor}" if isinstance(row, Paragraph) else str(row)


def _counts(column: models.Field) -> bool:
    if column.model.__name__ == "IntakeItem" and column.name in LEASE:
        return False
    clock = isinstance(column, models.DateTimeField)
    return not (column.primary_key or clock or column.name.endswith("revision"))


def difference(mine: Rows, wanted: Rows) -> str:
    """What the one has more and the other less, in short; empty where they are equal."""
    told = []
    for name in wanted:
        more, less = Counter(mine[name]) - Counter(wanted[name]), Counter(wanted[name]) - Counter(mine[name])
        if more or less:
            told.append(f"{name} +{list(more)[:2]} -{list(less)[:2]}")
    return "; ".join(told)


def files(folder: Path) -> list[str]:
    """Every file and folder below; of segments of the index only that they are."""
    paths = (path.relative_to(folder).as_posix() for path in folder.rglob("*"))
    told = (SEGMENT.sub(lambda found: found["inside"] and "…" or "SEGMENT", path) for path in paths)
    return sorted(path for path in told if not path.endswith("…") and not STANDING.search(path))


def lying(folder: Path) -> tuple[tuple[str, int], ...]:
    """Every file and folder below with its size, and the segments that answer: what tells one state of the
    site from another, beside its rows. Clocks are not seen.
    """
    paths = [path for path in folder.rglob("*") if not STANDING.search(path.relative_to(folder).as_posix())]
    found = [(path.relative_to(folder).as_posix(), _size(path)) for path in paths]
    live = [path.read_text("utf-8").partition("\n")[2] for path in paths if path.name == LIVE]
    return tuple(sorted(found + [(str(json.loads(manifest)["segments"]), 0) for manifest in live]))


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() and path.suffix != ".sqlite3" else 0


def torn() -> Iterator[str]:
    """What must hold after a kill, before anything is run again."""
    yield from _database()
    yield from _pages()
    yield from _index_files()


def unfinished() -> Iterator[str]:
    """What must hold once the operation was run again."""
    yield from _database()
    yield from _pages()
    try:
        compared = check_index()
    except IndexUnavailableError as error:
        yield f"index: {error}"
    else:
        if not compared.sound:
            yield f"index: {list(compared.findings())} ordered {compared.ordered}"


def _database() -> Iterator[str]:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            if (found := cursor.fetchall()) != [("ok",)]:
                yield f"integrity: {found}"
    yield from (f"verify: {failure}" for failure in failures(Counter()))


def _index_files() -> Iterator[str]:
    """The live index can be opened by a process that starts now, and is what was written."""
    if live_name(index_root()):
        try:
            open_index(index_root())
            yield from (f"index: {name}" for name in verify(index_root()))
        except IndexUnavailableError as error:
            yield f"index: {error}"


def _pages() -> Iterator[str]:
    """The site answers, and shows no words that are not there."""
    client = _client()
    for path in ("/", "/documents", "/changes", "/data", "/healthz"):
        if (status := client.get(path).status_code) not in (200, 503):
            yield f"{path}: {status}"
    texts = {}
    for symbol, anchor, text in Paragraph.objects.values_list("document__symbol", "anchor", "text"):
        texts[symbol, anchor] = text
    for symbol in Document.objects.values_list("symbol", flat=True):
        if (status := client.get(f"/{symbol}").status_code) != 200:
            yield f"/{symbol}: {status}"
    for asked in ("“的”", "决议"):
        answer = client.get("/search.json", {"q": asked})
        if answer.status_code not in (200, 503):
            yield f"search: {answer.status_code}"
        for hit in answer.json().get("results", ()) if answer.status_code == 200 else ():
            if texts.get((hit["symbol"], hit["anchor"])) != hit["text"]:
                yield f"search shows {hit['symbol']} {hit['anchor']}, which does not stand so"


@cache
def _client() -> Client:
    """One for each process, whose handlers are made once."""
    return Client(SERVER_NAME="localhost", raise_request_exception=False)


def run_again(*commands: tuple) -> list[str]:
    """Run commands of the archive; returns what those said that had nothing to do."""
    said = []
    for name, *arguments in commands:
        try:
            call_command(name, *arguments, verbosity=0, stdout=StringIO())
        except CommandError as error:
            said.append(f"{name}: {error}")
    return said
