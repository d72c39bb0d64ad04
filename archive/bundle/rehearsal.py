"""Would a bundle made now bring everything back? It is made, checked and restored in a scratch place."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from archive.tables import TABLES

from . import BundleError
from .export import export_bundle
from .verify import check_bundle

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
    """What a bundle made now would lose or get wrong, each in a sentence; nothing is left behind."""
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
        if failed := _restore(made, again, Path(scratch, "data")):
            yield _("试做的存证包恢复不了：%(reason)s") % {"reason": failed}
            return
        yield from _differences(made, again)


def _restore(made: Path, again: Path, data: Path) -> str:
    """Restore ``made`` into an archive under ``data`` and export that to ``again``; "" or why it failed."""
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
