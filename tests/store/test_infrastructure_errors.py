"""A locked database, a full disk, a read-only place: one sentence, the right status, nothing half."""

from __future__ import annotations

import errno
import io
import sqlite3
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DataError, InterfaceError, OperationalError, connection
from django.template.loader import render_to_string

from archive.export.dump import read_manifest, write_dump
from archive.models import Document, ImportOutcome
from archive.store.infrastructure_errors import trouble_of
from tests.tables import rows_from
from tests.tools.factories import parsed, store
from tests.tools.searching import at

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (OperationalError("database is locked"), 75, "另一个程序占用"),
        (OperationalError("database table is locked: archive_document"), 75, "另一个程序占用"),
        (OperationalError("canceling statement due to lock timeout\n"), 75, "另一个程序占用"),
        (OperationalError("attempt to write a readonly database"), 74, "不可写入"),
        (OperationalError("database or disk is full"), 74, "磁盘已满"),
        (OperationalError("unable to open database file"), 69, "打不开"),
        (OperationalError('connection to server at "10.0.0.1" failed'), 69, "连不上"),
        (InterfaceError("connection already closed"), 69, "连不上"),
        (OperationalError("no such table: archive_document"), 1, "请先执行migrate"),
        (sqlite3.OperationalError("database or disk is full"), 74, "磁盘已满"),
        (OSError(errno.ENOSPC, "No space left on device", "/data/x"), 74, "/data/x：磁盘已满"),
        (OSError(errno.EROFS, "Read-only file system"), 74, "不可写入"),
        (PermissionError(errno.EACCES, "Permission denied", "/data"), 74, "不可写入"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), 74, "磁盘已满"),
    ],
)
def test_what_the_machine_cannot_do_is_said_in_words(error, status, words):
    trouble = trouble_of(error)
    assert trouble.status == status and words in trouble.words and trouble.words.count("\n") == 0


@pytest.mark.parametrize(
    "error", [ValueError("x"), BrokenPipeError(errno.EPIPE, "x"), DataError("too long"), KeyError("locked")]
)
def test_what_is_the_programs_fault_is_not_put_on_the_machine(error):
    assert trouble_of(error) is None


def test_an_import_stops_at_the_first_file_that_meets_a_lock(tmp_path, monkeypatch):
    """Each of many files waited for its turn, and was written down as refused."""
    tried = []

    def locked(*given, **options):
        tried.append(given)
        raise OperationalError("database is locked")

    monkeypatch.setattr("archive.intake.importing.run.store_document", locked)
    for number in range(3):
        (tmp_path / f"{number}.txt").write_text(f"S/2031/{number + 1}\n\n1. 第一段。\n", "utf-8")
    with pytest.raises(CommandError, match="另一个程序占用") as told:
        call_command("import_documents", str(tmp_path), stdout=io.StringIO())
    assert told.value.returncode == 75
    assert len(tried) == 1
    assert not Document.objects.exists() and not ImportOutcome.objects.exists()


@pytest.fixture
def dump(settings, tmp_path):
    settings.OPEN_DATA_DIR = tmp_path / "dump"
    store(parsed("S/2031/1", ("1", "第一段。")))
    write_dump(tmp_path / "dump")
    return tmp_path / "dump"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_a_dump_that_cannot_be_written_leaves_the_one_before(dump, monkeypatch, number):
    before = {path.name: path.read_bytes() for path in dump.iterdir()}

    def full(_path: Path):
        raise OSError(number, "x")

    monkeypatch.setattr("archive.export.dump._describe", full)
    with pytest.raises(CommandError) as told:
        call_command("export_dump", str(dump), stdout=io.StringIO())
    assert told.value.returncode == 74
    assert {path.name: path.read_bytes() for path in dump.iterdir()} == before
    assert read_manifest(dump)


def test_a_bundle_that_cannot_be_written_leaves_nothing(tmp_path, monkeypatch):
    def full(*_given):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("archive.export.bundle.export._put", full)
    with pytest.raises(CommandError, match="写不出：磁盘已满"):
        call_command("export_bundle", str(tmp_path / "one"), "--unsigned")
    assert list(tmp_path.iterdir()) == []


READING = tuple(rows_from(__name__, "READING"))


def test_browsing_writes_nothing_so_it_goes_on_where_nothing_can_be_written(client, tmp_path):
    from search.engine.live.update import update_index

    store(parsed("S/2031/1", ("1", "第一段。")))
    words = Document.objects.get().paragraphs.get().fingerprint
    with at(tmp_path / "index"):
        update_index()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = ON")
        try:
            for address in READING:
                response = client.get(address.format(words=words))
                assert response.status_code < 500, address
                if response.streaming:
                    assert list(response.streaming_content)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA query_only = OFF")


@pytest.mark.parametrize("address", ["/documents", "/documents.json"])
def test_a_page_that_meets_a_lock_says_so(client, monkeypatch, address):
    def locked(*_given, **_options):
        raise OperationalError("database is locked")

    monkeypatch.setattr("archive.site.views.documents.respond", locked)
    response = client.get(address)
    assert response.status_code == 503 and response["Retry-After"]
    assert "不可用" in response.content.decode()


def test_the_page_of_an_error_needs_nothing_that_may_be_broken(client, settings, tmp_path, db):
    """Static files that are not there: every page fails, and so did the page that says so."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = False
    client.raise_request_exception = False
    answer = client.get("/")
    assert answer.status_code == 500
    assert "这个页面出了错" in answer.content.decode() and "/static/css/site.css" in answer.content.decode()
    assert client.get("/index.json").status_code in (200, 500)
    answer = render_to_string("503.html")
    assert "暂时不可用" in answer and "/static/css/site.css" in answer
