"""Whose a number is: boards, commissions, other organizations, 其; their symbols; pinpoints further behind.

Rows as in ``test_mentions``: text, document, what must come, remark.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.site.presenters.symbols import read_aloud
from archive.text.mentions import find_mentions, find_own_references
from archive.text.parsed import DocumentType, Facts, Kind, ParsedParagraph
from archive.text.reference import load_reference
from archive.text.symbols.symbol import Symbol
from tests.core.test_mentions import document, shown
from tests.tables import each_row
from tests.tools.word_files import rows_of


@each_row("SYMBOLS")
def test_symbols_of_other_organizations(text, wanted, remark):
    assert shown(text) == list(wanted)


@pytest.mark.parametrize("row", rows_of(__name__, "FOREIGN"))
def test_acts_of_other_bodies_are_not_certain(row):
    assert shown(row[0]) == list(row[1])


@each_row("PINPOINTS")
def test_paragraphs_named_further_behind(text, wanted, remark):
    assert shown(text, document("E/2015/33"))[0].partition(" §")[2] == (wanted or "")


@each_row("AGENCIES")
def test_symbols_of_other_organizations_are_values(given_text, symbol, kind, organ, number):
    parsed = Symbol.parse(given_text)
    assert (str(parsed), parsed.kind, parsed.organ, parsed.number) == (symbol, kind, organ, number)
    assert Symbol.parse(str(parsed)) == parsed and parsed.un_url() is None
    assert not any(part.fails for part in read_aloud(str(parsed))) or organ == "国际原子能机构"


@given(st.text("0123456789/.()-WHAFSCDEGRXIVLO ", max_size=24))
def test_a_symbol_in_its_one_form_is_that_form(text):
    try:
        parsed = Symbol.parse(text)
    except ValueError:
        return
    assert str(Symbol.parse(str(parsed))) == str(parsed)


# ---
# References to the document's own paragraphs. Each row: text, what must come, remark.
# The document has paragraphs 1 to 9 in its main part (the text tried is 5), 1 to 3 in its annex, and two
# notes.

REPORT = Facts(symbol="S/2016/1038", document_type=DocumentType.REPORT)
RESOLUTION = Facts(symbol="S/RES/2325(2016)", document_type=DocumentType.RESOLUTION)


def paragraphs_with(text, at="5"):
    blocks = [
        ParsedParagraph("s1", Kind.HEADING, "导言", number="一"),
        *(
            ParsedParagraph(str(number), Kind.PARAGRAPH, "。", number=str(number), parent="s1")
            for number in range(1, 10)
        ),
        ParsedParagraph("3.a", Kind.SUBPARAGRAPH, "。", number="a", parent="3"),
        ParsedParagraph("s2", Kind.HEADING, "结论", number="二"),
        ParsedParagraph("s2.sb", Kind.HEADING, "灯塔", number="B", parent="s2"),
        ParsedParagraph("s2.h1", Kind.HEADING, "表2灯塔", parent="s2.sb", role="table_title"),
        ParsedParagraph("s2.h3", Kind.HEADING, "表2（续）", parent="s2.sb", role="table_title"),
        ParsedParagraph("s2.h2", Kind.HEADING, "图一：灯船", parent="s2.sb", role="table_title"),
        *(ParsedParagraph(f"12.{at}", Kind.PARAGRAPH, "。", number=f"12.{at}") for at in range(1, 4)),
        ParsedParagraph("fn1", Kind.FOOTNOTE, "A/57/465。", number="1"),
        ParsedParagraph("fn2", Kind.FOOTNOTE, "。", number="2"),
        ParsedParagraph("annex", Kind.HEADING, "附件", part="annex"),
        *(
            ParsedParagraph(f"annex.{number}", Kind.PARAGRAPH, "。", number=str(number), part="annex")
            for number in range(1, 4)
        ),
        ParsedParagraph("annex.fn1", Kind.FOOTNOTE, "。", number="1", part="annex"),
    ]
    return [
        ParsedParagraph(block.anchor, block.kind, text, number=block.number, part=block.part)
        if block.anchor == at
        else block
        for block in blocks
    ]


def shown_reference(text, at="5", facts=REPORT):
    paragraphs = paragraphs_with(text, at)
    mentions = find_mentions(paragraphs, facts, load_reference())
    found = find_own_references(paragraphs, facts, mentions)
    for reference in found:
        assert text[reference.start : reference.end] == reference.surface
    return [f"{own.surface} {own.paragraph} → {own.target or own.doubt}" for own in found if own.anchor == at]


@each_row("FORMS")
def test_references_to_own_paragraphs(text, wanted, remark):
    assert shown_reference(text) == list(wanted)


def test_the_same_part_is_sought_first():
    assert shown_reference("上文第1段", at="annex.3") == ["上文第1段 1 → annex.1"]
    assert shown_reference("本报告第9段", at="annex.3") == ["本报告第9段 9 → 9"]


def test_a_resolution_speaks_of_its_own_paragraphs():
    assert shown_reference("本决议第3段", facts=RESOLUTION) == ["本决议第3段 3 → 3"]


def test_an_annex_of_a_resolution_speaks_of_the_resolution():
    def named(kind):
        blocks = [
            ParsedParagraph("2", kind, "请各国执行。", number="2"),
            ParsedParagraph("annex.2", Kind.PARAGRAPH, "本决议第2段和上文第2段。", number="2", part="annex"),
        ]
        return [own.target for own in find_own_references(blocks, REPORT) if own.paragraph == "2"]

    assert named(Kind.OPERATIVE) == ["2", "annex.2"]
    assert named(Kind.PARAGRAPH) == ["annex.2", "annex.2"]  # a letter, and the draft that it transmits


def test_ibid_leads_to_the_note_before_in_the_same_part():
    assert shown_reference("同上，第27段。", at="fn2") == ["同上 fn1 → fn1"]
    assert shown_reference("同上。", at="annex.fn1") == ["同上 annex.fn1 → absent"]
    assert shown_reference("同上，第27段。") == []


@given(st.text(alphabet="上文下本报告决议见第123节段、和至-()a脚注同", max_size=40))
def test_places_lie_in_the_text_and_targets_exist(text):
    paragraphs = paragraphs_with(text)
    anchors = {paragraph.anchor for paragraph in paragraphs}
    for own in find_own_references(paragraphs, REPORT):
        assert text[own.start : own.end] == own.surface != ""
        assert (own.target in anchors) != (own.doubt in ("absent", "several", "direction"))
