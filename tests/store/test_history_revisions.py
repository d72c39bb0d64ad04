"""Histories rest on the revision: wherever the clock stands, the same acts have the same answers."""

from __future__ import annotations

import datetime as dt
import itertools
import re
import sqlite3
from contextlib import closing

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.utils import timezone

from archive.export.bundle.restore import restore_bundle
from archive.export.dump import write_dump
from archive.intake.retirement import (
    merge_document,
    take_back,
    take_back_paragraph,
    withdraw_document,
    withdraw_paragraph,
    withhold_retired,
)
from archive.migrations import _revision_triggers as triggers
from archive.migrations._history_revisions import HISTORY, number_history
from archive.models import (
    Cause,
    Document,
    IssuedText,
    Mention,
    MovedAnchor,
    Paragraph,
    RetiredDocument,
    Revision,
    SourceFile,
    State,
)
from archive.models.history import REFERENCE_DATA
from archive.site.http.paging import signed
from archive.store.ingest.facts import correct_document
from archive.store.ingest.store import store_document
from archive.store.ingest.values import RefusedError, Why
from archive.store.reading import alignment
from archive.store.reading.alignment import aligned
from archive.store.revision import NO_REVISION, current_revision, document_revisions, lock_revision
from archive.text.fingerprint import fingerprint
from search.engine.live.update import update_index
from tests.tables import each_row, tuples
from tests.tools.bundles import PUBLIC, empty_archive, exported
from tests.tools.factories import parsed, source, store, stored, taken_in
from tests.tools.pages import page
from tests.tools.searching import at

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
    name = f"{symbol.replace('/', '_')}.txt"
    return taken_in(source(name, f"{symbol}\n\n{lines}\n", f'symbol = "{symbol}"\n'))


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


@each_row("HISTORIES")
def test_histories_from_before_are_numbered_in_the_order_in_which_they_happened(rows, numbers, remark):
    for place, (symbol, since, until) in enumerate(rows):
        IssuedText.objects.create(
            symbol=symbol, anchor=str(place), fingerprint="0" * 8, text="x", since=hours(since),
            until=None if until is None else hours(until), ending="" if until is None else "edited",
        )  # fmt: skip
    last = number_history({name: apps.get_model("archive", name) for name in HISTORY})
    found = IssuedText.objects.order_by("pk").values_list("since_revision", "until_revision")
    assert tuples(list(found)) == numbers, remark
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


# --- The revision: raised by whatever changes what readers are told, by nothing else, and never back ---

SYMBOL = "S/2033/1"
OF = "WHERE symbol = 'S/2033/1'"
IN = "WHERE document_id = (SELECT id FROM archive_document WHERE symbol = 'S/2033/1')"


@pytest.fixture
def document():
    return stored(
        parsed(SYMBOL, ("1", "回顾S/2033/2号文件第3段。"), mentions=[("1", "S/2033/2", "S/2033/2", "3")])
    )


@pytest.fixture
def other():
    return stored(parsed("S/2033/9", ("1", "别的文件。")))


WRITINGS = [
    # SQL, whose revision it raises besides the archive's, remark
    (f"UPDATE archive_paragraph SET text = '改过' || text {IN}", "refused", "guarded by the offsets"),
    (f"UPDATE archive_paragraph SET speaker_name = '某人' {IN}", "document", "a speaker"),
    (f"UPDATE archive_paragraph SET text = text {IN}", "document", "raised without need, which does no harm"),
    (f"UPDATE archive_document SET title = '新题' {OF}", "document", "a title"),
    (f"UPDATE archive_issuedtext SET withheld = NOT withheld {OF}", "document", "history, found by symbol"),
    ("UPDATE archive_mention SET certain = NOT certain WHERE symbol = 'S/2033/2'", "document", "a mention"),
    ("UPDATE archive_pinpoint SET anchor = '4'", "document", "found through its mention"),
    ("UPDATE archive_sourcefile SET sidecar = '' WHERE name = 'S_2033_1.txt'", "document", "a source"),
    ("DELETE FROM archive_pinpoint", "document", "a row that goes"),
    ("UPDATE archive_state SET name = '新名' WHERE alpha3 = 'CUB'", "references", "a name"),
    ("UPDATE archive_theme SET words = words", "references", "words of a theme"),
    ("UPDATE archive_paragraph SET number = '' WHERE number = 'no such'", "nothing", "no row is touched"),
    ("UPDATE archive_shortlink SET code = code", "nothing", "a code says nothing new"),
    ("UPDATE archive_importrun SET parser_version = 'x'", "nothing", "a log"),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "raised", "remark"), WRITINGS)
