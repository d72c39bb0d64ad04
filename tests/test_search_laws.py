"""Laws of queries over the bundled documents: any tree finds what a scan of all paragraphs finds."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.live.index import live_index
from search.query import And, Field, Node, Not, Or, Phrase, SearchQuery, Together, Words, parse, unparse
from search.text.folding import fold_literally
from tests.bundled import bundled_parses
from tests.searching import ask, found

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


WRITTEN = [
    ('("4)号决议" OR "威斯巴登") "德国"', '"德国" ("威斯巴登" OR "4)号决议")', "a bracket in a phrase"),
    ("(“(2004” 或 “印度”) 核", "核 (“印度” 或 “(2004”)", "an opening one"),
    ("“威斯巴登进程”的会议”", '"威斯巴登进程”的会议"', "a closing mark without a partner"),
    ("“与“威斯巴登” 外联", "外联 「与“威斯巴登」", "an opening one"),
    ("“威斯巴登进程”的” 或 “印度”", "“印度” 或 “威斯巴登进程”的”", "beside another phrase"),
    ('("称("威斯巴登")的")', '「称("威斯巴登")的」', "brackets and marks in a quoted text"),
]


@pytest.mark.parametrize(("one", "other", "remark"), WRITTEN)
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
