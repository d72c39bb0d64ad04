"""Mentions in running Chinese text. Each row is one form: text, what must come, remark.

``what must come`` lists ``surface → symbol §pinpoint``, a ``?`` before the surface marks what is not certain.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.text.mentions import find_mentions
from archive.text.mentions.serials import ASSEMBLY_NUMBERS, COUNCIL_NUMBERS, assembly_session, council_year
from archive.text.parsed import DocumentType, Facts, Kind, ParsedParagraph
from archive.text.reference import load_reference
from tests.tables import each_row, rows_from

LETTER = Facts(symbol="S/2016/1013", document_type=DocumentType.LETTER)
COUNCIL_RESOLUTION = Facts(symbol="S/RES/1810(2008)", document_type=DocumentType.RESOLUTION)


def shown(text, facts=LETTER, kind=Kind.PARAGRAPH):
    """The mentions of one paragraph, written as in the tables; offsets are checked against the text."""
    found = find_mentions([ParsedParagraph("1", kind, text)], facts, load_reference())
    for mention in found:
        assert text[mention.start : mention.end] == mention.surface
    return [
        f"{'' if mention.certain else '?'}{mention.surface} → {mention.symbol}"
        + (f" §{mention.paragraph}" if mention.paragraph else "")
        for mention in found
    ]


TABLES = ["SINGLE", "LISTS", "OWNERS", "DECISIONS", "EU", "BARE", "SYMBOLS", "PINPOINTS", "ANAPHORA"]
ROWS = [(row, f"{name} {row[2]}") for name in TABLES for row in rows_from(__name__, name)]


@pytest.mark.parametrize("row", [row for row, _ in ROWS], ids=[remark for _, remark in ROWS])
def test_mentions_in_a_sentence(row):
    text, wanted, _remark = row
    assert shown(text) == list(wanted)


@each_row("LOOKALIKES")
def test_look_alikes_are_not_marked(text):
    assert shown(text) == []


def document(symbol):
    if symbol == LETTER.symbol:
        return LETTER
    kind = DocumentType.RESOLUTION if "/RES/" in symbol else DocumentType.REPORT
    return Facts(symbol=symbol, document_type=kind)


OWNED = [row for name in ("BY_DOCUMENT", "BOARDS", "SLASHED") for row in rows_from(__name__, name)]


@pytest.mark.parametrize(("text", "symbol", "wanted", "remark"), OWNED, ids=[row[0] for row in OWNED])
def test_the_document_tells_whose_a_number_is(text, symbol, wanted, remark):
    assert shown(text, document(symbol)) == list(wanted)


def test_a_resolution_speaks_of_itself_in_its_main_part_only():
    annex = ParsedParagraph("annex.1", Kind.PARAGRAPH, "本决议通过后7天内", part="annex")
    assert find_mentions([annex], COUNCIL_RESOLUTION, load_reference()) == ()


def test_the_documents_own_title_is_no_mention():
    assert shown("第1810(2008)号决议", COUNCIL_RESOLUTION, Kind.HEADING) == []
    assert shown("第1673(2006)号决议", COUNCIL_RESOLUTION, Kind.HEADING) == [
        "第1673(2006)号决议 → S/RES/1673(2006)"
    ]


def test_a_year_given_in_one_paragraph_completes_a_number_in_another():
    paragraphs = [
        ParsedParagraph("1", Kind.PARAGRAPH, "执行第2399号决议"),
        ParsedParagraph("2", Kind.PARAGRAPH, "2018年1月30日第2399(2018)号决议"),
    ]
    found = find_mentions(paragraphs, LETTER, load_reference())
    assert [(m.anchor, m.symbol, m.certain) for m in found] == [
        ("1", "S/RES/2399(2018)", True),
        ("2", "S/RES/2399(2018)", True),
    ]


def test_running_numbers_go_up_with_the_years_and_sessions():
    council = [number for ends in COUNCIL_NUMBERS.values() for number in ends]
    assembly = [number for first, last, _ in ASSEMBLY_NUMBERS for number in (first, last)]
    assert council == sorted(council)
    assert list(COUNCIL_NUMBERS) == sorted(COUNCIL_NUMBERS)
    assert assembly == sorted(assembly)


def test_running_numbers_agree_with_the_reference_data():
    for number, symbol in load_reference().resolutions.items():
        assert symbol == f"S/RES/{number}({council_year(number)})"


def test_a_number_outside_what_is_certain_has_no_year_and_no_session():
    assert [council_year(number) for number in (0, 100, 9999)] == [None, None, None]
    assert [assembly_session(number) for number in (1, 2750, 3541)] == [None, None, None]


PIECES = rows_from(__name__, "PIECES")


@settings(max_examples=300)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), max_size=25).map("".join))
def test_mentions_lie_in_the_text_in_order_and_apart(text):
    found = find_mentions([ParsedParagraph("1", Kind.PARAGRAPH, text)], COUNCIL_RESOLUTION, load_reference())
    for mention in found:
        assert 0 <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.surface
    for left, right in zip(found, found[1:], strict=False):
        assert left.end <= right.start
