"""Lists for machines: tables, feeds and pages of them hold what the screen shows, and nothing twice."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from archive.export.bundle.verify import read_link
from archive.models import Document, Mention, Paragraph, Pinpoint, State
from archive.site.opendata import feeds
from archive.site.opendata import tables as written
from archive.site.opendata.tables import fingerprint_cell
from archive.site.presenters import occurrences
from archive.site.views import bodies, documents, resolutions
from archive.site.views.citation_table import edges
from archive.store.spreadsheet import cell
from archive.text.fingerprint import fingerprint
from tests.tables import each_row
from tests.tools.factories import block, parsed, store
from tests.tools.paging import ATOM, feed, feed_pages, ids, turn, walk

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


@each_row()
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


# --- The table of citations: every mention with each of its pinpoints ---


def rows(client) -> list[dict[str, str]]:
    response = client.get("/data/citations.csv")
    content = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content, newline="")))


def test_there_is_an_edge_for_each_mention_and_each_of_its_pinpoints(client, bundled_documents):
    wanted = Mention.objects.filter(pinpoints=None).count() + Pinpoint.objects.count()
    assert len(list(edges())) == len(rows(client)) == wanted > 100


def test_what_counts_is_what_the_pages_count(client, bundled_documents):
    for symbol in ("S/RES/1540(2004)", "S/RES/1810(2008)"):
        citing = {
            (row["source_symbol"], row["source_anchor"])
            for row in rows(client)
            if row["target_symbol"] == symbol and row["counts"] == "true"
        }
        assert len(citing) == Paragraph.objects.citing(symbol).count()


def test_an_edge_says_which_paragraph_is_meant_how_sure_it_is_and_what_is_held(client, db):
    store(parsed("S/2030/1", block("annex.14", "甲", part="annex")))
    store(
        parsed(
            "S/2031/1",
            block("1", "见S/2030/1第14段、第1540(2004)号决议第3(a)段和该决议"),
            mentions=[
                ("1", "S/2030/1", "S/2030/1", "14"),
                ("1", "第1540(2004)号决议", "S/RES/1540(2004)", "3(a)"),
                ("1", "该决议", "S/RES/1540(2004)", None, False),
            ],
        )
    )
    found = {(row["target_symbol"], row["pinpoint"]): row for row in rows(client)}
    held = found["S/2030/1", "14"]
    assert (held["target_anchor"], held["target_held"], held["certain"]) == ("annex.14", "true", "true")
    assert found["S/RES/1540(2004)", "3.a"]["target_held"] == "false"
    doubtful = found["S/RES/1540(2004)", ""]
    assert (doubtful["certain"], doubtful["counts"], doubtful["surface"]) == ("false", "false", "该决议")


def test_the_number_of_queries_is_fixed(bundled_documents, django_assert_num_queries):
    with django_assert_num_queries(2):
        list(edges())


# ---
# Tables in spreadsheets: fingerprints stay what they are, in CSV and in workbooks, and no row is lost.

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


# What Excel, LibreOffice and pandas read as a number.
NUMBER = re.compile(r"\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?\s*", re.IGNORECASE)


def words_with(pattern: str) -> str:
    """A text whose fingerprint is of this kind."""
    found = (f"第{number}段" for number in range(100_000))
    return next(words for words in found if re.fullmatch(pattern, fingerprint(words)))


AWKWARD = [words_with(r"\d+e\d+"), words_with(r"[1-9]\d{7}"), words_with(r"0\d{7}")]


def book(client, address: str, **parameters) -> list[tuple]:
    response = client.get(address, parameters)
    assert (response.status_code, response["Content-Type"]) == (200, MEDIA), address
    assert ".xlsx" in response["Content-Disposition"]
    return list(load_workbook(io.BytesIO(response.getvalue())).active.iter_rows(values_only=True))


def sheets(head, rows) -> list[list[object]]:
    """The first column of each sheet."""
    book = load_workbook(io.BytesIO(b"".join(written.workbook(head, rows))))
    return [[row[0] for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets]


def lines(client, address: str, **parameters) -> list[list[str]]:
    content = client.get(address, parameters).getvalue().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content, newline="")))


@given(st.text("0123456789abcdef", min_size=8, max_size=8))
def test_no_fingerprint_in_a_table_is_a_number(digits):
    assert not NUMBER.fullmatch(fingerprint_cell(digits))
    assert fingerprint_cell(digits).endswith(digits)


@pytest.mark.parametrize(
    ("digits", "number"),
    [("08859e60", True), ("12345678", True), ("3373bb0d", False), ("1e999999", True), ("00000000", True)],
)
def test_the_check_sees_those_that_were_numbers(digits, number):
    assert bool(NUMBER.fullmatch(digits)) is number


def test_a_link_made_of_a_table_leads_to_the_words(client, db):
    """``="https://host/S/2031/1/p/1/"&G2``; and what of it is pasted into the search box, or compared."""
    store(parsed("S/2031/1", *((str(n), words) for n, words in enumerate(AWKWARD, 1))))
    head, *rows = lines(client, "/S/2031/1.csv")
    for row, words in zip(rows, AWKWARD, strict=True):
        anchor, cell = row[0], row[head.index("指纹")]
        assert cell == f"sha256:{fingerprint(words)}"
        bare = f"/S/2031/1/p/{anchor}/{fingerprint(words)}"
        for tail in ("", ".json"):
            response = client.get(f"/S/2031/1/p/{anchor}/{cell}{tail}")
            assert (response.status_code, response["Location"]) == (301, bare + tail)
        assert client.get(bare).status_code == 200
        pasted = client.get("/go", {"q": f"https://any.host/S/2031/1/p/{anchor}/{cell}"})
        assert pasted["Location"] == bare
        sides = {"a": f"S/2031/1/p/{anchor}/{cell}", "b": "S/2031/1/p/2"}
        assert client.get("/compare.json", sides).status_code == 200
        assert read_link(f"https://any.host/S/2031/1/p/{anchor}/{cell}") == ("S/2031/1", anchor, bare[-8:])


@each_row("ADDRESSES")
def test_a_workbook_has_the_rows_of_the_table_cell_by_cell(client, bundled_index, address, asked):
    table = lines(client, f"{address}.csv", **asked)
    rows = book(client, f"{address}.xlsx", **asked)
    assert [["" if value is None else str(value) for value in row] for row in rows] == [
        # an apostrophe keeps a CSV cell from being a formula; a text cell is none
        [value.removeprefix("'") for value in row]
        for row in table
    ]
    assert len(rows) > 1


def test_texts_are_text_and_counts_are_numbers(client, db):
    texts = ["=1+1", "https://example.org/", "甲\n\x01_x0041_乙"]
    store(parsed("S/2031/1", *zip(("1.10", "2", "3"), texts, strict=True)))
    content = client.get("/S/2031/1.xlsx").getvalue()
    sheet = load_workbook(io.BytesIO(content)).active
    assert {cell.data_type for row in sheet for cell in row} <= {"s", "n"}  # none a formula
    assert not sheet._hyperlinks
    with ZipFile(io.BytesIO(content)) as file:
        assert "_x0001__x005F_x0041_" in file.read("xl/worksheets/sheet1.xml").decode()
    head, *rows = sheet.iter_rows(values_only=True)
    assert [row[head.index("文字")] for row in rows][:2] == texts[:2]
    assert rows[0][0] == "1.10"
    head, *rows = book(client, "/documents.xlsx")
    assert {row[0]: row[head.index("段落")] for row in rows}["S/2031/1"] == 3


def test_what_no_cell_holds_is_cut_and_says_so():
    (sheet,) = sheets(["文字"], [["𠀀" * 20_000], ["甲" * 32_767]])
    _head, long, whole = sheet
    assert long.endswith(written.CUT) and len(long.encode("utf-16-le")) // 2 <= written.CHARACTERS
    assert whole == "甲" * 32_767


@pytest.mark.parametrize("text", ["<r>&</r>", "<r></r>", "<r><t>=1+1</t></r>", "<r>", "</r>", "<r> 甲 </r>"])
def test_a_text_that_looks_like_the_mark_up_of_a_cell_is_a_text(text):
    assert sheets(["文字"], [[text]]) == [["文字", text]]


def test_more_rows_than_a_sheet_holds_go_on_in_the_next(monkeypatch):
    monkeypatch.setattr(written, "ROWS", 4)
    assert sheets(["数"], ([number] for number in range(7))) == [["数", 0, 1, 2], ["数", 3, 4, 5], ["数", 6]]


def test_the_same_table_is_the_same_bytes():
    rows = [["甲", 1], ["乙", 2]]
    assert b"".join(written.workbook(["a", "b"], rows)) == b"".join(written.workbook(["a", "b"], rows))


def test_a_table_that_breaks_while_it_is_written_is_no_workbook():
    def rows():
        yield ["甲"]
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        written.workbook(["a"], rows())


@pytest.mark.long
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_libreoffice_keeps_every_fingerprint(client, db, tmp_path, ending):
    store(parsed("S/2031/1", *((str(n), words) for n, words in enumerate(AWKWARD, 1))))
    source = tmp_path / f"in.{ending}"
    source.write_bytes(client.get(f"/S/2031/1.{ending}").getvalue())
    reading = ["--infilter=CSV:44,34,76,1,,2052,false,true"] if ending == "csv" else []
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", *reading, "--convert-to", "ods", source.name]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)  # noqa: S603
    if not (tmp_path / "in.ods").exists():
        pytest.skip("LibreOffice is installed without Calc")
    with ZipFile(tmp_path / "in.ods") as file:
        content = file.read("content.xml").decode()
    texts = re.findall(r'office:value-type="string"[^>]*><text:p>(sha256:[0-9a-f]{8})</text:p>', content)
    stored = (
        Paragraph.objects.filter(document__symbol="S/2031/1")
        .order_by("position")
        .values_list("fingerprint", flat=True)
    )
    assert texts == [f"sha256:{digits}" for digits in stored]


def test_a_workbook_that_nobody_reads_is_closed(client, db):
    """As where the reader has it already, or asked for its head alone."""
    mark = client.get("/documents.xlsx")["ETag"]
    assert client.get("/documents.xlsx", headers={"if-none-match": mark}).status_code == 304
    assert client.head("/documents.xlsx").status_code == 200
    pieces = written.workbook(["a"], [["甲"]])
    file = pieces.file
    del pieces
    assert file.closed
