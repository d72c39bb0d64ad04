"""Lists for machines: tables, feeds and pages of them hold what the screen shows, and nothing twice."""

from __future__ import annotations

import csv
import io
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from archive.models import Document, Mention, Paragraph, State
from archive.opendata import feeds
from archive.opendata.tables import cell
from archive.presenters import occurrences
from archive.views import bodies, documents, resolutions

from .factories import block, parsed, store
from .paging import ATOM, feed, feed_pages, ids, turn, walk

pytestmark = pytest.mark.django_db

TABLES = [
    # address, how many rows the database has for it
    ("/documents.csv", lambda: Document.objects.count()),
    ("/documents.csv?year=2016", lambda: Document.objects.in_year(2016).count()),
    ("/documents.csv?page=1", lambda: Document.objects.count()),
    ("/years/2016.csv", lambda: Document.objects.in_year(2016).count()),
    ("/states.csv", lambda: _states()),
    ("/S/RES/1540(2004)/cited-by.csv", lambda: Paragraph.objects.citing("S/RES/1540(2004)").count()),
    ("/S/RES/1810(2008)/p/8/cited-by.csv", lambda: Paragraph.objects.citing("S/RES/1810(2008)", "8").count()),
    ("/S/2010/52.csv", lambda: Paragraph.objects.filter(document__symbol="S/2010/52").count()),
    ("/S/2010/52/dropped.csv", lambda: Document.objects.find("S/2010/52").dropped_lines.count()),
    ("/states/ESP.csv", lambda: Paragraph.objects.words_of(State.objects.get(alpha3="ESP")).count()),
]


def _states() -> int:
    return State.objects.count()


def table(client, address: str) -> list[dict[str, str]]:
    response = client.get(address)
    assert response.status_code == 200, address
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    content = b"".join(response.streaming_content)
    assert content.startswith("\ufeff".encode())  # or Excel reads Chinese as Latin-1
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(("address", "rows"), TABLES)
def test_a_table_has_a_row_for_each_row_of_the_list_whatever_the_page(
    client, bundled_documents, address, rows
):
    assert len(table(client, address)) == rows()


@pytest.mark.parametrize(
    "address", ["/resolutions", "/bodies", "/bodies?sort=name", "/resolutions?sort=year&organ=S"]
)
def test_tables_have_the_order_of_the_screen(client, bundled_documents, address):
    path, _mark, query = address.partition("?")
    name = path.strip("/")
    twin = client.get(f"{path}.json?{query}").json()
    rows = table(client, f"{path}.csv?{query}")
    shown = [row.get("symbol") or row["name"] for row in twin[name]]
    assert [row.get("文号") or row["机构"] for row in rows][: len(shown)] == shown
    assert len(rows) == twin["page"]["total"]


def test_years_without_documents_are_rows_with_nothing_in_them(client, bundled_documents):
    rows = table(client, "/years.csv")
    assert {row["年份"]: row["文件"] for row in rows}["2016"] != "0"
    assert "否" in {row["藏有文件"] for row in rows}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("＝1+1", "'＝1+1"),  # spreadsheets set to Chinese take the wide signs for the narrow
        ("＠SUM(1)", "'＠SUM(1)"),
        ("\n=1+1", "'\n=1+1"),
        ("+49", "'+49"),
        ("-", "'-"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("第1段", "第1段"),
        (None, ""),
        (0, "0"),
    ],
)
def test_no_cell_is_a_formula(text, shown):
    assert cell(text) == shown


def test_words_of_documents_are_no_formulas_and_keep_their_line_breaks(client, db):
    store(parsed("S/2031/1", ("1", '=HYPERLINK("x")'), ("2", "甲\n乙,丙"), title="=1"))
    assert [row["文字"] for row in table(client, "/S/2031/1.csv")] == ['\'=HYPERLINK("x")', "甲\n乙,丙"]
    assert table(client, "/documents.csv")[0]["标题"] == "'=1"


def test_what_has_no_table_has_no_such_address(client, bundled_documents):
    for address in ("/about.csv", "/S/2099/9.csv", "/S/2099/9/cited-by.atom"):
        assert client.get(address).status_code == 404


def test_other_spellings_lead_to_the_same_kind_of_answer(client, bundled_documents):
    assert client.get("/s/2010/52.csv")["Location"] == "/S/2010/52.csv"
    assert client.get("/S/RES/1540/cited-by.csv")["Location"] == "/S/RES/1540(2004)/cited-by.csv"


def test_head_of_a_table_has_its_headers_and_no_body(client, bundled_documents):
    response = client.head("/documents.csv")
    assert (response.status_code, b"".join(response.streaming_content)) == (200, b"")


@pytest.mark.parametrize("address", ["/documents.csv", "/S/RES/1540(2004)/cited-by.csv", "/documents.atom"])
def test_what_is_asked_of_the_database_does_not_grow_with_the_list(client, db, address):
    def ask() -> int:
        with CaptureQueriesContext(connection) as captured:
            response = client.get(address)
            assert len(b"".join(response)) > 10
        return len(captured)

    for number in range(1, 4):
        store(citing(number))
    few = ask()
    for number in range(4, 20):
        store(citing(number))
    assert ask() == few


def citing(number: int, year: int = 2016, paragraphs: int = 2):
    anchors = [str(place) for place in range(1, paragraphs + 1)]
    return parsed(
        f"S/{year}/{number}",
        *[block(anchor, f"{number}回顾第1540(2004)号决议第3段。") for anchor in anchors],
        mentions=[(anchor, "第1540(2004)号决议", "S/RES/1540(2004)", "3") for anchor in anchors],
        communication_date=f"{year}-03-{number:02}" if number < 29 else None,
    )


