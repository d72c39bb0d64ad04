"""A disk that is really full and a folder that may really only be read: one sentence, the right exit status,
nothing left behind, and browsing goes on. On a small file system in memory, where one may be mounted.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.store.database.sqlite.base import is_settled
from tests.conftest import ROOT
from tests.tables import rows_from

ROOM = 32 << 20  # bytes
ADDRESSES = ("/", "/S/2011/700", "/S/2011/700.json", "/search.json?q=决议", "/search.csv?q=决议", "/changes")
BROWSE = f"""
import django, logging
django.setup()
logging.disable()
from django.test import Client
client = Client(SERVER_NAME="localhost", raise_request_exception=False)
print([client.get(address).status_code for address in {ADDRESSES!r}])
"""
WRITES = rows_from(__name__, "WRITES")


@pytest.fixture(scope="module")
def disk(tmp_path_factory) -> Iterator[Path]:
    """A small file system with a filled site on it, and a folder of sources beside."""
    place = tmp_path_factory.mktemp("disk")
    size = f"size={ROOM}"
    try:
        made = subprocess.run(["mount", "-t", "tmpfs", "-o", size, "none", str(place)], capture_output=True)
    except OSError:
        pytest.skip("there is no mount")
    if made.returncode:
        pytest.skip("mounting is not permitted")
    try:
        for name in ("S_2011_700", "S_RES_1673"):
            shutil.copy(ROOT / "tests" / "documents" / f"{name}.txt", place)
        for command in (
            ("migrate",),
            ("load_reference",),
            ("import_documents", str(place / "S_2011_700.txt")),
        ):
            done = manage(place, *command)
            assert done.returncode == 0, done.stderr
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def manage(place: Path, *arguments: str) -> subprocess.CompletedProcess:
    return run(place, "manage.py", *arguments)


def run(place: Path, *arguments: str) -> subprocess.CompletedProcess:
    environment = {**os.environ, "ARCHIVE_DATA_DIR": str(place / "site")}
    environment["DJANGO_SETTINGS_MODULE"] = "tests.kills.settings"
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


def files(place: Path) -> list[str]:
    """What lies in the site, but for what SQLite makes, the counts of readers, and files to be locked."""
    found = (path.relative_to(place / "site").as_posix() for path in (place / "site").rglob("*"))
    mine = (name for name in found if not name.startswith(("archive.sqlite3-", "cache")))
    return sorted(name for name in mine if not name.endswith(("/LOCK", "/QUEUE", "/VERIFIED")))


def check(place: Path, words: str, writes: list[tuple[str, ...]] = WRITES) -> None:
    """Every command that writes says why it cannot; then every page is there."""
    before = files(place)
    for command in writes:
        given = [part.format(given=place / "S_RES_1673.txt", site=place / "site") for part in command]
        done = manage(place, *given)
        said = done.stderr.strip().splitlines()
        assert done.returncode == 74, (command, done.stdout, done.stderr)
        assert len(said) == 1 and words in said[0], (command, said)
        assert files(place) == before, command
    assert run(place, "-c", BROWSE).stdout.strip() == str([200] * len(ADDRESSES))


@pytest.mark.long
@pytest.mark.parametrize("left", [0, 150 << 10])
def test_a_full_disk(disk, left):
    filler = disk / "filler"
    with filler.open("wb") as file:
        file.write(b"\0" * (shutil.disk_usage(disk).free - left))
    try:
        check(disk, "磁盘已满")
    finally:
        filler.unlink()


@pytest.mark.long
def test_a_folder_that_may_only_be_read(disk):
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    try:
        check(disk, "不可写入")
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)


@pytest.mark.long
def test_then_everything_can_be_written_again(disk):
    for command in WRITES:
        given = [part.format(given=disk / "S_RES_1673.txt", site=disk / "site") for part in command]
        done = manage(disk, *given)
        assert done.returncode == 0, (command, done.stderr)


def test_a_log_that_holds_something_is_never_passed_over(tmp_path):
    path = tmp_path / "archive.sqlite3"
    assert not is_settled(path)
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("CREATE TABLE t (a)")
    assert not is_settled(path)
    database.close()
    assert is_settled(path)
