"""What pages add up is what is there, whatever was done, in whatever order, and by whom."""

from __future__ import annotations

from contextlib import suppress

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import F, Max
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.editing import retirement
from archive.importing import parse_source
from archive.ingest import RefusedError, store_document
from archive.ingest.facts import correct_document
from archive.models import BodyMention, Document, Mention, Paragraph, RetiredDocument, Share, State, Summary
from archive.reading.queries import coverage
from archive.summaries import Subject, are_kept, differences, figures_of, one_act

from .factories import source

pytestmark = pytest.mark.django_db
SYMBOLS = ("S/2020/1", "S/2020/2", "A/75/3")


def put(one: str, other: str, number: int) -> None:
    """A letter that cites ``other`` twice and names a body; ``number`` paragraphs follow."""
    lines = [f"1. 回顾{other}，见{other}第1段。1540委员会。上文第9段。"]
    lines += [f"{place}. 照录如上。" for place in range(2, number + 2)]
    given = source("x.txt", "\n\n".join(lines), f'symbol = "{one}"\ndate = 2020-01-02\n')
    store_document(parse_source(given), given)


def withdraw(one: str, other: str, number: int) -> None:
    retirement.withdraw_document(Document.objects.get(symbol=one), "编辑", "重复", withheld=bool(number % 2))


def take_back(one: str, other: str, number: int) -> None:
    retirement.take_back(RetiredDocument.objects.get(symbol=one), "编辑")


def merge(one: str, other: str, number: int) -> None:
    one, other = (Document.objects.get(symbol=symbol) for symbol in (one, other))
    retirement.merge_document(one, other, "编辑", "重复")


def leave_out(one: str, other: str, number: int) -> None:
    retirement.withdraw_paragraph(Document.objects.get(symbol=one), "1", "编辑", "重复")


def correct(one: str, other: str, number: int) -> None:
    cuba = {"date": f"{2018 + number}-01-02", "sender": "古巴常驻联合国代表"}
    correct_document(Document.objects.get(symbol=one), cuba)


def delete(one: str, other: str, number: int) -> None:
    """By hand, past every rule: the next act counts it."""
    Paragraph.objects.filter(document__symbol=one, anchor="2").delete()


ACTS = (put, put, withdraw, take_back, merge, leave_out, correct, delete)
acts = st.lists(
    st.tuples(st.sampled_from(ACTS), st.permutations(SYMBOLS), st.integers(0, 2)), min_size=1, max_size=8
)


def law(done) -> None:
    for act, (one, other, *_rest), number in done:
        with suppress(RefusedError, Document.DoesNotExist, RetiredDocument.DoesNotExist):
            act(one, other, number)
        assert coverage() == coverage() | counted_plainly()
        if are_kept():
            assert list(differences()) == []
    with one_act():
        pass
    assert list(differences()) == []


def counted_plainly() -> dict:
    """Figures of ``coverage``, each by one question to the rows themselves."""
    certain = Mention.objects.certain()
    return {
        "documents": Document.objects.count(),
        "paragraphs": Paragraph.objects.count(),
        "numbered": Paragraph.objects.exclude(number="").exclude(kind__in=("heading", "footnote")).count(),
        "mentions": certain.count(),
        "symbols": certain.order_by().values("symbol").distinct().count(),
        "not_held": certain.not_held().order_by().values("symbol").distinct().count(),
        "unresolved": certain.not_held().count(),
        "body_mentions": BodyMention.objects.filter(body__unconfirmed=False).count(),
        "changed": Document.objects.aggregate(last=Max("changed"))["last"],
    }


def alone(check) -> None:
    """Run ``check`` and take back what it wrote: each example begins with an empty archive."""
    with transaction.atomic():
        check()
        transaction.set_rollback(True)


FIXTURES = [HealthCheck.function_scoped_fixture]


@settings(max_examples=6, suppress_health_check=FIXTURES)
@given(acts)
def test_after_any_acts_the_sums_are_those_of_counting_anew(db, done):
    alone(lambda: law(done))


@pytest.mark.long
@settings(max_examples=300, suppress_health_check=FIXTURES)
@given(acts)
def test_after_many_acts_too(db, done):
    alone(lambda: law(done))


def test_after_each_act_too(db):
    """All of them, each with something to do."""
    first, second, third = SYMBOLS
    steps = [(put, first, second, 2), (put, second, first, 1), (put, third, second, 1)]
    steps += [(correct, third, first, 1), (withdraw, first, first, 0), (take_back, first, first, 0)]
    steps += [(merge, second, third, 0), (take_back, second, third, 0), (leave_out, first, first, 0)]
    steps += [(withdraw, third, first, 1), (delete, first, first, 0)]
    for act, one, other, number in steps:
        act(one, other, number)
        law([])


@pytest.fixture
def two(db):
    put("S/2020/1", "S/2020/2", 1)
    put("A/75/3", "S/2020/9", 0)
    correct("A/75/3", "", 1)


# subject, key, what is counted: documents, paragraphs, mentions
@pytest.mark.parametrize(
    ("subject", "key", "figures"),
    [
        (Subject.YEAR, "2020", (1, 2, 0)),
        (Subject.YEAR, "2019", (1, 1, 0)),
        (Subject.NUMBERED, "", (0, 3, 0)),
        (Subject.SYMBOL, "S/2020/2", (1, 1, 2)),
        (Subject.NOT_HELD, "S/2020/9", (1, 0, 2)),
        (Subject.UNCERTAIN, "", (0, 0, 2)),
    ],
)
def test_what_a_summary_says(two, subject, key, figures):
    assert are_kept()
    assert figures_of(subject)[key] == figures


def test_a_letter_counts_for_its_state_and_body(two):
    cuba = str(State.objects.get(alpha3="CUB").pk)
    assert figures_of(Subject.STATE) == {cuba: (1, 1, 0)}
    assert list(figures_of(Subject.BODY).values()) == [(2, 2, 2)]


def test_what_comes_later_is_held(two):
    put("S/2020/2", "S/2020/1", 0)
    assert figures_of(Subject.NOT_HELD).keys() == {"S/2020/9"}


def test_an_act_that_is_refused_leaves_the_sums_as_they_were(two):
    before = list(Summary.objects.order_by("pk").values_list())
    with pytest.raises(RefusedError):
        correct_document(Document.objects.get(symbol="A/75/3"), {"symbol": "S/2020/1"})
    assert list(Summary.objects.order_by("pk").values_list()) == before and are_kept()


def test_reference_data_that_changes_leaves_the_sums_valid(two):
    State.objects.filter(alpha3="CUB").update(name="古巴共和国")
    assert are_kept()


def test_what_is_added_up_wrongly_is_told_and_counted_anew(two, capsys):
    Summary.objects.filter(subject=Subject.SYMBOL).update(mentions=F("mentions") + 1)
    Share.objects.filter(subject=Subject.NUMBERED).delete()
    with pytest.raises(CommandError):
        call_command("verify_archive", "--quick")
    assert "清点不符" in capsys.readouterr().err
    call_command("verify_archive", "--quick", "--count-anew")


def test_pages_ask_as_much_of_a_large_archive_as_of_a_small_one(two):
    client, counts = Client(), []
    for _round in range(2):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            for page in ("/coverage", "/years", "/bodies", "/states", "/treaties"):
                assert client.get(page).status_code == 200
        counts.append(len(asked))
        for number in range(3, 6):
            put(f"S/2020/{number}", "S/2020/1", 1)
    assert counts[0] == counts[1]
