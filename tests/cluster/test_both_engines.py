"""The same questions to both engines: equal numbers, and equal hits in equal order where candidates are."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from statistics import mean

import pytest
from django.test import override_settings

from archive.models import Paragraph
from search.engine.cluster.connection import Access
from search.engine.live.index import live_index
from search.engine.live.update import update_index
from search.engine.protocol import LONGEST_LIST, Question, Slice
from search.engine.searcher.embedded import MOST_INSTEAD
from search.pages.results.answer import Answer, Asked, answer
from search.query.language.conditions import Contains, NearBy, Pattern
from tests.tools.bundled import bundled_archive
from tests.tools.ranker import gain, judged_queries

from ..tables import rows_from

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.long,
    pytest.mark.skipif("CLUSTER_FOLDER" not in os.environ, reason="by `make test-cluster`"),
]
JUDGED = Path(__file__).resolve().parents[1] / "relevance" / "queries.jsonl"
QUERIES = [json.loads(line)["query"] for line in JUDGED.read_text("utf-8").splitlines()]
SUBSTRINGS, SEED, MOST_TRIPS = 1000, 1540, 40
SHOWN = ("hits", "found", "following", "corrections", "named", "absent", "groups")
COUNTED = ("named", "absent", "corrections", "added")
HERE = {"urls": ()}


@pytest.fixture(scope="module", autouse=True)
def index(tmp_path_factory, django_db_setup, django_db_blocker) -> Iterator[None]:
    with bundled_archive(tmp_path_factory.mktemp("index"), django_db_blocker):
        with override_settings(SEARCH_CLUSTER=HERE):
            update_index()
        yield


def substrings(count: int) -> list[str]:
    """Pieces of the stored texts, of 1 to 20 characters."""
    chance = random.Random(SEED)  # noqa: S311
    texts = [row["text"] for _key, _document, row in live_index().every()]
    found = []
    while len(found) < count:
        text = chance.choice(texts)
        at = chance.randrange(len(text))
        if piece := text[at : at + chance.choice((1, 2, 3, 4, 5, 8, 12, 20))].strip():
            found.append(piece)
    return found


def both(question: Question) -> tuple[Slice, Slice]:
    with override_settings(SEARCH_CLUSTER=HERE):
        here = live_index().slice(question)
    return here, live_index().slice(question)


def test_every_substring_is_counted_alike():
    for piece in substrings(SUBSTRINGS):
        one = Contains(piece)
        here, there = both(Question(one, phrases=(one,), counted=(one,)))
        assert here == there, piece


@pytest.mark.parametrize(
    "condition",
    [
        Contains("……"),
        Contains("---"),
        Contains("会", apart_from=("委员会",)),
        Contains("核", apart_from=("核武器", "核查")),
        Pattern("核*条约"),
        Pattern("安全*决议*执行"),
        NearBy(("委员会",), ("报告", "决议"), 5),
        NearBy(("会",), ("会",), 3, ordered=True),
        NearBy(("核武器",), ("生物",), None),
        NearBy(("核武器",), ("化学",), None, ordered=True),
    ],
    ids=repr,
)
def test_what_a_script_counts(condition):
    here, there = both(Question(condition, phrases=(condition,)))
    assert here == there


def test_judged_queries_have_the_same_answers(monkeypatch):
    trips, search = [0], Access.search

    def counted(self, *given):
        trips[0] += 1
        return search(self, *given)

    monkeypatch.setattr(Access, "search", counted)
    for query in QUERIES:
        trips[0] = 0
        same(query)
        assert trips[0] <= MOST_TRIPS, query


def test_all_judged_lists_are_as_good():
    """nDCG@10, of every set, whichever engine chooses the candidates."""
    reached: dict[bool, list[float]] = {True: [], False: []}
    for judged in judged_queries():
        for here in reached:
            with override_settings(SEARCH_CLUSTER=HERE) if here else nullcontext():
                hits = answer(Asked(judged["query"])).hits
            grades = [judged["grades"].get(f"{hit.symbol} {hit.anchor}", 0) for hit in hits]
            best = sorted(judged["grades"].values(), reverse=True)
            reached[here].append(gain(grades) / gain(best))
    one, other = (mean(each) for each in reached.values())
    print(f"\nnDCG@10 of {len(reached[True])} queries: {one:.4f} here, {other:.4f} on the cluster")
    assert abs(one - other) < 0.01


@pytest.mark.parametrize(
    "query",
    rows_from(__name__, "test_ranked_questions_that_are_joined_have_the_same_answers"),
)
def test_ranked_questions_that_are_joined_have_the_same_answers(query):
    for page in (1, 2):
        same(query, page=page)
    same(query, group="document")


@pytest.mark.parametrize("sort", ["relevance", "date", "since", "document"])
def test_filters_orders_and_pages(sort):
    for page in (1, 2, 4):
        same("委员会 报告", sort=sort, page=page)
        same("“决议”", sort=sort, page=page, filters={"year": ("2010",)})


def same(query: str, **options) -> Answer:
    """Whoever answers, what is found and counted is the same. The order is made here, of what is near among
    as many candidates as either engine puts first: hits are equal where that is all of them.
    """
    asked = Asked(query, **options)
    there = answer(asked)
    with override_settings(SEARCH_CLUSTER=HERE):
        here = answer(asked)
    whole = here.found and max(here.found.paragraphs - LONGEST_LIST, here.found.extra - MOST_INSTEAD + 1) <= 0
    ordered = here.found is None or whole or asked.sort != "relevance"
    assert bool(there.following) is bool(here.following)
    for name in SHOWN if ordered else COUNTED:
        if name != "following" or asked.sort != "relevance":  # such a cursor names the index
            assert getattr(there, name) == getattr(here, name), (query, name)
    if not ordered:
        assert replace(there.found, hits=[], is_extra=()) == replace(here.found, hits=[], is_extra=()), query
    return there


def updated() -> None:
    """Bring both indexes along."""
    update_index()
    with override_settings(SEARCH_CLUSTER=HERE):
        update_index()


def test_an_update_is_another_index_with_exactly_what_changed():
    before = live_index()
    one = Contains("一个从未见过的词")
    asked = Question(one, phrases=(one,))
    assert both(asked)[1].paragraphs == 0
    paragraph = Paragraph.objects.order_by("pk").first()
    text = paragraph.text
    try:
        paragraph.text = text + "一个从未见过的词"
        paragraph.save()
        updated()
        assert live_index().name != before.name
        here, there = both(asked)
        assert here == there
        assert there.paragraphs == 1
        assert before.slice(asked).paragraphs == 0  # it answers on, as it was
        same("委员会")  # what was deleted weighs nothing any more
    finally:
        paragraph.text = text
        paragraph.save()
        updated()
