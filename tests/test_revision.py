"""The revision: raised by whatever changes what readers are told, by nothing else, and never back."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, connections, transaction

from archive.editing.retirement import withdraw_document, withdraw_paragraph
from archive.ingest import RefusedError, correct_document
from archive.migrations import _revision_triggers as triggers
from archive.models import Document, MovedAnchor, Revision, State
from archive.models.revision import REFERENCE_DATA
from archive.revision import NO_REVISION, current_revision, document_revisions, lock_revision
from tests.factories import parsed, store, stored

pytestmark = pytest.mark.django_db
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
