"""How documents are cited. Each row is one form of UN drafting: text, what must come, remark.

``what must come`` lists, for each mention in order, ``relation word``, or ``-`` where none is read.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.text.bodies import find_bodies
from archive.text.mentions import find_mentions
from archive.text.parsed import DocumentType, Facts, Kind, ParsedParagraph, Relation
from archive.text.reference import load_reference
from archive.text.relations import relate
from tests.tables import rows_from, tuples

REPORT = Facts(symbol="S/2016/1038", document_type=DocumentType.REPORT)
RESOLUTION = Facts(symbol="S/RES/2325(2016)", document_type=DocumentType.RESOLUTION)


def related(text, kind=Kind.PARAGRAPH, facts=REPORT):
    paragraph = ParsedParagraph("1", kind, text)
    mentions = find_mentions([paragraph], facts, load_reference())
    return relate([paragraph], mentions, find_bodies([paragraph], facts, load_reference(), mentions))


def shown(text, kind=Kind.PARAGRAPH, facts=REPORT):
    return [
        f"{mention.relation} {text[mention.relation_start : mention.relation_end]}"
        if mention.relation
        else "-"
        for mention in related(text, kind, facts)
    ]


BEFORE = rows_from(__name__, "BEFORE")

BEHIND = rows_from(__name__, "BEHIND")

AFTER_REVIEW = rows_from(__name__, "AFTER_REVIEW")

CHANGES = rows_from(__name__, "CHANGES")

INSTRUMENTS = rows_from(__name__, "INSTRUMENTS")

NAMES = rows_from(__name__, "NAMES")

DENIED = rows_from(__name__, "DENIED")


@pytest.mark.parametrize(
    ("text", "wanted", "remark"), BEFORE + BEHIND + AFTER_REVIEW + CHANGES + INSTRUMENTS + NAMES + DENIED
)
def test_reads_how_a_document_is_cited(text, wanted, remark):
    assert tuples(shown(text)) == tuples(wanted)


def test_the_verb_that_begins_a_preambular_paragraph_governs_what_else_it_names():
    text = "铭记各国在裁军方面的义务，包括第1540(2004)号决议，"
    assert shown(text, Kind.PREAMBULAR, RESOLUTION) == ["notes 铭记"]
    assert shown(text) == ["-"]


@settings(max_examples=200)
@given(
    st.lists(
        st.sampled_from(
            [
                "第1540(2004)号决议",
                "执行",
                "根据",
                "通过",
                "的",
                "，",
                "。",
                "第3段",
                "和",
                "(",
                ")",
                "将",
                "延长",
                "大会",
            ]
        ),
        max_size=30,
    ).map("".join)
)
def test_the_word_lies_in_the_paragraph_beside_its_relation(text):
    for mention in related(text):
        if mention.relation is None:
            assert mention.relation_start is None
            assert mention.relation_end is None
        else:
            assert isinstance(mention.relation, Relation)
            assert 0 <= mention.relation_start < mention.relation_end <= len(text)
