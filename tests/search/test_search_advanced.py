"""The form that writes a query, or adds to one; and searching within results."""

from __future__ import annotations

from collections import Counter
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.pages.results.advanced import NAMES, form_with, narrowed, query_of, read_form
from search.query.language.ast import And, Field, Near, Not, Or, Phrase, Together, Words
from search.query.language.parser import parse
from search.query.language.unparse import unparse
from tests.tables import each_row
from tests.tools.pages import page, twin
from tests.tools.searching import HOSTILE, found

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bundled_index")]


@each_row("WRITTEN")
def test_what_the_form_writes(fields, query, remark):
    assert query_of(read_form(fields, 300)) == query, remark
    assert parse(query).problems == ()


texts = st.text(alphabet='核武器安全AOR 1540()（）“”"「」:：-,，;；*年份国家\n', max_size=12)
words = st.sampled_from(["核", "安全", "1540(2004)", "export", "的"]).map(Words)
phrases = st.sampled_from(["核 安全", "他说“好”", "a;b", "甲OR乙", "(2004", "*条约"]).map(Phrase)
fields = st.sampled_from(
    [
        Field("year", ("2016",)), Field("year", ("2010-",)), Field("year", ("2010-2016", "2004")),
        Field("state", ("印度", "西班牙")), Field("heading", ("核,安全",)), Field("title", ("审查",)),
        Field("cites", ("1540",)), Field("body", ("伊朗(伊斯兰共和国)",)),
    ]
)  # fmt: skip
nears = st.builds(Near, words, phrases, st.none() | st.integers(0, 200), st.booleans())


def _nested(inner):
    some = st.lists(inner, min_size=2, max_size=4).map(tuple)
    negated = inner.filter(lambda node: not isinstance(node, Not)).map(Not)
    return st.one_of(some.map(Or), some.map(And), some.map(Together), negated)


trees = st.recursive(words | phrases | fields | nears, _nested, max_leaves=7)


def parts(query: str) -> Counter:
    root = parse(query).root
    return Counter(root.nodes if isinstance(root, Together) else (root,))


@given(trees)
def test_a_query_goes_through_the_form_and_asks_the_same(tree):
    query = unparse(tree)
    assert parts(query_of(form_with(rest=query))) == parts(query), query


@given(st.builds(form_with, **dict.fromkeys([n for n in NAMES if n not in ("distance", "order")], texts)))
def test_whatever_is_typed_becomes_a_query_that_means_what_it_says(form):
    query = query_of(form)
    assert parse(unparse(parse(query).root)).root == parse(query).root


@given(texts, texts)
def test_within_binds_both(one, other):
    query = narrowed(one, other)
    if not parse(one).root or not parse(other).root:
        assert query in (one, other)
    assert parse(query).root is not None or not (parse(one).root and parse(other).root)


@each_row("PAIRS")
def test_within_finds_what_both_find(one, other):
    assert set(found(narrowed(one, other))) == set(found(one)) & set(found(other))


@pytest.mark.parametrize("within", ["印度", "出口", "外联 会议"])
def test_words_within_words_never_add(within):
    q = "出口管制 外联"
    assert set(found(narrowed(q, within))) <= set(found(q)) & set(found(within))


def test_the_box_on_results_narrows_them(client):
    tree = page(client, "/search?q=“核”&year=2016")
    form = next(form for form in tree.all("form") if "within" in form.classes)
    kept = {e.attributes["name"]: e.attributes.get("value") for e in form.all("input")}
    assert kept["q"] == "“核”" and kept["year"] == "2016"
    data = twin(client, "/search.json", q="“核”", within="“安全”", year="2016")
    assert data["query"] == "“核” AND “安全”"
    typed = twin(client, "/search.json", q=data["query"], year="2016")
    assert data["total"] == typed["total"]


def test_the_form_leads_to_its_results_and_keeps_chosen_facets(client):
    response = client.get(
        "/search/advanced",
        {"go": "1", "words": "出口管制", "since": "2010", "year": "2016", "state": ["IND"]},
    )
    assert response.status_code == 302
    target = urlsplit(response["Location"])
    assert (target.path, parse_qs(target.query)) == (
        "/search",
        {"q": ["出口管制 年份:2010-"], "year": ["2016"], "state": ["IND"]},
    )


def test_the_form_adds_to_a_query(client):
    query = "出口管制 “核安全” 核 THEN/S 安全 类型:信 -印度"
    tree = page(client, f"/search/advanced?q={query}&year=2016")
    inputs = [e.attributes for e in tree.all("input") if "name" in e.attributes]
    values = {one["name"]: one.get("value") for one in inputs}
    assert (values["rest"], values["year"]) == (query, "2016")
    chosen = twin(client, "/search/advanced.json", rest=query, none="巴西")["query"]
    assert chosen == f"{query} -巴西"
    assert "还没有填" in page(client, "/search/advanced?go=1").text
    assert "“xx”" in page(client, "/search/advanced?rest=国别:xx%20“xx”").text


@pytest.mark.parametrize("typed", HOSTILE)
def test_nothing_that_is_typed_breaks_the_form(client, typed):
    given = dict.fromkeys(NAMES, typed)
    response = client.get("/search/advanced", given)
    assert response.status_code == 200 and "<script>x" not in response.content.decode()
    data = twin(client, "/search/advanced.json", **given)
    assert data["url"] is None or client.get(data["url"]).status_code == 200
    assert client.get("/search", {"q": "核", "within": typed}).status_code == 200


def test_search_leads_to_the_form(client):
    assert any(link.startswith("/search/advanced") for link in page(client, "/search").links)
    assert any(link.startswith("/search/advanced?q=") for link in page(client, "/search?q=核").links)