def test_sql_by_hand_raises_the_revision(document, other, sql, raised, remark):
    before, of_documents = current_revision(), document_revisions()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    except Exception:
        assert raised == "refused", remark
    after, changed = current_revision(), document_revisions()
    differing = {key for key, mark in changed.items() if of_documents.get(key) != mark}
    expected = {"document": {document.pk}, "references": {REFERENCE_DATA}}.get(raised, set())
    assert differing == expected, remark
    assert (after.number > before.number) == bool(expected), remark
    assert (after.token != before.token) == bool(expected), remark
    assert {changed[key] for key in differing} <= {str(after)}, remark


@pytest.mark.parametrize(
    ("act", "remark"),
    [
        (lambda row: store(parsed(SYMBOL, ("1", "改过的第一段。"))), "an import"),
        (lambda row: correct_document(row, {"title": "更正的标题"}), "a correction"),
        (lambda row: withdraw_document(row, "编者", "有误"), "a withdrawal"),
        (lambda row: withdraw_paragraph(row, "1", "编者", "有误"), "of a paragraph"),
        (lambda row: MovedAnchor.objects.create(
            symbol=SYMBOL, old_anchor="9", new_anchor="1", moved=row.changed), "the shell"),
        (lambda row: Document.objects.filter(pk=row.pk).update(title="x"), "the shell"),
    ],
)  # fmt: skip
def test_every_act_raises_the_revision_of_its_document_alone(document, other, act, remark):
    before, of_documents, key = current_revision(), document_revisions(), document.pk
    act(document)
    assert current_revision().number > before.number
    assert document_revisions()[key] != of_documents[key], remark
    assert document_revisions()[other.pk] == of_documents[other.pk], remark


def test_what_is_held_no_more_keeps_its_revision(document):
    key, mark = document.pk, document_revisions()[document.pk]
    retired = withdraw_document(document, "编者", "有误")
    assert not Document.objects.exists()
    assert document_revisions()[key] != mark
    before = current_revision().number
    retired.facts = {**retired.facts, "source": None}
    retired.save()
    assert current_revision().number > before, "history of what is not held"


def test_a_document_that_is_named_anew_elsewhere_is_raised_too(document):
    """Its mention is resolved when the other comes in."""
    before = document_revisions()[document.pk]
    store(parsed("S/2033/2", ("3", "第三段。")))
    assert document_revisions()[document.pk] != before


def test_the_same_import_again_raises_nothing(document):
    before = current_revision()
    store(parsed(SYMBOL, ("1", "回顾S/2033/2号文件第3段。"), mentions=[("1", "S/2033/2", "S/2033/2", "3")]))
    call_command("load_reference", verbosity=0)
    assert current_revision() == before


def test_a_failed_act_raises_nothing_and_its_number_is_used_by_the_next_with_another_token(document):
    before = current_revision()
    with transaction.atomic():
        State.objects.filter(alpha3="CUB").update(name="古")
        never = current_revision()
        transaction.set_rollback(True)
    assert current_revision() == before
    State.objects.filter(alpha3="CUB").update(name="古")
    assert current_revision().number == never.number
    assert current_revision().token != never.token


def test_one_statement_of_many_documents_raises_each(document, other):
    Document.objects.update(title="同")
    marks = document_revisions()
    assert marks[document.pk] != marks[REFERENCE_DATA] != marks[other.pk]
    assert str(current_revision()) in {marks[document.pk], marks[other.pk]}


def test_a_paragraph_that_changes_its_document_raises_both(document, other):
    before = document_revisions()
    other.paragraphs.update(position=7, anchor="7", document=document)
    after = document_revisions()
    assert before[document.pk] != after[document.pk]
    assert before[other.pk] != after[other.pk]


