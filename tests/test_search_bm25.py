"""Scores of terms are those of Lucene: lengths in a byte, rarity, average, the formula in single floats."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.engine.bm25 import LENGTHS, as_bytes, field_of
from search.query.vocabulary import inverse_frequency

# Lucene's SmallFloat: length → byte → the length for which that stands
TABLE = [
    (0, 0, 0),
    (1, 1, 1),
    (24, 24, 24),
    (39, 39, 39),  # the last that stands for itself and every one before
    (40, 40, 40),  # steps of 2
    (41, 40, 40),
    (42, 41, 42),
    (55, 47, 54),
    (56, 48, 56),  # steps of 4
    (59, 48, 56),
    (60, 49, 60),
    (88, 56, 88),  # steps of 8
    (100, 57, 96),
    (151, 63, 144),
    (152, 64, 152),  # steps of 16
    (1000, 87, 984),
    (1047, 87, 984),
    (1048, 88, 1048),
    (65_536, 135, 61_464),
    (2_013_265_944, 255, 2_013_265_944),
    (2_147_483_647, 255, 2_013_265_944),  # the greatest number of tokens
]


@pytest.mark.parametrize(("length", "byte", "stands_for"), TABLE)
def test_a_length_is_a_byte(length, byte, stands_for):
    assert as_bytes(np.array([length])).tolist() == [byte]
    assert LENGTHS[byte] == stands_for


@given(st.lists(st.integers(0, 2**31 - 1)))
def test_a_byte_stands_for_no_more_and_hardly_less(lengths):
    found = LENGTHS[as_bytes(np.array(lengths, np.int64))]
    assert all(of <= length <= of + max(0, of - 24) / 8 for of, length in zip(found, lengths, strict=True))


def test_bytes_rise_and_come_back():
    assert (np.diff(LENGTHS) > 0).all()
    assert as_bytes(LENGTHS).tolist() == list(range(256))


@pytest.mark.parametrize(
    ("documents", "holding", "rarity"),
    [(1, 1, 0.287682), (10, 1, 1.992430), (10, 10, 0.046520), (350_000, 3, 11.512928)],
)
def test_rarity(documents, holding, rarity):
    assert inverse_frequency(documents, holding) == pytest.approx(rarity, abs=1e-6)


def test_average_is_of_true_lengths_over_those_that_have_a_token():
    lengths = np.array([41, 0, 10, 100])
    field = field_of(lengths, as_bytes(lengths))
    assert field.holding == 3
    # k1 ((1 - b) + b · 40 / (151 / 3)): 41 counts as 40 in its paragraph, as 41 in the average
    assert 1 / field.inverse[field.lengths[0]] == pytest.approx(1.2 * (0.6 + 0.4 * 40 / (151 / 3)), rel=1e-6)


def test_a_score():
    lengths = np.array([10, 20, 30])
    field = field_of(lengths, as_bytes(lengths))
    found = field.scores(np.array([0, 2]), np.array([1, 3]), field.rarity(2))
    rarity = inverse_frequency(3, 2)
    expected = [2.2 * rarity * 1 / (1 + 1.2 * (0.6 + 0.2)), 2.2 * rarity * 3 / (3 + 1.2 * (0.6 + 0.6))]
    assert found.dtype == np.float32
    assert found.tolist() == pytest.approx(expected, rel=1e-6)


def test_paragraphs_without_a_token_and_none_at_all():
    for lengths in (np.array([], np.int64), np.array([0, 0])):
        field = field_of(lengths, as_bytes(lengths))
        assert field.holding == 0
        assert field.scores(np.array([], np.int64), 1, 1.0).tolist() == []


def test_lengths_that_share_a_byte_share_a_score():
    lengths = np.array([40, 41, 42])
    field = field_of(lengths, as_bytes(lengths))
    found = field.scores(np.arange(3), 2, 1.0)
    assert found[0] == found[1] > found[2]
