"""Numerals ↔ numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.numerals import number_of, number_of_roman, roman_of

NUMBERS = [
    ("14", 14, "arabic"),
    ("一", 1, "one"),
    ("十", 10, "ten"),
    ("十二", 12, "twelve"),
    ("二十", 20, "twenty"),
    ("二十三", 23, "twenty-three"),
    ("一百零五", 105, "with a zero between"),
    ("一百二十", 120, "hundred and twenty"),
    ("二〇〇四", 2004, "digit by digit"),
    ("二○○四", 2004, "a circle for the zero, as many fonts have it"),
    ("二零零四", 2004, "with the other zero, as in Macao"),
    ("㈢", 3, "enclosed ideograph"),
    ("⑫", 12, "circled"),
    ("⑴", 1, "in brackets"),
    ("甲", None, "a letter of the cycle"),
    ("三a", None, "mixed"),
    ("", None, "nothing"),
    ("9" * 5000, None, "longer than any number"),
]


@pytest.mark.parametrize(("text", "number", "remark"), NUMBERS)
def test_number_of(text, number, remark):
    assert number_of(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [("XXV", 25), ("iv", 4), ("LXIII", 63), ("IIII", None), ("VX", None), ("A", None), ("", None)],
)
def test_number_of_roman(text, number):
    assert number_of_roman(text) == number


@given(st.integers(1, 399))
def test_roman_numerals_go_both_ways(number):
    assert number_of_roman(roman_of(number)) == number
    assert number_of_roman(roman_of(number).upper()) == number


@pytest.mark.parametrize("number", [0, -1, 400])
def test_no_roman_numeral_outside_the_usual(number):
    with pytest.raises(ValueError, match="no roman numeral"):
        roman_of(number)


@given(st.text(max_size=12))
def test_any_text_has_a_number_or_none(text):
    assert number_of(text) is None or number_of(text) >= 0
    assert number_of_roman(text) is None or number_of_roman(text) > 0
