"""Histories rest on the revision: wherever the clock stands, the same acts have the same answers."""

from __future__ import annotations

import datetime as dt
import itertools
import re
import sqlite3
from contextlib import closing

import pytest
from django.apps import apps
from django.core.management import call_command
from django.utils import timezone

from archive.bundle.restore import restore_bundle
from archive.editing.retirement import (
    merge_document,
    take_back,
    take_back_paragraph,
    withdraw_document,
    withdraw_paragraph,
    withhold_retired,
)
from archive.http.cursors import signed
from archive.importing import parse_source
from archive.ingest import store_document
from archive.migrations._history_revisions import HISTORY, number_history
from archive.models import Document, IssuedText, MovedAnchor, RetiredDocument, Revision
from archive.opendata.dump.write import write_dump
from archive.revision import current_revision
from archive.text.fingerprint import fingerprint
from search.live.update import update_index
from tests.bundles import PUBLIC, empty_archive, exported
from tests.factories import parsed, source, store, stored
from tests.searching import at

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)
CLOCKS = {
    "goes on": lambda: (NOON + dt.timedelta(minutes=number) for number in itertools.count()),
    "stands back two hours after the first look": lambda: itertools.chain(
        [NOON], (NOON - dt.timedelta(hours=2) + dt.timedelta(seconds=number) for number in itertools.count())
    ),
    "runs backwards": lambda: (NOON - dt.timedelta(minutes=number) for number in itertools.count()),
    "stands still": lambda: itertools.repeat(NOON),
}
FIRST, SECOND, THIRD = "原来的一段文字。", "改过的一段文字。", "又改过的一段文字。"
OTHER = "另有一段文字，不曾改动。"


@pytest.fixture(params=CLOCKS)
def clock(request, monkeypatch):
    moments = CLOCKS[request.param]()
    monkeypatch.setattr(timezone, "now", lambda: next(moments))
    return request.param


def imported(*texts: str, symbol: str = "S/2035/1") -> Document:
    """By its source, from which what was taken out comes back."""
    lines = "\n\n".join(f"{number}. {text}" for number, text in enumerate(texts, start=1))
    given = source(f"{symbol.replace('/', '_')}.txt", f"{symbol}\n\n{lines}\n", f'symbol = "{symbol}"\n')
    return Document.objects.get(pk=store_document(parse_source(given), given).document)


def link(anchor: str, words: str) -> str:
    return f"/S/2035/1/p/{anchor}/{fingerprint(words)}.json"


def answers(client, *places: tuple[str, str]) -> list[tuple[int, str]]:
    found = [client.get(link(*place), follow=True) for place in places]
    return [(answer.status_code, answer.json()["fate"]) for answer in found]


def test_edited_words_are_edited(client, clock):
    imported(FIRST, OTHER)
    imported(SECOND, OTHER)
    imported(THIRD, OTHER)
    assert answers(client, ("1", FIRST), ("1", SECOND), ("1", THIRD), ("2", OTHER)) == [
        (200, "edited"), (200, "edited"), (200, "identical"), (200, "identical"),
    ]  # fmt: skip


def test_moved_words_are_found_where_they_are(client, clock):
    imported(FIRST, OTHER)
    imported(SECOND, FIRST, OTHER)
    imported(THIRD, SECOND, FIRST, OTHER)
    assert answers(client, ("1", FIRST), ("2", OTHER), ("1", SECOND)) == [(200, "moved")] * 3


def test_words_that_came_back_are_there(client, clock):
    imported(FIRST)
    imported(SECOND)
    imported(FIRST)
    assert answers(client, ("1", FIRST), ("1", SECOND)) == [(200, "identical"), (200, "edited")]


def test_what_is_withdrawn_is_withdrawn_and_back_when_taken_back(client, clock):
    document = imported(FIRST, OTHER)
    imported(SECOND, OTHER)
    withdraw_paragraph(document, "1", "编者", "有误")
    assert answers(client, ("1", FIRST), ("1", SECOND)) == [(410, "withdrawn")] * 2
    take_back_paragraph(Document.objects.get(), "1", "编者", "无误")
    retired = withdraw_document(Document.objects.get(), "编者", "有误")
    assert client.get("/S/2035/1").status_code == 410
    assert OTHER in client.get("/S/2035/1").content.decode(), "the words that stood when it was withdrawn"
    take_back(retired, "编者")
    assert answers(client, ("2", OTHER))[0][0] == 200


