"""The page of a resolution: its text or where it is, who cites each paragraph, then figures."""

from __future__ import annotations

from contextlib import suppress

import pytest
from django.db import connection, transaction
from django.db.models import Max
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from archive.intake import retirement
from archive.intake.fetching.family import mandates
from archive.models import (
    Body,
    BodyMention,
    Document,
    Mention,
    Paragraph,
    Resolution,
    RetiredDocument,
    State,
)
from archive.site.views.cited import text_order
from archive.site.views.resolutions import mandate_of
from archive.store.ingest.facts import correct_document
from archive.store.ingest.values import RefusedError
from archive.store.reading.queries import coverage, spread_of
from archive.store.summaries import Subject, count_all, figures_of, sums
from archive.text.parsed import DocumentType, Kind
from tests.tables import each_row, tuples
from tests.tools.factories import COMMITTEE, block, parsed, source, store, taken_in
from tests.tools.pages import page

HELD = "S/RES/1673(2006)"


@pytest.fixture
def resolution(db):
    """A resolution held with its text, and two documents that cite it, one of them older than any law."""
    Body.objects.get_or_create(name=COMMITTEE, defaults={"slug": "1540-committee"})
    rows = [block(str(n), f"第{n}件事。", kind=Kind.OPERATIVE) for n in range(1, 5)]
    store(parsed(HELD, *rows, document_type=DocumentType.RESOLUTION, organ="安全理事会"))
    for year in (2009, 2010):
        texts = [("1", "依照第1673(2006)号决议第3段和第1段办理。"), ("2", "欢迎第1673(2006)号决议。")]
        mentions = [("1", "第1673(2006)号决议第3段", HELD, "3,1"), ("2", "第1673(2006)号决议", HELD)]
        store(parsed(f"S/{year}/7", *texts, mentions=mentions, date=f"{year}-05-01"))
    store(parsed("S/1999/1", ("1", "没有引用。"), date="1999-02-03"))


def order(text: str, *words: str) -> list[int]:
    return [text.index(word) for word in words]


@pytest.mark.parametrize("symbol", [HELD, "S/RES/1540(2004)"])
def test_who_cites_it_comes_before_any_figure(client, resolution, bundled_documents, symbol):
    text = page(client, f"/{symbol}").text
    places = order(text, "内容", "各段被谁引用", "引用它的文件", "各年的引用", "怎样引用它")
    assert places == sorted(places)


def test_each_paragraph_stands_with_the_sentences_that_cite_it(client, resolution):
    tree = page(client, f"/{HELD}")
    text = tree.text[tree.text.index("各段被谁引用") :]
    assert text.count("依照第1673(2006)号决议第3段和第1段办理。") >= 4  # two documents, for either paragraph
    places = order(text, "第1段", "S/2010/7", "S/2009/7", "第3段 2段")
    assert places == sorted(places)  # in the order of the text, and the newest first
    assert f"/{HELD}/p/3/cited-by" in tree.links
    assert "其余2段没有指明段次" in text


def test_a_held_resolution_keeps_what_one_not_held_tells(client, resolution):
    tree = page(client, f"/{HELD}")
    assert "2006年4月27日" in tree.text and "委员会任期延长两年" in tree.text
    assert "委员会任期至2008年4月27日。" in tree.text and "现任期至2032年11月30日" in tree.text
    for address in (
        "/bodies/1540-committee",
        "/S/RES/1540(2004)",
        "/S/RES/1810(2008)",
        "/S/RES/2663(2022)",
        f"/{HELD}/cited-by.atom",
    ):
        assert address in tree.links, address


@each_row()
def test_the_day_of_adoption_is_told_once(client, resolution, meeting, facts, remark):
    Resolution.objects.filter(symbol=HELD).update(meeting=5429)
    Document.objects.filter(symbol=HELD).update(**meeting)
    told = {
        row.all("dt")[0].text: row.all("dd")[0].text
        for row in page(client, f"/{HELD}").all("dl")[0].all("div")
    }
    assert tuples([told[name] for name in ("通过", "会议") if name in told]) == facts, remark


def test_the_family_is_listed_once(client, resolution):
    """As a line of all its resolutions, not also as the one before and the one after."""
    tree = page(client, f"/{HELD}")
    assert tree.text.count("S/RES/1810(2008)") + tree.text.count("1810(2008)") == 1
    assert "按编号" in tree.text and "同系列" not in tree.text
    assert "同系列" in page(client, "/S/RES/1540(2004)").text  # whose family stands aside


def test_charts_begin_with_the_year_of_adoption(client, resolution):
    for address in (f"/{HELD}", f"/{HELD}/cited-by"):
        years = [row.all("th")[0].text for row in page(client, address).all("table", "years")[0].all("tr")]
        assert not any(label.startswith(("1999", "2000")) for label in years), address
        assert any("2009" in label for label in years), address


def test_a_document_older_than_the_resolution_it_cites_is_counted_all_the_same(resolution):
    """A wrong date is no reason to leave a paragraph out of the figures."""
    store(
        parsed("S/2003/5", ("1", "第1673(2006)号决议。"), mentions=[("1", "第1673(2006)号决议", HELD)],
               date="2003-01-01")
    )  # fmt: skip
    spread = spread_of(Paragraph.objects.citing(HELD))
    rows = spread.years(2006)
    assert rows[0].year == 2003
    assert sum(row.paragraphs for row in rows) == spread.total


