"""The literal index against a plain scan of the same texts."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from archive.text.folding import fold_literally, fold_literally_with_places
from search.engine.index.literal import LiteralIndex, write_literal_index
from search.engine.searcher.reader import occurrences_of
from search.engine.slices.occurrences import occurrences
from search.query.language.conditions import Contains, NearBy, Pattern
from search.query.text.marked_words import places_of
from tests.tables import each_row
from tests.tools.searching import by_paragraph

ALPHABET = "核安全峰会aA1（）…。“”「 　\n第é가각\u0301\U00020000\uffff"
texts = st.lists(st.text(st.sampled_from(ALPHABET), max_size=30), max_size=8)
phrases = st.text(st.sampled_from(ALPHABET), min_size=1, max_size=5)


def index_over(*paragraphs: str) -> LiteralIndex:
    """An index over texts with ids 10, 11, …, two of them to a document."""
    with tempfile.TemporaryDirectory() as directory:
        rows = [(10 + number, number // 2, text) for number, text in enumerate(paragraphs)]
        write_literal_index(Path(directory), rows)
        return LiteralIndex.of(Path(directory))


def scan(paragraphs: list[str], phrase: str) -> dict[int, int]:
    """The oracle: what reading everything finds."""
    needle = fold_literally(phrase)
    counts = {10 + number: fold_literally(text).count(needle) for number, text in enumerate(paragraphs)}
    return {number: count for number, count in counts.items() if count} if needle else {}


@settings(max_examples=150)
@given(texts, phrases)
def test_any_phrase_is_found_exactly_where_a_scan_finds_it(paragraphs, phrase):
    index, expected = index_over(*paragraphs), scan(paragraphs, phrase)
    found = index.find(phrase)
    assert by_paragraph(found) == expected
    assert found.total == index.count(phrase) == sum(expected.values())
    assert found.paragraphs == len(expected)
    assert index.occurs(phrase) == bool(expected)


@settings(max_examples=150)
@given(texts, st.data())
def test_every_piece_of_a_paragraph_is_found_in_it(paragraphs, data):
    assume(any(map(fold_literally, paragraphs)))
    number = data.draw(st.sampled_from([n for n, text in enumerate(paragraphs) if fold_literally(text)]))
    folded = fold_literally(paragraphs[number])
    start = data.draw(st.integers(0, len(folded) - 1))
    piece = folded[start : data.draw(st.integers(start + 1, len(folded)))]
    assert 10 + number in by_paragraph(index_over(*paragraphs).find(piece))


@settings(max_examples=100)
@given(texts, phrases)
def test_a_concordance_has_each_occurrence_once_in_its_line(paragraphs, phrase):
    index, needle = index_over(*paragraphs), fold_literally(phrase)
    places = occurrences(index, phrase)
    assert len(places) == index.count(phrase)
    seen = set()
    for place in places:
        text = paragraphs[place.paragraph - 10]
        folded = fold_literally_with_places(text)
        assert place.match == needle
        assert folded.text[: place.offset].endswith(place.before)
        assert folded.text[place.offset :].startswith(place.match + place.after)
        assert folded.span(place.offset, place.offset + len(needle)) in places_of(phrase, text)
        assert place.document == (place.paragraph - 10) // 2
        seen.add((place.paragraph, place.offset))
    assert len(seen) == len(places)
    keys = [(place.row, place.offset) for place in places]
    assert keys == sorted(keys)


@settings(max_examples=100)
@given(texts, phrases, phrases)
def test_what_stands_beside_can_be_left_out(paragraphs, phrase, beside):
    beside_folded = fold_literally(beside)
    assume(beside_folded)
    index = index_over(*paragraphs)
    every = list(occurrences(index, phrase))
    assert list(occurrences(index, phrase, not_after=[beside])) == [
        place for place in every if not place.after.startswith(beside_folded)
    ]
    assert list(occurrences(index, phrase, not_before=[beside])) == [
        place for place in every if not place.before.endswith(beside_folded)
    ]


@each_row()
def test_counts(phrase, counts):
    index = index_over("核安全，核安全峰会", "“核安全”", "等等……", "哈哈哈哈哈", "A1 e\u0301")
    assert by_paragraph(index.find(phrase)) == counts


def test_a_concordance_is_cut_into_pages_and_filtered():
    index = index_over("核安全", "核安全峰会", "核武器", "生化核")
    every = occurrences(index, "核")
    assert [place.after for place in every] == ["安全", "安全峰会", "武器", ""]
    assert [place.after for place in every[1:3]] == ["安全峰会", "武器"]
    assert [*every][-1].paragraph == 13
    assert [place.after for place in every.in_rows(np.array([1, 3]))] == ["安全峰会", ""]
    assert [place.row for place in every.by_rows(np.array([3, 2, 1, 0]))] == [3, 2, 1, 0]
    assert [place.after for place in occurrences(index, "核安全", not_after=["峰会"])] == [""]


@pytest.mark.parametrize(
    ("condition", "counts", "remark"),
    [
        (Contains("核"), {0: 2, 2: 1, 3: 1}, "how often it occurs"),
        (Contains("核", apart_from=("核武器",)), {0: 2, 2: 1}, "only as part of a longer string"),
        (Contains("核", apart_from=("核核", "核武器")), {2: 1}, "two strings that hold it"),
        (Pattern("核*器"), {3: 1}, "an asterisk for a character"),
        (NearBy(("核",), ("器",), 1, True), {3: 1}, "near behind it"),
        (NearBy(("器",), ("核",), 1, True), {}, "not before it"),
        (Contains(""), {}, "nothing occurs nowhere"),
    ],
)
def test_a_literal_condition_finds_and_counts(condition, counts, remark):
    found = occurrences_of(condition, index_over("核核", "无", "核", "核武器"))
    assert dict(zip(found.rows.tolist(), found.counts.tolist(), strict=True)) == counts, remark


@pytest.mark.parametrize("part", ["literal.text", "literal.suffixes", "literal.rows", "literal.places"])
def test_a_damaged_index_is_not_opened(tmp_path, part):
    write_literal_index(tmp_path, [(1, 1, "核安全"), (2, 1, "峰会")])
    path = tmp_path / part
    path.write_bytes(path.read_bytes()[:-8])
    with pytest.raises(ValueError, match="fit|reshape"):
        LiteralIndex.of(tmp_path)
    path.unlink()
    with pytest.raises(OSError, match="No such file"):
        LiteralIndex.of(tmp_path)
