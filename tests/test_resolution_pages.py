"""The page of a resolution: its text or where it is, who cites each paragraph, then figures."""

from __future__ import annotations

import pytest

from archive.fetching.family import mandates
from archive.models import Body, Document, Paragraph, Resolution
from archive.reading.distribution import spread_of
from archive.text.parsed import DocumentType, Kind
from archive.views.citing_filters import text_order
from archive.views.resolutions import mandate_of
from tests.factories import COMMITTEE, block, parsed, store
from tests.pages import page

HELD = "S/RES/1673(2006)"


@pytest.fixture
def resolution(db):
    """A resolution held with its text, and two documents that cite it, one of them older than any law."""
    Body.objects.get_or_create(name=COMMITTEE, defaults={"slug": "1540-committee"})
    rows = [block(str(n), f"第{n}件事。", kind=Kind.OPERATIVE) for n in range(1, 5)]
    store(parsed(HELD, *rows, document_type=DocumentType.RESOLUTION, organ="安全理事会"))
    for year in (2009, 2010):
        texts = [("1", "依照第1673(2006)号决议第3段和第1段办理。"), ("2", "欢迎第1673(2006)号决议。")]
        mentions = [
            ("1", "第1673(2006)号决议第3段", HELD, "3,1"),
            ("2", "第1673(2006)号决议", HELD),
        ]
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


@pytest.mark.parametrize(
    ("meeting", "facts", "remark"),
    [
        ({}, ["2006年4月27日，第5429次会议"], "the printed record of it does not say when"),
        (
            {"meeting": "5429", "meeting_date": "2006-04-27"},
            ["2006年4月27日，第5429次会议"],
            "one day and one meeting, told once",
        ),
        (
            {"meeting": "5430", "meeting_date": "2006-04-28"},
            ["2006年4月27日", "2006年4月28日，第5430次会议"],
            "where they differ, both are told",
        ),
    ],
)
def test_the_day_of_adoption_is_told_once(client, resolution, meeting, facts, remark):
    Resolution.objects.filter(symbol=HELD).update(meeting=5429)
    Document.objects.filter(symbol=HELD).update(**meeting)
    told = {
        row.all("dt")[0].text: row.all("dd")[0].text
        for row in page(client, f"/{HELD}").all("dl")[0].all("div")
    }
    assert [told[name] for name in ("通过", "会议") if name in told] == facts, remark


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


@pytest.mark.parametrize(
    ("symbol", "until", "last", "remark"),
    [
        ("S/RES/1540(2004)", "2006-04-28", "S/RES/2663(2022)", "the first: no longer than two years"),
        ("S/RES/2663(2022)", "2032-11-30", "", "the last: no other is named"),
        ("S/RES/2055(2012)", None, "S/RES/2663(2022)", "of the family, but it gives no mandate"),
    ],
)
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
