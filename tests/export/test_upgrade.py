"""A data folder that an earlier release filled comes up to the present with every link that it issued."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.tools.postgres import new_database
from tests.upgrades.decisions import EDITS, WITHDRAWN

HERE = Path(__file__).parents[1] / "upgrades"
NEWEST = "b4734b0"  # of it the year, a minute of work, is lived at each run; of older ones in `make test-all`
RELEASES = sorted(path.name.partition(".")[0] for path in HERE.glob("*.tar.xz"))
ONE_IN = 9  # links are asked; with EXPLORE=1 every link
# What may be told more exactly now: the words are the same, but not every one of their characters.
FINER = {("identical", "identical_but_form"), ("moved", "identical_but_form")}
DECIDED_BEFORE = {"b4734b0"}  # the releases in whose folder an operator had decided
EDITED = {f"{table} {row}": [fields] for table, row, fields in EDITS}
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")  # each brings a database of its own up to the present

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=RELEASES)
def release(request) -> str:
    return request.param


def _unpacked(release: str, folder: Path) -> Path:
    with tarfile.open(HERE / f"{release}.tar.xz") as packed:
        packed.extractall(folder, filter="data")
    return folder / "data"


def _run(data: Path, module: str, *arguments: str, **environment: str) -> Any:
    """What a process of its own says of a data folder."""
    ended = subprocess.run(  # noqa: S603  our own interpreter and code
        [sys.executable, "-m", f"tests.upgrades.{module}", *arguments],
        cwd=ROOT,
        env={
            **{name: value for name, value in os.environ.items() if not name.endswith("DATABASE_URL")},
            "ARCHIVE_DATA_DIR": str(data),
            "DJANGO_SETTINGS_MODULE": "archive.settings",
            "DEBUG": "0",  # which costs a query for every query
            "SECRET_KEY": "upgrade",
            "ALLOWED_HOSTS": "localhost",
            "SECURE_SSL_REDIRECT": "0",
            "CPU_SECONDS_PER_MINUTE": "0",
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


@pytest.fixture(scope="module")
def asked(release, tmp_path_factory) -> dict[str, Any]:
    """What the data folder says, after it was brought up to the present."""
    database = {}
    if server := os.environ.get("TEST_DATABASE_URL"):
        database["DATABASE_URL"] = new_database(server, f"upgrade_{release}_{WORKER}")
    every = json.loads((HERE / f"{release}.json").read_text("utf-8"))
    links = tmp_path_factory.mktemp("links") / "links.json"
    links.write_text(json.dumps(list(every)[:: 1 if "EXPLORE" in os.environ else ONE_IN]), "utf-8")
    return _run(_unpacked(release, tmp_path_factory.mktemp(release)), "ask", str(links), **database)


def test_every_link_that_was_issued_answers_as_before(release, asked):
    before = json.loads((HERE / f"{release}.json").read_text("utf-8"))
    now = asked["answers"]
    different = {link: (before[link], now[link]) for link in now if not _same(before[link], now[link])}
    assert len(now) >= len(before) // ONE_IN
    assert not different, f"{len(different)} of {len(now)}: {list(different.items())[:3]}"


def _same(before: dict, now: dict) -> bool:
    finer = (before.get("fate"), now.get("fate")) in FINER
    return before == now or (finer and before | {"fate": now["fate"]} == now)


def test_what_is_stored_proves_itself(asked):
    assert asked["failures"] == []


def test_the_index_is_brought_up_to_date(asked):
    assert asked["indexed"] > 50


@pytest.mark.django_db
@pytest.mark.parametrize(
    "release", [one if one == NEWEST else pytest.param(one, marks=pytest.mark.long) for one in RELEASES]
)
def test_a_year_of_an_operator_is_undone_by_nothing(release, tmp_path, migrated_database, django_db_setup):
    """Upgrade, decide, back up and restore, with ``prepare`` after each: words, names and links stand."""
    data = _unpacked(release, tmp_path)
    issued = json.loads((HERE / f"{release}.json").read_text("utf-8"))
    back_up = f"back-up:{tmp_path / 'bundle'}"
    acts = ("prepare", "say", "decide", "say", "prepare", back_up, "say")
    upgraded, decided, prepared = _run(data, "year", *acts)
    before = {link: (issued[link], upgraded[link]) for link in issued.keys() & upgraded.keys()}
    assert len(before) > 5
    assert {link: pair for link, pair in before.items() if not _same(*pair)} == {}
    if release in DECIDED_BEFORE:
        assert {name: upgraded[name] for name in EDITED} == EDITED
    assert {name: decided[name] for name in EDITED} == EDITED
    assert decided[f"/{WITHDRAWN}"]["status"] == 410
    assert prepared == decided
    restored, anew = tmp_path / "restored", tmp_path / "anew"
    restored.mkdir()
    anew.mkdir()
    shutil.copy(migrated_database, anew / "archive.sqlite3")
    with (
        closing(sqlite3.connect(data / "archive.sqlite3")) as site,
        closing(sqlite3.connect(restored / "archive.sqlite3")) as copy,
    ):
        site.backup(copy)
    assert _run(restored, "year", "prepare", "say") == [decided]
    assert _run(anew, "year", f"restore:{tmp_path / 'bundle'}", "prepare", "say") == [decided]
