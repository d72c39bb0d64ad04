"""The formulas that open a turn, as meeting records print them."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.text import parse_document
from archive.text.errors import SidecarError
from archive.text.parsed import DocumentType, Facts, Kind, ParsedParagraph, Speaker
from archive.text.segmenter.speakers import read_turn
from archive.text.sidecar import sidecar_of
from archive.text.transmitted import mark_transmitted
from tests.factories import block, parsed, store

SUMMARY = [
    (
        "Sison女士(美利坚合众国)以透明度和媒体外联工作组协调员身份发言说,透明度",
        Speaker("Sison", "女士", "美利坚合众国", "member", "透明度和媒体外联工作组协调员"),
        "a capacity, S/AC.44/SR.74, para. 2",
    ),
    (
        "Rosenthal先生(专家)在发言的同时",
        Speaker("Rosenthal", "先生", None, "expert", "专家"),
        "an expert, para. 6",
    ),
    (
        "会议主持人Cupitt先生(美利坚合众国)请与会者发表见解。",
        Speaker("Cupitt", "先生", "美利坚合众国", "member", "会议主持人"),
        "a function before the name, para. 9",
    ),
    ("Anton先生(德国观察员)说,", Speaker("Anton", "先生", "德国", "observer"), "an observer, para. 10"),
    (
        "García Guiza女士(墨西哥观察员)说,",
        Speaker("García Guiza", "女士", "墨西哥", "observer"),
        "two names with accents",
    ),
    (
        "Rached先生(国际刑事警察组织(国际刑警组织)观察员)说,",
        Speaker("Rached", "先生", "国际刑事警察组织(国际刑警组织)", "observer"),
        "nested brackets, para. 29",
    ),
    (
        "Taylor先生(专家组协调员)说,",
        Speaker("Taylor", "先生", None, "expert", "专家组协调员"),
        "the experts' coordinator",
    ),
    (
        "金垣洙先生(副秘书长兼裁军事务高级代表)说,",
        Speaker("金垣洙", "先生", None, "secretariat", "副秘书长兼裁军事务高级代表"),
        "the Secretariat, para. 42",
    ),
    ("主席说,会员国", Speaker("主席", None, None, "chair", "主席"), "the Chair, para. 45"),
    (
        "Rahman先生(印度尼西亚，代表东南亚国家联盟)说：",
        Speaker("Rahman", "先生", "印度尼西亚", "member", "代表东南亚国家联盟"),
        "for a group of States",
    ),
    (
        "Bauer女士(斯德哥尔摩国际和平研究所观察员)提出了",
        Speaker("Bauer", "女士", "斯德哥尔摩国际和平研究所", "observer"),
        "without 说",
    ),
]


@pytest.mark.parametrize(("text", "speaker", "remark"), SUMMARY, ids=[row[2] for row in SUMMARY])
def test_the_formula_of_a_summary_record_is_read(text, speaker, remark):
    assert read_turn(text).speaker == speaker


VERBATIM = [
    (
        "主席(以英语发言)：我现在请法国代表发言。",
        Speaker("主席", None, None, "chair", "主席"),
        "the President with language",
    ),
    (
        "丘尔金先生(俄罗斯联邦)(以俄语发言)：",
        Speaker("丘尔金", "先生", "俄罗斯联邦", "member"),
        "a State and a language",
    ),
    ("王民先生（中国）：", Speaker("王民", "先生", "中国", "member"), "full-width brackets, no language"),
    (
        "Power 女士(美利坚合众国)(以英语发言):",
        Speaker("Power", "女士", "美利坚合众国", "member"),
        "a Latin name, half-width colon",
    ),
]


@pytest.mark.parametrize(("text", "speaker", "remark"), VERBATIM, ids=[row[2] for row in VERBATIM])
def test_the_formula_of_a_verbatim_record_is_read(text, speaker, remark):
    assert read_turn(text, verbatim=True).speaker == speaker


NO_TURNS = [
    ("委员会引起了各方面极大的注意,因为", "a paragraph that goes on"),
    ("德国代表团欢迎定于2016年9月27日", "a delegation as subject"),
    ("Rosenthal先生的意见得到赞同。", "a person spoken about"),
    ("主席国提交的文件", "an office as part of a word"),
    ("(" * 500, "nothing but brackets"),
    ("", "nothing"),
]


@pytest.mark.parametrize(("text", "remark"), NO_TURNS, ids=[row[1] for row in NO_TURNS])
def test_other_text_opens_no_turn(text, remark):
    assert read_turn(text) is None


def test_a_verbatim_turn_needs_its_colon():
    assert read_turn("丘尔金先生(俄罗斯联邦)的发言", verbatim=True) is None


# --- What a sender only passes on, and the turns of a meeting record ---

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
    for one in blocks:
        if one.turn:
            speakers.setdefault(one.turn, set()).add(one.speaker)
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


# --- Speakers whom the print does not tell apart ---


def record(number: int, *delegations: str):
    """A record of one person's turns, with the delegations as printed."""
    blocks = [
        block(
            str(place), "我们支持决议。", speaker=Speaker("Okafor", "女士", delegation, "member"), turn=place
        )
        for place, delegation in enumerate(delegations, start=1)
    ]
    return parsed(f"S/PV.{number}", *blocks, document_type="verbatim_record", organ="安全理事会")


def test_a_delegation_printed_like_the_organ_and_none_printed_are_one_speaker(db, client):
    store(record(1, "安全理事会", "", ""))
    store(record(2, "", "尼日尔"))
    rows = client.get("/speakers.json").json()["speakers"]
    assert [(row["turns"], row["documents"]) for row in rows] == [(4, 2), (1, 1)]
    for row in rows:
        assert client.get(f"{row['url']}.json").json()["turns_listed"]["page"]["total"] == row["turns"]
