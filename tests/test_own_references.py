"""References to the document's own paragraphs. Each row: text, what must come, remark.

The document has paragraphs 1 to 9 in its main part (the text tried is 5), 1 to 3 in its annex, and two notes.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.mentions import find_mentions, find_own_references
from archive.text.parsed import DocumentType, Facts, Kind, ParsedParagraph
from archive.text.reference import load_reference

REPORT = Facts(symbol="S/2016/1038", document_type=DocumentType.REPORT)
RESOLUTION = Facts(symbol="S/RES/2325(2016)", document_type=DocumentType.RESOLUTION)


def document(text, at="5"):
    blocks = [
        ParsedParagraph("s1", Kind.HEADING, "导言", number="一"),
        *(ParsedParagraph(str(number), Kind.PARAGRAPH, "。", number=str(number)) for number in range(1, 10)),
        ParsedParagraph("3.a", Kind.SUBPARAGRAPH, "。", number="a", parent="3"),
        ParsedParagraph("s2", Kind.HEADING, "结论", number="二"),
        ParsedParagraph("fn1", Kind.FOOTNOTE, "A/57/465。", number="1"),
        ParsedParagraph("fn2", Kind.FOOTNOTE, "。", number="2"),
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


def shown(text, at="5", facts=REPORT):
    paragraphs = document(text, at)
    mentions = find_mentions(paragraphs, facts, load_reference())
    found = find_own_references(paragraphs, facts, mentions)
    for reference in found:
        assert text[reference.start : reference.end] == reference.surface
    return [f"{own.surface} {own.paragraph} → {own.target or own.doubt}" for own in found if own.anchor == at]


FORMS = [
    ("见上文第3段", ["上文第3段 3 → 3"], "above"),
    ("下文第8段", ["下文第8段 8 → 8"], "below"),
    ("上文第3(a)段", ["上文第3(a)段 3.a → direction"], "the sub-paragraph stands below here"),
    ("下文第3(a)段", ["下文第3(a)段 3.a → 3.a"], "a sub-paragraph"),
    ("本报告第1至3段", [f"本报告第1至3段 {n} → {n}" for n in (1, 2, 3)], "a range names each"),
    ("本报告第1-3段", [f"本报告第1-3段 {n} → {n}" for n in (1, 2, 3)], "with a dash"),
    ("上文第2和4段", ["上文第2和4段 2 → 2", "上文第2和4段 4 → 4"], "a list"),
    ("上文第8段", ["上文第8段 8 → direction"], "it stands below: doubt"),
    ("上文第20段", ["上文第20段 20 → absent"], "no such paragraph"),
    ("(见第2段)", ["见第2段 2 → 2"], "见 alone"),
    ("本报告附件第2段", ["本报告附件第2段 annex.2 → annex.2"], "in the annex"),
    ("本报告第二节和第一节", ["本报告第二节和第一节 s2 → s2", "本报告第二节和第一节 s1 → s1"], "sections"),
    ("见脚注1", ["见脚注1 fn1 → fn1"], "a note"),
    ("意见第2段", [], "意见 is no 见"),
    ("第1540(2004)号决议第3段", [], "the resolution's paragraph"),
    ("第1540(2004)号决议(见第3段)", [], "still the resolution's"),
    ("该报告第3段", [], "another report"),
    ("本决议第3段", [], "this is no resolution"),
]


@pytest.mark.parametrize(("text", "wanted", "remark"), FORMS)
def test_references_to_own_paragraphs(text, wanted, remark):
    assert shown(text) == wanted


def test_the_same_part_is_sought_first():
    assert shown("上文第1段", at="annex.3") == ["上文第1段 1 → annex.1"]
    assert shown("本报告第9段", at="annex.3") == ["本报告第9段 9 → 9"]


def test_a_resolution_speaks_of_its_own_paragraphs():
    assert shown("本决议第3段", facts=RESOLUTION) == ["本决议第3段 3 → 3"]


def test_ibid_leads_to_the_note_before_in_the_same_part():
    assert shown("同上，第27段。", at="fn2") == ["同上 fn1 → fn1"]
    assert shown("同上。", at="annex.fn1") == ["同上 annex.fn1 → absent"]
    assert shown("同上，第27段。") == []


@given(st.text(alphabet="上文下本报告决议见第123节段、和至-()a脚注同", max_size=40))
def test_places_lie_in_the_text_and_targets_exist(text):
    paragraphs = document(text)
    anchors = {paragraph.anchor for paragraph in paragraphs}
    for own in find_own_references(paragraphs, REPORT):
        assert text[own.start : own.end] == own.surface != ""
        assert (own.target in anchors) != (own.doubt in ("absent", "several", "direction"))
