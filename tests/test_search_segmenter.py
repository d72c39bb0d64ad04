"""Words as they are cut: the port cuts as the reference does."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.text.folding import fold_words
from search.text.segmenter import segmenter
from search.text.vocabulary import HAN, user_words
from tests.bundled import bundled_parses

RUN = re.compile(f"[{HAN}]+")
words = st.sampled_from(user_words())
common = st.sampled_from(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
)
rare = st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF) | st.sampled_from(
    "々〇\U00020000\U0002a6df豈"
)


@settings(max_examples=300)
@given(st.lists(words | common | rare, max_size=20).map("".join))
def test_any_run_is_cut_as_the_reference_cuts_it(text):
    for run in RUN.findall(fold_words(text)):
        assert segmenter().cut(run) == segmenter().cut_by_reference(run)


def test_the_bundled_documents_are_cut_as_the_reference_cuts_them():
    texts = [paragraph.text for document, _ in bundled_parses() for paragraph in document.paragraphs]
    runs = {run for text in texts for run in RUN.findall(fold_words(text))}
    assert len(runs) > 1000
    assert [run for run in runs if segmenter().cut(run) != segmenter().cut_by_reference(run)] == []


def test_the_words_of_a_run_are_the_run():
    assert "".join(segmenter().cut("安全理事会第号决议所设委员会")) == "安全理事会第号决议所设委员会"
    assert segmenter().cut("大规模毁灭性武器") == ["大规模毁灭性武器"]


class Counted(dict):
    """A dictionary that counts what is looked up."""

    lookups = 0

    def get(self, key, default=None):
        self.lookups += 1
        return super().get(key, default)


@pytest.mark.parametrize("unit", ["a", "IVXLC", "的", "国家", "龘", "1", "联合国安全理事会"])
def test_a_run_of_any_length_is_divided_for_the_same_work_a_character(monkeypatch, unit):
    segmenter().parts(unit)
    counted = Counted(segmenter()._jieba.FREQ)
    monkeypatch.setattr(segmenter()._jieba, "FREQ", counted)
    runs = [(unit * size)[:size] for size in (500, 2000)]
    assert ["".join(segmenter()._likeliest(run, 1)) for run in runs] == runs
    longest = max(map(len, counted))
    assert counted.lookups <= sum(map(len, runs)) * min(longest, 12)
