"""Twice the text takes twice the time: no input makes the cost per character grow."""

from __future__ import annotations

import pytest

from tests.benchmarks.core import HOSTILE, measure, mixed

pytestmark = pytest.mark.slow


def _growth(make, small: int, large: int) -> float:
    """How many times dearer a character is in the larger text; the best of three runs each."""
    return measure(make(large), repeat=3).cost / measure(make(small), repeat=3).cost


def test_a_character_of_prose_costs_the_same_in_a_text_ten_times_as_long():
    assert _growth(mixed, 40_000, 400_000) < 4


# Asked in `make test` one of each class; all of them in `make test-all`.
SELDOM = list(HOSTILE)[list(HOSTILE).index("articles") : list(HOSTILE).index("definitions 甲(乙)")]
OFTEN = {"captions with titles", "rows with blanks"}
NAMES = [
    pytest.param(name, marks=pytest.mark.long if name in SELDOM and name not in OFTEN else ())
    for name in HOSTILE
]


@pytest.mark.parametrize("name", NAMES)
def test_a_character_of_hostile_input_costs_the_same_in_a_text_ten_times_as_long(name):
    assert _growth(HOSTILE[name], 10_000, 100_000) < 4
