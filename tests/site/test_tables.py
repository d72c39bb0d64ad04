"""Tables become blocks of rows, whose cells have addresses; what only looks like a table stays text."""

from __future__ import annotations

import pytest

from archive.models import Document
from archive.readers import read_file
from archive.readers.core import as_core
from archive.text.cells import cell_spans, row_of_cell
from archive.text.cleaner import clean
from archive.text.document import parse_source
from archive.text.lines import Evidence
from archive.text.parsed import Kind
from archive.text.reference import load_reference
from archive.text.segmenter import segment
from archive.text.serialize import cells_as_json
from archive.text.sidecar import sidecar_of
from tests.tables import each_row
from tests.tools.factories import block, parsed, stored
from tests.tools.pages import page
from tests.tools.word_files import definition, level, listing, numbered, paragraph, run, table, word

TEXT = "港口主管机关每年公布灯塔的数目，并说明其变化的原因。"


def rows(*lines: str, known: dict[int, Evidence] | None = None) -> list[str]:
    """The cells, bars between, of every row of a document with ``lines`` between two paragraphs."""
    text = "\n".join(["灯塔统计", TEXT, *lines, TEXT])
    found = segment(clean(text, {at + 2: told for at, told in (known or {}).items()})).paragraphs
    return ["|".join(p.text.split("\t")) for p in found if p.kind is Kind.ROW]


@each_row("PLAIN")
def test_rows_of_plain_text(lines, expected, remark):
    assert rows(*lines) == list(expected), remark


@each_row("NONE")
def test_what_only_looks_like_a_table_is_none(lines, remark):
    assert rows(*lines) == [], remark


def told(*cells: tuple[int, int, int, str]) -> tuple[list[str], dict[int, Evidence]]:
    return [text for *_, text in cells], {
        at: Evidence(cell=(table, row, column)) for at, (table, row, column, _) in enumerate(cells, start=1)
    }


@each_row("TOLD")
def test_rows_that_the_reader_tells(cells, expected, remark):
    lines, known = told(*cells)
    found = rows(*lines, known=known)
    assert found == [*expected] if expected is not None else len(found) == 2, remark


def test_numbers_beside_their_text_are_the_paragraphs_numbers():
    lines, known = told((1, 1, 1, "1."), (1, 1, 2, TEXT), (1, 2, 1, "2."), (1, 2, 2, TEXT))
    parsed = segment(clean("\n".join(["灯塔统计", *lines]), {at + 1: told for at, told in known.items()}))
    assert [p.number for p in parsed.paragraphs[1:]] == ["1", "2"]


def test_tables_count_in_their_part_and_belong_to_their_caption():
    table = ["|港口|座数|", "|东港|4|"]
    lines = [
        "灯塔统计",
        "一. 概况",
        TEXT,
        *table,
        "表1灯船",
        *table,
        TEXT,
        "附件",
        "灯船一览",
        "表2灯标",
        *table,
    ]
    found = segment(clean("\n".join(lines))).paragraphs
    assert [(p.anchor, p.parent) for p in found if p.kind is Kind.ROW] == [
        ("t1.r1", "s1"),
        ("t1.r2", "s1"),
        ("t2.r1", "s1.h1"),
        ("t2.r2", "s1.h1"),
        ("annex.t1.r1", "annex.h2"),
        ("annex.t1.r2", "annex.h2"),
    ]


def test_no_character_of_a_row_is_lost():
    cleaned = clean(f"灯塔统计\n{TEXT}\n| 港口 | 座数 |\n|---|---|\n| 东港 | 4 |\n{TEXT}")
    found = segment(cleaned)
    kept = "".join(p.text for p in found.paragraphs) + "".join(line.text for line in found.dropped)
    assert sorted(kept.replace("\t", "")) == sorted(f"灯塔统计{TEXT}|港口|座数||---|---||东港|4|{TEXT}")


