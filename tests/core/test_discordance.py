"""What differs between the Chinese and the English text of a paragraph: sentences of our own, and differences
planted by seed in true pairs, half of which no rule was made with.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.discordance import Discordance, find_discordances
from archive.text.parsed import Facts, Kind, ParsedParagraph
from archive.text.reference import load_reference
from tests.tables import each_row, rows_from
from tests.tools.planting import Planted, plant_each

NUMERIC = {"date", "number", "symbol"}
RECALL, PRECISION, STRAY = 0.95, 0.9, 0.05


def find(zh: str, en: str) -> tuple[Discordance, ...]:
    zh_en = (ParsedParagraph("1", Kind.OPERATIVE, text) for text in (zh, en))
    return find_discordances(*zh_en, Facts(), load_reference())


def found_it(mark: Discordance, planted: Planted) -> bool:
    """Whether ``mark`` tells what was planted: its place, or what nothing answers where it was left out."""
    own, other = (mark.zh, mark.en)[:: -1 if planted.side else 1]
    if mark.kind != planted.kind and not {mark.kind, planted.kind} <= NUMERIC:
        return planted.kind == "list" and mark.kind == "symbol" and other is not None
    if planted.start == planted.end:
        return other is not None
    return own is not None and own.start < planted.end and planted.start < own.end


@each_row("SENTENCES")
def test_what_differs(zh, en, marks):
    told = [(one.kind, one.zh and one.zh.surface, one.en and one.en.surface) for one in find(zh, en)]
    assert told == list(marks)


@pytest.mark.parametrize(("zh", "en"), rows_from("pairs", "BUILT"))
def test_what_says_the_same_has_no_mark(zh, en):
    assert find(zh, en) == ()


@pytest.mark.parametrize("judged", ["JUDGED", "OTHER", "FRESH"])
def test_planted_differences_are_found_and_few_others(judged):
    pairs = rows_from("pairs", judged)
    planted = list(plant_each(pairs, range(40_000, 40_200)))
    marks = [(one, find(*one.texts)) for one in planted]
    found = sum(any(found_it(mark, one) for mark in some) for one, some in marks)
    false = sum(not found_it(mark, one) for one, some in marks for mark in some)
    assert found / len(planted) >= RECALL
    assert found / (found + false) >= PRECISION
    assert sum(len(find(*pair)) for pair in pairs) <= STRAY * len(pairs)


@given(st.text(max_size=80), st.text(max_size=80))
def test_places_are_those_of_the_words(zh, en):
    for mark in find(zh, en):
        for text, words in ((zh, mark.zh), (en, mark.en)):
            assert words is None or text[words.start : words.end] == words.surface
