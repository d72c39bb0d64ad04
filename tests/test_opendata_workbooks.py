"""Tables in spreadsheets: fingerprints stay what they are, in CSV and in workbooks, and no row is lost."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from archive.bundle.verify import read_link
from archive.models import Paragraph
from archive.opendata import workbook as written
from archive.opendata.tables import fingerprint_cell
from archive.text.fingerprint import fingerprint

from .factories import parsed, store

pytestmark = pytest.mark.django_db

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


ADDRESSES = [
    ("/S/2010/52", {}),
    ("/documents", {"year": "2016"}),
    ("/resolutions", {"sort": "year"}),
    ("/S/RES/1540(2004)/cited-by", {}),
    ("/S/2010/52/history", {}),
    ("/data/citations", {}),
    ("/matrix", {}),
    ("/search", {"q": "出口管制"}),
    ("/concordance", {"q": "出口管制"}),
    ("/concordance/years", {"q": "核"}),
]


@pytest.mark.parametrize(("address", "asked"), ADDRESSES, ids=[address for address, _asked in ADDRESSES])
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
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)  # noqa: S603
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
