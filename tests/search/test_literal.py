"""Literal search equals a plain scan, for every phrase."""

import random
import tempfile
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.text.folding import fold_literally
from search.engine.backends import whoosh
from search.engine.backends.whoosh import Collected
from search.engine.index import columns, suffixes
from search.engine.index.columns import ColumnFiles, Columns, Row, pack
from search.engine.index.literal import LiteralIndex, write_literal_index
from search.engine.index.suffixes import SUFFIXES, write_suffixes
from search.query.text.marked_words import places_of
from tests.tables import each_row, rows_from
from tests.tools.searching import by_paragraph

TEXTS = rows_from(__name__, "TEXTS")


def rows(texts: dict[int, str]) -> list[tuple[int, int, str]]:
    """Every text as a paragraph of one document."""
    return [(key, 1, text) for key, text in texts.items()]


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    directory = tmp_path_factory.mktemp("literal")
    assert write_literal_index(directory, rows(TEXTS)) == len(TEXTS)
    return LiteralIndex.of(directory)


def scan(phrase: str, texts=TEXTS) -> dict[int, int]:
    """Every paragraph looked at in turn."""
    needle = fold_literally(phrase)
    counts = {key: fold_literally(text).count(needle) for key, text in texts.items()} if needle else {}
    return {key: count for key, count in counts.items() if count}


@each_row("PHRASES")
def test_phrases(index, phrase, expected, remark):
    assert by_paragraph(index.find(phrase)) == expected == scan(phrase), remark
    assert index.occurs(phrase) == bool(expected)


@given(data=st.data())
def test_every_substring_of_every_text_is_found(index, data):
    key, text = data.draw(st.sampled_from([item for item in TEXTS.items() if item[1]]))
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    phrase = text[start:end]
    assert by_paragraph(index.find(phrase)) == scan(phrase)
    if fold_literally(phrase):
        assert key in by_paragraph(index.find(phrase))


@given(st.text(alphabet="核生化武器的和、1540()“”…哈 aÀ", min_size=1, max_size=6))
def test_what_is_found_is_what_a_scan_finds(index, phrase):
    assert by_paragraph(index.find(phrase)) == scan(phrase)


@given(st.lists(st.text(), max_size=6), st.text(min_size=1, max_size=3))
def test_any_texts_and_any_phrase(tmp_path_factory, texts, phrase):
    directory = tmp_path_factory.mktemp("any")
    numbered = dict(enumerate(texts))
    write_literal_index(directory, rows(numbered))
    assert by_paragraph(LiteralIndex.of(directory).find(phrase)) == scan(phrase, numbered)


def test_every_substring_of_the_bundled_documents(bundled_documents, tmp_path):
    """A thousand random pieces of all lengths, and as many that differ in one character."""
    from archive.models import Paragraph

    texts = dict(Paragraph.objects.values_list("pk", "text"))
    write_literal_index(tmp_path, rows(texts))
    index, chance = LiteralIndex.of(tmp_path), random.Random(1540)
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
            assert by_paragraph(index.find(piece)) == expected, piece
        assert not fold_literally(phrase) or key in by_paragraph(index.find(phrase))


@given(data=st.data())
def test_places_are_as_many_as_occurrences_and_hold_the_phrase(index, data):
    key, text = data.draw(st.sampled_from([item for item in TEXTS.items() if item[1]]))
    start = data.draw(st.integers(0, len(text) - 1))
    phrase = text[start : data.draw(st.integers(start + 1, len(text)))]
    places = places_of(phrase, text)
    assert len(places) == by_paragraph(index.find(phrase)).get(key, 0)
    assert all(fold_literally(phrase) in fold_literally(text[a:b]) for a, b in places)


def test_an_empty_archive(tmp_path):
    write_literal_index(tmp_path, [])
    assert len(LiteralIndex.of(tmp_path)) == 0
    assert LiteralIndex.of(tmp_path).find("核").total == 0


def test_a_damaged_index_is_refused(tmp_path):
    write_literal_index(tmp_path, rows(TEXTS))
    (tmp_path / "literal.text").write_bytes(b"\0\0\0\0")
    with pytest.raises(ValueError, match="not fit"):
        LiteralIndex.of(tmp_path)


# --- The order of all places of a text, held against a plain sort ---

LONG = "安全理事会第1540(2004)号决议"
SORTED_TEXTS = {
    "nothing": "",
    "one end": "\n",
    "empty lines": "\n\n\n",
    "one character, again and again": "……" * 700 + "\n",
    "one character in lines that grow": "".join("一" * size + "\n" for size in range(40)),
    "all lines alike": f"{LONG}\n" * 60,
    "ends alike": "".join(f"{number}{LONG}\n" for number in range(60)),
    "beginnings alike": "".join(f"{LONG}{number}\n" for number in range(60)),
    "rare planes": "𠀀𠀁\uffff一\n𠀀\n\U0010ffff𠀁\x01\n\x01\n",
    "many characters": "".join(map(chr, range(0x4E00, 0x9F00))) + "\n",
    "no end": "一二一二一",
    "a period of two": "ab" * 300 + "\n" + "ba" * 300 + "\n",
}


