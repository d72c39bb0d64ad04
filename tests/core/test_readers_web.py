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
PAGES = {
    "site with roles": (
        f'<div role="banner">联合国</div><div role="navigation"><ul>{MENU}</ul></div>'
        f'<div role="main"><h1>信</h1>'
        f"<p>{LONG}</p></div><div role=contentinfo>版权所有</div>",
        ["信", LONG],
    ),
    "old ministry: tables and breaks": (
        f"<table><tr><td><table><tr>{MENU.replace('li', 'td')}</tr></table></td></tr><tr><td><div id=zoom>"
        f"<center>关于不扩散的通知</center>　　{LONG}<br>　　{LONG}<br></div></td></tr>"
        f"<tr><td><div class=footer>主办：外交部</div></td></tr></table>",
        ["关于不扩散的通知", LONG, LONG],
    ),
    "wiki": (
        f"<main><h1>第1540号决议</h1><div class='toc'>目录<ul>{MENU}</ul></div><h2>背景"
        f"<span class=mw-editsection>[编辑]</span></h2><p>{LONG}</p></main>",
        ["第1540号决议", "背景", LONG],
    ),
    "related links inside": (f"<article><p>{LONG}</p><ul>{MENU}</ul></article>", [LONG]),
    "a list of articles is no main part": (
        f"<article><p>摘要一</p></article><article><p>摘要二</p></article><div><p>{LONG}</p></div>",
        None,
    ),
    "everything in a container named menu": (f"<div class=menu><p>{LONG}</p></div>", [LONG]),
    "links within sentences stay": (
        f'<div><p>{LONG}见<a href="/a">甲</a>、<a href="/b">乙</a>和<a href="/c">丙</a>。</p></div>',
        [f"{LONG}见甲、乙和丙。"],
    ),
    "cookie banner beside a short text": (
        "<div id=cookie-banner><p>接受</p></div><p>致意。</p><p>谨此。</p>",
        ["致意。", "谨此。"],
    ),
}


@pytest.mark.parametrize("case", PAGES)
def test_main_text(case: str) -> None:
    markup, expected = PAGES[case]
    told = [line.strip("\u3000") for line in lines(read(markup))]
    if expected is None:
        assert LONG in told
    else:
        assert told == expected


PREVIOUS, NEXT = '<a href="/wiki/a">第1810(2008)号决议</a>', '<a href="/wiki/b">S/RES/1977 (2011)</a>'
BY = '作者：<a href="/wiki/c">安全理事会</a>'
LICENCE = "<div><p>依照第1540(2004)号决议专题的条款发布，转载时请注明。</p></div>"
AROUND = {
    "a header in a table, with the neighbours at its sides": (
        f"<table><tr><td>←{PREVIOUS}<td><b>信</b><br>{BY}<br>2010年<td>{NEXT}→</table>{{}}"
    ),
    "a header without a neighbour before it": (
        f"<table><tr><td>←<td>信<br>作者：安全理事会<td>{NEXT} →</table>{{}}"
    ),
    "a header without a neighbour behind it": f"<table><tr><td>← {PREVIOUS}<td>信<br>{BY}<td>→</table>{{}}",
    "a header in boxes, with remarks below": (
        f"<div class=wst-header><div><div><span>←</span>{PREVIOUS}</div><div>信<div>{BY}</div></div>"
        f"<div>{NEXT}<span>→</span></div></div><div>本文件见第1810(2008)号决议。</div></div>{{}}"
    ),
    "a header without any neighbour, and remarks below it": (
        f"<table><tr><td>←<td>信<br>{BY}<br>2010年<td>→</table>"
        "<div class=header_notes>本文件见第1810(2008)号决议。</div>{}"
    ),
    "related pages in a box": f"{{}}<table class=navbox><tr><th>决议<tr><td>{PREVIOUS} · {NEXT}</table>",
    "lines that lead on": f"<p>{PREVIOUS} →</p>{{}}<p>« {NEXT}</p><div><a href=/x>← 返回</a></div>",
    "lines that say where they lead": f"<p>上一篇：{PREVIOUS}</p>{{}}<p>下一篇：{NEXT}</p><p>返回{NEXT}</p>",
    "links that the markup says lead on": "{}<p><a rel=prev href=/x>第1810(2008)号决议</a></p>",
    "who wrote it and where it is kept": f"<p>{BY}　分类：{PREVIOUS}、{NEXT}</p>{{}}<div>標籤：{NEXT}</div>",
    "categories": f"{{}}<div class=catlinks>分类：<ul><li>{PREVIOUS}</ul></div>",
    "a licence": f"{{}}<div class='licenseContainer licenseBanner'>{LICENCE}</div>",
    "a licence in a table": f"{{}}<table class=licenseContainer><tr><td><td>{LICENCE}</table>",
    "where the page was printed from": f"{{}}<div class=printfooter>检索自“{NEXT}”</div>",
    "names of several words": f"<div id=siteSub>来自文库</div>{{}}<div id=postLicense>{LICENCE}</div>",
}
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
ENCODINGS = {
    "declared gb2312 with more than it has": (PAGE.format(head="<meta charset=gb2312>"), "gb18030"),
    "declared in the old way": (
        PAGE.format(head='<meta http-equiv=Content-Type content="text/html; charset=GBK">'),
        "gb18030",
    ),
    "declared wrongly": (PAGE.format(head="<meta charset=gb2312>"), "utf-8"),
    "not declared": (PAGE.format(head=""), "gb18030"),
    "with a mark": (PAGE.format(head=""), "utf-8-sig"),
    "UTF-16": (PAGE.format(head="<meta charset=utf-16>"), "utf-16"),
    "a label that nobody knows": (PAGE.format(head="<meta charset=klingon>"), "gb18030"),
    "a codec that is no text": (PAGE.format(head="<meta charset=base64>"), "gb18030"),
}


@pytest.mark.parametrize("case", ENCODINGS)
def test_encodings(case: str) -> None:
    markup, encoding = ENCODINGS[case]
    assert read_file(markup.encode(encoding), "x").text == "联合国安全理事会"


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