def test_lists_of_what_is_new_tell_the_last_act_first(client, clock, tmp_path):
    for number in (1, 2, 3):
        imported(FIRST, symbol=f"S/2035/{number}")
    with at(tmp_path / "index"):
        update_index()
        for address in ("/documents.atom", "/search.atom?q=“一段文字”"):
            told = re.findall(r"<id>[^<]*/S/2035/(\d)", client.get(address).content.decode())
            assert told == ["3", "2", "1"], address
    latest = client.get("/index.json").json()["latest"]
    assert [row["symbol"] for row in latest] == ["S/2035/3", "S/2035/2", "S/2035/1"]
    held = client.get("/coverage.json").json()["documents"]
    assert [row["symbol"] for row in held] == ["S/2035/1", "S/2035/2", "S/2035/3"]


def test_the_dump_tells_histories_in_their_order(clock, tmp_path):
    imported(FIRST, OTHER)
    imported(SECOND, OTHER)
    for _time in range(2):
        take_back(withdraw_document(Document.objects.get(), "编者甲", "试"), "编者甲", "试")
    write_dump(tmp_path)
    with closing(sqlite3.connect(tmp_path / "archive.sqlite3")) as database:
        texts = "SELECT text FROM issued_texts WHERE anchor = '1' ORDER BY since_revision"
        assert [text for (text,) in database.execute(texts)][:2] == [FIRST, SECOND]
        ended = "SELECT count(*) FROM issued_texts WHERE until_revision <= since_revision"
        assert database.execute(ended).fetchone() == (0,)
        retired = "SELECT at_revision < lifted_revision FROM retired_documents"
        assert database.execute(retired).fetchall() == [(1,), (1,)]


def test_withholding_later_tells_its_reason_of_what_ended_then_alone(clock):
    document = imported(FIRST, OTHER)
    withdraw_paragraph(document, "1", "编者", "有误")
    retired = withdraw_document(Document.objects.get(), "编者", "重复")
    withhold_retired(retired, "法院", "依法")
    assert list(IssuedText.objects.order_by("anchor").values_list("reason", flat=True)) == ["有误", "依法"]


def test_what_is_merged_is_found_in_the_other_and_back_when_taken_back(client, clock):
    imported(FIRST, OTHER)
    into = stored(parsed("S/2035/2", ("7", FIRST), ("8", "别的。")))
    retired = merge_document(Document.objects.get(symbol="S/2035/1"), into, "编者", "重复")
    answer = client.get(link("1", FIRST), follow=True)
    assert answer.json()["fate"] == "moved", answer.json()
    assert list(MovedAnchor.objects.values_list("revision", flat=True)) == [retired.at_revision]
    take_back(retired, "编者")
    assert not MovedAnchor.objects.exists()


def test_every_act_is_one_event_of_the_change_log_newest_first(client, clock):
    imported(FIRST, OTHER)
    imported(SECOND, OTHER)
    imported(FIRST, OTHER)
    document = Document.objects.get()
    withdraw_paragraph(document, "2", "编者", "有误")
    told = client.get("/changes.json").json()["changes"]
    assert [event["kind"] for event in told] == ["changed", "changed", "changed", "new"]
    assert [event["counts"]["edited"] for event in told] == [0, 1, 1, 0]
    assert len({event["id"] for event in told}) == 4
    pages = [client.get("/changes.atom").content.decode()]
    assert all(event["id"] in pages[0] for event in told)
    of_document = client.get("/S/2035/1/history.json").json()["changes"]
    assert [event["id"] for event in of_document] == [event["id"] for event in told]