def test_cells_are_named_by_their_place():
    assert cell_spans("甲\t\t丙丁") == [(0, 1), (2, 2), (3, 5)]
    assert cells_as_json("row", "annex.t1.r2", "甲\t乙")["cells"] == [
        {"anchor": "annex.t1.r2.c1", "start": 0, "end": 1},
        {"anchor": "annex.t1.r2.c2", "start": 2, "end": 3},
    ]
    assert [row_of_cell(one) for one in ("t1.r2.c3", "annex.t1.r2.c3", "t1.r2", "14.c", "r2.c3x")] == [
        "t1.r2",
        "annex.t1.r2",
        None,
        None,
        None,
    ]


COUNTED = definition(1, level(0, "decimal", "%1.")) + listing(1, 1)
NOTE = f'<w:footnote w:id="1">{paragraph("不含灯船。")}</w:footnote>'
CALL = '<w:r><w:footnoteReference w:id="1"/></w:r>'


def docx(content: str) -> bytes:
    body = paragraph("灯塔统计") + numbered(TEXT) + content + numbered(TEXT)
    return word(body, numbering=COUNTED, footnotes=NOTE)


def web(content: str) -> bytes:
    return f"<html><body><h1>灯塔统计</h1><p>1. {TEXT}</p>{content}<p>2. {TEXT}</p></body></html>".encode()


def shown(data: bytes) -> list[tuple[str, str]]:
    """Anchors and words, bars between cells, of what stands between the first and the last paragraph."""
    source = as_core(read_file(data, "x"), "x")
    found = parse_source(source, sidecar_of({"symbol": "S/2026/77"}), load_reference()).paragraphs
    inner = [(p.anchor, p.text.replace("\t", "|")) for p in found if p.text not in ("灯塔统计", TEXT)]
    assert [p.text for p in found][1 :: len(found) - 2] == [TEXT, TEXT]
    return inner


FILES = [
    (
        docx(
            paragraph("表1 各港灯塔")
            + table(("港口", "座数"), ("东港", paragraph(run("4") + CALL)), ("西港", "5"))
        ),
        [
            ("h2", "表1各港灯塔"),
            ("t1.r1", "港口|座数"),
            ("t1.r2", "东港|4"),
            ("t1.r3", "西港|5"),
            ("fn1", "不含灯船。"),
        ],
        "Word: a caption, and a footnote in a cell, which does not end the table",
    ),
    (
        docx(table(("序号", "港口"), (numbered(""), "东港"), (numbered(""), "西港"))),
        [("t1.r1", "序号|港口"), ("t1.r2", "2.|东港"), ("t1.r3", "3.|西港")],
        "Word: cells with nothing but the number that is counted",
    ),
    (
        docx(table(("港口", "措施"), ("东港", numbered("灯塔。") + numbered("灯船。")), ("西港", "无"))),
        [("t1.r1", "港口|措施"), ("t1.r2", "东港|2.灯塔。3.灯船。"), ("t1.r3", "西港|无")],
        "Word: counted paragraphs in a cell",
    ),
    (
        docx(table((numbered(""), "东港设灯塔。"), (numbered(""), "西港设灯船。"))),
        [("2", "东港设灯塔。"), ("3", "西港设灯船。")],
        "Word: counted numbers beside their paragraphs",
    ),
    (
        docx(table(("东港设灯塔。",), ("西港设灯船。",))),
        [("u1", "东港设灯塔。"), ("u2", "西港设灯船。")],
        "Word: one column",
    ),
    (
        docx(table(("东港设灯塔。", "西港设灯船。"))),
        [("u1", "东港设灯塔。"), ("u2", "西港设灯船。")],
        "Word: one row",
    ),
    (
        web(
            "<table><caption>表1 各港灯塔</caption><tr><th>港口<th>座数"
            "<tr><td>东港<td>4<sup><a href='#n' id='r'>1</a></sup><tr><td>西港<td>5</table>"
            "<p id='n'><a href='#r'>1</a> 不含灯船。</p>"
        ),
        [
            ("h2", "表1各港灯塔"),
            ("t1.r1", "港口|座数"),
            ("t1.r2", "东港|4"),
            ("t1.r3", "西港|5"),
            ("fn1", "不含灯船。"),
        ],
        "a web page: a caption, and a footnote in a cell",
    ),
    (
        web(
            "<table><tr><th>港口<th>措施<tr><td>东港<td><ol><li>灯塔。<li>灯船。</ol><tr><td>西港<td>无</table>"
        ),
        [("t1.r1", "港口|措施"), ("t1.r2", "东港|1.灯塔。2.灯船。"), ("t1.r3", "西港|无")],
        "a web page: a list in a cell",
    ),
    (
        docx(table(("2.", "东港设灯塔。"), ("", ""), ("3.", "西港设灯船。"))),
        [("2", "东港设灯塔。"), ("3", "西港设灯船。")],
        "Word: typed numbers beside paragraphs",
    ),
    (
        docx(table(("①", "东港设灯塔。"), ("②", "西港设灯船。"))),
        [("1.1", "东港设灯塔。"), ("1.2", "西港设灯船。")],
        "Word: numbers in rings beside items",
    ),
    (
        docx(table(("•", "东港设灯塔。"), ("–", "西港设灯船。"))),
        [("u1", "东港设灯塔。"), ("u2", "西港设灯船。")],
        "Word: bullets beside items",
    ),
    (
        web("<table><tr><td>(a)<td><p>东港设灯塔。</p><p>即灯船。</p><tr><td>(b)<td>西港设灯船。</table>"),
        [("1.a", "东港设灯塔。"), ("u1", "即灯船。"), ("1.b", "西港设灯船。")],
        "a web page: letters beside items, one of two paragraphs",
    ),
    (
        web("<table><tr><td>东港设灯塔。<tr><td>西港设灯船。</table>"),
        [("u1", "东港设灯塔。"), ("u2", "西港设灯船。")],
        "a web page: one column",
    ),
    (
        web("<table><tr><td>东港设灯塔。<td>西港设灯船。</table>"),
        [("u1", "东港设灯塔。"), ("u2", "西港设灯船。")],
        "a web page: one row",
    ),
]


