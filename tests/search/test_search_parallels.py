"""Parallel passages: what paragraphs share, held against a plain comparison of all places."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.models import Document, Paragraph
from archive.store.reading.alignment import aligned
from archive.text.folding import fold_literally
from search.engine.index.literal import LiteralIndex, write_literal_index
from search.engine.live.index import live_index
from search.engine.live.update import update_index
from search.pages.parallels import passages
from search.pages.parallels.passages import lineage, parallels, shared_runs
from tests.tables import each_row
from tests.tools.bundled import store_bundled
from tests.tools.factories import parsed, stored
from tests.tools.searching import at

# --- the law: equal to a plain comparison ---


def plainly(texts: list[str], row: int, least: int) -> set[tuple[int, int, int, int]]:
    """(other row, start, end, shift) of every longest common run, by trying all pairs of places."""
    text, found = texts[row], set()
    for other, theirs in enumerate(texts):
        if other == row:
            continue
        for i in range(len(text)):
            for j in range(len(theirs)):
                if i and j and text[i - 1] == theirs[j - 1]:
                    continue
                size = 0
                while i + size < len(text) and j + size < len(theirs) and text[i + size] == theirs[j + size]:
                    size += 1
                if size >= least:
                    found.add((other, i, i + size, j - i))
    return found


def indexed(texts: list[str], directory: str) -> LiteralIndex:
    write_literal_index(Path(directory), [(n + 1, 1, text) for n, text in enumerate(texts)])
    return LiteralIndex.of(Path(directory))


TEXTS = st.lists(st.text(alphabet="甲乙丙", max_size=24), min_size=2, max_size=5)


@settings(max_examples=120)
@given(TEXTS, st.integers(2, 5))
def test_runs_are_those_of_a_plain_comparison(texts, least):
    with TemporaryDirectory() as directory:
        found = shared_runs(indexed(texts, directory), 0, least=least)
    columns = zip(found.rows, found.starts, found.ends, found.shifts, strict=True)
    assert {tuple(map(int, column)) for column in columns} == plainly(texts, 0, least)


def test_strings_that_stand_too_often_begin_no_run_but_lie_in_runs(monkeypatch, tmp_path):
    monkeypatch.setattr(passages, "MOST_PLACES", 8)
    texts = ["甲乙丙丁戊己庚辛", "甲乙丙丁戊己庚辛", *["丙丁戊己"] * 9]
    found = shared_runs(indexed(texts, tmp_path), 0, least=3)
    assert [(int(a), int(b)) for a, b in zip(found.starts, found.ends, strict=True) if b - a > 4] == [(0, 8)]


@each_row("NAMED")
def test_names_alone_are_no_passage(tmp_path, here, names, there, expected):
    index = indexed([here, there], tmp_path)
    found = shared_runs(index, 0, names, least=4)
    assert [fold_literally(here)[a:b] for a, b in zip(found.starts, found.ends, strict=True)] == [*expected]


# --- the pages ---

CLAUSE = "决定所有国家应采取和实施有效措施建立国内管制以防止核武器扩散"


@pytest.fixture
def family(db, tmp_path):
    """A clause and what became of it, in three documents in time order."""
    texts = {
        "S/RES/9001(2004)": ("2004-04-28", f"{CLAUSE}。"),
        "S/RES/9002(2011)": ("2011-04-20", f"重申{CLAUSE}，并促请所有国家提交补充资料说明执行情况。"),
        "S/RES/9003(2016)": ("2016-12-15", "又促请所有国家提交补充资料说明执行情况，并欢迎提交行动计划。"),
    }
    for symbol, (date, text) in texts.items():
        stored(parsed(symbol, ("1", text), date=date))
    with at(tmp_path):
        update_index()
        yield


def test_the_page_marks_the_shared_run_and_says_where_each_wording_stands_first(client, family):
    twin = json.loads(client.get("/S/RES/9002(2011)/p/1/parallels.json").content)
    assert [found["symbol"] for found in twin["parallels"]] == ["S/RES/9001(2004)", "S/RES/9003(2016)"]
    first = twin["parallels"][0]
    assert [first["text"][a:b] for a, b in first["there"]] == [CLAUSE]
    words = [twin["text"][piece["start"] : piece["end"]] for piece in twin["first_appearances"]]
    assert "".join(words) == twin["text"]
    assert [piece["url"] for piece in twin["first_appearances"]] == [None, "/S/RES/9001(2004)/p/1", None]
    shown = client.get("/S/RES/9002(2011)/p/1/parallels").content.decode()
    assert f"<mark>{CLAUSE}</mark>" in shown


def test_no_wording_begins_or_ends_inside_a_figure(client, db, tmp_path):
    words = "决定延长至{}2年11月30日为止，并请它在期满以前向安理会提出一份报告，截至{}"
    for symbol, date, years in (
        ("S/RES/9001(2022)", "2022-02-25", ("202", "2021")),
        ("S/RES/9002(2022)", "2022-11-30", ("203", "2029")),
    ):
        stored(parsed(symbol, ("1", words.format(*years)), date=date))
    with at(tmp_path):
        update_index()
        twin = client.get("/S/RES/9002(2022)/p/1/parallels.json").json()
    pieces = [twin["text"][piece["start"] : piece["end"]] for piece in twin["first_appearances"]]
    assert pieces == ["决定延长至2032", "年11月30日为止，并请它在期满以前向安理会提出一份报告，截至", "2029"]


# The family of the table (fixtures/resolutions.json), and resolutions of another series.
REWORDED = {
    "S/RES/1540(2004)": ("2004-04-28", f"{CLAUSE}。"),
    "S/RES/1673(2006)": ("2006-04-27", "决定将委员会的任务期限延长两年。"),
    "S/RES/1977(2011)": ("2011-04-20", f"重申{CLAUSE}。"),
    "S/RES/2325(2016)": ("2016-12-15", f"重申{CLAUSE}和化学武器扩散。"),
    "S/RES/9001(2005)": ("2005-01-01", f"{CLAUSE}，不属于这个系列。"),
    "A/RES/73/55": ("2018-12-05", f"{CLAUSE}，是大会的话。"),
}


@pytest.fixture
def resolutions(db, tmp_path):
    for symbol, (date, text) in REWORDED.items():
        stored(parsed(symbol, ("1", text), date=date, document_type="resolution"))
    stored(parsed("S/2017/5", ("1", f"信中说：{CLAUSE}。"), date="2017-01-01", document_type="letter"))
    with at(tmp_path):
        update_index()
        yield


@each_row("THROUGH")
def test_a_clause_is_followed_through_resolutions_in_time_order(
    client, resolutions, symbol, expected, remark
):
    steps = client.get(f"/{symbol}/p/1/parallels.json").json()["through_resolutions"]
    assert [step["symbol"] for step in steps] == [name for name, _changes in expected], remark
    for step, (_name, changes) in zip(steps, expected, strict=True):
        if changes is not None:
            assert [(change["struck"], change["added"]) for change in step["changes"]] == [*changes]


def test_the_page_shows_what_was_reworded_and_what_cannot_be_compared(client, resolutions):
    shown = client.get("/S/RES/1977(2011)/p/1/parallels").content.decode()
    assert "<ins>和化学武器扩散</ins>" in shown
    assert 'href="/S/RES/1810(2008)">1810(2008)</a>' in shown, "not held, so not compared"
    assert "这一条款在历次决议中" not in client.get("/S/2017/5/p/1/parallels").content.decode()


def test_a_passage_like_no_other_leads_on(client, resolutions):
    shown = client.get("/S/RES/1673(2006)/p/1/parallels").content.decode()
    assert "没有别的段落" in shown
    assert "/compare?a=S/RES/1673(2006)/p/1" in shown


def test_a_passage_like_no_other_says_so(client, family, tmp_path):
    stored(parsed("S/2020/1", ("1", "独一无二的一段文字，别处没有。")))
    update_index()
    shown = client.get("/S/2020/1/p/1/parallels").content.decode()
    assert "没有别的段落" in shown


def test_what_is_not_indexed_yet_is_said(client, family):
    stored(parsed("S/2020/2", ("1", CLAUSE)))
    shown = client.get("/S/2020/2/p/1/parallels").content.decode()
    assert "索引还没有收入" in shown


def test_what_is_not_there_leads_to_its_own_page(client, family):
    assert client.get("/S/2099/1/p/9/parallels").url == "/S/2099/1/p/9"


def test_queries_do_not_grow_with_what_is_found(client, family, django_assert_max_num_queries):
    client.get("/search")  # tables that a process reads once for each revision of the archive
    with django_assert_max_num_queries(20):
        client.get("/S/RES/9002(2011)/p/1/parallels")


@pytest.mark.slow
def test_bundled_documents_keep_their_texts_in_lineage(db, tmp_path):
    store_bundled()
    with at(tmp_path):
        update_index()
        index = live_index()
        for paragraph in Paragraph.objects.all():
            found = parallels(index, paragraph.pk)
            pieces = lineage(found)
            assert "".join(found.text[piece.start : piece.end] for piece in pieces) == paragraph.text
            for row in found.rows[:3].tolist():
                theirs = fold_literally(index.columns.stored(row)["text"])
                for here, there in found.runs.of(row):
                    assert found.folded.text[slice(*here)] == theirs[slice(*there)]


# --- comparison ---


@each_row("ADDRESSED")
def test_two_passages_or_documents_side_by_side(client, bundled_documents, a, b, status, words):
    response = client.get("/compare", {"a": a, "b": b})
    assert response.status_code == status
    assert words in response.content.decode()


def test_documents_are_aligned_and_none_of_their_paragraphs_is_lost(client, bundled_documents):
    twin = json.loads(client.get("/compare.json", {"a": "S/2010/52", "b": "CD/2118"}).content)
    sizes = {d.symbol: d.paragraphs.count() for d in Document.objects.all()}
    assert twin["equal"] + twin["edited"] + twin["only_a"] == sizes["S/2010/52"]
    assert twin["equal"] + twin["edited"] + twin["only_b"] == sizes["CD/2118"]


@settings(max_examples=100)
@given(
    st.lists(st.text(alphabet="甲乙丙丁", max_size=6), max_size=7),
    st.lists(st.text(alphabet="甲乙丙丁", max_size=6), max_size=7),
)
def test_alignment_holds_every_paragraph_once_in_order(then, now):
    pairs = aligned(then, now)
    assert [i for i, _ in pairs if i is not None] == list(range(len(then)))
    assert [j for _, j in pairs if j is not None] == list(range(len(now)))
