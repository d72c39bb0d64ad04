"""What is ignored when texts are compared."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.text.folding import (
    QUOTES,
    fold_literally,
    fold_literally_with_places,
    fold_words,
    fold_words_with_places,
)

LITERAL = [
    ("第 1540（2004）号決議", "第1540(2004)号決議", "width and blanks; traditional characters stay"),
    ("３ ４９７", "3497", "full-width digits"),
    ("S/AC.44/SR.74\u3000 第14段\n", "s/ac.44/sr.74第14段", "ideographic space, line feed, case"),
    ('“甲”「乙」『丙』"丁"〝戊〞', '"甲""乙""丙""丁""戊"', "quotation marks are equal"),
    ("‘a’", "'a'", "single ones among themselves"),
    ("《公约》", "《公约》", "title marks are no quotation marks"),
    ("第8(a)㈢段", "第8(a)(三)段", "one character may fold to several"),
    ("García", "garcía", "accents stay"),
    ("Garci\u0301a", "garcía", "however they are written"),
    ("ｶﾞ", "ガ", "a mark of its own width joins its letter"),
    ("\u1100\u1161\u11a8", "각", "conjoining jamo"),
    ("的、和", "的、和", "no stop words, no punctuation lost"),
    ("", "", "nothing"),
    (" \u3000\t\n\xa0", "", "nothing but white space"),
]


@pytest.mark.parametrize(("text", "expected", "remark"), LITERAL)
def test_literal_folding(text, expected, remark):
    assert fold_literally(text) == expected, remark


@pytest.mark.parametrize(
    ("text", "expected"),
    [("第１５４０號決議", "第1540号决议"), ("Annex II", "annex ii"), ("⼤会", "大会"), ("资\n料", "资\n料")],
)
def test_word_folding_adds_simplified_characters_and_keeps_blanks(text, expected):
    assert fold_words(text) == expected


@given(st.text())
def test_literal_folding_is_the_stated_rule_taken_at_its_word(text):
    """NFKC, case and white space of the text as a whole, though the work is done letter by letter."""
    whole = unicodedata.normalize("NFKC", text.translate(QUOTES)).casefold()
    assert fold_literally(text) == "".join(whole.split()).translate(QUOTES)


@given(st.text(), st.text())
def test_the_fold_of_a_piece_is_a_piece_of_the_fold(left, right):
    joined = left + "。" + right
    assert fold_literally(joined) == fold_literally(left) + "。" + fold_literally(right) or any(
        unicodedata.category(mark).startswith("M") for mark in right[:1]
    )


@pytest.mark.parametrize("fold", [fold_literally_with_places, fold_words_with_places])
@given(text=st.text())
def test_places_lead_back_into_the_text_in_order(fold, text):
    folded = fold(text)
    assert folded.text == (fold_literally if fold is fold_literally_with_places else fold_words)(text)
    assert len(folded.starts) == len(folded.ends) == len(folded.text)
    spans = list(zip(folded.starts, folded.ends, strict=True))
    assert spans == sorted(spans)
    assert all(0 <= start < end <= len(text) for start, end in spans)