@pytest.mark.parametrize(("data", "expected", "remark"), FILES, ids=[row[2] for row in FILES])
def test_tables_of_files_as_people_have_them(data, expected, remark):
    assert shown(data) == expected, remark


STYLES = "".join(
    f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{shown}"/></w:style>'
    for name, shown in (("Toc1", "toc 1"), ("Toc2", "toc 2"), ("Heading1", "heading 1"))
)


def entry(text: str, style: str = "Toc1") -> str:
    """A paragraph of a contents list whose parts are set apart by tabs."""
    pieces = text.split("\t")
    runs = "<w:r><w:tab/></w:r>".join(map(run, pieces))
    return paragraph(runs, f'<w:pStyle w:val="{style}"/>' if style else "")


CONTENTS = [
    (paragraph("目录") + table(("", "页次"), ("一. 灯塔", "3"), ("二. 灯船", "5"), ("附件", "9")), "a table"),
    (
        paragraph("目录")
        + table(("章次", "", "页次"), ("一.", "灯塔", "3"), ("二.", "灯船", "5"), ("", "附件", "9")),
        "numbers in a column of their own",
    ),
    (
        paragraph("目录")
        + table(("", "段次", "页次"), ("一. 灯塔", "1-4", "3"), ("二. 灯船", "5", "5"), ("附件", "", "9")),
        "paragraphs and pages",
    ),
    (
        paragraph("目 次") + table(("一. 灯塔……………", "3"), ("二. 灯船……………", "5"), ("附件", "9")),
        "a table with dots",
    ),
    (
        table(("目录", ""), ("", "页次"), ("一. 灯塔", "3"), ("二. 灯船", "5"), ("附件", "9")),
        "its title in the table",
    ),
    (paragraph("目录") + table(("一. 灯塔\t3",), ("二. 灯船\t5",), ("附件\t9",)), "one column"),
    (
        paragraph("目录") + entry("一.\t灯塔\t3") + entry("二.\t灯船\t5") + entry("附件\t9"),
        "styles of contents",
    ),
    (entry("一.\t灯塔\t3") + entry("二.\t灯船\t5") + entry("附件\t9", "Toc2"), "styles without a title"),
    (paragraph("目录") + entry("一.\t灯塔") + entry("二.\t灯船") + entry("附件"), "styles without pages"),
    (
        paragraph("目录") + entry("一.\t灯塔\t3", "") + entry("二.\t灯船\t5", "") + entry("附件\t9", ""),
        "tabs",
    ),
    (
        paragraph("目录") + entry("一. 灯塔\tiii", "") + entry("二. 灯船\t5", "") + entry("附件\t12", ""),
        "roman pages",
    ),
]


