"""What a sender only passes on, and the turns of a meeting record."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.text import parse_document
from archive.text.errors import SidecarError
from archive.text.parsed import DocumentType, Facts, Kind, ParsedParagraph
from archive.text.sidecar import sidecar_of
from archive.text.transmitted import mark_transmitted

DOCUMENTS = Path(__file__).resolve().parents[1] / "fixtures" / "documents"


def transmitted(cover: str, title: str, sender: str, kind: DocumentType = DocumentType.LETTER) -> bool:
    blocks = [
        ParsedParagraph("u1", Kind.PARAGRAPH, cover),
        ParsedParagraph("annex", Kind.HEADING, f"{sender}的信的附件", part="annex", role="annex_label"),
        ParsedParagraph("annex.h1", Kind.HEADING, title, part="annex", role="annex_title"),
        ParsedParagraph("annex.1", Kind.PARAGRAPH, "正文。", part="annex"),
    ]
    marked = mark_transmitted(blocks, Facts(symbol="S/2016/1", document_type=kind, sender=sender))
    assert not marked[0].transmitted
    assert len({block.transmitted for block in marked[1:]}) == 1
    return marked[-1].transmitted


LETTER, NOTE, REPORT = DocumentType.LETTER, DocumentType.NOTE_VERBALE, DocumentType.REPORT
CASES = [
    # covering text, title of the annex, sender, kind, transmitted, remark
    ("谨随函转递讲习班的主席摘要。", "讲习班主席摘要", "乌克兰常驻代表团", NOTE, True, "a chair's summary"),
    (
        "我谨递上概念说明(见附件)。",
        "公开辩论的概念说明",
        "西班牙常驻联合国代表",
        LETTER,
        True,
        "concept note",
    ),
    (
        "随函附上报告。",
        "古巴关于执行第1540(2004)号决议的报告",
        "古巴常驻代表团",
        NOTE,
        False,
        "its own report",
    ),
    ("谨此提交国家报告。", "国家报告", "古巴常驻代表团", NOTE, False, "a national report"),
    ("随函附上我国政府的答复。", "附加资料", "古巴常驻联合国代表", LETTER, False, "ours, says the cover"),
    ("谨此转递联合声明。", "古巴和巴西联合声明", "古巴常驻联合国代表", LETTER, True, "a joint statement"),
    ("谨此转递不结盟国家集团的声明。", "集团声明", "古巴常驻联合国代表", LETTER, True, "of a group"),
    ("我代表反恐委员会，谨此提交报告。", "工作报告", "反恐委员会主席", LETTER, False, "for its own body"),
    ("请会员国注意下列资料。", "名单", "古巴常驻代表团", NOTE, False, "nothing is passed on"),
    ("谨此提交报告。", "附表", "秘书长", REPORT, False, "annexes of a report are its own"),
    ("謹此轉遞摘要。", "主席摘要", "烏克蘭常駐代表團", NOTE, True, "traditional characters"),
]


@pytest.mark.parametrize(("cover", "title", "sender", "kind", "wanted", "remark"), CASES)
def test_an_annex_is_transmitted_unless_it_is_the_senders_own(cover, title, sender, kind, wanted, remark):
    assert transmitted(cover, title, sender, kind) is wanted, remark


BUNDLED = [
    # file, transmitted parts, turns of speech
    ("CD_2118.txt", {"annex"}, 0),
    ("S_2016_1013.txt", {"annex"}, 0),
    ("S_2010_52.txt", set(), 0),
    ("A_74_140.txt", set(), 0),
    ("S_AC.44_SR.74.md", set(), 28),
]


@pytest.mark.parametrize(("name", "parts", "turns"), BUNDLED)
def test_the_bundled_documents(name, parts, turns):
    blocks = parse_document(DOCUMENTS / name).paragraphs
    assert {block.part for block in blocks if block.transmitted} == parts
    counted = [block.turn for block in blocks if block.turn]
    assert sorted(set(counted)) == list(range(1, turns + 1))
    assert counted == sorted(counted)
    assert all((block.turn is None) == (block.speaker is None) for block in blocks)


def test_one_turn_has_one_speaker():
    blocks = parse_document(DOCUMENTS / "S_AC.44_SR.74.md").paragraphs
    speakers: dict[int, set] = {}
    for block in blocks:
        if block.turn:
            speakers.setdefault(block.turn, set()).add(block.speaker)
    assert all(len(names) == 1 for names in speakers.values())


@pytest.mark.parametrize(("stated", "parts"), [(None, {"annex"}), ([], set()), (["annex2"], {"annex2"})])
def test_a_sidecar_overrules(stated, parts):
    sidecar = sidecar_of({} if stated is None else {"transmitted": stated})
    blocks = [
        ParsedParagraph("u1", Kind.PARAGRAPH, "谨此转递概念说明(见附件)。"),
        ParsedParagraph("annex.1", Kind.PARAGRAPH, "正文。", part="annex"),
        ParsedParagraph("annex2.1", Kind.PARAGRAPH, "正文。", part="annex2"),
    ][: 3 if stated else 2]
    marked = mark_transmitted(blocks, Facts(document_type=LETTER), sidecar.transmitted)
    assert {block.part for block in marked if block.transmitted} == parts


@pytest.mark.parametrize("wrong", ["annex", ["main"], [1], ["附件"]])
def test_a_wrong_key_of_the_sidecar_is_refused_with_the_remedy(wrong):
    with pytest.raises(SidecarError, match="annex2"):
        sidecar_of({"transmitted": wrong})
