"""Judged queries over the bundled documents, as people type them: how good the first hits are, in figures.

``relevance/queries.jsonl`` has one query a line with the paragraphs that answer it, judged from the documents
before the search was looked at: 3 the one to cite, 2 clearly about it, 1 in passing. ``allowed`` and
``forbidden`` are the paragraphs that operators leave or take away; ``exact`` lists are the whole answer. The
floors are what was reached, less a little: a change that lowers them must say why. They are of the hits that
a reader gets; beside them stand those of a reader who, where nothing is found, takes what is offered first.
"""

import json
from itertools import islice
from math import log2
from pathlib import Path
from statistics import mean

import pytest
from django.conf import settings

from search.pages.results.answer import Asked, answer, every_hit
from tests.tables import each_row
from tests.tools.bundled import bundled_archive
from tests.tools.searching import using

pytestmark = pytest.mark.django_db

LINES = (Path(__file__).parents[1] / "relevance" / "queries.jsonl").read_text("utf-8").splitlines()
QUERIES = [json.loads(line) for line in LINES]
FLOORS = {"ndcg": 0.88, "recall": 0.91, "first": 0.92}
AFTER_ONE_STEP = {"ndcg": 0.885, "recall": 0.915, "first": 0.925}


@pytest.fixture(scope="module", autouse=True, params=settings.SEARCH_ENGINES)
def index(request, tmp_path_factory, django_db_setup, django_db_blocker):
    with using(request.param), bundled_archive(tmp_path_factory.mktemp("index"), django_db_blocker):
        yield


def ranked(query: str, most: int | None = None) -> list[str]:
    """The hits."""
    return [f"{hit.symbol} {hit.anchor}" for hit in islice(every_hit(Asked(query)), most)]


def offered(query: str) -> str:
    """The search that the page offers first: what may have been meant, or a piece that does stand; else the
    same again.
    """
    one = answer(Asked(query))
    for correction in one.corrections:
        return query.replace(correction.piece, correction.meant)
    return f"“{one.nearby[0][0]}”" if one.nearby else query


def gain(grades: list[int]) -> float:
    return sum((2**grade - 1) / log2(place + 2) for place, grade in enumerate(grades[:10]))


def measures(grades: dict[str, int], hits: list[str]) -> dict[str, float]:
    good = {place for place, grade in grades.items() if grade >= 2}
    return {
        "ndcg": gain([grades.get(hit, 0) for hit in hits]) / gain(sorted(grades.values(), reverse=True)),
        "recall": len(good & set(hits[:20])) / min(20, len(good)),
        "first": float(hits[:1] != [] and hits[0] in good),
    }


def test_the_first_hits_are_as_good_as_they_were():
    judged = [q for q in QUERIES if q["grades"]]
    assert len(judged) > 100
    lists = {q["query"]: ranked(q["query"], 20) for q in judged}
    hold(FLOORS, [measures(q["grades"], lists[q["query"]]) for q in judged])
    lists |= {query: ranked(offered(query), 20) for query, hits in lists.items() if not hits}
    hold(AFTER_ONE_STEP, [measures(q["grades"], lists[q["query"]]) for q in judged])


def hold(floors: dict[str, float], scores: list[dict[str, float]]) -> None:
    reached = {name: mean(score[name] for score in scores) for name in floors}
    assert {name for name, floor in floors.items() if reached[name] < floor} == set(), reached


@pytest.mark.parametrize(
    "judged", [q for q in QUERIES if q.get("exact") and q["grades"]], ids=lambda q: q["query"]
)
def test_what_is_quoted_or_filtered_is_the_whole_answer(judged):
    assert set(ranked(judged["query"])) == set(judged["grades"])


@pytest.mark.parametrize("judged", [q for q in QUERIES if not q["grades"]], ids=lambda q: q["query"])
def test_nothing_is_found_where_nothing_is(judged):
    assert ranked(judged["query"]) == []


@pytest.mark.parametrize(
    "judged", [q for q in QUERIES if "allowed" in q or "forbidden" in q], ids=lambda q: q["query"]
)
def test_operators_are_obeyed(judged):
    hits = set(ranked(judged["query"]))
    assert hits <= set(judged.get("allowed", hits))
    assert not hits & set(judged.get("forbidden", ()))
    assert hits or not judged["grades"]


def test_a_worse_order_would_be_told():
    judged = next(q for q in QUERIES if len(q["grades"]) > 4)
    best = sorted(judged["grades"], key=lambda place: -judged["grades"][place])
    assert measures(judged["grades"], best)["ndcg"] == 1
    assert measures(judged["grades"], best[::-1])["ndcg"] < 1
    assert measures(judged["grades"], [])["recall"] == 0


@each_row("FIRST_SCREEN")
def test_what_is_asked_for_stands_on_the_first_screen(query, told, first):
    """One of the ``first`` hits, near ones among them, says one of ``told``."""
    hits = answer(Asked(query)).hits[:first]
    assert any(hit.symbol == one or one in hit.text for hit in hits for one in told), [h.text for h in hits]


@each_row("AS_TYPED")
def test_as_typed_are_told_the_paragraphs_that_hold_the_word(word):
    whole, literal = answer(Asked(word)), answer(Asked(f"“{word}”"))
    told = (whole.typed or whole.found).paragraphs
    assert told == literal.found.paragraphs <= whole.found.paragraphs
    assert answer(Asked(word, variants=False)).found.paragraphs == told