@pytest.mark.parametrize(("content", "remark"), CONTENTS, ids=[row[1] for row in CONTENTS])
def test_the_contents_page_of_a_word_file_is_no_text(content, remark):
    heads = [paragraph(text, '<w:pStyle w:val="Heading1"/>') for text in ("一. 灯塔", "二. 灯船")]
    body = f"{heads[0]}{paragraph('1. ' + TEXT)}{heads[1]}{paragraph('2. ' + TEXT)}"
    data = word(paragraph("灯塔统计") + content + body, styles=STYLES)
    document = parse_source(
        as_core(read_file(data, "x"), "x"), sidecar_of({"symbol": "S/2026/77"}), load_reference()
    )
    entries = [(p.number, p.text) for p in document.paragraphs if p.role == "contents"]
    assert entries == [("一", "灯塔"), ("二", "灯船"), (None, "附件")]
    assert [p.anchor for p in document.paragraphs if not (p.role or "").startswith("contents")] == [
        "h1",
        "s1",
        "1",
        "s2",
        "2",
    ]


def test_a_paragraph_behind_a_note_is_not_the_next_note():
    body = paragraph("灯塔统计") + numbered("<w:r><w:t>灯塔四座。</w:t></w:r>" + CALL) + numbered(TEXT)
    source = as_core(read_file(word(body, numbering=COUNTED, footnotes=NOTE), "x"), "x")
    found = parse_source(source, sidecar_of({"symbol": "S/2026/77"}), load_reference()).paragraphs
    assert [p.anchor for p in found] == ["h1", "1", "fn1", "2"]


@pytest.fixture
def held(db):
    return stored(
        parsed(
            "S/2018/1084",
            block("h1", "灯塔统计", kind=Kind.HEADING, role="title"),
            block("u1", TEXT, parent="h1"),
            block("h2", "表1各港灯塔", kind=Kind.HEADING, role="table_title", parent="h1"),
            block("t1.r1", "港口\t依据\t座数", kind=Kind.ROW, role="row", parent="h2", number=None),
            block(
                "t1.r2", "东港\t第1540(2004)号决议\t4", kind=Kind.ROW, role="row", parent="h2", number=None
            ),
            block("t2.r1", "\t1990<", kind=Kind.ROW, role="row", parent="h1", number=None),
            mentions=[("t1.r2", "第1540(2004)号决议", "S/RES/1540(2004)")],
        )
    )


def test_a_row_is_shown_in_cells_and_its_text_is_the_stored_text(client, held):
    blocks = {row.anchor: row.text for row in held.paragraphs.all()}
    shown = page(client, "/S/2018/1084")
    for anchor in ("t1.r1", "t1.r2", "t2.r1"):
        row = shown.with_id(f"p-{anchor}").all(css="text")[0]
        assert row.text == blocks[anchor]
        assert [cell.text.rstrip("\t") for cell in row.all(css="cell")] == blocks[anchor].split("\t")
    assert "/S/RES/1540(2004)" in shown.with_id("p-t1.r2").links


