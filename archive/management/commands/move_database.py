"""``manage.py move_database ADDRESS``: copy the whole archive into another database, SQLite or PostgreSQL,
row for row: keys, histories, revisions and accounts as they are.

Other than a bundle, which is the archive as it is told to everybody, this takes along what is withheld, who
may edit, and every number, so that an index of the one is an index of the other. The source is read at one
moment; in the target all is there afterwards, and equal, or nothing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, cast

import environ
from django.apps import apps
from django.conf import settings
from django.core.management.base import CommandError
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

from archive.management.base import ArchiveCommand
from archive.migrations._revision_triggers import without_revision_triggers
from archive.store.database.bulk import batched, gather_statistics, insert_rows, one_moment
from archive.store.database.connections import POSTGRESQL, SQLITE, configured

TARGET = "target"  # the alias of the database that is moved to
AT_ONCE = 1000  # rows
OF_MIGRATIONS = frozenset(
    {
        *("archive.Revision", "archive.DocumentRevision", "contenttypes.ContentType", "auth.Permission"),
        *("auth.Group", "auth.Group_permissions"),
    }
)


@dataclass(frozen=True, slots=True)
class Moved:
    """A table that was moved: its name, the number of its rows, and the SHA-256 of them all."""

    table: str
    rows: int
    digest: str


class Command(ArchiveCommand):
    help = (
        "把整个库逐行复制到一个空的数据库（postgres://user:password@host/name或sqlite:////folder/file.sqlite3），"
        "连同账户和不得公开的文字，并逐行对照。或全部到齐，或什么也没有；现在的数据库不变。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address", metavar="ADDRESS", help="新的数据库，写法同DATABASE_URL")

    def handle(self, *args: Any, **options: Any) -> None:
        address = options["address"]
        scheme, mark, _rest = address.partition("://")
        maker = environ.Env.DB_SCHEMES.get(scheme) if mark else None
        database = environ.Env.db_url_config(address) if maker in (SQLITE, POSTGRESQL) else {}
        if not database.get("NAME"):
            raise CommandError(self._unread(address), returncode=2)
        moved = move_archive(
            address, configured(database, pooled=False), self._reporter(options["verbosity"])
        )
        rows = sum(table.rows for table in moved)
        self.stdout.write(
            _("已搬移%(tables)d张表、%(rows)d行，逐行读回，与原库相同。")
            % {"tables": len(moved), "rows": rows}
        )
        self.stdout.write(_("请停下网站，把DATABASE_URL设为新地址，再启动；搜索索引仍可用，不必重建。"))
        self.stdout.write(_("搬移期间如有人写入原库，那些内容不在新库里：请在搬移前停下写入。"))

    def _reporter(self, verbosity: int) -> Any:
        def tell(moved: Moved) -> None:
            if verbosity > 1 or moved.rows:
                self.stdout.write(f"{moved.rows:>10} {moved.table}")

        return tell if verbosity else lambda _moved: None

    def _unread(self, address: str) -> str:
        return _(
            "%(address)s不是数据库地址；写作postgres://用户:密码@主机/库名，或sqlite:////文件夹/文件.sqlite3。"
        ) % {"address": address}


def move_archive(
    address: str, database: dict[str, Any], report: Callable[[Moved], None] = lambda _moved: None
) -> list[Moved]:
    """Copies every table into an empty database, given as an address and as an entry of ``DATABASES``;
    ``report`` is called with each.

    Raises CommandError where the target is the source, holds something, or does not hold afterwards what was
    read; nothing is left in its tables then.
    """
    connections.settings[TARGET] = {**connections.settings[DEFAULT_DB_ALIAS], **database}
    try:
        source, target = connections[DEFAULT_DB_ALIAS], connections[TARGET]
        if _place(source) == _place(target):
            raise CommandError(_("这正是本库现在的数据库，没有搬移。"))
        _refuse_unmigrated(source)
        _refuse_filled(target)
        _make_tables(address)
        tables = _tables()
        with one_moment(), transaction.atomic(using=TARGET), without_revision_triggers(target):
            with target.constraint_checks_disabled():
                _empty(target, [model for model in tables if model._meta.label in OF_MIGRATIONS])
                moved = [_copied(model, report) for model in tables]
            target.check_constraints()
            _count_on(source, target, tables)
            _compare(moved, tables)
        gather_statistics(TARGET)
        return moved
    finally:
        connections[TARGET].close()
        del connections[TARGET]
        del connections.settings[TARGET]


def _place(connection: BaseDatabaseWrapper) -> tuple:
    """Returns the address of a database: host, port and name."""
    return tuple(str(connection.settings_dict.get(name) or "") for name in ("HOST", "PORT", "NAME"))


def _refuse_unmigrated(source: BaseDatabaseWrapper) -> None:
    executor = MigrationExecutor(source)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CommandError(_("本库的表还不是这一版的；请先执行migrate，再搬移。"))


def _refuse_filled(target: BaseDatabaseWrapper) -> None:
    existing = set(target.introspection.table_names())
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        if model._meta.label in OF_MIGRATIONS or table not in existing:
            continue
        if model._base_manager.using(TARGET).exists():
            raise CommandError(
                _("目标数据库不是空的（表%(table)s已有内容），没有搬移。请另建一个空数据库。")
                % {"table": table}
            )


def _make_tables(address: str) -> None:
    """Migrates the target, in a process for which it is the database: migrations know no other."""
    made = subprocess.run(  # noqa: S603, our own program
        [sys.executable, str(settings.BASE_DIR / "manage.py"), "migrate", "--verbosity=0"],
        env={**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "archive.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        last = made.stderr.strip().rpartition("\n")[2]
        raise CommandError(_("目标数据库里建不成表：%(error)s") % {"error": last})


def _tables() -> list[type[models.Model]]:
    """Returns every table of every app but that of the migrations."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model is not MigrationRecorder.Migration
    ]


