"""The order of a list: its signals are values, and its order depends on nothing else."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.reference import FIXTURES
from search.engine.results import LONGEST_LIST, ordered
from search.engine.scores import Scores
from search.engine.scoring import evaluate
from search.live.index import live_index
from search.meaning.nearness import FEATURES
from search.query.request import Asked
from search.ranking.features import NAMES, features
from search.ranking.model import ranked, reordered, weights
from search.results.execution import rows_in_order, second_stage
from search.results.interpretation import understand
from tests.ranker import EITHER_WAY, Example, gain, learnt, measures
from tests.searching import ask

from .tables import rows_from

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bundled_index")]
QUERIES = rows_from(__name__, "QUERIES")


def _candidates(q: str):
    index = live_index()
    plan = understand(Asked(q), index).plan
    return index, plan.wanted, evaluate(plan.node, index.engine)


def test_the_weights_fit_the_features():
    report = json.loads((FIXTURES / "ranker.json").read_text("utf-8"))
    assert list(report["weights"]) == list(NAMES) == list(report["ablation"])
    for weighing in (report["weights"], report["weights_by_words"]):
        assert min(weighing[name] for name in NAMES if name not in EITHER_WAY) >= 0
    assert not any(report["weights_by_words"][name] for name in FEATURES)
    steps = [report[name]["ndcg"] for name in ("first_stage", "by_words", "second_stage")]
    assert steps == sorted(steps)


@pytest.mark.parametrize("q", QUERIES)
def test_features_are_numbers_of_one_size(q):
    index, wanted, scores = _candidates(q)
    values = features(wanted, scores.rows, index.engine, index.literal)
    assert values.shape == (len(scores.rows), len(NAMES))
    assert np.isfinite(values).all()
    assert values.min() >= 0
    assert values.max() <= 2


@pytest.mark.parametrize("q", QUERIES)
def test_what_stands_in_the_text_counts_as_much_as_what_stands_above(q):
    index, wanted, scores = _candidates(q)
    values = features(wanted, scores.rows, index.engine, index.literal)
    same, context = (values[:, NAMES.index(name)] for name in ("same", "context"))
    assert (same <= context).all()


@pytest.mark.parametrize("q", QUERIES)
def test_the_order_is_that_of_the_candidates_whatever_their_own(q):
    index, wanted, (rows, _scores) = _candidates(q)
    straight = reordered(wanted, rows, index.engine, index.literal)
    shuffled = np.random.default_rng(1540).permutation(rows)
    assert straight.tolist() == reordered(wanted, shuffled, index.engine, index.literal).tolist()
    assert sorted(straight.tolist()) == rows.tolist()


@given(st.lists(st.integers(0, 3), min_size=1, max_size=40), st.randoms())
def test_ties_are_broken_by_row(numbers, chance):
    rows = np.arange(len(numbers))
    values = np.zeros((len(numbers), len(NAMES)))
    values[:, 0] = numbers
    order = ranked(values, rows, weights()).tolist()
    assert sorted(order) == rows.tolist()
    keys = [(-round(float(values[row] @ weights()), 9), row) for row in order]
    assert keys == sorted(keys)
    other = list(range(len(numbers)))
    chance.shuffle(other)
    assert ranked(values[other], rows[other], weights()).tolist() == order


@pytest.mark.parametrize("q", QUERIES)
def test_exports_have_what_is_counted_and_the_list_has_it_among_what_is_near(q):
    index = live_index()
    rows = rows_in_order(index, understand(Asked(q), index))
    stored = [f"{one['symbol']} {one['anchor']}" for one in map(index.columns.stored, rows.tolist())]
    assert len(stored) == len(set(stored)) == ask(q).found.paragraphs
    pages = [ask(q, page=page) for page in range(1, ask(q).pages + 1)]
    listed = [hit for page in pages for hit in page.hits]
    assert {f"{hit.symbol} {hit.anchor}" for hit in listed if not hit.near} == set(stored)
    assert len({hit.url for hit in listed}) == len(listed)


@pytest.mark.parametrize("sort", ["date", "document"])
def test_other_orders_are_left_alone(sort):
    index = live_index()
    plan = understand(Asked("出口管制 外联"), index).plan
    scores = evaluate(plan.node, index.engine)
    second = second_stage(index, plan.wanted)
    plain, both = (ordered(scores, sort, index.columns, 50, one) for one in (None, second))
    assert plain.tolist() == both.tolist()


def test_what_lies_behind_the_candidates_keeps_its_place():
    index = live_index()
    rows = np.arange(len(index.literal), dtype=np.int32)
    scores = Scores(rows, -rows.astype(float))
    turned = ordered(scores, "relevance", index.columns, len(rows), lambda best: best[::-1])
    assert turned.tolist() == [*range(LONGEST_LIST - 1, -1, -1), *range(LONGEST_LIST, len(rows))]
    assert ordered(scores, "relevance", index.columns, 0, lambda best: best).tolist() == []


@pytest.mark.parametrize("q", ["“出口管制”", "国家:印度", "“决议” OR “立法”"])
def test_without_words_there_is_nothing_to_order_by(q):
    assert ask(q).plan.wanted is None


def _example(values, grades) -> Example:
    size = len(grades)
    padded = np.zeros((size, 2))
    padded[:, : values.shape[1]] = values
    judged = tuple(sorted(grades, reverse=True))
    return Example("q", (), padded, np.array(grades), judged, np.ones(size, bool))


def test_what_is_learnt_puts_the_better_first_and_keeps_evidence_above_zero():
    right = _example(np.array([[0.5, 0.0], [0.4, 1.0], [0.3, 0.5]]), [0, 3, 2])
    start = np.array([1.0, 0.0])
    learnt_weights = learnt([right], np.ones(2), np.zeros(2, bool), start)
    assert measures(right, start)["ndcg"] < measures(right, learnt_weights)["ndcg"] == 1
    wrong = _example(np.array([[0.5, 1.0], [0.4, 0.0]]), [0, 3])
    assert learnt([wrong], np.ones(2), np.zeros(2, bool), start).min() >= 0
    assert learnt([right], np.array([1, 0]), np.zeros(2, bool), start)[1] == 0


def test_gain_is_discounted():
    assert gain([3, 0]) > gain([0, 3]) > 0 == gain([])


def test_an_empty_list_has_no_order():
    index, wanted, _scores = _candidates("出口管制 外联")
    assert reordered(wanted, np.empty(0, np.int64), index.engine, index.literal).tolist() == []