def test_a_row_and_a_cell_have_addresses(client, held):
    shown = page(client, "/S/2018/1084/p/t1.r2")
    assert "“表1各港灯塔”第2行" in shown.text
    assert "未编号表格2第1行" in page(client, "/S/2018/1084/p/t2.r1").text
    told = client.get("/S/2018/1084/p/t1.r2.json").json()
    cells = told.get("cells") or told["paragraph"]["cells"]
    assert [cell["anchor"] for cell in cells] == ["t1.r2.c1", "t1.r2.c2", "t1.r2.c3"]
    led = client.get("/S/2018/1084/p/t1.r2.c3")
    assert (led.status_code, led["Location"]) == (302, "/S/2018/1084/p/t1.r2")
    assert client.get("/S/2018/1084/p/t9.r2.c3").status_code == 404
    assert "“表1各港灯塔”, row 2" in client.get("/S/2018/1084/p/t1.r2/cite.json").content.decode()


def redirected(client, address: str) -> tuple[int, str]:
    answer = client.get(f"/S/2018/1084{address}")
    return answer.status_code, answer.get("Location", "").removeprefix("/S/2018/1084")


@each_row("WHOLE")
def test_a_table_as_a_whole_has_an_address(client, held, address, expected, remark):
    assert redirected(client, address) == expected, remark


def test_the_fingerprint_of_all_rows_leads_to_their_words(client, held):
    marks = client.get("/S/2018/1084/p/t1.r1-r2.json").json()["range"]["fingerprint"]
    answer = client.get(f"/S/2018/1084/p/t1/{marks}.json", follow=True).json()
    assert (answer["fate"], answer["range"]["first"], answer["range"]["last"]) == (
        "identical",
        "t1.r1",
        "t1.r2",
    )


def test_the_second_table_below_one_caption_is_led_to_by_its_first_row(client, db):
    rows = [
        block(f"t{table}.r{row}", "东港\t4", kind=Kind.ROW, parent="h1") for table in (1, 2) for row in (1, 2)
    ]
    caption = block("h1", "表1各港灯塔", kind=Kind.HEADING, role="table_title")
    stored(parsed("S/2018/1084", caption, *rows))
    assert redirected(client, "/p/t1") == (302, "/p/h1")
    assert redirected(client, "/p/t2") == (302, "/p/t2.r1")


def test_a_table_may_be_asked_for_without_its_part(client, db):
    stored(parsed("S/2018/1084", ("u1", TEXT), block("annex.t1.r1", "东港\t4", kind=Kind.ROW, part="annex")))
    assert redirected(client, "/p/t1") == (302, "/p/annex.t1.r1")


def test_a_table_that_is_gone_leads_to_what_became_of_it(client, held):
    stored(parsed("S/2018/1084", block("h1", "灯塔统计", kind=Kind.HEADING, role="title"), ("u1", TEXT)))
    for address, expected in (("/p/t1", "/p/t1.r1"), ("/p/t1/0123abcd", "/p/t1.r1-r2/0123abcd")):
        assert redirected(client, address) == (302, expected)
        assert client.get(f"/S/2018/1084{address}", follow=True).status_code == 410
    Document.objects.all().delete()
    assert redirected(client, "/p/t1") == (302, "/p/t1.r1-r2")
    assert client.get("/S/2018/1084/p/t1", follow=True).status_code == 410


def test_a_rows_page_shows_the_first_row_above_it(client, db):
    lines = ["港口\t座数", "东港\t4", "西港\t5"]
    rows = [block(f"t1.r{at}", text, kind=Kind.ROW, parent="h1") for at, text in enumerate(lines, start=1)]
    stored(
        parsed("S/2018/1084", block("h1", "灯塔统计", kind=Kind.HEADING, role="title"), *rows, ("u1", TEXT))
    )
    for at, shown in ((1, lines[:2]), (2, lines), (3, lines)):
        focus = page(client, f"/S/2018/1084/p/t1.r{at}").all(css="neighbours")[0]
        found = [row.all(css="text")[0].text for row in focus.all(css="row")]
        assert found == shown
        told = client.get(f"/S/2018/1084/p/t1.r{at}.json").json()["table"]
        assert (told["anchor"], told["first_row"]["anchor"], told["first_row"]["text"]) == (
            "t1",
            "t1.r1",
            lines[0],
        )
    assert client.get("/S/2018/1084/p/u1.json").json()["table"] is None
