"""Fixtures for all tests. The reference data of ``fixtures/`` is loaded once into every test database."""

from __future__ import annotations

import gc
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import hypothesis
import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from hypothesis import HealthCheck
from hypothesis.internal.conjecture import providers

from archive.intake.reference_data import load_reference_data

# How long an example takes, or to make one up, depends on the machine, and says nothing about the code.
# A client or a place of the index serves all examples alike.
# The same examples in every run, so that a run tells of the change and not of chance; EXPLORE=1 seeks others.
hypothesis.settings.register_profile(
    "project",
    deadline=None,
    derandomize="EXPLORE" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
if "EXPLORE" not in os.environ:
    # Constants of the modules that are loaded by then would be mixed in: other examples after other tests.
    providers.is_local_module_file = lambda _path: False
hypothesis.settings.register_profile("fast", hypothesis.settings.get_profile("project"), max_examples=20)
hypothesis.settings.load_profile("fast" if "FAST" in os.environ else "project")

os.environ.setdefault("SEARCH_MEANING", "0")  # of the processes that tests start
ROOT = Path(__file__).resolve().parents[1]
BUNDLED = ROOT / "fixtures" / "documents"


def pytest_collection_modifyitems(items):
    """Marks as ``fast`` what asks no database and starts no process: two fifths of all tests, in a minute.

    A transactional test empties all tables behind it, the reference data of its worker too. Files with slow
    tests come first, so that none of them is what all other workers wait for at the end.
    """
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)
    for item in items:
        marker = item.get_closest_marker("django_db")
        if marker and marker.kwargs.get("transaction"):
            raise pytest.UsageError(f"{item.nodeid}: tests of one worker share the reference data")
        asks = marker or "django_db_setup" in item.fixturenames
        if not (asks or item.get_closest_marker("slow") or item.get_closest_marker("long")):
            item.add_marker("fast")


def pytest_collection_finish():
    """What is there by now lives to the end: to look through it for garbage took a tenth of all time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def migrated_database(tmp_path_factory) -> Path:
    """A SQLite file as ``migrate`` leaves it, to be copied: for tests that start processes of a site."""
    path = tmp_path_factory.getbasetemp() / "migrated.sqlite3"
    if connection.vendor != "sqlite":  # else the test database is copied
        _manage(path, "migrate", tmp_path_factory)
    return path


def _manage(path: Path, command: str, tmp_path_factory) -> None:
    site = {"DATABASE_URL": f"sqlite:///{path}", "ARCHIVE_DATA_DIR": str(tmp_path_factory.mktemp("site"))}
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "archive.settings", **site}
    started = [sys.executable, str(ROOT / "manage.py"), command, "--verbosity=0"]
    subprocess.run(started, env=environment, check=True)


@pytest.fixture(scope="session")
def ready_database(tmp_path_factory, migrated_database, django_db_setup, django_db_blocker) -> Path:
    """A SQLite file as ``migrate`` and ``load_reference`` leave it, to be copied: to make one takes ten
    seconds.
    """
    path = tmp_path_factory.getbasetemp() / "ready.sqlite3"
    if connection.vendor == "sqlite":
        with django_db_blocker.unblock(), closing(sqlite3.connect(path)) as copy:
            connection.connection.backup(copy)
    else:
        shutil.copy(migrated_database, path)
        _manage(path, "load_reference", tmp_path_factory)
    return path


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, migrated_database):
    """The test database, with bodies, States, resolutions and series in it."""
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            with closing(sqlite3.connect(migrated_database)) as kept:
                connection.connection.backup(kept)
        for _loaded in load_reference_data(ROOT / "fixtures"):
            pass


@pytest.fixture
def bundled_documents(db):
    """The five bundled documents, stored for this test; symbol → Document."""
    from archive.models import Document

    from .tools.bundled import store_bundled

    store_bundled()
    return {document.symbol: document for document in Document.objects.all()}


@pytest.fixture(scope="module")
def bundled_index(tmp_path_factory, django_db_setup, django_db_blocker):
    """The five bundled documents, stored and indexed, for all tests of a module."""
    from .tools.bundled import bundled_archive

    with bundled_archive(tmp_path_factory.mktemp("index"), django_db_blocker):
        yield


@pytest.fixture(scope="module")
def everything(tmp_path_factory, django_db_setup, django_db_blocker):
    """All documents that the tests know, stored and indexed, for all tests of a module."""
    from .tools.answers import archive_of_everything

    with archive_of_everything(tmp_path_factory.mktemp("index"), django_db_blocker):
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_request_ends_the_connection_of_a_test():
    """What is asked of the WSGI application itself, other than by Django's client, closes connections at its
    end: on a server, with all that the test has written."""
    close = BaseDatabaseWrapper.close_if_unusable_or_obsolete

    def unless_in_a_test(connection):
        if not connection.in_atomic_block:
            close(connection)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", unless_in_a_test)
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_index_work_beside_the_tests():
    """A server hashes its index beside answering; in tests only where asked."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("search.warm_up.watch", lambda: None)
        yield


@pytest.fixture(scope="module", autouse=True)
def _nothing_is_left_for_the_next_module():
    """Files in the data folder outlive the database of a test; whoever comes next begins without them."""
    yield
    from tests import settings

    for path in settings.DATA_DIR.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
