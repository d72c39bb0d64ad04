"""Facts of a document: from masthead, footers, title and cover, never from a mention."""

from __future__ import annotations

import pytest

from archive.text.cleaner import clean
from archive.text.parsed import DocumentType, Facts
from archive.text.reader import source_of
from archive.text.segmenter import segment

BODY = "委员会审议了各国的报告。"


def facts(text: str) -> Facts:
    return segment(clean(source_of(text).text)).facts


TITLES = [
    ("2010年1月29日委员会主席给安全理事会主席的信", DocumentType.LETTER),
    ("2009年8月14日古巴常驻联合国代表给秘书长和安全理事会主席的同文信", DocumentType.LETTER),
    (
        "2018年2月1日乌克兰常驻代表团致裁军谈判会议秘书处的普通照会，其中转交主席摘要",
        DocumentType.NOTE_VERBALE,
    ),
    ("第74次会议简要记录", DocumentType.SUMMARY_RECORD),
    ("秘书长的报告", DocumentType.REPORT),
    ("安全理事会主席的声明", DocumentType.PRESIDENTIAL_STATEMENT),
    ("安全理事会主席的说明", DocumentType.NOTE),
    ("第1540(2004)号决议", DocumentType.RESOLUTION),
    ("关于制定2009年会议工作方案的决定", DocumentType.DECISION),
]


@pytest.mark.parametrize(("title", "kind"), TITLES, ids=[row[0][-12:] for row in TITLES])
def test_the_title_tells_what_a_document_is(title, kind):
    found = facts(f"{title}\n{BODY}\n{BODY}")
    assert (found.title, found.document_type) == (title, kind)


SYMBOLS = [
    ("S/RES/1540(2004)", DocumentType.RESOLUTION),
    ("S/PRST/2014/7", DocumentType.PRESIDENTIAL_STATEMENT),
    ("S/PV.7169", DocumentType.VERBATIM_RECORD),
    ("S/AC.44/SR.74", DocumentType.SUMMARY_RECORD),
]


@pytest.mark.parametrize(("symbol", "kind"), SYMBOLS, ids=[row[0] for row in SYMBOLS])
def test_the_symbol_tells_what_a_document_is(symbol, kind):
    assert facts(f"{symbol}\n{BODY}").document_type is kind


def test_a_masthead_is_read():
    found = facts(
        "联合国 A/75/133\n大会\nDistr.: General\n9 July 2020\nChinese\nOriginal: English\n第七十五届会议\n"
        "暂定项目表*项目103(p)\n全面彻底裁军\n"
        f"防止恐怖分子获取大规模毁灭性武器的措施\n秘书长的报告\n1. {BODY}\n20-09404 (C)"
    )
    assert found == Facts(
        symbol="A/75/133",
        title="防止恐怖分子获取大规模毁灭性武器的措施",
        document_type=DocumentType.REPORT,
        organ="大会",
        date="2020-07-09",
        original_language="English",
        job_number="20-09404",
        session="第七十五届会议",
        agenda_item="103(p)",
        distribution="General",
    )


def test_a_letter_tells_sender_addressee_and_date():
    found = facts(f"2016年12月1日西班牙常驻联合国代表给秘书长的信\n{BODY}\n{BODY}")
    assert (found.sender, found.addressee, found.communication_date, found.date) == (
        "西班牙常驻联合国代表",
        "秘书长",
        "2016-12-01",
        None,
    )


def test_the_cover_of_a_record_is_read():
    found = facts(
        "S/AC.44/SR.74\n第74次会议简要记录\n2016年6月22日星期三下午3时在纽约总部举行\n"
        f"主席: 奥亚尔孙•马切西先生......(西班牙)\n下午3时10分宣布开会。\n1. {BODY}"
    )
    assert (found.meeting, found.meeting_date, found.place) == ("74", "2016-06-22", "纽约总部")
    assert found.chair == "奥亚尔孙•马切西(西班牙)"


def test_a_document_with_two_symbols_has_both():
    found = facts(f"A/63/985–S/2009/419\n{BODY}")
    assert (found.symbol, found.other_symbols) == ("A/63/985", ("S/2009/419",))


def test_a_symbol_mentioned_in_the_text_is_not_the_document_s_own():
    assert facts(f"报告(S/2008/493)详细说明了措施。\n{BODY}").symbol is None


YEARS = [
    ("第1673(2006)号决议\n", "a title with the year below one without"),
    ("2006年4月27日安全理事会第5429次会议通过\n", "the line that says when it was adopted"),
    ("(安全理事会2006年4月27日通过)\n", "the same in brackets"),
    ("联合国 | S/RES/1673 (2006) |\n", "a masthead in cells"),
    ("联合国安理会第1672(2006)号决议 联合国安理会第1673(2006)号决议\n", "links to its neighbours"),
]


@pytest.mark.parametrize(("line", "remark"), YEARS, ids=[row[1] for row in YEARS])
def test_the_symbol_of_a_council_resolution_bears_its_year(line, remark):
    body = "安全理事会\n审议了报告,\n1. 重申决议；\n2. 决定继续处理此案。"
    found = facts(f"联合国安理会第1673号决议\n{line}{body}")
    assert (found.symbol, found.document_type) == ("S/RES/1673(2006)", DocumentType.RESOLUTION)


ADOPTED = [
    "2006年4月27日安全理事会第5429次会议通过",
    "(2006年4月27日安全理事會第5429次會議通過)",
    "安全理事会2006年4月27日第5429次会议通过",
]


@pytest.mark.parametrize("line", ADOPTED)
def test_the_line_of_adoption_tells_meeting_and_day(line):
    found = facts(f"第1673(2006)号决议\n{line}\n安全理事会，\n重申决议，\n1. 决定；")
    assert (found.meeting, found.meeting_date) == ("5429", "2006-04-27")


def test_the_closing_lines_of_a_resolution_tell_meeting_and_day():
    found = facts("A/RES/53/60\n53/60. 情报\n大会，\n回顾，\n1. 决定。\n1998年12月3日\n第78次全体会议")
    assert (found.meeting, found.meeting_date) == ("78", "1998-12-03")


def test_a_resolution_states_its_symbol_in_title_and_organ_line():
    assert facts("第1540(2004)号决议\n安全理事会，\n回顾其决议，\n1. 决定；").symbol == "S/RES/1540(2004)"
