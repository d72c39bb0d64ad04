"""Order, sentences, asterisks, fields of titles, headings and footnotes: each is what a scan finds."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.models import Document, Paragraph
from archive.text.folding import fold_literally
from search.engine.index.literal import find_pattern, near
from search.engine.live.index import live_index
from search.query.language.ast import Near, Phrase
from search.query.language.parser import parse
from search.query.language.unparse import unparse
from search.query.planning.planner import near_by
from search.query.text.marked_words import GAP, pattern_places, pieces_of
from tests.tables import each_row, rows_from
from tests.tools.bundled import bundled_parses, store_bundled
from tests.tools.factories import parsed, store
from tests.tools.pages import page
from tests.tools.searching import archive_for, ask, found

pytestmark = pytest.mark.django_db
OWN = rows_from(__name__, "OWN")


def _store() -> None:
    store_bundled()
    store(parsed("S/2031/1", *OWN))


index = archive_for(_store)


def texts() -> list[str]:
    literal = live_index().literal
    return [literal.text(row) for row in range(len(literal))]


def rows_of(occurrences) -> dict[int, int]:
    return dict(zip(occurrences.rows.tolist(), occurrences.counts.tolist(), strict=True))


def places(string: str, text: str) -> list[tuple[int, int]]:
    return [
        (found.start(), found.start() + len(string))
        for found in re.finditer(f"(?={re.escape(string)})", text)
    ]


def are_near(text: str, asked: Near) -> bool:
    """By looking at every pair of places."""
    ones, others = (places(fold_literally(side.text), text) for side in (asked.first, asked.second))
    for one in ones:
        for other in others:
            first, second = sorted((one, other))
            if second[0] < first[1] or (asked.ordered and other < one):
                continue
            between, whole = second[0] - first[1], text[first[0] : second[1] - 1]
            if (between <= asked.within) if asked.within is not None else not set(whole) & set("。!?"):
                return True
    return False


TEXTS = [text for _number, text in OWN] + [
    paragraph.text for document, _ in bundled_parses() for paragraph in document.paragraphs
]
strings = st.builds(
    lambda text, at, size: text[at % len(text) :][:size].strip(),
    st.sampled_from(TEXTS),
    st.integers(0, 400),
    st.integers(1, 4),
).filter(lambda text: fold_literally(text) and not set(text) & set("*＊“”\"「」『』＂'‘’"))
hard = st.sampled_from(["甲", "乙", "甲乙", "丙丙", "丁", "丙", "。", "核", "的", "国家", "措施"])
sides = (strings | hard).map(Phrase)
nears = st.builds(Near, sides, sides, st.none() | st.integers(0, 30), st.booleans())
law = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


@law
@given(nears)
def test_near_in_order_and_in_a_sentence_is_what_a_scan_finds(asked):
    literal = live_index().literal
    scanned = {row for row, text in enumerate(texts()) if are_near(text, asked)}
    assert set(rows_of(near(literal, near_by(asked)))) == scanned, unparse(asked)
    assert parse(unparse(asked)).root == asked
    assert ask(unparse(asked)).found.paragraphs == len(scanned)


@law
@given(nears)
def test_order_takes_away_and_both_orders_together_are_either(asked):
    literal = live_index().literal
    ordered, turned, either = (
        set(rows_of(near(literal, near_by(Near(*pair, asked.within, order)))))
        for pair, order in (
            ((asked.first, asked.second), True),
            ((asked.second, asked.first), True),
            ((asked.first, asked.second), False),
        )
    )
    assert ordered | turned == either


@each_row("WRITTEN")
def test_near_as_written(query, holds, remark):
    assert ("S/2031/1 1" in found(query)) == holds, remark
    assert ask(query).plan.problems == []


# --- asterisks ---

patterns = st.lists(strings | hard, min_size=1, max_size=3).map("*".join)


@law
@given(patterns)
def test_a_phrase_with_asterisks_is_what_a_scan_finds(phrase):
    literal = live_index().literal
    expression = re.compile(f".{{0,{GAP}}}?".join(map(re.escape, pieces_of(phrase))), re.DOTALL)
    scanned = {row: n for row, text in enumerate(texts()) if (n := len(expression.findall(text)))}
    assert rows_of(find_pattern(literal, phrase)) == scanned


@each_row("ASTERISKS")
def test_places_of_a_phrase_with_asterisks(phrase, text, spans, remark):
    assert pattern_places(phrase, text) == [*spans], remark


def test_an_asterisk_in_quotes_is_told_and_marked(client):
    answer = ask("“核不*散条约”")
    assert ("S/2031/1 3" in found("“核不*散条约”")) and answer.mode == "literal"
    assert all(hit.highlights for hit in answer.hits)
    shown = page(client, "/search?q=“核不*散条约”").text
    assert "星号代表0至10个字" in shown
    assert "没有一处照所输入的样子写" not in shown and "是否要查" not in shown
    assert "逐词索引" not in page(client, "/search?q=“核不*散条约”").all("ul", "tools")[0].text


def test_what_stands_with_its_asterisk_is_literal():
    assert found("“核*条约”") == ["S/2031/1 3"]
    assert [problem.code for problem in ask("“核*条约”").plan.problems] == ["wildcard_literal"]
    assert found("“a*b”") == ["S/2031/1 3"]


@each_row("SAID")
def test_asterisks_that_stand_for_nothing_are_told(query, code, first):
    codes = [str(problem.code) for problem in ask(query).plan.problems]
    assert (code in codes) if code else not codes
    assert first is None or first in found(query)


def test_a_minus_takes_a_pattern_away():
    assert "S/2031/1 3" in found("“参看”") and "S/2031/1 3" not in found("“参看” -“核不*散”")


# --- fields ---


def _places(paragraphs) -> set[str]:
    return {f"{p.document.symbol} {p.anchor}" for p in paragraphs.select_related("document")}


@pytest.mark.parametrize(
    ("field", "kind"), [("标题", "heading"), ("脚注", "footnote"), ("heading", "heading")]
)
@pytest.mark.parametrize("text", ["核", "安全", "执行", "的", "S/", "1540", "夨夬"])
def test_a_field_of_text_is_what_a_scan_of_its_blocks_finds(field, kind, text):
    blocks = Paragraph.objects.filter(kind=kind)
    wanted = [p.pk for p in blocks if fold_literally(text) in fold_literally(p.text)]
    assert set(found(f"{field}:{text}")) == _places(blocks.filter(pk__in=wanted))
    rest = set(found("“的”")) - _places(blocks.filter(pk__in=wanted))
    assert set(found(f"“的” -{field}:{text}")) == rest


@pytest.mark.parametrize("text", ["决议", "执行", "信", "1540", "夨夬", "決議"])
def test_a_title_chooses_the_paragraphs_of_its_documents(text):
    plain = text.replace("決議", "决议")
    held = [d.pk for d in Document.objects.all() if plain in "".join(d.title.split())]
    wanted = _places(Paragraph.objects.filter(document__in=held))
    assert set(found(f"题名:{text}")) == wanted
    assert set(found(f"“的” 题名:{text}")) == wanted & set(found("“的”"))
    assert set(found(f"“的” -题名:{text}")) == set(found("“的”")) - wanted
    codes = [str(problem.code) for problem in ask(f"题名:{text}").plan.problems]
    assert codes == ([] if held else ["bad_value"])


def test_fields_of_text_are_marked_told_and_counted(client):
    data = json.loads(client.get("/search.json", {"q": "标题:扩散"}).content)
    assert data["mode"] == "literal" and data["results"]
    for hit in data["results"]:
        assert hit["kind"] == "heading" and hit["highlights"]
    assert data["total"]["occurrences"] >= data["total"]["paragraphs"] > 0
    both = json.loads(client.get("/search.json", {"q": "标题:扩散 脚注:扩散"}).content)
    assert both["total"]["paragraphs"] == 0
    assert client.get("/search", {"q": "标题:夨夬"}).status_code == 200


def test_fields_of_text_stand_beside_filters_and_words():
    for query in ("标题:扩散 年份:2016", "(标题:扩散 OR 脚注:核) 年份:2016", "标题:核,安全 -峰会"):
        assert set(found(query)) <= set(found(query.replace(" 年份:2016", "").replace(" -峰会", "")))
    assert set(found("标题:核,生物")) == set(found("标题:核")) | set(found("标题:生物"))
