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


@pytest.mark.parametrize("name", HOSTILE)
def test_a_character_of_hostile_input_costs_the_same_in_a_text_ten_times_as_long(name):
    assert _growth(HOSTILE[name], 10_000, 100_000) < 4
