"""Titles below mastheads of many organs, and where no masthead is; letters with their annexes."""

from __future__ import annotations

import pytest

from archive.text.document import parse_source
from archive.text.parsed import ParsedDocument
from archive.text.reader import source_of
from archive.text.reference import load_reference
from archive.text.sidecar import sidecar_of

TEXT = "1. 灯塔由港口主管机关管理，灯船由海事机关管理。\n2. 各港口应当每年公布灯塔的数目。"


def parsed(*lines: str, between: str = "\n", **stated: str) -> ParsedDocument:
    return parse_source(source_of(between.join((*lines, TEXT))), sidecar_of(stated), load_reference())


MASTHEADS = [
    (
        "联合国 A/78/1234|大会|Distr.: General|3 August 2023|Chinese|Original: English|第七十八届会议|"
        "暂定项目表项目71(b)|海洋和海洋法|港口灯塔的养护|秘书长的报告",
        "港口灯塔的养护",
        "大会",
        "第七十八届会议",
    ),
    (
        "联合国 E/ICEF/2021/EB/30|经济及社会理事会|Distr.: Limited|5 July 2021|联合国儿童基金会|执行局|"
        "2021年第二届常会|2021年9月7日至10日|临时议程项目6*|灯塔儿童方案文件",
        "灯塔儿童方案文件",
        "经济及社会理事会",
        "2021年第二届常会",
    ),
    (
        "国际原子能机构|理事会|大会|GOV/2031/7-GC(75)/9|2031年8月2日|普遍分发|中文|原语文：英文|仅供工作使用|"
        "临时议程项目5|灯塔用放射源的安保|总干事的报告",
        "灯塔用放射源的安保",
        "国际原子能机构",
        None,
    ),
    (
        "禁止化学武器组织|执行理事会|第九十八届会议|EC-98/DG.31|2021年10月5日至8日|CHINESE|Original: ENGLISH|"
        "总干事的说明|灯塔油料的核查",
        "总干事的说明",
        "禁止化学武器组织",
        "第九十八届会议",
    ),
    (
        "不扩散核武器条约缔约国|2026年审议大会筹备委员会|NPT/CONF.2026/PC.I/WP.77|Distr.: General|"
        "Original: French|第一届会议|2023年7月31日至8月11日，维也纳|灯塔与和平利用|比利时提交的工作文件",
        "灯塔与和平利用",
        "不扩散核武器条约缔约国",
        "第一届会议",
    ),
    (
        "经济及社会理事会|2024年届会|2023年7月27日至2024年7月24日|议程项目11(b)|灯塔协调|灯塔协调工作的进展|"
        "秘书长的报告",
        "灯塔协调工作的进展",
        "经济及社会理事会",
        "2024年届会",
    ),
    (
        "2024年届会|议程项目7|灯塔方案|理事会副主席甲某(智利)提出的决议草案|港口灯塔的今后工作",
        "港口灯塔的今后工作",
        "经济及社会理事会",
        "2024年届会",
    ),
    (
        "大会|第七十九届会议|议程项目13|灯塔文化|联合国教科文组织总干事的报告",
        "灯塔文化",
        "大会",
        "第七十九届会议",
    ),
    ("港口灯塔年度报告|摘要", "港口灯塔年度报告", "安全理事会", None),
    ("维基文库，自由的图书馆|港口灯塔公约", "港口灯塔公约", "安全理事会", None),
]
SYMBOLS = {3: "EC-98/DG.31", 5: "E/2024/77", 6: "E/2024/L.9", 7: "A/79/66", 8: "S/2019/77", 9: "S/2019/78"}
ROWS = [(at, *row) for at, row in enumerate(MASTHEADS)]