def test_an_insert_that_ignores_clashes_raises_too(document):
    """An outer INSERT OR IGNORE decides for what stands in a trigger of SQLite."""
    before = current_revision()
    MovedAnchor.objects.bulk_create(
        [MovedAnchor(symbol=SYMBOL, old_anchor="8", new_anchor="1", moved=document.changed)],
        ignore_conflicts=True,
    )
    assert document_revisions()[document.pk] == str(current_revision()) != str(before)


def test_a_lost_row_is_made_again_above_what_was_given_out(document):
    before = current_revision()
    Revision.objects.all().delete()
    assert current_revision() == NO_REVISION
    with transaction.atomic():
        assert lock_revision() == before.number + 1
    Revision.objects.all().delete()
    Document.objects.update(title="x")
    assert current_revision().number > before.number


def test_the_number_of_an_act_is_that_of_its_first_change(document):
    with transaction.atomic():
        number = lock_revision()
        State.objects.filter(alpha3="CUB").update(name="古")
        assert current_revision().number == number


def test_the_lock_is_taken_inside_a_transaction_only(monkeypatch):
    with monkeypatch.context() as patched, pytest.raises(transaction.TransactionManagementError):
        patched.setattr(connections["default"], "in_atomic_block", False)
        lock_revision()


def test_taking_back_what_another_took_back_in_the_meantime_is_refused(document):
    withdraw_paragraph(document, "1", "编者", "有误")
    stale = Document.objects.get(pk=document.pk)
    withdraw_document(document, "编者", "有误")
    with pytest.raises(RefusedError, match="刚刚"):
        withdraw_document(stale, "编者", "有误")
    with pytest.raises(RefusedError, match="刚刚"):
        withdraw_paragraph(stale, "1", "编者", "有误")


def test_every_table_raises_the_revision_or_says_why_not():
    assert not triggers.REVISED.keys() & triggers.UNREVISED.keys()
    assert not any(table for table, reason in triggers.UNREVISED.items() if not reason)
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    assert tables - {"django_migrations"} <= triggers.REVISED.keys() | triggers.UNREVISED.keys()
    assert triggers.REVISED.keys() <= tables


def test_what_the_index_takes_nothing_from_is_there():
    for table, columns in triggers.UNINDEXED.items():
        model = next(model for model in apps.get_models() if model._meta.db_table == table)
        assert table in triggers.REVISED
        assert {*(columns or ())} <= {field.column for field in model._meta.concrete_fields}


def test_every_trigger_is_there_and_what_is_lost_comes_again(document):
    assert not triggers.missing_revision_triggers(connection)
    with connection.cursor() as cursor:
        on = " ON archive_state" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER archive_state_revision_update{on}")
    assert triggers.missing_revision_triggers(connection) == {"archive_state"}
    triggers.mend_revision_triggers(connection)
    assert not triggers.missing_revision_triggers(connection)


def test_a_mark_is_read_in_one_query(document, django_assert_num_queries):
    with django_assert_num_queries(1):
        current_revision()
    with django_assert_num_queries(1):
        document_revisions()


# --- The change log, the history of a document, and the check of the whole archive ---

SIDECAR = 'symbol = "S/2031/1"\nchange_cause = "corrigendum"\nchange_reason = "S/2031/1/Corr.1"\n'


def versions(*texts: dict[str, str], **options) -> Document:
    for number, text in enumerate(texts):
        outcome = store(parsed("S/2031/1", *text.items()), content=f"{number}", **options)
    return Document.objects.get(pk=outcome.document)


@each_row("EVENTS")
def test_each_import_that_changed_something_is_one_event(client, remark, texts, expected):
    versions(*texts)
    for address in ("/changes.json", "/S/2031/1/history.json"):
        told = client.get(address).json()["changes"]
        counts = [{kind: n for kind, n in event["counts"].items() if n} for event in told]
        assert tuples(list(zip([event["kind"] for event in told], counts, strict=True))) == expected
        assert all(event["cause"] == "source" for event in told if event["kind"] == "changed")


