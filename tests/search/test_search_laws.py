"""Laws of queries over the bundled documents: any tree finds what a scan of all paragraphs finds."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.text.folding import fold_literally, fold_words
from search.engine.highlight import find_marks
from search.engine.live.index import live_index
from search.engine.searcher.scoring import evaluate
from search.pages.results.execution import every_row, understand
from search.query.entities.names import NameTable
from search.query.expansion.expand import expand
from search.query.expansion.forms import Marks
from search.query.language.ast import And, Field, Node, Not, Or, Phrase, SearchQuery, Together, Words
from search.query.language.conditions import as_typed
from search.query.language.parser import parse
from search.query.language.request import Asked
from search.query.language.unparse import unparse
from search.query.planning.names import Names
from search.query.text.analyzer import INNER, analyze
from search.query.text.segmenter import HAN, segmenter
from search.query.thesaurus.table import thesaurus_at
from tests.tables import each_row
from tests.tools.bundled import bundled_parses
from tests.tools.searching import ask, found

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bundled_index")]
TEXTS = [paragraph.text for document, _ in bundled_parses() for paragraph in document.paragraphs]
Holding = frozenset[int]


PLACES = [(text, at) for text in TEXTS for at in range(0, len(text), 13)]


def _piece(number: int, size: int) -> str:
    text, at = PLACES[number]
    return text[at : at + size].strip()


pieces = st.builds(_piece, st.integers(0, len(PLACES) - 1), st.integers(1, 12))
hard = st.sampled_from(
    ["4)号决议", "(2004", "”进程", "“威斯巴登", "程”的", '的"威斯巴登', "德国", "OR", "-", "国家:", "A AND B"]
)
phrases = (pieces | hard).filter(fold_literally).map(Phrase)
words = st.sampled_from(["出口管制", "核武器", "外联", "委员会", "夨夬", "国家"]).map(Words)
fields = st.sampled_from(
    [Field("year", ("2016",)), Field("state", ("印度", "西班牙")), Field("year", ("2019",))]
)
trees = st.recursive(
    phrases | words | fields,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda nodes: Or(tuple(nodes))),
        st.lists(inner, min_size=2, max_size=3).map(lambda nodes: And(tuple(nodes))),
        st.lists(inner, min_size=2, max_size=3).map(lambda nodes: Together(tuple(nodes))),
        inner.filter(lambda node: not isinstance(node, Not)).map(Not),
    ),
    max_leaves=5,
)


def rows(query: str) -> Holding:
    literal = live_index().literal
    stored = map(_stored, range(len(literal)))
    places = {f"{row['symbol']} {row['anchor']}": number for number, row in enumerate(stored)}
    return frozenset(places[place] for place in found(query, variants=False))


def _stored(row: int) -> dict:
    return live_index().columns.stored(row)


def scanned(node: Node) -> Holding:
    """The rows that ``node`` finds, by looking at all of them."""
    everything = frozenset(range(len(live_index().literal)))
    match node:
        case Phrase(text):
            return frozenset(
                row for row in everything if fold_literally(text) in fold_literally(_stored(row)["text"])
            )
        case Words() | Field():
            return rows(unparse(node))
        case Not(inner):
            return everything - scanned_as_written(inner)
        case Or(nodes):
            return frozenset().union(*map(scanned, nodes))
        case And(nodes):
            return everything.intersection(*map(scanned, nodes))
        case Together(nodes):
            ranked = [scanned(inner) for inner in nodes if isinstance(inner, Words)]
            needed = [scanned(inner) for inner in nodes if not isinstance(inner, Words)]
            return everything.intersection(*needed, *([frozenset().union(*ranked)] if ranked else []))
    raise AssertionError(node)


def scanned_as_written(node: Node) -> Holding:
    """What a minus takes away: words are strings there, side by side each of them."""
    match node:
        case Words(text):
            return scanned(Phrase(text))
        case And(nodes) | Together(nodes):
            return frozenset(range(len(live_index().literal))).intersection(*map(scanned_as_written, nodes))
        case Or(nodes):
            return frozenset().union(*map(scanned_as_written, nodes))
        case Not(inner):
            return frozenset(range(len(live_index().literal))) - scanned_as_written(inner)
    return scanned(node)


law = settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


@law
@given(trees)
def test_a_tree_written_and_read_again_is_the_same_and_written_alike(tree):
    text = unparse(tree)
    query = parse(text)
    assert query.problems == (), text
    again = parse(unparse(query.root))
    assert again == SearchQuery(unparse(query.root), query.root)
    assert parse(unparse(again.root)).root == query.root


@law
@given(trees)
def test_a_tree_finds_what_a_scan_finds(tree):
    root = parse(unparse(tree)).root
    assert rows(unparse(tree)) == scanned(root), unparse(tree)


@law
@given(trees, trees)
def test_sides_may_be_changed(one, other):
    for operator in ("OR", "AND"):
        first, second = (f"({unparse(a)}) {operator} ({unparse(b)})" for a, b in ((one, other), (other, one)))
        assert rows(first) == rows(second), first


@law
@given(trees, fields)
def test_a_filter_never_adds(tree, field):
    text = unparse(tree)
    assert rows(f"({text}) {unparse(field)}") <= rows(text), text


QUOTES = ["“{}”", '"{}"', "「{}」", "『{}』", "＂{}＂"]


@law
@given(phrases, st.sampled_from(QUOTES), st.sampled_from(QUOTES))
def test_asking_twice_for_a_phrase_or_in_other_marks_changes_nothing(phrase, one, other):
    if any(mark in phrase.text for mark in '“”"「」『』＂'):
        return
    first, second = one.format(phrase.text), other.format(phrase.text)
    assert rows(f"{first} {second}") == rows(f"({first}) ({second})") == rows(first) == scanned(phrase)


@law
@given(phrases, st.sampled_from(QUOTES))
def test_quoting_twice_changes_nothing_where_the_marks_stand_in_no_text(phrase, marks):
    once, twice = marks.format(phrase.text), marks.format(marks.format(phrase.text))
    inner = marks.format(phrase.text)
    if any(mark in phrase.text for mark in '“”"「」『』＂') or scanned(Phrase(inner)):
        return
    assert rows(twice) == rows(once), twice


@each_row("WRITTEN")
def test_written_otherwise_it_is_the_same(one, other, remark):
    assert rows(one) == rows(other), remark
    assert parse(one).problems == parse(other).problems == (), remark


def test_a_pasted_text_with_a_lone_mark_is_found():
    text, at = next((text, text.index("”")) for text in TEXTS if "”" in text[2:-2])
    pasted = text[at - 2 : at + 3]
    for marks in QUOTES:
        assert rows(marks.format(pasted)) == scanned(Phrase(pasted)) != frozenset(), marks


def test_marks_doubled_by_mistake_are_told():
    answer = ask("““透明度””")
    assert [problem.code for problem in answer.plan.problems] == ["quoted_twice"]
    assert found("““透明度””") == found("“透明度”") != []


# ---
# Words inside words: a word search finds and marks a word only where the best cut of the sentence has it.

RUN = re.compile(f"[{HAN}]+")
WORDS = sorted(
    {
        run[start:end]
        for text in TEXTS
        for run in RUN.findall(fold_words(text))
        for start in range(len(run))
        for end in range(start + 2, min(start + 6, len(run)) + 1)
        if segmenter().knows(run[start:end])
    }
)


@each_row("INSIDE")
def test_a_word_stands_inside_another_where_the_best_cut_has_it(text, word, there, remark):
    terms = {term for token in analyze(text) for term in token.terms}
    assert bool(terms & {word, INNER + word}) is there, remark


@each_row("MARKED")
def test_the_place_of_the_inner_word_is_marked(text, word, marked, remark):
    spans = find_marks(text, Marks(terms=frozenset({word, INNER + word})))
    assert [text[start:end] for start, end in spans] == [*marked], remark


@pytest.mark.parametrize("word", ["中国", "学武", "家行", "国会"])
def test_what_stands_only_across_words_is_found_by_quoting_alone(word):
    assert found(word, variants=False) == []
    assert (found(f"“{word}”") != []) is any(word in text for text in TEXTS)


def _borders_of(text: str) -> set[int]:
    """By the words of each run and their parts; all other characters stand alone."""
    folded = fold_words(text)
    places = set(range(len(text) + 1))
    for run in RUN.finditer(folded):
        inside = segmenter().inner.borders(segmenter().cut(run.group()))
        places -= {run.start() + at for at in range(1, len(run.group())) if at not in inside}
    return places


@settings(max_examples=50)
# 到会 is sought beside 出席 as a string, and stands across words too: 考虑到会员国 is found and has no mark.
@given(st.lists(st.sampled_from([one for one in WORDS if one != "出席"]), min_size=1, max_size=3))
def test_no_mark_of_a_word_search_crosses_a_best_cut(words):
    answer = ask(" ".join(words))
    for hit in answer.hits:
        assert hit.near or hit.highlights, hit.text
        if len(fold_words(hit.text)) == len(hit.text):
            allowed = _borders_of(hit.text)
            single = [
                at for at, one in enumerate(fold_words(hit.text)) if one in answer.plan.tokens
            ]  # in whatever word
            allowed |= {place for at in single for place in (at, at + 1)}
            for start, end in hit.highlights:
                assert {start, end} <= allowed, hit.text[max(0, start - 3) : end + 3]


# --- Expansion is a function of values, and every list is made of what is found ---

queries = st.lists(
    st.sampled_from(WORDS)
    | pieces
    | st.sampled_from(
        ["IAEA", "drones", "核吗", "第1540(2004)号决议", "S/2016/1013", "非國家行為體", "《", "?"]
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=60)
@given(queries)
def test_a_query_is_expanded_without_an_index_and_always_alike(typed):
    names, thesaurus = Names(live_index().manifest.names), thesaurus_at(live_index().coverage.revision)
    other = NameTable(json.loads(json.dumps(names.table.snapshot)))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("search.engine.live.index.live_index", None)
        reading = expand(typed, names.table, thesaurus)
        assert expand(typed, other, thesaurus) == reading
    assert reading.units or not any(map(analyze, typed))
    hash(reading.units)  # values all the way down


@settings(max_examples=25)
@given(queries)
def test_what_is_found_as_typed_is_some_of_what_is_found_and_totals_are_those_of_the_rows(typed):
    q, index = " ".join(typed), live_index()
    for variants in (True, False):
        answer = ask(q, variants=variants)
        rows = every_row(index, understand(Asked(q, variants=variants), index)).rows.tolist()
        assert len(rows) == len(set(rows)) == (answer.found.paragraphs if answer.found else 0)
    if node := ask(q).plan.node:
        narrow, wide = (evaluate(one, index.here.reader).rows.tolist() for one in (as_typed(node), node))
        assert {*narrow} <= {*wide}


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map("".join))
def test_every_inner_word_stands_where_it_says_and_is_a_word_or_a_character(text):
    for token in analyze(text):
        for term, start, end in token.inner:
            word = term.removeprefix(INNER)
            assert fold_words(text)[start:end] == word
            assert token.start <= start < token.end
            assert len(word) <= 2 or segmenter().knows(word)


@pytest.mark.parametrize(
    "q", ["裁军厅 出口管制", "安理会 怎样报告", "anlihui", "IAEA 保安", "飛彈 管制", "印度", "二〇一六年"]
)
def test_what_is_told_as_found_as_typed_is_what_is_found_with_nothing_added(q):
    told = ask(q)
    alone = ask(q, variants=False)
    assert (told.typed or told.found).paragraphs == alone.found.paragraphs
