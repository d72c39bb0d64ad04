"""The order of a list: its signals are values, and its order depends on nothing else."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.reference import FIXTURES
from search.engine.live.index import live_index
from search.engine.meaning.vectors import FEATURES
from search.engine.protocol import LONGEST_LIST
from search.engine.searcher.signals import NAMES, ranked, signals_of, weights
from search.pages.results.execution import every_row, question_of, understand
from search.query.language.request import Asked
from tests.tables import each_row
from tests.tools.ranker import EITHER_WAY, Example, earned, gain, idle, learnt, measures
from tests.tools.searching import ask

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bundled_index")]


def _asked(q: str, **options):
    index = live_index()
    return index, question_of(understand(Asked(q, **options), index), size=20)


def _signals(q: str):
    """Of all rows that the words find."""
    index, question = _asked(q)
    return signals_of(question, np.sort(index.slice(replace(question, size=None)).rows), index.here.reader)


def test_the_weights_fit_the_features():
    report = json.loads((FIXTURES / "ranker.json").read_text("utf-8"))
    assert list(report["weights"]) == list(NAMES) == list(report["ablation"])
    for weighing in (report["weights"], report["weights_by_words"]):
        assert min(weighing[name] for name in NAMES if name not in EITHER_WAY) >= 0
    assert not any(report["weights_by_words"][name] for name in FEATURES)
    steps = [report[name]["ndcg"] for name in ("first_stage", "by_words", "second_stage")]
    assert steps == sorted(steps)


@each_row("QUERIES")
def test_features_are_numbers_of_one_size(q):
    values = _signals(q)
    assert values.shape == (ask(q).found.paragraphs, len(NAMES))
    assert np.isfinite(values).all()
    assert values.min() >= 0
    assert values.max() <= 2


@each_row("QUERIES")
def test_the_order_is_that_of_the_candidates_whatever_their_own(q):
    index, question = _asked(q)
    best = index.slice(replace(question, size=None)).rows[:LONGEST_LIST]
    straight, candidates = index.here.in_order(question, best)
    shuffled = np.random.default_rng(1540).permutation(best)
    assert straight.tolist() == index.here.in_order(question, shuffled)[0].tolist()
    assert sorted(index.literal.ids[straight].tolist()) == sorted(candidates.keys.tolist())
    assert set(best.tolist()) <= set(straight.tolist())


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


@each_row("QUERIES")
def test_exports_have_what_is_counted_and_the_list_has_it_among_what_is_near(q):
    index = live_index()
    rows = every_row(index, understand(Asked(q), index)).rows
    stored = [f"{one['symbol']} {one['anchor']}" for one in map(index.columns.stored, rows.tolist())]
    assert len(stored) == len(set(stored)) == ask(q).found.paragraphs
    pages = [ask(q, page=page) for page in range(1, ask(q).pages + 1)]
    listed = [hit for page in pages for hit in page.hits]
    assert {f"{hit.symbol} {hit.anchor}" for hit in listed if not hit.near} == set(stored)
    assert len({hit.url for hit in listed}) == len(listed)


@pytest.mark.parametrize("sort", ["date", "document"])
def test_other_orders_are_left_alone(sort):
    index, question = _asked("出口管制 外联", sort=sort)
    rows = np.arange(9)
    assert index.here.in_order(question, rows) == (rows, None)


def test_what_lies_behind_the_candidates_keeps_its_place():
    index, question = _asked("委员会")
    rows = np.arange(len(index.literal))[::-1]
    listed = index.here.in_order(replace(question, size=0), rows)[0].tolist()
    assert listed[LONGEST_LIST:] == rows[LONGEST_LIST:].tolist()
    assert sorted(listed[:LONGEST_LIST]) == sorted(rows[:LONGEST_LIST].tolist()) != listed[:LONGEST_LIST]


def test_a_question_is_answered_in_one_go_with_its_candidates_and_their_signals():
    index, question = _asked("出口管制 外联")
    found = index.here.slice(question)
    keys, signals, extra = (getattr(found.candidates, name) for name in ("keys", "signals", "is_extra"))
    assert len(keys) == len(signals) == len(extra) <= 300
    order = ranked(signals, keys, weights(by_words=question.meaning is None)).tolist()
    assert [int(hit["django_id"]) for hit in found.hits] == order[:20]
    assert found.is_extra == tuple(key in keys[extra] for key in order[:20])


@pytest.mark.parametrize("q", ["“出口管制”", "国家:印度", "“决议” OR “立法”"])
def test_without_words_there_is_nothing_to_order_by(q):
    assert not _asked(q)[1].by_signals


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


def test_a_signal_that_earns_nothing_on_any_judged_list_is_named():
    scores = [{"ndcg": one, "recall": 1.0} for one in (0.5, 0.9, 0.4)]
    sources = ["first", "second", "second"]
    less = [{"ndcg": one, "recall": 1.0} for one in (0.5, 0.89, 0.4)]
    earnings = {"idle": earned(scores, scores, sources), "of use": earned(scores, less, sources)}
    assert idle(earnings) == ["idle"]
    assert earnings["of use"] == pytest.approx(0.005)


def test_gain_is_discounted():
    assert gain([3, 0]) > gain([0, 3]) > 0 == gain([])


def test_an_empty_list_has_no_order():
    index, question = _asked("出口管制 外联")
    assert index.here.in_order(replace(question, size=0), np.empty(0, np.int64))[0].tolist() == []