def test_the_pages_show_what_was_struck_and_what_was_put_in(client):
    versions({"1": "各国应提交报告"}, {"1": "各国必须提交报告"})
    for address in ("/changes", "/S/2031/1/history"):
        tree = page(client, address)
        assert [e.text for e in tree.all("del")] == ["应"] and [e.text for e in tree.all("ins")] == ["必须"]
        assert "来源更正：来源文件已更换" in tree.text
    assert "/changes" in page(client, "/").links
    assert "/S/2031/1/history" in page(client, "/S/2031/1").links


@each_row("EDITS")
def test_every_wording_that_is_shown_was_stored(client, then, now):
    versions({"3.b": then}, {"3.b": now})
    link = f"/S/2031/1/p/3.b/{fingerprint(then)}"
    shown = [
        row
        for address in ("/changes", "/S/2031/1/history")
        for row in page(client, address).all("p", "change")
    ]
    assert len(shown) > 1
    for row in shown:
        assert (
            "".join(
                each if isinstance(each, str) else each.text
                for each in row.children
                if getattr(each, "tag", "") != "ins"
            )
            in then
        )
        assert (
            "".join(
                each if isinstance(each, str) else each.text
                for each in row.children
                if getattr(each, "tag", "") != "del"
            )
            in now
        )
    table = page(client, link).all("table", "changes")[0]
    for row in table.all("tr")[1:]:
        old, new = (cell.text for cell in row.all("td"))
        assert old in then and new in now


def test_an_event_has_a_page_and_the_same_id_in_every_feed_for_ever(client):
    from archive.store.ingest.facts import correct_document

    document = versions({"1": "甲"}, {"1": "乙"})
    event = client.get("/changes.json").json()["changes"][0]
    assert page(client, event["url"]).all("del")
    assert event["id"] in client.get("/changes.atom").content.decode()
    correct_document(document, {"symbol": "S/2031/7"})
    assert client.get("/S/2031/7/history.json").json()["changes"][0]["id"] == event["id"]
    assert client.get("/S/2031/1/history")["Location"] == "/S/2031/7/history"


@pytest.mark.parametrize(
    ("query", "events"),
    [("", 2), ("cause=source", 1), ("cause=new", 1), ("cause=parsing", 0), ("document=S/2031/1", 2)],
)
def test_events_are_filtered(client, query, events):
    versions({"1": "甲"}, {"1": "乙"})
    assert len(client.get(f"/changes.json?{query}").json()["changes"]) == events


@pytest.mark.parametrize("query", ["cause=x", "year=x", "at=x"])
def test_what_cannot_be_read_is_explained(client, query):
    versions({"1": "甲"})
    assert (
        client.get(f"/S/2031/1/history?{query}" if query == "at=x" else f"/changes?{query}").status_code
        == 400
    )


# --- causes ---
CAUSES = [
    ({"parser_version": "next"}, {}, "parsing", "another parser, the same source"),
    ({"content": "new"}, {}, "source", "other bytes"),
    ({"why": Why(Cause.CORRECTION, "错字", "编者甲")}, {}, "correction", "an editor's decision"),
]


@pytest.mark.parametrize(("options", "_unused", "cause", "remark"), CAUSES)
def test_why_words_changed_is_kept(options, _unused, cause, remark):
    store(parsed("S/2031/1", ("1", "甲")), content="old")
    store(parsed("S/2031/1", ("1", "乙")), **{"content": "old", **options})
    closed, opened = IssuedText.objects.order_by("since")
    assert closed.cause == opened.since_cause == cause and closed.reason, remark


def test_a_sidecar_says_why_once(client):
    from tests.tools.factories import source

    for number, sidecar in enumerate(["", SIDECAR, SIDECAR]):
        store_document(parsed("S/2031/1", ("1", f"第{number}稿")), source("x.txt", str(number), sidecar))
    closed = IssuedText.objects.exclude(until=None).order_by("since")
    assert [row.cause for row in closed] == ["corrigendum", "source"]
    assert "S/2031/1/Corr.1" in page(client, "/S/2031/1/history").text


