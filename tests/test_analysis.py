"""Tokens of a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.text.analyzer import INNER, analyze, words_of_term
from search.text.segmenter import segmenter

RESOLUTION = "s/res/1540(2004)"
FIRST_TERMS = [
    ("第1540(2004)号决议", [RESOLUTION, "决议"], "one token for the symbol"),
    ("第 1540 (2004) 号决议", [RESOLUTION, "决议"], "spaces as in PDF text"),
    ("第1540（2004）號決議", [RESOLUTION, "决议"], "full-width brackets, traditional"),
    ("S/RES/1540 (2004)", [RESOLUTION], "masthead form"),
    ("s/res/1540(2004)", [RESOLUTION], "lower case"),
    ("第1540号决议", [RESOLUTION, "决议"], "completed from the reference data"),
    ("第999号决议", ["s/res/999", "决议"], "not completed where the number is not known"),
    (
        "第1540(2004)、1673(2006)号决议",
        [RESOLUTION, "s/res/1673(2006)", "决议"],
        "every member of a list",
    ),
    ("S/AC.44/2004/(02)/5/Corr.1。", ["s/ac.44/2004/(02)/5/corr.1"], "chained symbol, full stop left out"),
    ("C-SS-4/DEC.3", ["c-ss-4/dec.3"], "hyphens in a symbol"),
    ("第73/55号决议", ["第73/55号", "决议"], "the Assembly's form"),
    ("第3段", ["第3段"], "paragraph number"),
    ("决议第3段", ["决议", "第3段"], "第 belongs to the number behind it"),
    ("2016年6月22日", ["2016-06-22"], "a date is one token"),
    ("3 497个", ["3497", "个"], "thousands with a space, as the UN writes them"),
    ("60,000", ["60000"], "or a comma"),
    ("3D打印", ["3d", "打印"], "digit and letter glued"),
    ("5人", ["5", "人"], "single digits are kept"),
    ("A组", ["a", "组"], "so are single letters"),
    ("1540委员会", ["1540", "委员会"], "a number before Han characters"),
    ("和/或", ["和", "或"], "no stop words"),
    ("and/or", ["and", "or"], "a stroke alone makes no symbol"),
    ("García Guiza女士", ["garcía", "guiza", "女士"], "accented letters"),
    ("大规模毁灭性武器", ["大规模毁灭性武器"], "a term of the user dictionary"),
    ("。，", [], "punctuation is no token"),
    ("", [], "nothing"),
]


@pytest.mark.parametrize(("text", "expected", "remark"), FIRST_TERMS)
def test_first_terms(text, expected, remark):
    assert [token.term for token in analyze(text)] == expected, remark


ALSO = [
    ("第1540(2004)号", {"1540", "s/res/1540"}, "the bare number and the symbol without year"),
    ("A/RES/73/55", {"73/55"}, "the number as Chinese texts give it"),
    ("2016年6月22日", {"2016", "2016-06"}, "year and month of a date"),
    ("第14段", {"14"}, "the bare paragraph number"),
    ("核生化武器", {INNER + "生化", INNER + "武器"}, "words inside a word, marked as such"),
]


@pytest.mark.parametrize(("text", "expected", "remark"), ALSO)
def test_a_token_also_answers_to(text, expected, remark):
    assert expected <= set(analyze(text)[0].terms), remark


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
def test_tokens_stand_in_order_with_positions_counted_from_zero(text):
    tokens = analyze(text)
    assert [token.position for token in tokens] == list(range(len(tokens)))
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
