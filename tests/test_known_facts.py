"""What a sidecar says of a document reaches its segmentation: kinds of paragraphs, type and organ."""

from __future__ import annotations

import pytest

from archive.text.document import parse_source
from archive.text.parsed import ParsedDocument
from archive.text.reader import source_of
from archive.text.reference import load_reference
from archive.text.sidecar import sidecar_of

SENTENCE = "委员会审议了各国提交的报告，并就执行情况提出了建议。"


def parsed(text: str, **stated: str) -> ParsedDocument:
    return parse_source(source_of(text), sidecar_of(stated), load_reference())


def kinds(document: ParsedDocument) -> list[str]:
    return [str(paragraph.kind) for paragraph in document.paragraphs]


TOLD = [
    ("S/RES/2664(2022)", "resolution", "安全理事会", "the Council"),
    ("A/RES/71/71", "resolution", "联合国大会", "the Assembly"),
    ("E/RES/2016/26", "resolution", "经济及社会理事会", "the Economic and Social Council"),
    ("A/HRC/RES/31/9", "resolution", "人权理事会", "a body of the Assembly"),
    ("UNEP/EA.4/RES.3", "resolution", "联合国环境规划署", "a programme"),
    ("S/PRST/2011/18", "presidential_statement", "安全理事会", "a statement"),
    ("A/C.2/71/SR.9", "summary_record", "联合国大会第二委员会", "a committee's record"),
    ("S/PV.8801", "verbatim_record", "安全理事会", "a meeting in full"),
    ("E/DEC/2019/210", "decision", "经济及社会理事会", "a decision"),
    ("E/CN.7/2020/3", "document", "麻醉药品委员会", "a commission: no more is told"),
    ("CD/2222", "document", "裁军谈判会议", "a conference"),
]


@pytest.mark.parametrize(("symbol", "kind", "organ", "remark"), TOLD, ids=[row[0] for row in TOLD])
def test_a_symbol_in_the_sidecar_tells_type_and_organ(symbol, kind, organ, remark):
    facts = parsed(SENTENCE * 2, symbol=symbol).facts
    assert (str(facts.document_type), facts.organ) == (kind, organ), remark


RESOLUTION = "S/RES/2664(2022)"
EXCERPTS = [
    (
        ["欢迎各国为此作出的努力，", "1. 促请各国加入；", "2. 决定继续处理此案。"],
        "poo",
        "preamble and numbers",
    ),
    (["5. 吁请各方合作；", "9. 又吁请会员国捐款。"], "oo", "operative paragraphs alone"),
    (["深信合作的必要，", "又深信对话的必要，"], "pp", "preamble alone"),
    (["回顾以往各项决议，", "决定将任期延长六个月；", "请秘书长报告。"], "poo", "numbers lost"),
    (["铭记《宪章》，", "1. 决定：", "(a) 延长任期；", "(b) 审查授权。"], "poss", "items"),
    (["关于制裁的决议", "念及人民的苦难，", "1. 谴责袭击。"], "hpo", "a title above"),
    (["鼓励会员国：", "(一) 交流经验；", "(二) 提供培训。"], "oss", "a lead-in without number"),
    (["12. 请专家小组：", "(a) 收集资料；", "13. 决定继续处理此案。"], "oso", "in the midst"),
    (
        ["表示赞赏秘书长的报告，", "1. 核可报告所载建议；", "附件", "原则声明", "第一句话。"],
        "pohhx",
        "an annex",
    ),
    (["着重指出法治的重要，", "1、 重申承诺。"], "po", "numbers as in the Mainland"),
]
SHORT = {"preambular": "p", "operative": "o", "subparagraph": "s", "heading": "h", "paragraph": "x"}


@pytest.mark.parametrize(("lines", "expected", "remark"), EXCERPTS, ids=[row[2] for row in EXCERPTS])
def test_a_resolution_known_by_its_symbol_needs_no_opening_line(lines, expected, remark):
    document = parsed("\n".join(lines), symbol=RESOLUTION)
    assert "".join(SHORT[kind] for kind in kinds(document)) == expected, remark
    assert [p.kind for p in parsed("\n\n".join(lines), symbol=RESOLUTION).paragraphs] == [
        p.kind for p in document.paragraphs
    ], "blank lines change nothing"


PLAIN = "1. 促请各国加入；\n2. 决定继续处理此案。"


def test_a_stated_type_overrules_the_symbol():
    document = parsed(
        "1. 促请各国加入；\n2. 决定继续处理此案。", symbol="S/2022/1000", document_type="resolution"
    )
    assert kinds(document) == ["operative", "operative"]


def test_the_same_words_are_plain_paragraphs_where_nothing_tells_of_a_resolution():
    assert kinds(parsed(PLAIN, symbol="S/2022/1000")) == ["paragraph"] * 2


def test_turns_are_read_in_a_record_known_by_its_symbol():
    text = "1. 王女士（中国）说，代表团支持建议。\n\n2. 李先生（新加坡）表示赞同。"
    speakers = [p.speaker and p.speaker.name for p in parsed(text, symbol="A/C.2/71/SR.9").paragraphs]
    assert speakers == ["王", "李"]