# --- verify_archive ---
DAMAGE = [
    (lambda: SourceFile.objects.update(content=b"other"), "SHA-256不符"),
    (lambda: IssuedText.objects.filter(anchor="1").update(text="别的"), "文字与指纹不符"),
    (lambda: Paragraph.objects.filter(anchor="1").update(fingerprint="00000000"), "文字与指纹不符"),
    (lambda: Paragraph.objects.filter(anchor="1").delete(), "仍算公开"),
    (lambda: IssuedText.objects.filter(anchor="1").delete(), "没有记入历次文字"),
]


@pytest.mark.parametrize(("damage", "message"), DAMAGE)
def test_verify_archive_finds_what_was_damaged(capsys, damage, message):
    versions({"1": "甲", "2": "乙"}, {"1": "子", "2": "甲", "3": "乙"})
    call_command("verify_archive", "--quick")
    assert "全部相符" in capsys.readouterr().out
    damage()
    with pytest.raises(CommandError):
        call_command("verify_archive", "--quick")
    assert message in capsys.readouterr().err


def test_verify_archive_passes_on_the_bundled_documents(bundled_documents, capsys):
    call_command("verify_archive", "--quick")
    assert Mention.objects.exists() and "全部相符" in capsys.readouterr().out


def test_an_address_that_moved_twice_with_an_edit_between_tells_what_stood_there(client):
    words = ["第一段的文字在这里。", "第一段的文字改在这里。"]
    for anchor, text in (("14", words[0]), ("15", words[0]), ("15", words[1]), ("16", words[1])):
        store(parsed("S/2031/9", (anchor, text), ("u1", "另一段的文字不变。")))
    response = client.get("/S/2031/9/p/14.json")
    assert (response.status_code, response["Location"]) == (301, "/S/2031/9/p/16.json")
    told = client.get("/S/2031/9/p/16.json").json()
    assert {move["from"] for move in told["moved_here"]} == {"/S/2031/9/p/14", "/S/2031/9/p/15"}
    earlier = {row["url"].split("/p/")[1].split("/")[0] for row in told["earlier_texts"]}
    assert earlier == {"14", "15"}
    assert "有过改动" in client.get("/S/2031/9/p/16").content.decode()


def test_dates_that_contradict_each_other_are_told_as_in_doubt(client, monkeypatch):
    ahead = timezone.now() + dt.timedelta(days=400)
    with monkeypatch.context() as then:
        then.setattr(timezone, "now", lambda: ahead)
        store(parsed("S/2031/1", ("1", "甲"), ("2", "丙")))
    store(parsed("S/2031/1", ("1", "乙"), ("3", "丙丙")))
    link = client.get("/S/2031/1/p/1.json").json()["earlier_texts"][0]
    assert link["in_doubt"] is True
    for address in ("/S/2031/1/p/1", link["url"], "/S/2031/1/p/2"):
        shown = client.get(address).content.decode()
        assert "存疑" in shown and f"{ahead:%Y}年" not in shown, address


# --- Which paragraphs of two documents answer each other, and how much is weighed to find out ---


@each_row("PAIRED")
def test_paragraphs_are_paired_in_order(then, now, pairs):
    assert tuples(aligned(then.split(), now.split())) == pairs


@pytest.mark.parametrize("limit", ["MOST_PAIRS", "MOST_LETTERS"])
def test_no_more_is_weighed_than_is_bounded_in_all_stretches_together(monkeypatch, limit):
    weighed = []
    compare = alignment.process.cdist
    monkeypatch.setattr(
        alignment.process,
        "cdist",
        lambda a, b, **rest: weighed.append((len(a), len(b))) or compare(a, b, **rest),
    )
    then = ["各国应当采取措施", "甲", "各国应当采取步骤", "乙", "各国应当采取行动"]
    now = ["各国应采取措施", "甲", "各国应采取步骤", "乙", "各国应采取行动"]
    assert aligned(then, now) == [(number, number) for number in range(5)]
    assert weighed == [(1, 1)] * 3
    weighed.clear()
    monkeypatch.setattr(alignment, limit, {"MOST_PAIRS": 2, "MOST_LETTERS": 2 * 8 * 7}[limit])
    assert aligned(then, now)[-2:] == [(4, None), (None, 4)]  # both are shown, unpaired
    assert weighed == [(1, 1)] * 2
