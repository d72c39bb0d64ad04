"""Ten times the text takes ten times the time: no input makes the cost per character grow.

Seconds of the processor are measured, as the steps of a regular expression cannot be counted. What they tell
of two sizes is a ratio: 1 is linear, 10 is the square. A busy machine only ever adds to it, so what seems too
dear is measured again. Small texts show a steep growth only, the long ones a slight one, too.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.core import HOSTILE, mixed, time_once

pytestmark = [pytest.mark.slow, pytest.mark.long]  # seconds tell of the machine, too

AGAIN = 4


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """An empty folder, after a first document has loaded the reference data."""
    made = tmp_path_factory.mktemp("linear")
    _cost(made, mixed(1))
    return made


def _cost(folder: Path, text: str, times: int = 1) -> float:
    """Processor seconds per character, the least of so many runs."""
    path = folder / "document.txt"
    path.write_text(text, "utf-8")
    return min(time_once(path)[0] for _ in range(times)) / len(text)


def _growth(folder: Path, make, small: int, limit: float) -> float:
    """How many times dearer a character is in a text of ten times ``small`` bytes, measured until it is below
    ``limit``, a few times at most."""
    short, long = make(small), make(10 * small)
    base, least = _cost(folder, short, times=2), float("inf")
    for _ in range(AGAIN):
        least = min(least, _cost(folder, long))
        if least < limit * base:
            break
    return least / base


def test_a_character_of_prose_costs_the_same_in_a_text_ten_times_as_long(folder):
    assert _growth(folder, mixed, 5_000, limit=3) < 3


@pytest.mark.parametrize("name", HOSTILE)
def test_a_character_of_hostile_input_costs_the_same_in_a_text_ten_times_as_long(folder, name):
    one_line = HOSTILE[name](1_000).count("\n") < 5  # where a regular expression may run away, and cheap
    small, limit = (6_000, 2.5) if one_line else (2_500, 3)
    assert _growth(folder, HOSTILE[name], small, limit) < limit


@pytest.mark.parametrize("name", ["prose", *HOSTILE])
def test_a_character_costs_the_same_in_long_texts(folder, name):
    assert _growth(folder, HOSTILE.get(name, mixed), 20_000, limit=3) < 3
