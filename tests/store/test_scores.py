"""Ties and edges of decisions: two candidates that are as good, the last place that still counts, the first.

``make mutants`` puts the fault in that each of these rows is there to notice.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.dates import year_of
from archive.text.mentions import find_mentions
from archive.text.mentions.own import find_own_references
from archive.text.parsed import Facts, Kind, ParsedParagraph
from archive.text.reference import Reference
from archive.text.symbols.symbol import Symbol
from search.engine.highlight import snippet
from search.engine.searcher.reader import LENGTHS, as_bytes, field_of
from search.pages.checker.nearest import _best_edge, pieces
from search.pages.checker.quoting import FAR, Neighbours
from search.pages.checker.report import CheckedCitation, Status
from search.query.language.ast import Together, Words
from search.query.language.conditions import inverse_frequency
from search.query.language.parser import parse
from tests.tables import each_row


def paragraphs(*texts: str) -> list[ParsedParagraph]:
    return [ParsedParagraph(str(n), Kind.PARAGRAPH, text, number=str(n)) for n, text in enumerate(texts, 1)]


def mentioned(*texts: str) -> list[tuple[str, str]]:
    return [(one.surface, one.symbol) for one in find_mentions(paragraphs(*texts), Facts(), Reference())]


# --- the query language ---

QUERIES = [
    # query, tree, remark
    ("甲)乙丙", Words("甲乙丙"), "a bracket that closes nothing divides nothing"),
    ("甲 --乙", Together((Words("甲"), Words("乙"))), "what is excluded from what is excluded is asked for"),
    ("甲 - 乙", Together((Words("甲"), Words("乙"))), "a minus between blanks excludes nothing"),
]


@pytest.mark.parametrize(("query", "tree", "remark"), QUERIES)
def test_a_sign_that_has_nothing_to_do_does_nothing(query, tree, remark):
    assert parse(query).root == tree, remark


# --- the core ---


@each_row("YEARS")
def test_the_year_of_a_session(symbol, year, remark):
    assert year_of(Facts(symbol=symbol)) == year, remark


def test_a_symbol_that_gets_its_year_keeps_what_follows():
    known = {1540: "S/RES/1540(2004)"}
    assert str(Symbol.parse("S/RES/1540/Add.1").completed(known)) == "S/RES/1540(2004)/Add.1"


def test_that_resolution_directly_behind_its_number():
    assert ("该决议", "S/RES/1540(2004)") in mentioned("回顾第1540(2004)号决议该决议重申")


def test_a_number_to_which_the_document_gives_two_years_has_none():
    one, two = "第9000(2030)号决议", "第9000(2031)号决议"
    again = "重申安全理事会第9000号决议"
    assert mentioned(one, again)[-1] == ("第9000号决议", "S/RES/9000(2030)")
    assert mentioned(one, two, again)[-1] == ("第9000号决议", "S/RES/9000")


def test_what_stands_directly_behind_a_pinpoint_is_the_documents_own():
    texts = paragraphs("甲。", "乙。", "S/2010/52第3段本报告第1段")
    facts = Facts(symbol="A/74/140")
    found = find_own_references(texts, facts, find_mentions(texts, facts, Reference()))
    assert [(one.surface, one.target) for one in found] == [("本报告第1段", "1")]


# --- snippets ---

FIRST, SECOND = "甲" * 9 + "。", "乙" * 9 + "。"


def test_of_two_windows_that_show_as_much_the_first_is_shown():
    text = FIRST + "丙" * 20 + "。" + SECOND
    assert snippet(text, [(2, 4), (33, 35)], 12).text.startswith("甲")


def test_a_sentence_of_half_the_length_is_long_enough():
    assert snippet(FIRST + "丙" * 30, [(0, 2)], 20).text == FIRST


def test_a_text_that_just_fits_is_shown_whole():
    found = snippet(FIRST + SECOND, [(12, 14)], 20)
    assert (found.text, found.before, found.after) == (FIRST + SECOND, False, False)


# --- comparing a draft ---


@each_row("STEPS")
def test_pieces_that_agree_stay_whole(draft, archive, other, remark):
    assert [piece.archive for piece in pieces(draft, archive) if not piece.same] == [*other], remark


@pytest.mark.parametrize(("distance", "found"), [(FAR, 0), (FAR + 1, None)])
def test_how_far_before_a_quotation_its_citation_may_stand(distance, found):
    cited, quoted = "S/2010/52", "“核武器”"
    text = cited + "说" * distance + quoted
    start = len(cited) + distance
    citation = CheckedCitation(
        start=0,
        end=len(cited),
        surface=cited,
        standing=Status.HELD,
        symbol=cited,
        paragraph=None,
        certain=True,
        in_body_name=False,
        targets=[],
        choices=[],
        reason=None,
        lone=False,
        assumed=None,
        footnotes=[],
    )
    assert Neighbours(text, [citation], [(start, len(text))]).of(start, len(text)) == found


def test_of_two_beginnings_that_are_as_like_the_nearer_is_taken():
    text = "甲乙丙丁戊己庚辛壬癸子丑" * 2
    assert _best_edge("甲乙丙丁X己庚辛壬癸子丑", text, 11) == 12
    assert _best_edge("甲乙丙丁X己庚辛壬癸子丑", text, 1) == 0


# ---
# Scores of terms are those of Lucene: lengths in a byte, rarity, average, the formula in single floats.

# Lucene's SmallFloat: length → byte → the length for which that stands


@each_row("TABLE")
def test_a_length_is_a_byte(length, byte, stands_for):
    assert as_bytes(np.array([length])).tolist() == [byte]
    assert LENGTHS[byte] == stands_for


@given(st.lists(st.integers(0, 2**31 - 1)))
def test_a_byte_stands_for_no_more_and_hardly_less(lengths):
    found = LENGTHS[as_bytes(np.array(lengths, np.int64))]
    assert all(of <= length <= of + max(0, of - 24) / 8 for of, length in zip(found, lengths, strict=True))


def test_bytes_rise_and_come_back():
    assert (np.diff(LENGTHS) > 0).all()
    assert as_bytes(LENGTHS).tolist() == list(range(256))


@pytest.mark.parametrize(
    ("documents", "holding", "rarity"),
    [(1, 1, 0.287682), (10, 1, 1.992430), (10, 10, 0.046520), (350_000, 3, 11.512928)],
)
def test_rarity(documents, holding, rarity):
    assert inverse_frequency(documents, holding) == pytest.approx(rarity, abs=1e-6)


def test_average_is_of_true_lengths_over_those_that_have_a_token():
    lengths = np.array([41, 0, 10, 100])
    field = field_of(lengths, as_bytes(lengths))
    assert field.holding == 3
    # k1 ((1 - b) + b · 40 / (151 / 3)): 41 counts as 40 in its paragraph, as 41 in the average
    assert 1 / field.inverse[field.lengths[0]] == pytest.approx(1.2 * (0.6 + 0.4 * 40 / (151 / 3)), rel=1e-6)


def test_a_score():
    lengths = np.array([10, 20, 30])
    field = field_of(lengths, as_bytes(lengths))
    found = field.scores(np.array([0, 2]), np.array([1, 3]), field.rarity(2))
    rarity = inverse_frequency(3, 2)
    expected = [2.2 * rarity * 1 / (1 + 1.2 * (0.6 + 0.2)), 2.2 * rarity * 3 / (3 + 1.2 * (0.6 + 0.6))]
    assert found.dtype == np.float32
    assert found.tolist() == pytest.approx(expected, rel=1e-6)


def test_paragraphs_without_a_token_and_none_at_all():
    for lengths in (np.array([], np.int64), np.array([0, 0])):
        field = field_of(lengths, as_bytes(lengths))
        assert field.holding == 0
        assert field.scores(np.array([], np.int64), 1, 1.0).tolist() == []


def test_lengths_that_share_a_byte_share_a_score():
    lengths = np.array([40, 41, 42])
    field = field_of(lengths, as_bytes(lengths))
    found = field.scores(np.arange(3), 2, 1.0)
    assert found[0] == found[1] > found[2]
