"""Marks of freshness rest on the archive's revision, never on a clock."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest
from django.db import connection
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.autoreload import file_changed

from archive.intake.retirement import withdraw_paragraph
from archive.models import Document, ShortLink, State
from archive.site.cache import page_cache
from archive.site.cache.freshness import fresh
from archive.store.ingest.facts import correct_document
from archive.text.parsed import Speaker
from tests.tables import each_row
from tests.tools.factories import block, parsed, store, stored

pytestmark = pytest.mark.django_db
PAGE = "/S/2034/1"


@pytest.fixture(autouse=True)
def room(settings):
    settings.PAGE_CACHE_MB = 1
    page_cache.forget()
    yield
    page_cache.forget()
    file_changed.send(sender=None, file_path=Path(__file__))


@pytest.fixture
def document():
    speaker = Speaker("冈萨雷斯", delegation="古巴")
    return stored(parsed("S/2034/1", block("1", "第一段。", speaker=speaker), ("2", "第二段。"), title="题"))


def sql(words: str):
    def run(document: Document) -> None:
        with connection.cursor() as cursor:
            cursor.execute(words)

    return run


CHANGES = [
    # what is done, what the page then says, remark
    (sql("UPDATE archive_paragraph SET text = '手改的一段。' WHERE position = 1"),
     "手改的一段。", "SQL by hand"),
    (sql("UPDATE archive_document SET title = '手改的题'"), "手改的题", "SQL by hand"),
    (lambda row: correct_document(row, {"title": "更正的标题"}), "更正的标题", "an editor's correction"),
    (lambda row: State.objects.filter(alpha3="CUB").update(name="新古巴"), "新古巴", "a State renamed"),
    (lambda row: store(parsed("S/2034/1", ("1", "入库的一段。"))), "入库的一段。", "an import"),
    (lambda row: withdraw_paragraph(row, "1", "编者", "有误"), "第二段。", "a paragraph withdrawn"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "words", "remark"), CHANGES)
@pytest.mark.parametrize("hours", [0, -2, 2])
def test_a_change_is_seen_at_once_wherever_the_clock_stands(
    client, document, monkeypatch, change, words, remark, hours
):
    address = "/states/CUB" if "State" in remark else PAGE
    first = client.get(address)
    assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 304
    now = timezone.now() + dt.timedelta(hours=hours)
    monkeypatch.setattr(timezone, "now", lambda: now)
    monkeypatch.setattr(timezone, "localdate", lambda: dt.date(2026, 1, 1))
    client.get(address)
    mark = client.get(address)["ETag"]
    change(document)
    again = client.get(address, headers={"if-none-match": f"{first['ETag']}, {mark}"})
    assert again.status_code == 200, remark
    assert words in again.content.decode(), remark
    assert again["ETag"] not in (first["ETag"], mark)


def test_a_clock_in_the_reader_s_hand_gives_no_old_page(client, document):
    for asked in ("Thu, 31 Dec 2099 00:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT", "gestern"):
        answer = client.get(PAGE, headers={"if-modified-since": asked})
        assert answer.status_code == 200, asked
        assert "Last-Modified" not in answer


def test_what_is_written_beside_the_database_counts_too(client, document, settings, tmp_path):
    settings.OPEN_DATA_DIR = tmp_path
    (tmp_path / "dump.json").write_text("{}")
    first = client.get(PAGE)["ETag"]
    (tmp_path / "other").write_text("{ }")
    os.utime(tmp_path / "other", ns=(1, 1))  # older than what it replaces
    (tmp_path / "other").replace(tmp_path / "dump.json")
    assert client.get(PAGE)["ETag"] != first


def test_a_short_link_that_is_given_out_later_is_seen(client, document):
    ShortLink.objects.all().delete()
    first = client.get(PAGE)["ETag"]
    ShortLink.objects.create(code="zzzz", symbol="S/2034/1", anchor="1", fingerprint="00000000")
    assert client.get(PAGE)["ETag"] != first


@each_row()
def test_a_page_under_which_the_archive_changed_is_made_again(rf, document, changes, made, marked, remark):
    seen = []

    def view(request):
        seen.append(Document.objects.get().title)
        if len(seen) <= changes:
            Document.objects.update(title=f"题{len(seen)}")
        return HttpResponse(seen[-1])

    page = fresh(view)
    answer = page(rf.get("/x"))
    assert len(seen) == made, remark
    assert answer.has_header("ETag") == marked, remark
    assert ("no-store" in answer["Cache-Control"]) != marked, remark
    if marked:
        assert answer.content.decode() == Document.objects.get().title, remark
        assert page(rf.get("/x")).content == answer.content
        assert len(seen) == made, "kept"


def test_a_page_that_another_has_made_in_the_meantime_is_taken(rf, document):
    made = []

    def view(request):
        made.append(request)
        if len(made) == 1:
            Document.objects.update(title="改")
            fresh(lambda request: HttpResponse("made by another"))(rf.get("/x"))
        return HttpResponse("own")

    assert fresh(view)(rf.get("/x")).content == b"made by another"


def test_streams_are_neither_kept_nor_read(rf, document):
    page = fresh(lambda request: StreamingHttpResponse(iter([b"a", b"b"])))
    assert [b"".join(page(rf.get("/x")).streaming_content) for _ in range(2)] == [b"ab", b"ab"]


@pytest.mark.parametrize(
    ("address", "status"),
    [("/S/2034/1", 304), ("/S/2034/1/p/99", 404), ("/S/2099/99", 404), ("/c/zzzz", 404)],
)
@pytest.mark.parametrize("star", ["*", " * "])
def test_a_star_in_if_none_match_makes_nothing_out_of_what_is_not_there(
    client, document, address, status, star
):
    assert client.get(address, headers={"If-None-Match": star}).status_code == status


@pytest.mark.parametrize("debug", [False, True])
def test_a_page_looks_at_no_file_of_the_program(client, document, settings, monkeypatch, debug):
    settings.DEBUG = debug
    first = client.get(PAGE)
    monkeypatch.setattr("pathlib.Path.rglob", None)
    again = client.get(PAGE)
    assert (again.status_code, again["ETag"]) == (200, first["ETag"])


def test_a_template_that_the_development_server_sees_change_makes_every_page_new(
    client, document, settings, tmp_path
):
    settings.BASE_DIR = tmp_path
    changed = tmp_path / "templates" / "a.html"
    changed.parent.mkdir()
    changed.write_text("before", "utf-8")
    file_changed.send(sender=None, file_path=changed)
    first = client.get(PAGE)
    changed.write_text("after", "utf-8")
    assert client.get(PAGE)["ETag"] == first["ETag"]
    file_changed.send(sender=None, file_path=changed)
    assert client.get(PAGE)["ETag"] != first["ETag"]
