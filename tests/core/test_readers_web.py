"""Web pages are read as a browser shows their main text: sites, wikis, old ministries' pages, Word's HTML."""

from __future__ import annotations

import base64

import pytest

from archive.readers import NotReadableError, Source, read_file
from archive.readers.core import as_core
from archive.text import parse_source
from archive.text.reference import load_reference
from archive.text.sidecar import Sidecar
from tests.tables import rows_from, tuples
from tests.tools.word_files import lines, rows_of, whole


def read(markup: str, encoding: str = "utf-8") -> Source:
    return read_file(f"<!doctype html><html><body>{markup}</body></html>".encode(encoding), "x")


LONG = "安全理事会重申，大规模毁灭性武器及其运载工具的扩散是对国际和平与安全的威胁，各国应当履行其义务。" * 2
LISTS = rows_from(__name__, "LISTS")


SHEETS = rows_from(__name__, "SHEETS")


@pytest.mark.parametrize("case", SHEETS)
def test_style_sheet_of_the_page_tells_numbers(case: str) -> None:
    sheet, markup, expected = SHEETS[case]
    assert tuples(lines(read(f"<style>{sheet}</style>{markup}"))) == expected


@pytest.mark.parametrize("case", LISTS)
def test_lists_bear_the_numbers_that_a_browser_prints(case: str) -> None:
    markup, expected = LISTS[case]
    assert tuples(lines(read(markup))) == expected


NESTED = rows_from(__name__, "NESTED")


@pytest.mark.parametrize("case", NESTED)
def test_what_a_list_holds_stands_below_its_item(case: str) -> None:
    markup, expected = NESTED[case]
    source = as_core(read(f"<p>1. 港口设：</p>{markup}<p>2. 港口报告。</p>"), "x")
    blocks = parse_source(source, Sidecar({"symbol": "S/2031/9"}), load_reference()).paragraphs
    assert tuple(f"{one.anchor} < {one.parent}" for one in blocks) == ("1 < None", *expected, "2 < None")


TEXTS = rows_from(__name__, "TEXTS")


@pytest.mark.parametrize("case", TEXTS)
def test_texts(case: str) -> None:
    markup, expected = TEXTS[case]
    assert tuples(lines(read(markup))) == expected


MENU = "".join(f'<li><a href="/{at}">栏目{at}</a></li>' for at in range(8))


PAGES = rows_from(__name__, "PAGES")


@pytest.mark.parametrize("case", PAGES)
def test_main_text(case: str) -> None:
    markup, expected = PAGES[case]
    given = {"LONG": LONG, "MENU": MENU, "CELLS": MENU.replace("li", "td")}
    told = [line.strip("\u3000") for line in lines(read(markup.format(**given)))]
    if expected is None:
        assert LONG in told
    else:
        assert told == [line.format(**given) for line in expected]


AROUND = rows_from(__name__, "AROUND")
OWN = rows_from(__name__, "OWN")


@pytest.mark.parametrize("case", AROUND)
def test_what_stands_around_the_text_is_left_out(case: str) -> None:
    assert lines(read("<h1>信</h1>" + AROUND[case].format(f"<p>{LONG}</p><p>谨此。</p>"))) == [
        "信",
        LONG,
        "谨此。",
    ]


@pytest.mark.parametrize("case", OWN)
def test_what_belongs_to_the_text_stays(case: str) -> None:
    markup, expected = OWN[case]
    assert expected in lines(read(f"<h1>信</h1><p>{LONG}</p>{markup}"))


NOTES = rows_from(__name__, "NOTES")


@pytest.mark.parametrize("case", NOTES)
def test_notes(case: str) -> None:
    markup, expected = NOTES[case]
    source = read(markup)
    assert tuples(lines(source)) == expected
    told = [source.evidence[at].note for at, text in enumerate(source.text.split("\n"), start=1) if text]
    assert told == ([None] * 2 if "chapter" in case else [False] + [True] * (len(expected) - 1))


def test_cells_are_told_with_spans() -> None:
    source = read(
        f"<p>{LONG}</p><table><caption>表</caption><tr><th rowspan=2>国家<th colspan=2>报告"
        "<tr><td>首次<td>补充<tr><td>古巴<td>2004<td>2005</table>"
    )
    told = {
        text: source.evidence[at].cell for at, text in enumerate(source.text.split("\n"), start=1) if text
    }
    assert told == {
        LONG: None,
        "表": None,
        "国家": (1, 1, 1),
        "报告": (1, 1, 2),
        "首次": (1, 2, 2),
        "补充": (1, 2, 3),
        "古巴": (1, 3, 1),
        "2004": (1, 3, 2),
        "2005": (1, 3, 3),
    }


def test_headings_are_told_but_no_sentences() -> None:
    source = read("<h1>导言</h1><h2>大会通过了决议。</h2><h3>背景</h3>")
    assert [source.evidence[at].outline for at in (1, 2, 3)] == [1, None, 3]


PAGE = "<html><head>{head}</head><body><p>联合国安全理事会</p></body></html>"


ENCODINGS = rows_from(__name__, "ENCODINGS")


@pytest.mark.parametrize("case", ENCODINGS)
def test_encodings(case: str) -> None:
    head, encoding = ENCODINGS[case]
    assert read_file(PAGE.format(head=head).encode(encoding), "x").text == "联合国安全理事会"


def test_traditional_page_in_big5() -> None:
    data = (
        PAGE.format(head="<meta charset=big5>").replace("联合国安全理事会", "聯合國安全理事會").encode("big5")
    )
    assert read_file(data, "x").text == "聯合國安全理事會"


FACTS = rows_from(__name__, "FACTS")


@pytest.mark.parametrize("head", FACTS)
def test_facts_of_the_head(head: str) -> None:
    assert read_file(PAGE.format(head=head).encode(), "x").facts == FACTS[head]


def test_page_saved_as_one_file() -> None:
    page = base64.encodebytes("<html><body><h1>信</h1><p>联合国</p></body></html>".encode("gb18030")).decode()
    data = (
        "From: <Saved by a browser>\nMIME-Version: 1.0\n"
        'Content-Type: multipart/related;\n boundary="b"\n\n--b\n'
        f"Content-Type: text/html; charset=gb2312\nContent-Transfer-Encoding: base64\n\n{page}\n--b\n"
        "Content-Type: image/png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--b--\n"
    ).encode()
    read_back = read_file(data, "x")
    assert (lines(read_back), read_back.evidence[1].outline) == (["信", "联合国"], 1)


@pytest.mark.parametrize(
    ("markup", "code"),
    [
        ("<html></html>", "no_text"),
        ("<html><frameset><frame src=a.html></frameset></html>", "no_text"),
        ("<html><body><script>document.write('文')</script></body></html>", "no_text"),
        ("<html>" + "<div>" * 60_000 + "文", "too_large_inside"),
        ("<html>" + "<div>" * 2000 + "文" + "</div>" * 2000, "too_large_inside"),
        ("<html>" + "<b>" * 2000 + "文", "too_large_inside"),
    ],
    ids=["empty", "frames", "script", "nested", "nested and closed", "nested inline"],
)
def test_pages_without_text_or_without_end_are_refused(markup: str, code: str) -> None:
    with pytest.raises(NotReadableError) as refused:
        read_file(markup.encode(), "x")
    assert refused.value.code == code


@pytest.mark.parametrize("row", rows_of(__name__, "KNOWN"))
def test_what_the_page_knows_is_not_guessed(row: tuple) -> None:
    markup, expected = row
    assert whole(f"<!doctype html><html><body>{markup}</body></html>".encode()) == expected
