"""Marks and snippets."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.planning.marks import Marks
from search.query.conditions import NearBy
from search.results.highlight import find_marks, marked, snippet
from search.text.analyzer import INNER, analyze
from search.text.marked_words import stands_at_borders, word_places

TEXT = "大韩民国鼓励委员会与出口管制制度合作。" * 12


def strip(markup: str) -> str:
    return html.unescape(re.sub("</?mark>", "", markup))


@pytest.mark.parametrize(
    ("text", "marks", "expected"),
    [
        ("出口管制的重要性", Marks(terms=frozenset({"出口管制"})), "<mark>出口管制</mark>的重要性"),
        ("安全理事会", Marks(terms=frozenset({"·安全"})), "<mark>安全</mark>理事会"),
        ("夨夬夶", Marks(terms=frozenset({"·夬夶"})), "夨<mark>夬夶</mark>"),
        ("核生化武器", Marks(phrases=("生化武器",)), "核<mark>生化武器</mark>"),
        ("<b>核&武</b>", Marks(phrases=("核&",)), "&lt;b&gt;<mark>核&amp;</mark>武&lt;/b&gt;"),
        ("第１５４０號決議", Marks(phrases=("1540",)), "第<mark>１５４０</mark>號決議"),
        ("甲乙丙", Marks(phrases=("甲乙", "乙丙")), "<mark>甲乙丙</mark>"),
        ("甲乙丙", Marks(), "甲乙丙"),
    ],
)
def test_marks(text, marks, expected):
    assert marked(text, find_marks(text, marks)) == expected


def test_a_symbol_is_marked_where_it_was_recorded():
    marks = Marks(symbols=frozenset({"A/RES/73/55"}))
    assert find_marks("大会第73/55号决议", marks, [(2, 9, "A/RES/73/55"), (0, 2, "A/RES/1/1")]) == [(2, 9)]


@given(st.text(), st.lists(st.text(min_size=1, max_size=3), max_size=3))
def test_without_its_tags_a_marked_text_is_the_text(text, phrases):
    assert strip(marked(text, find_marks(text, Marks(phrases=tuple(phrases))))) == text


@given(
    st.text(alphabet="甲乙丙。，；“” ab", min_size=1, max_size=600),
    st.sampled_from(["甲", "乙丙", "a", "。", "丙"]),
    st.integers(10, 200),
)
def test_a_snippet_shows_a_mark_and_is_a_piece_of_the_text(text, phrase, longest):
    spans = find_marks(text, Marks(phrases=(phrase,)))
    piece = snippet(text, spans, longest)
    assert piece.text in text
    assert len(piece.text) <= longest or piece.text == text
    assert bool(piece.marks) == bool(spans)
    assert all(0 <= start < end <= len(piece.text) for start, end in piece.marks)
    assert piece.before == (not text.startswith(piece.text) or piece.before)


def test_a_snippet_begins_with_the_sentence_of_the_match():
    text = TEXT + "最后一句说到威斯巴登。"
    piece = snippet(text, find_marks(text, Marks(phrases=("威斯巴登",))))
    assert piece.text == "最后一句说到威斯巴登。"
    assert piece.before
    assert not piece.after


def test_a_match_longer_than_a_snippet_is_cut():
    piece = snippet(TEXT, [(0, len(TEXT))], 50)
    assert len(piece.text) == 50
    assert piece.marks == ((0, 50),)


PAIRS = [
    ("核材料与核安全", [(4, 7)], "only what stands near"),
    ("安全 的 核", [(0, 2), (5, 6)], "in either order, blanks not counted"),
    ("核甲乙丙安全", [], "too far"),
]


@pytest.mark.parametrize(("text", "spans", "remark"), PAIRS)
def test_strings_that_stand_near_each_other(text, spans, remark):
    assert find_marks(text, Marks(pairs=(NearBy(("核",), ("安全",), 2),))) == spans, remark


CUT = [
    TEXT,
    "第1540（2004）號決議，夨夬夶、裁军事务厅 S/AC.44/SR.74 ㌀第14段，㍿与2016年12月15日。",
    "García 与核武器。",
    "",
]


def _words_of(text: str) -> set[tuple[str, int, int]]:
    tokens = analyze(text)
    words = {(term, token.start, token.end) for token in tokens for term in token.terms if term[0] != INNER}
    return words | {tuple(word) for token in tokens for word in token.inner}


@pytest.mark.parametrize("text", CUT)
def test_words_are_found_where_the_cut_of_the_whole_text_has_them(text):
    whole = _words_of(text)
    for sought in {term for term, *_place in whole} | {"理事", "不在", "1999"}:
        assert set(word_places(text, [sought])) == {(a, b) for term, a, b in whole if term == sought}
    assert set(word_places(text, {term for term, *_ in whole})) == {(a, b) for _term, a, b in whole}


@pytest.mark.parametrize("text", CUT[1:])
def test_borders_are_those_of_the_cut_of_the_whole_text(text):
    whole = _words_of(text)
    begins, ends = {a for _term, a, _b in whole}, {b for _term, _a, b in whole}
    for start in range(len(text)):
        for end in range(start + 1, min(len(text), start + 20) + 1):
            at_borders = start in begins and end in ends
            assert stands_at_borders((start, end), text) == at_borders, text[start:end]