def order_of(text: str) -> list[int]:
    with TemporaryDirectory() as directory:
        assert write_suffixes(Path(directory), text.partition("\n")) == len(text)
        assert sorted(path.name for path in Path(directory).iterdir()) == ["literal.suffixes", "literal.text"]
        return np.fromfile(Path(directory) / SUFFIXES, "<i4").tolist()


def as_compared(text: str) -> list[int]:
    def following(place: int) -> str:
        line, end, _rest = text[place:].partition("\n")
        return line + end

    return sorted(range(len(text)), key=lambda place: (following(place), place))


@pytest.mark.parametrize("text", SORTED_TEXTS.values(), ids=SORTED_TEXTS.keys())
def test_places_lie_in_the_order_of_what_follows_them_in_the_line(text, monkeypatch):
    expected = as_compared(text)
    assert order_of(text) == expected
    monkeypatch.setattr(suffixes, "BUCKET", 512)
    monkeypatch.setattr(suffixes, "BLOCK", 2000)
    monkeypatch.setattr(suffixes, "MAPPED", 1024)
    monkeypatch.setattr(suffixes, "SAMPLES", 16)
    assert order_of(text) == expected


LINES = st.lists(st.text("一二三\x01𠀀a", max_size=12), max_size=20)


@settings(max_examples=60)
@given(lines=LINES, bucket=st.sampled_from([16, 64, 1 << 20]))
def test_any_lines_however_they_are_divided(lines, bucket):
    text = "".join(f"{line}\n" for line in lines)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(suffixes, "BUCKET", bucket)
        patched.setattr(suffixes, "BLOCK", max(bucket, 8))
        patched.setattr(suffixes, "MAPPED", bucket * 4)
        patched.setattr(suffixes, "SAMPLES", 4)
        assert order_of(text) == as_compared(text)


# --- Columns are the same however many rows are held in memory at once ---

VALUES = st.lists(st.sampled_from(["", "2016", "2004", "中国", "古巴"]), max_size=3).map(tuple)
ROWS = st.lists(st.tuples(VALUES, VALUES, st.integers(0, 5000), st.text(max_size=3)), max_size=12)


def written(directory: Path, rows: list) -> dict[str, bytes]:
    with ColumnFiles(directory, ["year", "state"], ["text"]) as files:
        for number, (year, state, length, text) in enumerate(rows):
            exact = {"year": year, "state": state}
            files.add(Row(number + 7, number // 2, exact, pack({"text": text}), {"text": length}))
        keys = files.finish()
    assert keys.paragraphs.tolist() == [number + 7 for number in range(len(rows))]
    return {path.name: path.read_bytes() for path in directory.iterdir()}


@settings(max_examples=25)
@given(ROWS)
def test_a_few_rows_at_once_or_all(rows):
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        whole = written(Path(one), rows)
        with mock.patch.object(columns, "AT_ONCE", 2):
            assert written(Path(other), rows) == whole
            found = Columns(Path(other))
            assert list(found.texts()) == [text for *_, text in rows]
        assert found.lengths["text"].tolist() == [length for _, _, length, _ in rows]
        again = found["state"].by_row(0, len(rows))
        assert [set(state) for state in again] == [{*state} - {""} for _, state, _, _ in rows]


# --- Postings come back whole and in order, however often they were put away meanwhile ---

TOKENS = st.dictionaries(st.sampled_from(["核", "𠀀", "\uffff", "a", "不扩散"]), st.integers(1, 255))
ENTRIES = st.lists(st.fixed_dictionaries({"text": TOKENS, "context": TOKENS}), max_size=30)


@settings(max_examples=80)
@given(entries=ENTRIES, at_once=st.sampled_from([1, 3, 20, 1 << 20]))
def test_each_term_has_its_paragraphs_in_order(entries, at_once):
    expected: dict = {}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(whoosh, "AT_ONCE", at_once)
        patched.setattr(whoosh, "MOST", at_once)
        with closing(Collected(Path(tempfile.gettempdir()))) as gathered:
            for number, tokens in enumerate(entries):
                gathered.add(number, tokens)
                for field, counts in tokens.items():
                    for term, times in counts.items():
                        expected.setdefault((field, term), []).append((number, times))
            found = [
                ((field, term.decode()), list(zip(rows.tolist(), counts.tolist(), strict=True)))
                for (field, term), (rows, counts) in gathered.postings()
            ]
    assert found == sorted(expected.items())


def test_what_was_put_away_leaves_no_file(tmp_path, monkeypatch):
    monkeypatch.setattr(whoosh, "AT_ONCE", 1)
    with closing(Collected(tmp_path)) as gathered:
        gathered.add(0, {"text": {"核": 1}})
        assert [key for key, _ in gathered.postings()] == [("text", "核".encode())]
    assert not list(tmp_path.iterdir())
