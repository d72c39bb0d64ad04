"""Tokens of a text."""

import html
import marshal
import re
import unicodedata
from importlib.metadata import version

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.text.aligned_folding import fold
from archive.text.folding import (
    QUOTES,
    fold_literally,
    fold_literally_with_places,
    fold_words,
    fold_words_with_places,
)
from search.engine.highlight import find_marks, marked, snippet
from search.query.expansion.forms import Marks
from search.query.language.conditions import NearBy
from search.query.text.analyzer import INNER, analyze, words_of_term
from search.query.text.folding import root
from search.query.text.marked_words import stands_at_borders, word_places
from search.query.text.segmenter import COMPILED, HAN, Segmenter, segmenter, user_words
from tests.tables import each_row, rows_from, tuples
from tests.tools.bundled import bundled_parses

RESOLUTION = "s/res/1540(2004)"


@each_row("FIRST_TERMS")
def test_first_terms(text, expected, remark):
    assert tuples([token.term for token in analyze(text)]) == expected, remark


ALSO = [
    ("第1540(2004)号", {"1540", "s/res/1540"}, "the bare number and the symbol without year"),
    ("A/RES/73/55", {"73/55"}, "the number as Chinese texts give it"),
    ("2016年6月22日", {"2016", "2016-06"}, "year and month of a date"),
    ("第14段", {"14"}, "the bare paragraph number"),
    ("核生化武器", {INNER + "生化", INNER + "武器"}, "words inside a word, marked as such"),
    ("licences", {INNER + "licens"}, "the root of an English word"),
    ("cease-fire", {"cease", INNER + "ceasefir"}, "words with a hyphen joined"),
]


@pytest.mark.parametrize(("text", "expected", "remark"), ALSO)
def test_a_token_also_answers_to(text, expected, remark):
    assert expected <= set(analyze(text)[0].terms), remark


@each_row("ONE_ROOT")
def test_forms_and_spellings_of_an_english_word_have_one_root(words):
    assert len({root(word) for word in words.split()}) == 1


@each_row("ROOTS_APART")
def test_other_words_have_other_roots(words):
    assert len({root(word) for word in words.split()}) == len(words.split())


def test_characters_that_form_no_word_also_answer_as_pairs():
    terms = {term for token in analyze("夨夬夶彖") for term in token.terms}
    assert {INNER + "夨夬", INNER + "夬夶", INNER + "夶彖"} <= terms


def test_a_name_is_cut_alike_wherever_it_stands():
    def inside(before: str, after: str) -> list[str]:
        text = f"{before}威斯巴登进程{after}"
        start = len(before)
        return [token.term for token in analyze(text) if start <= token.start < start + 6]

    assert inside("", "") == inside("在", "的") == inside("召开了", "会议") == ["威斯巴登进程"]


@given(st.text())
def test_tokens_stand_in_order(text):
    tokens = analyze(text)
    assert all(0 <= token.start < token.end <= len(text) for token in tokens)
    assert [token.start for token in tokens] == sorted(token.start for token in tokens)


@given(st.text(alphabet="安全理事会第1540(2004)号决议的和 ，。aB3/-", max_size=60))
def test_width_case_and_traditional_forms_make_no_difference(text):
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    traditional = text.translate(str.maketrans("会号决议", "會號決議"))
    terms = [token.terms for token in analyze(text)]
    assert terms == [token.terms for token in analyze(wide)]
    assert terms == [token.terms for token in analyze(traditional)]


@given(st.text(alphabet="核生化武器大规模毁灭性委员会专家组的和在", max_size=40))
def test_the_segmenter_loses_no_character(text):
    assert "".join(segmenter().cut(text)) == text


def test_parts_of_a_word_are_words_and_together_the_word():
    parts = segmenter().parts("大规模毁灭性武器")
    assert "".join(parts) == "大规模毁灭性武器"
    assert len(parts) > 1
    assert segmenter().parts("核") == ()


@pytest.mark.parametrize(
    "term", ["出口管制", "核生化武器", "裁军事务厅厅长", "3D打印", "第1540号决议", "García", "夨夬夶", ""]
)
def test_the_words_of_a_term_are_the_names_of_its_tokens(term):
    assert words_of_term(term) == tuple(token.term for token in analyze(term))


# --- Folding for matching: same length always, so that offsets agree ---


@each_row("FOLDED")
def test_fold(text, folded, remark):
    assert fold(text) == folded


@given(st.text())
def test_folding_keeps_length(text):
    assert len(fold(text)) == len(text)


@given(st.text())
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


# --- What is ignored when texts are compared ---


@each_row("LITERAL")
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


# --- Words as they are cut: the port cuts as the reference does ---

RUN = re.compile(f"[{HAN}]+")
words = st.sampled_from(user_words())
common = st.sampled_from(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
)
rare = st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF) | st.sampled_from(
    "々〇\U00020000\U0002a6df豈"
)


def cut_by_reference(run: str) -> list[str]:
    return segmenter()._jieba.lcut(run, HMM=False)


@settings(max_examples=300)
@given(st.lists(words | common | rare, max_size=20).map("".join))
def test_any_run_is_cut_as_the_reference_cuts_it(text):
    for run in RUN.findall(fold_words(text)):
        assert segmenter().cut(run) == cut_by_reference(run)


def test_the_bundled_documents_are_cut_as_the_reference_cuts_them():
    texts = [paragraph.text for document, _ in bundled_parses() for paragraph in document.paragraphs]
    runs = {run for text in texts for run in RUN.findall(fold_words(text))}
    assert len(runs) > 1000
    assert [run for run in runs if segmenter().cut(run) != cut_by_reference(run)] == []


def test_the_words_of_a_run_are_the_run():
    assert "".join(segmenter().cut("安全理事会第号决议所设委员会")) == "安全理事会第号决议所设委员会"
    assert segmenter().cut("大规模毁灭性武器") == ["大规模毁灭性武器"]


@pytest.mark.parametrize(
    "kept", [b"", b"half", marshal.dumps(((version("jieba"), ["别的词"]), {"核": 1}, 1)), marshal.dumps(7)]
)
def test_a_dictionary_compiled_of_other_words_is_compiled_anew(tmp_path, kept):
    (tmp_path / COMPILED).write_bytes(kept)
    for _anew_then_read in range(2):
        assert Segmenter(tmp_path).cut("出口管制边境安全") == ["出口管制", "边境", "安全"]
    assert [path.name for path in tmp_path.iterdir()] == [COMPILED]


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


# --- Marks and snippets ---

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


@each_row("PAIRS")
def test_strings_that_stand_near_each_other(text, spans, remark):
    assert tuples(find_marks(text, Marks(pairs=(NearBy(("核",), ("安全",), 2),)))) == spans, remark


CUT = rows_from(__name__, "CUT")


def _words_of(text: str) -> set[tuple[str, int, int]]:
    tokens = analyze(text)
    words = {(term, token.start, token.end) for token in tokens for term in token.terms if term[0] != INNER}
    return words | {tuple(word) for token in tokens for word in token.inner}


@each_row("CUT")
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
