"""Words inside words: a word search finds and marks a word only where the best cut of the sentence has it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.planning.marks import Marks
from search.results.highlight import find_marks
from search.text.analyzer import INNER, analyze
from search.text.folding import fold_words
from search.text.segmenter import segmenter
from search.text.vocabulary import HAN
from tests.bundled import bundled_parses
from tests.searching import ask, found

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bundled_index")]
RUN = re.compile(f"[{HAN}]+")
TEXTS = [paragraph.text for document, _ in bundled_parses() for paragraph in document.paragraphs]
WORDS = sorted(
    {
        run[start:end]
        for text in TEXTS
        for run in RUN.findall(fold_words(text))
        for start in range(len(run))
        for end in range(start + 2, min(start + 6, len(run)) + 1)
        if segmenter().knows(run[start:end])
    }
)


INSIDE = [
    ("发展中国家", "中国", False, "发展|中|国家"),
    ("发展中国家", "国家", True, "a part of the word"),
    ("发展中国家", "发展", True, "and its first"),
    ("裁军事务厅", "军事", False, "裁军|事务|厅"),
    ("裁军事务厅", "裁军", True, "a part"),
    ("缔约国会议", "国会", False, "缔约国|会议"),
    ("缔约国会考虑", "国会", False, "缔约|国 and a word of one character make no word"),
    ("缔约国会议", "缔约国", True, "a word of the cut"),
    ("公司法", "司法", False, "公司|法"),
    ("企业界", "业界", False, "企业|界"),
    ("化学武器", "学武", False, "化学|武器"),
    ("出口管制清单", "出口管制", True, "出口|管制|清单, where 管制清单 is one word"),
    ("核生化武器", "生化武器", True, "核|生化|武器"),
    ("核武器", "核", True, "a character that the cut leaves alone"),
    ("审核报告", "核", False, "a character of a word of two"),
    ("大規模毀滅性武器", "武器", True, "traditional characters"),
    ("军民两用物项", "军民两用", True, "over the border of two words, to one inside the second"),
    ("产品种类", "品种", False, "产品|种类"),
    ("和平等级", "平等", False, "和平|等级"),
]


@pytest.mark.parametrize(("text", "word", "there", "remark"), INSIDE)
def test_a_word_stands_inside_another_where_the_best_cut_has_it(text, word, there, remark):
    terms = {term for token in analyze(text) for term in token.terms}
    assert bool(terms & {word, INNER + word}) is there, remark


MARKED = [
    ("发展中国家的国家机关", "国家", ["国家", "国家"], "in the longer word and alone"),
    ("核核核武器", "核", ["核核核"], "side by side"),
    ("武器武器化学武器", "武器", ["武器武器", "武器"], "the place inside, not the first like it"),
]


@pytest.mark.parametrize(("text", "word", "marked", "remark"), MARKED)
def test_the_place_of_the_inner_word_is_marked(text, word, marked, remark):
    spans = find_marks(text, Marks(terms=frozenset({word, INNER + word})))
    assert [text[start:end] for start, end in spans] == marked, remark


NOWHERE = ["中国", "学武", "家行", "国会"]


@pytest.mark.parametrize("word", NOWHERE)
def test_what_stands_only_across_words_is_found_by_quoting_alone(word):
    assert found(word, variants=False) == []
    assert (found(f"“{word}”") != []) is any(word in text for text in TEXTS)


def _borders_of(text: str) -> set[int]:
    """By the words of each run and their parts; all other characters stand alone."""
    folded = fold_words(text)
    places = set(range(len(text) + 1))
    for run in RUN.finditer(folded):
        inside = segmenter().inner.borders(segmenter().cut(run.group()))
        places -= {run.start() + at for at in range(1, len(run.group())) if at not in inside}
    return places


@settings(max_examples=50)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3))
def test_no_mark_of_a_word_search_crosses_a_best_cut(words):
    for hit in ask(" ".join(words)).hits:
        assert hit.marks, hit.text
        if len(fold_words(hit.text)) == len(hit.text):
            allowed = _borders_of(hit.text)
            for start, end in hit.marks:
                assert {start, end} <= allowed, hit.text[max(0, start - 3) : end + 3]


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map("".join))
def test_every_inner_word_stands_where_it_says_and_is_a_word_or_a_character(text):
    for token in analyze(text):
        for term, start, end in token.inner:
            word = term.removeprefix(INNER)
            assert fold_words(text)[start:end] == word
            assert token.start <= start < token.end
            assert len(word) <= 2 or segmenter().knows(word)
