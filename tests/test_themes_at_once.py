"""Words of all themes are sought in one pass: what is found is what a pass for each theme finds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.bodies.trie import Trie
from archive.text.parsed import Kind, ParsedParagraph
from archive.text.reference import KnownTheme, Reference
from archive.text.themes import find_themes

words = st.text("甲乙丙", min_size=1, max_size=4)
themes = st.lists(st.lists(words, min_size=1, max_size=4), min_size=1, max_size=4)


def reference_of(themes):
    known = tuple(KnownTheme(f"t{at}", f"t{at}", tuple(words)) for at, words in enumerate(themes))
    return Reference(themes=known)


@given(themes, st.text("甲乙丙丁", max_size=20))
def test_themes_are_found_as_by_a_pass_for_each(themes, text):
    apart = [
        (start, place, end)
        for place, words in enumerate(themes)
        for start, end, _word in Trie({word: word for word in words}).matches(text)
    ]
    found = find_themes([ParsedParagraph("1", Kind.PARAGRAPH, text)], reference_of(themes))
    assert [(one.start, int(one.theme[1:]), one.end) for one in found] == sorted(apart)
    assert all(text[one.start : one.end] == one.surface for one in found)


FOUND = [
    # words of two themes, text, (theme, start, end), remark
    (["出口管制"], ["出口"], "出口管制", [("t0", 0, 4), ("t1", 0, 2)], "each theme has its longest word"),
    (["出口"], ["出口"], "出口", [("t0", 0, 2), ("t1", 0, 2)], "one word of two themes, in their order"),
    (["甲乙", "乙丙丁"], ["乙丙"], "甲乙丙丁", [("t0", 0, 2), ("t1", 1, 3)], "what begins first wins"),
    (["管制", "管制"], ["口"], "出口管制", [("t1", 1, 2), ("t0", 2, 4)], "a word given twice is found once"),
    (["甲"], ["乙"], "", [], "nothing"),
]


@pytest.mark.parametrize(("first", "second", "text", "expected", "remark"), FOUND)
def test_which_words_are_found(first, second, text, expected, remark):
    found = find_themes([ParsedParagraph("1", Kind.PARAGRAPH, text)], reference_of([first, second]))
    assert [(one.theme, one.start, one.end) for one in found] == expected
