"""A data folder that an earlier release filled comes up to the present with every link that it issued."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest

from .conftest import ROOT
from .postgres import new_database

HERE = Path(__file__).parent / "upgrades"
RELEASES = sorted(path.name.partition(".")[0] for path in HERE.glob("*.tar.xz"))
ONE_IN = 9  # links are asked; with EXPLORE=1 every link
# What may be told more exactly now: the words are the same, but not every one of their characters.
FINER = {("identical", "identical_but_form"), ("moved", "identical_but_form")}
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")  # each brings a database of its own up to the present

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=RELEASES)
def release(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def asked(release, tmp_path_factory) -> dict[str, Any]:
    """What a process of its own says of the data folder, after it brought it up to the present."""
    folder = tmp_path_factory.mktemp(release)
    with tarfile.open(HERE / f"{release}.tar.xz") as packed:
        packed.extractall(folder, filter="data")
    environment = {
        **os.environ,
        "ARCHIVE_DATA_DIR": str(folder / "data"),
        "DJANGO_SETTINGS_MODULE": "archive.settings",
        "DEBUG": "0",  # which costs a query for every query
        "SECRET_KEY": "upgrade",
        "ALLOWED_HOSTS": "localhost",
        "SECURE_SSL_REDIRECT": "0",
        "REQUESTS_PER_MINUTE": "0",
    }
    environment.pop("DATABASE_URL", None)
    if server := environment.pop("TEST_DATABASE_URL", None):
        environment["DATABASE_URL"] = new_database(server, f"upgrade_{release}_{WORKER}")
    every = json.loads((HERE / f"{release}.json").read_text("utf-8"))
    links = tmp_path_factory.mktemp("links") / "links.json"
    links.write_text(json.dumps(list(every)[:: 1 if "EXPLORE" in os.environ else ONE_IN]), "utf-8")
    ended = subprocess.run(  # noqa: S603  our own interpreter and code
        [sys.executable, "-m", "tests.upgrades.ask", str(links)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


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
