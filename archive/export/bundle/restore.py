"""Restores an empty archive from a bundle: the same addresses, texts and histories, in one transaction."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, models
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from archive.export.tables import HISTORY, HOLDINGS, REFERENCES, TABLES, Table
from archive.migrations._history_revisions import HISTORY as REVISIONS
from archive.migrations._history_revisions import number_history
from archive.models import Cause, Document, IssuedText, RetiredDocument, ShippedRecord, SourceFile
from archive.store.database.bulk import insert_rows, set_references
from archive.store.ingest.history import record_issue
from archive.store.ingest.values import Why
from archive.store.revision import leave_behind, lock_revision, one_act

from . import BundleError
from .export import export_bundle
from .snapshot import Key, as_key, take_source, with_sources
from .verify import VERSION, check_bundle

SHOWN = 5


def restore_bundle(directory: Path, key: str | None = None, allow_unsigned: bool = False) -> dict:
    """Fills the empty archive from a bundle that is verified first; returns its manifest.

    Bodies, States and other reference rows become those of the bundle. Raises BundleError where the bundle is
    not sound, the archive is not empty, or a row does not fit; the archive is then as before.
    """
    manifest, findings = check_bundle(directory, key, allow_unsigned)
    if findings:
        shown = "\n".join(map(str, findings[:SHOWN]))
        raise BundleError(_("存证包未通过核对，没有恢复：\n%(findings)s") % {"findings": shown})
    with one_act():
        _require_empty()
        ShippedRecord.objects.all().delete()  # of rows that go
        for table in reversed(REFERENCES):
            table.rows.delete()
        restoring = _Restoring(directory, manifest["version"])
        for table in TABLES:
            restoring.restore(table)
        _count_on(manifest["version"])
        if manifest["version"] == 1:
            _add_missing_history(lock_revision())
    return manifest


def _require_empty() -> None:
    for table in (*HOLDINGS, *HISTORY):
        if table.rows.exists():
            name = table.model._meta.verbose_name
            raise BundleError(
                _(
                    "本库不是空的（%(name)s已有内容），没有恢复。请用新的ARCHIVE_DATA_DIR或数据库，只执行migrate。"
                )
                % {"name": name}
            )


def _count_on(version: int) -> None:
    """Lets the revision go on above those of the history; bundles of version 1 do not tell these."""
    models = {name: apps.get_model("archive", name) for name in REVISIONS}
    last = number_history(models) if version == 1 else 0
    for name, columns in REVISIONS.items():
        found = models[name].objects.aggregate(*(Max(revision) for _moment, revision in columns))
        last = max([last, *filter(None, found.values())])
    leave_behind(last)


def _add_missing_history(revision: int) -> None:
    """Bundles of version 1 lack the history of texts that changed in form only (， to ,)."""
    why = Why(Cause.SOURCE, gettext_noop("字形有过改动，当时没有记入历次文字，恢复时补记"))
    for document in Document.objects.order_by("pk"):
        issued = IssuedText.objects.of(document)
        if newest := issued.aggregate(since=Max("since"))["since"]:
            paragraphs = document.paragraphs.only("document", "anchor", "fingerprint", "text")
            now = max(document.changed, newest + timedelta(microseconds=1))
            record_issue(document, paragraphs, revision, now, why)


class _Restoring:
    """Restores table by table; remembers the new number of each row by what names it."""

    def __init__(self, bundle: Path, version: int) -> None:
        self._bundle, self._version = bundle, version
        self._numbers: dict[type[models.Model], dict[Key, int]] = {}

    def restore(self, table: Table) -> None:
        """Adds the rows of a table; documents and whatever else tells when it was added as they came in, for
        lists of the newest go by keys. What refers to its like does so when all are there.
        """
        own = [column.attname for column in table.columns if column.related_model is table.model]
        clocks = [column.attname for column in table.columns if getattr(column, "auto_now_add", False)]
        found: list[tuple[Key, dict[str, Any], list[Key | None]]] = []
        for number, plain in enumerate(self._read(table), start=1):
            try:
                values = self._columns(table, plain)
            except (KeyError, TypeError, ValueError, ValidationError) as error:
                raise _unfit(table, number, error) from error
            found.append((_name(table, plain), values, [values.pop(name) for name in own]))
        found.sort(key=lambda row: [row[1][name] for name in clocks])
        _insert(table, [values for _name, values, _parents in found])
        keys = table.rows.order_by("pk").values_list("pk", flat=True)
        numbers = self._numbers[table.model] = {row[0]: key for row, key in zip(found, keys, strict=True)}
        referring = {
            numbers[name]: [numbers[parent] if parent else None for parent in parents]
            for name, _values, parents in found
            if any(parents)
        }
        set_references(table.model, own, referring)

    def _read(self, table: Table) -> Iterator[dict[str, Any]]:
        if not (self._bundle / table.path).exists():  # the manifest was checked: no file is missing from it
            return  # a table that came later
        with (self._bundle / table.path).open(encoding="utf-8", newline="\n") as lines:
            yield from map(json.loads, lines)

    def _columns(self, table: Table, plain: Mapping[str, Any]) -> dict[str, Any]:
        """Returns the columns of a row; a reference to its own table, which may come later, by its key."""
        values: dict[str, Any] = {}
        if table.model is SourceFile:
            plain = take_source(self._bundle, plain)
            values["content"] = plain.pop("content")
        elif table.model is RetiredDocument:
            plain = {**plain, "facts": with_sources(plain["facts"], self._number_of_source)}
        for column in table.columns:
            if column.name not in plain and self._version < VERSION:
                values[column.attname] = column.get_default()  # it came later
                continue
            value = plain[column.name]
            if not column.related_model:
                value = "" if value is None and not column.null else column.to_python(value)
            elif value is not None:
                key, own = as_key(value), column.related_model is table.model
                value = key if own else self._numbers[column.related_model][key]
            values[column.attname] = value
        return values

    def _number_of_source(self, named: Any) -> int | None:
        return None if named is None else self._numbers[SourceFile][as_key(named)]


def _insert(table: Table, rows: list[dict[str, Any]]) -> None:
    try:
        insert_rows(table.model, list(rows[0]) if rows else [], [[*row.values()] for row in rows])
    except DatabaseError as error:
        said = {"path": table.path, "error": error}
        raise BundleError(_("%(path)s与本库的规则不符：%(error)s") % said) from error


def _name(table: Table, plain: Mapping[str, Any]) -> Key:
    """Returns the natural key of a row from its JSON."""
    names: list[Any] = []
    for name in table.key:
        value = plain.get(f"{name}_sha256" if name in table.digested else name)  # or it came later
        names += value if isinstance(value, list) else [value]
    return tuple(names)


def _unfit(table: Table, number: int, error: Exception) -> BundleError:
    place = {"path": table.path, "line": number, "error": repr(error)}
    return BundleError(_("%(path)s第%(line)d行与本库的表不符：%(error)s。存证包可能出自别的版本。") % place)


# Would a bundle made now bring everything back? It is made, checked and restored in a scratch place.

# In a process of its own, because the database of this one is the archive's. SQLite, whatever the site has.
RESTORING = """
import django, sys
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("restore_bundle", sys.argv[1], "--allow-unsigned", "--no-index", verbosity=0)
call_command("export_bundle", sys.argv[2], "--unsigned", verbosity=0)
"""
LINES_SHOWN = 3
# What migrations write into an empty archive, table by table.
BEGUN = {
    "django_migrations (id, app, name, applied)": "SELECT id, app, name, applied FROM django_migrations",
    "archive_revision (id, number, token)": "SELECT id, 1, token FROM archive_revision",
    "archive_documentrevision (document_id, number, token)": "SELECT 0, 1, token FROM archive_revision",
}


def rehearse(counts: Counter) -> Iterator[str]:
    """Exports and restores a trial bundle, leaving nothing behind; generates the differences, in words."""
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as scratch:
        made, again = Path(scratch, "made"), Path(scratch, "again")
        try:
            export_bundle(made, None)
        except (BundleError, LookupError, ValueError) as error:
            yield _("存证包做不出来：%(reason)s") % {"reason": error}
            return
        counts[_("试做的存证包")] += 1
        _manifest, findings = check_bundle(made, allow_unsigned=True)
        yield from (_("试做的存证包核对不通过：%(finding)s") % {"finding": finding} for finding in findings)
        if findings:
            return
        if failed := _restore_apart(made, again, Path(scratch, "data")):
            yield _("试做的存证包恢复不了：%(reason)s") % {"reason": failed}
            return
        yield from _differences(made, again)


def _restore_apart(made: Path, again: Path, data: Path) -> str:
    """Restores ``made`` under ``data`` and exports that to ``again``; returns "" or why it failed."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "archive.settings",
        "ARCHIVE_DATA_DIR": str(data),
        "DATABASE_URL": f"sqlite:///{data}/scratch.sqlite3",
        "PYTHONPATH": str(settings.BASE_DIR),
        "PYTHONIOENCODING": "utf-8",
    }
    data.mkdir()
    if connection.vendor == "sqlite":
        _copy_tables(data / "scratch.sqlite3")
    command = [sys.executable, "-c", RESTORING, str(made), str(again)]
    done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False)  # noqa: S603
    return "" if done.returncode == 0 else done.stderr.strip().rpartition("\n")[2]


def _copy_tables(database: Path) -> None:
    """Makes ``database`` an empty archive with the tables, indexes and triggers of this one: to go through
    all migrations again took longer than what is rehearsed.
    """
    with connection.cursor() as cursor, closing(sqlite3.connect(database)) as scratch, scratch:
        cursor.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%'"
            " ORDER BY type = 'table' DESC"
        )
        for (made,) in cursor.fetchall():
            scratch.execute(made)
        for table, begun in BEGUN.items():
            cursor.execute(begun)
            for row in cursor.fetchall():
                scratch.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608


def _differences(made: Path, again: Path) -> Iterator[str]:
    for table in TABLES:
        then = (made / table.path).read_text("utf-8").splitlines()
        now = (again / table.path).read_text("utf-8").splitlines()
        if then == now:
            continue
        lost, added = Counter(then) - Counter(now), Counter(now) - Counter(then)
        shown = "; ".join(row[:200] for row in [*lost, *added][:LINES_SHOWN])
        yield _("恢复后%(path)s与原来不同：少%(lost)d行，多%(added)d行：%(rows)s") % {
            "path": table.path, "lost": lost.total(), "added": added.total(), "rows": shown,
        }  # fmt: skip