@pytest.mark.parametrize("between", ["\n", "\n\n"], ids=["lines", "blank lines between"])
@pytest.mark.parametrize(("at", "head", "title", "organ", "session"), ROWS, ids=[row[1][:14] for row in ROWS])
def test_title_organ_and_session_are_read_below_a_masthead(at, head, title, organ, session, between):
    stated = {"symbol": SYMBOLS[at]} if at in SYMBOLS else {}
    facts = parsed(*head.split("|"), between=between, **stated).facts
    assert (facts.title, facts.organ, facts.session) == (title, organ, session)


@pytest.mark.parametrize("heading", ["摘要", "概要", "内容提要", "执行摘要", "导言", "前言", "目录"])
def test_a_summary_is_no_title(heading):
    document = parsed(heading, symbol="S/2019/77")
    assert document.facts.title != heading or "no title is printed" in document.doubts[0].message
    assert document.paragraphs[0].role != "title"


UNTITLED = [
    ("灯塔由港口管理，灯船由海事机关管理。", "灯塔由港口管理"),
    ("深信灯塔必须得到妥善养护，", "深信灯塔必须得到妥善养护"),
    ("港口里没有一句话是短的" * 9 + "。", ("港口里没有一句话是短的" * 9)[:60] + "…"),
    ("灯塔一座。", "灯塔一座。"),
    ("3. 请各港口报告。", "请各港口报告。"),
]


@pytest.mark.parametrize(("line", "words"), UNTITLED, ids=[row[1][:8] for row in UNTITLED])
def test_a_text_without_title_is_called_by_its_first_words_and_says_so(line, words):
    document = parsed(line, symbol="S/2019/77")
    assert document.facts.title.removesuffix("…") == words.removesuffix("…").removesuffix("。") or (
        document.facts.title == words
    )
    assert "no title is printed" in "".join(doubt.message for doubt in document.doubts)


def test_a_stated_title_is_no_doubt():
    document = parsed("灯塔由港口管理。", symbol="S/2019/77", title="关于灯塔")
    assert document.facts.title == "关于灯塔"
    assert not any("no title" in doubt.message for doubt in document.doubts)


LETTERS = [
    ("2021年3月4日秘鲁常驻联合国代表给秘书长的信及附件", "letter", "秘鲁常驻联合国代表", "秘书长"),
    (
        "2021年3月4日秘鲁常驻联合国代表致安全理事会主席的信及其附件",
        "letter",
        "秘鲁常驻联合国代表",
        "安全理事会主席",
    ),
    (
        "2021年3月4日秘鲁常驻联合国代表团致秘书处的普通照会及附件",
        "note_verbale",
        "秘鲁常驻联合国代表团",
        "秘书处",
    ),
    ("2021年3月4日秘鲁外交部长卡洛斯给大会主席的信", "letter", "秘鲁外交部长卡洛斯", "大会主席"),
    ("2021年3月4日秘鲁和智利常驻代表给秘书长的同文信", "letter", "秘鲁和智利常驻代表", "秘书长"),
]


@pytest.mark.parametrize(
    ("title", "kind", "sender", "addressee"), LETTERS, ids=[row[0][9:] for row in LETTERS]
)
def test_sender_and_addressee_are_facts_of_a_letter_with_annexes(title, kind, sender, addressee):
    facts = parsed(title, "谨随函转递灯塔统计。", symbol="S/2021/222").facts
    assert (str(facts.document_type), facts.sender, facts.addressee) == (kind, sender, addressee)


ADOPTED = "2024年7月24日经济及社会理事会决议"


def test_a_running_head_behind_the_body_tells_the_title():
    lines = [
        "2024年届会",
        "议程项目7",
        "灯塔方案",
        ADOPTED,
        "经济及社会理事会，",
        *[f"回顾第{n}号报告，" for n in range(9)],
    ]
    foot = ["联合国", "经济及社会理事会", "港口灯塔的今后工作", "见第一次报告。"]
    text = "\n".join([*lines, "请各港口报告。", *foot])
    facts = parse_source(source_of(text), sidecar_of({"symbol": "E/RES/2024/9"}), load_reference()).facts
    assert facts.title == "港口灯塔的今后工作"
