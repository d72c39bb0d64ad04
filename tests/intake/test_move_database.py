"""``move_database``: the whole archive in another database, equal to the last key, or nothing of it."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.conftest import ROOT
from tests.tables import each_row
from tests.tools.postgres import new_database

SERVER = os.environ.get("TEST_DATABASE_URL", "")
HISTORY = ROOT / "tests" / "upgrades" / "8abdd1f.tar.xz"  # edits, moves, withdrawals, withheld texts, links
# When each migration was applied; keys where none was ever given are told in two ways.
OWN = ("django_migrations", "sqlite_sequence")


def manage(folder: Path, *arguments: str, database: str = "") -> subprocess.CompletedProcess:
    environment = {name: value for name, value in os.environ.items() if "DATABASE_URL" not in name}
    environment |= {"ARCHIVE_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "archive.settings"}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment | ({"DATABASE_URL": database} if database else {}),
        capture_output=True,
        text=True,
        check=False,
    )


def content(database: Path) -> dict[str, list]:
    """The rows of every table, and the last key of each; PostgreSQL keeps JSON in an order of its own."""
    connection = sqlite3.connect(database)
    try:
        found = {
            name: sorted(
                repr([_plain(value) for value in row]) for row in connection.execute(f"SELECT * FROM {name}")
            )
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table'"
            ).fetchall()
            if name not in OWN
        }
        keys = connection.execute("SELECT name, seq FROM sqlite_sequence WHERE seq > 0")
        found["keys"] = sorted(row for row in keys if row[0] not in OWN)
        found["schema"] = sorted(connection.execute("SELECT name, sql FROM sqlite_master WHERE sql NOT NULL"))
        return found
    finally:
        connection.close()


def _plain(value):
    return json.dumps(json.loads(value), sort_keys=True) if str(value)[:2] in ('{"', "[{") else value


@pytest.mark.slow
def test_all_is_moved_to_the_last_key_and_back(tmp_path):
    with tarfile.open(HISTORY) as packed:
        packed.extractall(tmp_path, filter="data")
    data, other, address = tmp_path / "data", tmp_path / "other.sqlite3", ""
    assert manage(data, "migrate", "--verbosity=0").returncode == 0
    with sqlite3.connect(data / "archive.sqlite3") as held:  # the last key is that of a row that is gone
        held.execute("UPDATE sqlite_sequence SET seq = seq + 7 WHERE name = 'archive_issuedtext'")
    before = content(data / "archive.sqlite3")
    if SERVER:
        address = new_database(SERVER, f"moved_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}")
        there = manage(data, "move_database", address)
        assert there.returncode == 0, there.stderr
    back = manage(data, "move_database", f"sqlite:///{other}", database=address)
    assert back.returncode == 0, back.stderr
    assert content(other) == before
    assert content(data / "archive.sqlite3") == before

    again = manage(data, "move_database", f"sqlite:///{other}")
    assert again.returncode == 1
    assert "目标数据库不是空的" in again.stderr
    assert content(other) == before


@each_row()
def test_what_is_no_database_is_said(address, said):
    with pytest.raises(CommandError, match=said):
        call_command("move_database", address)