# --- cursors ---

LISTS = [
    # address of the twin, the module that has the size of a page
    ("/documents.json", documents),
    ("/resolutions.json", resolutions),
    ("/resolutions.json?sort=number", resolutions),
    ("/resolutions.json?sort=year&organ=A", resolutions),
    ("/bodies.json", bodies),
    ("/bodies.json?sort=name", bodies),
    ("/S/RES/1540(2004)/cited-by.json", occurrences),
    ("/S/RES/1540(2004)/cited-by.json?year=2016", occurrences),
]


@pytest.mark.parametrize(("address", "module"), LISTS)
def test_cursors_lead_through_every_row_once(client, bundled_documents, monkeypatch, address, module):
    monkeypatch.setattr(module, "PER_PAGE", 10_000)
    whole, following = turn(client, address)
    assert following == ""
    monkeypatch.setattr(module, "PER_PAGE", len(whole) // 5 + 1)
    assert walk(client, address) == whole
    assert len(set(whole)) == len(whole) > 3


def test_what_comes_in_between_shifts_nothing(client, db, monkeypatch):
    """By page number the last row of the first page would come again as the first of the second."""
    monkeypatch.setattr(documents, "PER_PAGE", 3)
    for number in range(1, 9):
        store(citing(number))
    before = walk(client, "/documents.json")

    def arrive():
        for number in (20, 21, 22):  # newer than all others
            store(citing(number))

    assert walk(client, "/documents.json", arrive) == before


def test_undated_documents_come_last_and_once(client, db, monkeypatch):
    monkeypatch.setattr(documents, "PER_PAGE", 2)
    for number in (1, 2, 30, 31, 32):
        store(citing(number))
    assert walk(client, "/documents.json") == [
        "S/2016/2", "S/2016/1", "S/2016/30", "S/2016/31", "S/2016/32",
    ]  # fmt: skip


def test_a_page_behind_a_cursor_is_a_page_for_people_too(client, db, monkeypatch):
    monkeypatch.setattr(documents, "PER_PAGE", 2)
    for number in range(1, 8):
        store(citing(number))
    following = client.get("/documents.json").json()["page"]["next"]
    response = client.get(following.replace(".json", ""))
    assert "第2页，共4页" in response.content.decode()
    assert client.get(following).json()["page"]["number"] == 2


@pytest.mark.parametrize("cursor", ["x", "%00", "WzFd:abc", "', '"])
def test_a_cursor_that_the_list_never_gave_out_is_refused(client, bundled_documents, cursor):
    response = client.get(f"/documents.json?after={cursor}")
    assert (response.status_code, response.json()["status"]) == (400, 400)


def test_a_cursor_of_one_order_is_none_of_another(client, bundled_documents, monkeypatch):
    monkeypatch.setattr(bodies, "PER_PAGE", 3)
    following = client.get("/bodies.json").json()["page"]["next"]
    assert client.get(f"{following}&sort=name").status_code == 400
    assert client.get(f"{following}&page=2").status_code == 400


# --- feeds ---


def test_a_feed_keeps_its_filters_on_every_page(client, db, monkeypatch):
    monkeypatch.setattr(feeds, "PER_PAGE", 2)
    for year in (2015, 2016):
        for number in range(1, 6):
            store(citing(number, year))
    read = feed_pages(client, "/documents.atom?year=2016")
    assert {ident.split("/")[-2] for root in read for ident in ids(root)} == {"2016"}
    assert len(read) == 3


def test_entries_lead_to_what_they_tell_of(client, bundled_documents):
    for address in ("/documents.atom", "/S/RES/1540(2004)/cited-by.atom"):
        for ident in ids(feed(client, address))[:5]:
            assert client.get(ident.removeprefix("http://testserver")).status_code == 200


def test_a_feed_of_citations_is_the_list_of_citations(client, bundled_documents):
    citations = Mention.objects.citing().of("S/RES/1810(2008)").values("paragraph").distinct().count()
    read = feed_pages(client, "/S/RES/1810(2008)/cited-by.atom")
    assert len([ident for root in read for ident in ids(root)]) == citations


def test_the_same_import_again_tells_nothing_new_and_changed_words_are_a_new_entry(client, db):
    address = "/S/RES/1540(2004)/cited-by.atom"
    store(citing(1))
    first = client.get(address).content
    store(citing(1))
    assert client.get(address).content == first
    before = ids(feed(client, address))
    changed = citing(1)
    words = changed.paragraphs[0].text.replace("回顾", "重申")
    store(
        parsed(
            "S/2016/1",
            block("1", words),
            changed.paragraphs[1],
            mentions=[(a, "第1540(2004)号决议", "S/RES/1540(2004)", "3") for a in ("1", "2")],
            communication_date="2016-03-01",
        )
    )
    after = ids(feed(client, address))
    assert set(before) & set(after) == {before[1]}
    assert after[0] not in before  # what is new comes first


def test_hostile_words_break_no_feed(client, db):
    evil = "<script>&\"'\x01]]>第1540(2004)号决议"
    mention = ("1", "第1540(2004)号决议", "S/RES/1540(2004)")
    store(parsed("S/2031/1", ("1", evil), mentions=[mention], title=evil, organ=evil))
    for address in ("/documents.atom", "/S/RES/1540(2004)/cited-by.atom"):
        root = feed(client, address)
        assert "<script>" in ElementTree.tostring(root, encoding="unicode", method="text")


def test_an_empty_feed_is_a_feed(client, db):
    root = feed(client, "/documents.atom")
    assert ids(root) == []
    assert root.findtext(f"{ATOM}updated").startswith("2004-04-28")