def test_ids_of_events_stay_when_later_acts_have_the_same_moment(client, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    imported(FIRST)
    imported(SECOND)
    before = [event["id"] for event in client.get("/changes.json").json()["changes"]]
    imported(FIRST)
    imported(SECOND)
    after = [event["id"] for event in client.get("/changes.json").json()["changes"]]
    assert after[-2:] == before
    assert len(set(after)) == 4


def test_one_act_has_one_number_in_all_its_rows(clock):
    imported(FIRST, OTHER)
    into = stored(parsed("S/2035/2", ("7", FIRST)))
    before = current_revision().number
    retired = merge_document(Document.objects.get(symbol="S/2035/1"), into, "编者", "重复")
    closed = set(IssuedText.objects.exclude(until=None).values_list("until_revision", flat=True))
    assert closed == {retired.at_revision} == {MovedAnchor.objects.get().revision}
    assert before < retired.at_revision <= current_revision().number
    before = current_revision().number
    take_back(retired, "编者")
    lifted = RetiredDocument.objects.get().lifted_revision
    opened = IssuedText.objects.filter(symbol="S/2035/1", until=None)
    assert set(opened.values_list("since_revision", flat=True)) == {lifted}
    assert before < lifted


def test_a_restored_archive_has_the_same_numbers_and_goes_on_above_them(tmp_path, client, clock):
    empty_archive()  # of reference data, which would take four fifths of the time
    imported(FIRST, OTHER)
    for _turn in range(3):
        imported(SECOND, OTHER)
        imported(FIRST, OTHER)
    columns = ("anchor", "fingerprint", "since_revision", "until_revision")
    rows = list(IssuedText.objects.values_list(*columns))
    bundle = exported(tmp_path / "bundle")
    empty_archive()
    Revision.objects.update(number=1)
    restore_bundle(bundle, PUBLIC)
    assert list(IssuedText.objects.values_list(*columns)) == rows
    imported(THIRD, OTHER)
    assert answers(client, ("1", FIRST), ("1", SECOND), ("1", THIRD)) == [
        (200, "edited"), (200, "edited"), (200, "identical"),
    ]  # fmt: skip


def hours(number: int) -> dt.datetime:
    return NOON + dt.timedelta(hours=number)


HISTORIES = [
    # [(symbol, since, until)] in the order of keys, → [(since_revision, until_revision)], remark
    ([("A", 0, 1), ("A", 1, None)], [(1, 2), (2, None)], "an edit"),
    ([("A", 0, 1), ("B", 0.5, None), ("A", 1, None)], [(1, 3), (2, None), (3, None)], "two documents"),
    ([("A", 0, -2), ("A", -2, None)], [(1, 2), (2, None)], "the clock stood back at the edit"),
    ([("A", 0, -2), ("A", -2, 3), ("A", 3, None)], [(1, 2), (2, 3), (3, None)], "and went right again"),
    ([("A", 0, -2)], [(1, 2)], "a withdrawal while the clock stood back"),
    ([("A", 0, 0), ("A", 0, None)], [(1, 1), (1, None)], "nothing parts two acts of one moment: keys do"),
]


@pytest.mark.parametrize(("rows", "numbers", "remark"), HISTORIES)
def test_histories_from_before_are_numbered_in_the_order_in_which_they_happened(rows, numbers, remark):
    for place, (symbol, since, until) in enumerate(rows):
        IssuedText.objects.create(
            symbol=symbol, anchor=str(place), fingerprint="0" * 8, text="x", since=hours(since),
            until=None if until is None else hours(until), ending="" if until is None else "edited",
        )  # fmt: skip
    last = number_history({name: apps.get_model("archive", name) for name in HISTORY})
    found = IssuedText.objects.order_by("pk").values_list("since_revision", "until_revision")
    assert list(found) == numbers, remark
    assert last == max(number for pair in numbers for number in pair if number)


def test_numbering_changes_no_answer_of_an_archive_whose_clock_went_right(client):
    imported(FIRST, OTHER)
    imported(SECOND, FIRST, OTHER)
    withdraw_paragraph(Document.objects.get(), "1", "编者", "有误")
    places = [("1", FIRST), ("2", OTHER), ("1", SECOND)]
    before = answers(client, *places)
    number_history({name: apps.get_model("archive", name) for name in HISTORY})
    assert answers(client, *places) == before
    call_command("verify_archive", "--quick", verbosity=0)


def test_a_cursor_of_an_earlier_release_is_refused_in_words(client):
    store(parsed("S/2035/1", ("1", FIRST)))
    old = signed(repr(("/changes", [])), ("2026-05-01T12:00:00+00:00", "S/2035/1", "zh"))
    assert client.get("/changes.json", {"after": old}).status_code == 400