def _empty(target: BaseDatabaseWrapper, tables: Iterable[type[models.Model]]) -> None:
    """Deletes the rows that migrations wrote: the source brings its own, under its own keys."""
    with target.cursor() as cursor:
        for model in tables:
            cursor.execute(f"DELETE FROM {target.ops.quote_name(model._meta.db_table)}")  # noqa: S608


def _read(
    model: type[models.Model], alias: str, put: Callable[[list[tuple]], None] = lambda _rows: None
) -> Moved:
    """Reads a table through, some rows at a time, which are ``put`` somewhere."""
    digest, count = sha256(), 0
    found = model._base_manager.using(alias).order_by("pk").values_list(*_columns(model))
    for rows in batched(found.iterator(chunk_size=AT_ONCE), AT_ONCE):
        count += len(rows)
        digest.update(b"".join(map(_plain, rows)))
        put(rows)
    return Moved(model._meta.db_table, count, digest.hexdigest())


def _copied(model: type[models.Model], report: Callable[[Moved], None]) -> Moved:
    moved = _read(model, DEFAULT_DB_ALIAS, lambda rows: insert_rows(model, _columns(model), rows, TARGET))
    report(moved)
    return moved


def _columns(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _plain(row: Sequence[Any]) -> bytes:
    """Returns a row as bytes: the same from either database."""
    return json.dumps(row, sort_keys=True, default=_plain_value).encode() + b"\n"


def _plain_value(value: Any) -> str:
    return sha256(value).hexdigest() if isinstance(value, memoryview | bytes) else str(value)


def _count_on(
    source: BaseDatabaseWrapper, target: BaseDatabaseWrapper, tables: Sequence[type[models.Model]]
) -> None:
    """Lets keys go on behind the last that the source ever gave out, be its row there or not."""
    with target.cursor() as cursor:
        for model in tables:
            field = model._meta.auto_field
            if field is None:
                continue
            last, table = _last_key(source, model), model._meta.db_table
            if target.vendor == "sqlite":
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])
            else:
                setting = "SELECT setval(pg_get_serial_sequence(%s, %s), %s, %s)"
                cursor.execute(setting, [table, field.column, last or 1, bool(last)])


def _last_key(source: BaseDatabaseWrapper, model: type[models.Model]) -> int:
    """Returns the last key that a table gave out; 0 where it gave none."""
    with source.cursor() as cursor:
        if source.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [model._meta.db_table])
        else:
            cursor.execute(
                "SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, %s)::regclass)",
                [model._meta.db_table, cast(models.AutoField, model._meta.auto_field).column],
            )
        row = cursor.fetchone()
    return (row and row[0]) or 0


def _compare(moved: Sequence[Moved], tables: Sequence[type[models.Model]]) -> None:
    """Reads everything back; nothing is committed where it is not what was read."""
    for before, model in zip(moved, tables, strict=True):
        if _read(model, TARGET) != before:
            raise CommandError(
                _("表%(table)s搬过去以后与原来不同，没有搬移；目标数据库里什么也没有留下。")
                % {"table": before.table}
            )
