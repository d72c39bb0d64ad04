"""Meanings: how texts are cut for the model, what it says of them, and the part of the index with them."""

from __future__ import annotations

import builtins

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.models import Document
from search.engine.index.arrangement import Arrangement
from search.engine.index.generations import live_name
from search.engine.live.consistency import check_index
from search.engine.live.index import live_index
from search.engine.live.update import update_index
from search.engine.meaning import model as models
from search.engine.meaning import vectors
from search.engine.meaning.model import (
    DIMENSIONS,
    LONGEST,
    VOCABULARY,
    Unigrams,
    WordPieces,
    meaning_of_query,
    model,
    passages_of,
)
from search.engine.meaning.vectors import AllMeanings, Meanings, key_of, write_meanings
from tests.tables import each_row, rows_from
from tests.tools.factories import parsed, stored
from tests.tools.searching import at, found

PIECES = VOCABULARY.read_text("utf-8").splitlines()
UNIGRAMS = [
    (piece, float(likelihood))
    for piece, likelihood in (line.split("\t") for line in models.PIECES.read_text("utf-8").splitlines())
]
BY_LIKELIHOOD = Unigrams(UNIGRAMS)


@pytest.fixture
def meaning(settings):
    """The model is asked."""
    settings.SEARCH_MEANING = True
    meaning_of_query.cache_clear()
    yield
    meaning_of_query.cache_clear()


# --- the pieces ---

# As the tokenizer of the original model cuts them, but where a remark says otherwise.


@each_row("CUT")
def test_texts_are_cut_as_the_model_learnt_them(text, pieces, remark):
    assert " ".join(PIECES[number] for number in WordPieces(PIECES).numbers(text)) == pieces, remark


@given(st.text())
def test_every_text_can_be_cut(text):
    numbers = WordPieces(PIECES).numbers(text)
    assert all(0 <= number < len(PIECES) for number in numbers)
    assert len(numbers) <= 2 * len(text)


# As the tokenizer of the multilingual model cuts them with all its pieces, but where a remark says otherwise.


@each_row("CUT_BY_LIKELIHOOD")
def test_texts_are_cut_as_the_multilingual_model_learnt_them(text, pieces, remark):
    assert " ".join(UNIGRAMS[number][0] for number in BY_LIKELIHOOD.numbers(text)) == pieces, remark


@given(st.text())
def test_every_text_is_read_by_the_multilingual_model(text):
    assert all(0 <= number < len(UNIGRAMS) for number in BY_LIKELIHOOD.numbers(text))


# --- the model ---


@pytest.mark.parametrize(("query", "near", "far"), rows_from(__name__, "LIKER"))
def test_what_says_the_same_is_nearer_than_what_does_not(query, near, far, meaning):
    asked = meaning_of_query(query)
    assert asked @ model().meanings_of(near)[0] > asked @ model().meanings_of(far)[0] + 0.1


def test_a_meaning_is_of_length_one_and_a_long_text_has_several(meaning):
    long = "核" * LONGEST + "安全"
    assert model().meanings_of(long).shape == (2, DIMENSIONS)
    assert model().meanings_of(" ").shape == (0, DIMENSIONS)
    assert np.allclose(np.linalg.norm(model().meanings_of(long), axis=1), 1, atol=1e-5)
    assert meaning_of_query("") is None


def test_the_first_meaning_is_that_of_the_whole_and_a_passage_is_nearer_to_what_it_says(meaning):
    said = "会议在下午闭幕，主席介绍了下一届会议的议程草案。许多国家的主管部门缺乏执行决议所需的资金和人力。"
    asked, own = meaning_of_query("没有足够的钱办事"), model().meanings_of(said)
    assert len(own) == 1 + len(passages_of(said))
    assert (own[1:] @ asked).max() > own[0] @ asked + 0.05


# --- the passages ---


