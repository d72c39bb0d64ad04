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

from .tables import rows_from, tuples

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


BEFORE = [
    ("回顾其第1540(2004)号决议，", ["recalls 回顾"], "a preamble"),
    ("又回顾安理会2004年4月28日第1540(2004)号决议，", ["recalls 回顾"], "organ and date between"),
    ("回顧其第1540(2004)號決議，", ["recalls 回顧"], "traditional characters"),
    ("重申其第1540(2004)、1673(2006)和1810(2008)号决议，", ["reaffirms 重申"] * 3, "a list is cited alike"),
    (
        "回顾大会第73/55号决议以及安全理事会第1540(2004)号决议，",
        ["recalls 回顾"] * 2,
        "a list over two organs",
    ),
    ("赞赏地注意到第2325(2016)号决议", ["notes 注意到"], "an adverb before the verb"),
    ("欢迎第1977(2011)号决议", ["welcomes 欢迎"], ""),
    ("欣见委员会的报告(S/2016/1038)", ["welcomes 欣见"], "a symbol in brackets: the noun's verb"),
    ("强调第1540(2004)号决议的重要性", ["stresses 强调"], ""),
    ("根据第1810(2008)号决议第8段提交", ["acts_under 根据"], ""),
    (
        "依照题为“防止恐怖分子获取大规模毁灭性武器的措施”的第73/55号决议",
        ["acts_under 依照"],
        "a title between",
    ),
    (
        "按照安全理事会关于不扩散大规模毁灭性武器的第1540(2004)号决议",
        ["acts_under 按照"],
        "a subject between",
    ),
    ("敦促各国充分执行第1540(2004)号决议", ["implements 执行"], "the nearest verb decides"),
    ("履行第1540(2004)号决议规定的义务", ["implements 履行"], "what is laid down is implemented"),
    ("采取了违反第1718(2006)号决议的行动", ["violates 违反"], ""),
    ("支持第1540(2004)号决议", ["supports 支持"], ""),
    ("审查第1540(2004)号决议", ["reviews 审查"], ""),
    ("见第1540(2004)号决议", ["refers 见"], ""),
    ("这一意见第1540(2004)号决议没有采纳", ["-"], "意见 is no 见"),
    ("终止第1737(2006)号决议", ["ends 终止"], ""),
    ("修正第1267(1999)号决议", ["amends 修正"], ""),
    ("决定延长第1540(2004)号决议第4段规定的任务期限", ["extends 延长"], ""),
    ("谨随函转递第S/2015/75号文件", ["transmits 转递"], ""),
    ("执行《化学武器公约》和第1540(2004)号决议", ["implements 执行"], "joined with a treaty"),
]

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
