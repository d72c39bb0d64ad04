"""Two who write at the same time: as if one had come after the other, whoever waits for whom."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from .conftest import ROOT
from .postgres import new_database

pytestmark = pytest.mark.slow

SERVER = os.environ.get("TEST_DATABASE_URL", "")
# Pairs of acts (tests.overlaps.acts); ``python -m tests.overlaps`` tries all.
PAIRS = ["citing,cited"]  # two documents that cite each other: both links stand
PAIRS_OF_A_SERVER = [
    "update,withdraw",  # what is withdrawn is what the other has just written
    "paragraph,update",
    "withdraw,merge",  # into what is going: refused
]
FILES = 6


def start(site: Path, *arguments: str, address: str = "") -> subprocess.Popen:
    environment = {**os.environ, "ARCHIVE_DATA_DIR": str(site), "DJANGO_SETTINGS_MODULE": "archive.settings"}
    environment.pop("DATABASE_URL", None)
    environment["SEARCH_INDEX_FOLLOWS"] = "0"  # only the database is asked
    if address:
        environment["DATABASE_URL"] = address
    return subprocess.Popen(  # noqa: S603  our own interpreter and code
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def done(running: subprocess.Popen) -> str:
    """What a process printed; it must have succeeded."""
    out, err = running.communicate()
    assert running.returncode == 0, out + err
    return out


def test_whatever_meets_the_outcome_is_that_of_one_after_the_other(tmp_path):
    pairs = PAIRS + PAIRS_OF_A_SERVER if SERVER else PAIRS
    out = done(start(tmp_path, "-m", "tests.overlaps", *pairs))
    assert f"overlaps of {len(pairs)} pairs, 0 failed" in out


def test_two_imports_of_the_same_files_both_succeed(tmp_path, migrated_database, django_db_setup):
    address = new_database(SERVER, "same_files") if SERVER else ""
    folder = tmp_path / "files"
    folder.mkdir()
    for file in sorted((ROOT / "tests" / "documents").glob("*.txt"))[:FILES]:
        (folder / file.name).write_bytes(file.read_bytes())
    site = tmp_path / "site"
    if address:
        done(start(site, "manage.py", "migrate", address=address))
    else:
        site.mkdir()
        shutil.copy(migrated_database, site / "archive.sqlite3")

    imports = ["manage.py", "import_documents", str(folder), "--verbosity", "2"]
    both = [start(site, *imports, address=address) for _import in range(2)]
    told = "".join(map(done, both))
    lines = Counter(line.split()[1] for line in told.splitlines() if f"/{FILES} " in line)
    assert lines == {"新建": FILES, "不变": FILES}

    assert "没有改动" in done(start(site, *imports[:3], address=address))
    count = "from archive.models import *; print(SourceFile.objects.count(), Document.objects.count())"
    counted = done(start(site, "manage.py", "shell", "--command", count, address=address))
    assert counted.split()[-2:] == [str(FILES), str(FILES)]