def test_quotations_come_before_the_chart_of_a_list(client, resolution):
    text = page(client, f"/{HELD}/cited-by").text
    places = order(text, "逐段", "依照第1673", "按年份")
    assert places == sorted(places)


@each_row()
def test_mandates(symbol, until, last, remark):
    told = mandate_of(symbol)
    assert (told["until"] and told["until"].isoformat(), told["last"]) == (until, last), remark


def test_no_other_document_has_a_mandate():
    assert mandate_of("S/RES/1373(2001)") is None
    assert mandate_of("S/2010/52") is None  # of the family, and no resolution


def test_every_mandate_names_a_resolution_of_the_family(resolution):
    family = set(Resolution.objects.filter(family=True).values_list("symbol", flat=True))
    assert all(set(ends) <= family for ends, _members in mandates())


def test_anchors_in_the_order_of_a_text():
    mixed = ["annex.12", "10", "3.b", "pp10", "3", "1", "annex.1", "2", "3.a", "pp2"]
    right = ["pp2", "pp10", "1", "2", "3", "3.a", "3.b", "10", "annex.1", "annex.12"]
    assert sorted(mixed, key=text_order) == right


def test_as_many_queries_for_few_citations_as_for_many(client, resolution, django_assert_max_num_queries):
    with django_assert_max_num_queries(90) as few:
        page(client, f"/{HELD}")
    for number in range(12):
        mentions = [("1", "第1673(2006)号决议第4段", HELD, "4")]
        store(parsed(f"S/2011/{number + 1}", ("1", "见第1673(2006)号决议第4段。"), mentions=mentions))
    with django_assert_max_num_queries(len(few.captured_queries) + 1):
        page(client, f"/{HELD}")


@pytest.mark.parametrize("address", ["/S/RES/2099(2013)", "/documents", "/"])
def test_a_held_resolution_is_called_by_its_organ_too(db, client, address):
    """Its own title is the number alone (第2099(2013)号决议), below the name of the organ."""
    title = "第2099(2013)号决议"
    head = block("h1", title, kind=Kind.HEADING, role="title")
    facts = {"title": title, "document_type": DocumentType.RESOLUTION}
    store(parsed("S/RES/2099(2013)", head, ("1", "决定如下。"), **facts))
    tree = page(client, address)
    if address.startswith("/S/"):
        assert tree.with_id("p-h1").text == title, "the text is the document's"
        tree = tree.all("h1")[0]
    assert f"安全理事会{title}" in tree.text


# --- What pages add up is what is there, whatever was done, in whatever order, and by whom ---


SYMBOLS = ("S/2020/1", "S/2020/2", "A/75/3")


def put(one: str, other: str, number: int) -> None:
    """A letter that cites ``other`` twice and names a body; ``number`` paragraphs follow."""
    lines = [f"1. 回顾{other}，见{other}第1段。1540委员会。上文第9段。"]
    lines += [f"{place}. 照录如上。" for place in range(2, number + 2)]
    taken_in(source("x.txt", "\n\n".join(lines), f'symbol = "{one}"\ndate = 2020-01-02\n'))


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
    """By hand, past every rule."""
    Paragraph.objects.filter(document__symbol=one, anchor="2").delete()


ACTS = (put, put, withdraw, take_back, merge, leave_out, correct, delete)
acts = st.lists(
    st.tuples(st.sampled_from(ACTS), st.permutations(SYMBOLS), st.integers(0, 2)), min_size=1, max_size=8
)


def law(done) -> None:
    for act, (one, other, *_rest), number in done:
        with suppress(RefusedError, Document.DoesNotExist, RetiredDocument.DoesNotExist):
            act(one, other, number)
        assert coverage() == replace(coverage(), **counted_plainly())
        assert sums() == count_all()


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
@each_row()
def test_what_a_summary_says(two, subject, key, figures):
    assert figures_of(subject)[key] == figures


def test_a_letter_counts_for_its_state_and_body(two):
    cuba = str(State.objects.get(alpha3="CUB").pk)
    assert figures_of(Subject.STATE) == {cuba: (1, 1, 0)}
    assert list(figures_of(Subject.BODY).values()) == [(2, 2, 2)]


def test_what_comes_later_is_held(two):
    put("S/2020/2", "S/2020/1", 0)
    assert figures_of(Subject.NOT_HELD).keys() == {"S/2020/9"}


def test_what_is_counted_is_counted_once(two):
    for queries in (9, 1):
        with CaptureQueriesContext(connection) as asked:
            sums()
        assert len(asked) == queries


def test_pages_ask_as_much_of_a_large_archive_as_of_a_small_one(two):
    client, counts = Client(), []
    for _round in range(2):
        with CaptureQueriesContext(connection) as asked:
            for page in ("/coverage", "/years", "/bodies", "/states", "/treaties"):
                assert client.get(page).status_code == 200
        counts.append(len(asked))
        for number in range(3, 6):
            put(f"S/2020/{number}", "S/2020/1", 1)
    assert counts[0] == counts[1]