@each_row("PASSAGES")
def test_a_text_is_read_by_its_clauses(text, passages):
    assert passages_of(text) == [*passages]


@given(st.text("核武器。；，！\n a", max_size=200))
def test_passages_are_the_text_in_pieces_that_say_something(text):
    passages = passages_of(text)
    assert "".join("".join(passages).split()) == "".join(text.split())
    assert all(len(passage) >= 24 for passage in passages) or len(passages) == 1 or not text.strip()


# --- switched off ---


def test_there_is_none_where_it_is_switched_off(settings):
    settings.SEARCH_MEANING = False
    meaning_of_query.cache_clear()
    assert model() is None
    assert meaning_of_query("核安全") is None


@pytest.fixture
def broken(monkeypatch, meaning):
    """onnxruntime cannot be loaded."""
    whole = builtins.__import__

    def importing(name, *rest, **more):
        if name == "onnxruntime":
            raise ImportError("libgomp.so.1: cannot open shared object file")
        return whole(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", importing)
    models._model.cache_clear()
    yield
    models._model.cache_clear()


@pytest.mark.django_db
def test_there_is_none_where_the_library_cannot_be_loaded(broken, caplog, client, tmp_path):
    assert model() is None
    assert "libgomp" in caplog.text
    with at(tmp_path):
        stored(parsed("S/2020/1", ("1", "核安全与核保安")))
        update_index()
        told = client.get("/healthz")
        assert (told.status_code, told.json()["meanings"]) == (200, "broken")
        assert found("核安全 措施") == ["S/2020/1 1"]


# --- the part of the index ---


class Reading:
    """A model that is asked nothing of: the meaning of a text is told by its characters."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def meanings_of(self, text: str) -> np.ndarray:
        self.read.append(text)
        rows = [np.eye(DIMENSIONS)[ord(one[0]) % DIMENSIONS] / 2 for one in text.split("/") if one]
        return np.array(rows, np.float32).reshape(-1, DIMENSIONS)


@pytest.fixture
def reading(monkeypatch):
    reader = Reading()
    monkeypatch.setattr(vectors, "model", lambda: reader)
    monkeypatch.setattr("search.engine.live.folder.model", lambda: reader)
    return reader


@settings(max_examples=25)
@given(
    texts=st.lists(st.sampled_from(["a", "b", "a/b", "", "c/d/a"]), max_size=8),
    known=st.lists(st.sampled_from(["a", "b", "a/b", ""]), max_size=4),
    most=st.integers(0, 9),
    kept=st.lists(st.booleans(), min_size=8, max_size=8),
)
def test_a_row_is_as_near_as_its_likest_part_and_is_read_once(tmp_path_factory, texts, known, most, kept):
    reader, patch = Reading(), pytest.MonkeyPatch()
    patch.setattr(vectors, "model", lambda: reader)
    first, second = tmp_path_factory.mktemp("first"), tmp_path_factory.mktemp("second")
    write_meanings(first, known, [], 99)
    reader.read.clear()
    read = write_meanings(second, texts, [Meanings(first, len(known))], most)
    patch.undo()
    unknown = [text for text in texts if text not in known]
    assert sorted(reader.read) == sorted(unknown[:most])
    assert read == len(unknown[:most])
    held = Meanings(second, len(texts))
    assert held.missing == len(unknown[most:])
    near, whole = held.likeness(np.eye(DIMENSIONS)[ord("a")])
    for text, likest, first in zip(texts, near.tolist(), whole.tolist(), strict=True):
        if text in known or text not in unknown[most:]:
            assert likest == pytest.approx(0.5 if "a" in text.split("/") else 0, abs=0.01)
            assert first == pytest.approx(0.5 if text.startswith("a") else 0, abs=0.01)
    documents, out = np.arange(len(texts)), {row for row in range(len(texts)) if not kept[row]}
    masked = AllMeanings([held], Arrangement([documents], [out]))
    chosen = np.array(kept[: len(texts)], bool)
    for told, all_told in zip(masked.likeness(np.eye(DIMENSIONS)[ord("a")]), (near, whole), strict=True):
        assert np.array_equal(told, all_told[chosen])
    assert masked.missing == int((masked.keys == 0).sum()) == int((held.keys[chosen] == 0).sum())


def test_meanings_of_another_model_are_not_compared(tmp_path, reading, monkeypatch):
    write_meanings(tmp_path, ["a"], [], 9)
    monkeypatch.setattr(vectors, "model_name", lambda: "another")
    assert Meanings(tmp_path, 1).missing == 1
    assert np.array(Meanings(tmp_path, 1).likeness(np.ones(DIMENSIONS))).tolist() == [[0], [0]]


def _points(numbers: list[float]) -> bool:
    return float(np.linalg.norm(numbers)) > 1e-6


@given(
    st.lists(st.floats(-1, 1), min_size=DIMENSIONS, max_size=DIMENSIONS).filter(_points), st.integers(0, 99)
)
def test_whole_numbers_tell_a_cosine_to_a_hundredth(tmp_path_factory, numbers, seed):
    folder = tmp_path_factory.mktemp("meanings")
    of_text, asked = np.random.default_rng(seed).normal(size=DIMENSIONS), np.array(numbers)
    of_text, asked = of_text / np.linalg.norm(of_text), asked / np.linalg.norm(asked)
    reader, patch = Reading(), pytest.MonkeyPatch()
    patch.setattr(reader, "meanings_of", lambda text: np.array([of_text]))
    patch.setattr(vectors, "model", lambda: reader)
    write_meanings(folder, ["a"], [], 1)
    patch.undo()
    assert Meanings(folder, 1).likeness(asked)[0][0] == pytest.approx(of_text @ asked, abs=0.01)


@pytest.mark.django_db
def test_only_what_is_new_is_read_and_what_went_is_gone(tmp_path, reading):
    with at(tmp_path):
        stored(parsed("S/2020/1", ("1", "甲甲"), ("2", "乙乙")))
        update_index()
        assert sorted(reading.read) == ["乙乙", "甲甲"]
        stored(parsed("S/2020/2", ("1", "丙丙")))
        update_index()
        assert sorted(reading.read) == ["丙丙", "乙乙", "甲甲"]
        update_index(rebuild=True)
        assert len(reading.read) == 3
        Document.objects.get(symbol="S/2020/1").delete()
        update_index()
        assert live_index().meanings.keys.tolist() == [key_of("丙丙")]
        assert check_index().sound


@pytest.mark.django_db
def test_words_are_found_before_all_meanings_are_read(tmp_path, reading, monkeypatch):
    monkeypatch.setattr("search.engine.live.segments.READ_AT_ONCE", 1)
    monkeypatch.setattr("search.engine.live.folder.READ_LATER", 2)
    with at(tmp_path):
        stored(parsed("S/2020/1", *((str(n), f"核{n}") for n in range(1, 7))))
        before = Reading.meanings_of
        live = []

        def looking(self, text):
            live.append(live_name(tmp_path) is not None)
            return before(self, text)

        monkeypatch.setattr(Reading, "meanings_of", looking)
        update_index()
        assert sorted(live) == [False, *[True] * 5]
        assert len(found("核")) == 6
        assert live_index().meanings.missing == 0


@pytest.mark.django_db
def test_what_is_switched_on_later_is_read_later(tmp_path, monkeypatch):
    with at(tmp_path):
        stored(parsed("S/2020/1", ("1", "甲甲")))
        update_index()
        assert live_index().meanings.missing == 1
        assert check_index().sound
        reader = Reading()
        monkeypatch.setattr(vectors, "model", lambda: reader)
        monkeypatch.setattr("search.engine.live.folder.model", lambda: reader)
        update_index()
        assert live_index().meanings.missing == 0
