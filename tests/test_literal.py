"""Literal search equals a plain scan, for every phrase."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.index.literal import LiteralIndex, places_of, write_literal_index
from search.text.folding import fold_literally

TEXTS = {
    1: "鼓励各国执行第1540(2004)号决议，包括核生化武器方面的措施。",
    2: "“威斯巴登进程”……和、的。",
    5: "",
    9: "Annex II：3 497个，García说，第８(a)㈢段。",
    12: "哈哈哈哈",
}


def rows(texts: dict[int, str]) -> list[tuple[int, int, str]]:
    """Every text as a paragraph of one document."""
    return [(key, 1, text) for key, text in texts.items()]


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    directory = tmp_path_factory.mktemp("literal")
    assert write_literal_index(directory, rows(TEXTS)) == len(TEXTS)
    return LiteralIndex(directory)


def scan(phrase: str, texts=TEXTS) -> dict[int, int]:
    """Every paragraph looked at in turn."""
    needle = fold_literally(phrase)
    counts = {key: fold_literally(text).count(needle) for key, text in texts.items()} if needle else {}
    return {key: count for key, count in counts.items() if count}


PHRASES = [
    ("生化武器", {1: 1}, "across the boundary of the word 核生化"),
    ("的", {1: 1, 2: 1}, "one character, a stop word elsewhere"),
    ("1540（2004）", {1: 1}, "width"),
    ("「威斯巴登", {2: 1}, "quotation marks are equal"),
    ("…", {2: 2}, "punctuation; …… is two of them"),
    ("和、的", {2: 1}, "stop words with punctuation between"),
    ("3497", {9: 1}, "white space is ignored"),
    ("annex", {9: 1}, "case"),
    ("(三)", {9: 1}, "an enclosed numeral is found by what it stands for"),
    ("哈哈", {12: 2}, "counted from left to right without overlap"),
    ("。“", {}, "paragraphs do not run into each other"),
    ("号決議", {}, "traditional characters are others"),
    ("", {}, "nothing"),
    (" ", {}, "nothing but a blank"),
    ("没有的话", {}, "what does not occur"),
]


@pytest.mark.parametrize(("phrase", "expected", "remark"), PHRASES)
def test_phrases(index, phrase, expected, remark):
    assert index.find(phrase).by_paragraph == expected == scan(phrase), remark
    assert index.occurs(phrase) == bool(expected)


@given(data=st.data())
def test_every_substring_of_every_text_is_found(index, data):
    key, text = data.draw(st.sampled_from([item for item in TEXTS.items() if item[1]]))
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    phrase = text[start:end]
    assert index.find(phrase).by_paragraph == scan(phrase)
    if fold_literally(phrase):
        assert key in index.find(phrase).by_paragraph


@given(st.text(alphabet="核生化武器的和、1540()“”…哈 aÀ", min_size=1, max_size=6))
def test_what_is_found_is_what_a_scan_finds(index, phrase):
    assert index.find(phrase).by_paragraph == scan(phrase)


@given(st.lists(st.text(), max_size=6), st.text(min_size=1, max_size=3))
def test_any_texts_and_any_phrase(tmp_path_factory, texts, phrase):
    directory = tmp_path_factory.mktemp("any")
    numbered = dict(enumerate(texts))
    write_literal_index(directory, rows(numbered))
    assert LiteralIndex(directory).find(phrase).by_paragraph == scan(phrase, numbered)


def test_every_substring_of_the_bundled_documents(bundled_documents, tmp_path):
    """A thousand random pieces of all lengths, and as many that differ in one character."""
    from archive.models import Paragraph

    texts = dict(Paragraph.objects.values_list("pk", "text"))
    write_literal_index(tmp_path, rows(texts))
    index, chance = LiteralIndex(tmp_path), random.Random(1540)
    folded = {key: fold_literally(text) for key, text in texts.items()}
    for _round in range(1000):
        key = chance.choice(list(texts))
        text = texts[key]
        start = chance.randrange(len(text))
        phrase = text[start : start + min(chance.choice((1, 2, 3, 5, 8, 13, 40, 3000)), len(text) - start)]
        place = chance.randrange(len(phrase))
        near = phrase[:place] + chance.choice("的核，1") + phrase[place + 1 :]
        for piece in (phrase, near):
            needle = fold_literally(piece)
            expected = {k: n for k, t in folded.items() if needle and (n := t.count(needle))}
            assert index.find(piece).by_paragraph == expected, piece
        assert not fold_literally(phrase) or key in index.find(phrase).by_paragraph


@given(data=st.data())
def test_places_are_as_many_as_occurrences_and_hold_the_phrase(index, data):
    key, text = data.draw(st.sampled_from([item for item in TEXTS.items() if item[1]]))
    start = data.draw(st.integers(0, len(text) - 1))
    phrase = text[start : data.draw(st.integers(start + 1, len(text)))]
    places = places_of(phrase, text)
    assert len(places) == index.find(phrase).by_paragraph.get(key, 0)
    assert all(fold_literally(phrase) in fold_literally(text[a:b]) for a, b in places)


def test_an_empty_archive(tmp_path):
    write_literal_index(tmp_path, [])
    assert len(LiteralIndex(tmp_path)) == 0
    assert LiteralIndex(tmp_path).find("核").total == 0


def test_a_damaged_index_is_refused(tmp_path):
    write_literal_index(tmp_path, rows(TEXTS))
    (tmp_path / "literal.text").write_bytes(b"\0\0\0\0")
    with pytest.raises(ValueError, match="not fit"):
        LiteralIndex(tmp_path)
