"""Folding for matching: same length always, so that offsets agree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.aligned_folding import fold

FOLDED = [
    ("第1540（2004）號決議", "第1540(2004)号决议", "traditional, full-width brackets"),
    ("第2164（2014)號", "第2164(2014)号", "mixed brackets"),
    ("聯合國經濟及社會理事會", "联合国经济及社会理事会", "every character of a name"),
    ("乾燥；皇后與後面", "干燥;皇后与后面", "each character alone, not by phrase"),
    ("Ａ／ＲＥＳ／７３／５５", "A/RES/73/55", "full-width Latin and digits"),
    ("第1540\u3000(2004)\u00a0号", "第1540 (2004) 号", "ideographic and no-break space"),
    ("⼤会第⼀委员会", "大会第一委员会", "Kangxi radicals of an extracted PDF"),
    ("第8(a)㈢段", "第8(a)㈢段", "an enclosed numeral would become three characters: kept"),
    ("……①", "……①", "dots and circled numbers are kept"),
    ("", "", "nothing"),
]


@pytest.mark.parametrize(("text", "folded", "remark"), FOLDED)
def test_fold(text, folded, remark):
    assert fold(text) == folded


@given(st.text())
def test_folding_keeps_length(text):
    assert len(fold(text)) == len(text)


@given(st.text())
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)
