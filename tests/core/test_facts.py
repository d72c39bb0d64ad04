"""Facts of a document: from masthead, footers, title and cover, never from a mention."""

from __future__ import annotations

from itertools import zip_longest

import pytest

from archive.readers import read_file
from archive.readers.core import as_core
from archive.text.cleaner import clean
from archive.text.document import parse_source
from archive.text.errors import MissingSymbolError, SidecarError
from archive.text.parsed import DocumentType, Facts, ParsedDocument
from archive.text.reader import Source, source_of
from archive.text.reference import load_reference
from archive.text.segmenter import segment
from archive.text.sidecar import Sidecar, read_sidecar, sidecar_beside, sidecar_of
from archive.text.typography import display_width
from tests.pages_set.writer import Put, write_pdf
from tests.tables import each_row, rows_from
from tests.tools.word_files import paragraph, rows_of, table, word

BODY = "委员会审议了各国的报告。"


def facts(text: str) -> Facts:
    return segment(clean(source_of(text).text)).facts


@each_row("TITLES")
def test_the_title_tells_what_a_document_is(title, kind):
    found = facts(f"{title}\n{BODY}\n{BODY}")
    assert (found.title, found.document_type) == (title, kind)


@each_row("SYMBOLS")
def test_the_symbol_tells_what_a_document_is(symbol, kind):
    assert facts(f"{symbol}\n{BODY}").document_type == kind


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


@each_row("YEARS")
def test_the_symbol_of_a_council_resolution_bears_its_year(line, remark):
    body = "安全理事会\n审议了报告,\n1. 重申决议；\n2. 决定继续处理此案。"
    found = facts(f"联合国安理会第1673号决议\n{line}{body}")
    assert (found.symbol, found.document_type) == ("S/RES/1673(2006)", DocumentType.RESOLUTION)


@each_row("ADOPTED")
def test_the_line_of_adoption_tells_meeting_and_day(line):
    found = facts(f"第1673(2006)号决议\n{line}\n安全理事会，\n重申决议，\n1. 决定；")
    assert (found.meeting, found.meeting_date) == ("5429", "2006-04-27")


def test_the_closing_lines_of_a_resolution_tell_meeting_and_day():
    found = facts("A/RES/53/60\n53/60. 情报\n大会，\n回顾，\n1. 决定。\n1998年12月3日\n第78次全体会议")
    assert (found.meeting, found.meeting_date) == ("78", "1998-12-03")


def test_a_resolution_states_its_symbol_in_title_and_organ_line():
    assert facts("第1540(2004)号决议\n安全理事会，\n回顾其决议，\n1. 决定；").symbol == "S/RES/1540(2004)"


# --- Titles below mastheads of many organs, and where no masthead is; letters with their annexes ---

TEXT = "1. 灯塔由港口主管机关管理，灯船由海事机关管理。\n2. 各港口应当每年公布灯塔的数目。"


def parsed(*lines: str, between: str = "\n", **stated: str) -> ParsedDocument:
    return parse_source(source_of(between.join((*lines, TEXT))), sidecar_of(stated), load_reference())


MASTHEADS = rows_from(__name__, "MASTHEADS")
PRINTED_SYMBOLS = rows_from(__name__, "PRINTED_SYMBOLS")
ROWS = [(at, *row) for at, row in enumerate(MASTHEADS)]


@pytest.mark.parametrize("between", ["\n", "\n\n"], ids=["lines", "blank lines between"])
@pytest.mark.parametrize(("at", "head", "title", "organ", "session"), ROWS, ids=[row[1][:14] for row in ROWS])
def test_title_organ_and_session_are_read_below_a_masthead(at, head, title, organ, session, between):
    stated = {"symbol": PRINTED_SYMBOLS[at]} if at in PRINTED_SYMBOLS else {}
    facts = parsed(*head.split("|"), between=between, **stated).facts
    assert (facts.title, facts.organ, facts.session) == (title, organ, session)


HEADS = rows_from(__name__, "HEADS")


@each_row("HEADS")
def test_purpose_form_and_author_are_no_title_beside_their_subject(head, symbol, title, kind, organ):
    facts = parsed(*head.split("|"), **({"symbol": symbol} if symbol else {})).facts
    assert (facts.title.rstrip("*"), str(facts.document_type), facts.organ) == (title, kind, organ)


@pytest.mark.parametrize("head", ["2030年不扩散核武器", "灯船所用", "议程项目71(b)和103", "议程项目71|海洋"])
def test_what_stands_above_the_title_in_a_masthead_is_no_block(head):
    lines = next(row[0] for row in HEADS if head in row[0])
    first = parsed(*lines.split("|")).paragraphs[0]
    assert (first.role, first.parent) == ("title", None)


def _set_as_text(left: list[str], right: list[str], below: list[str], heads: list[str]) -> Source:
    beside = [(a, b) for a, b in zip_longest(left, right, fillvalue="")]
    head = "\n".join(f"{a}{' ' * (62 - display_width(a))}{b}" if b else a for a, b in beside)
    titles = "\n\n".join(f"   {line}" for line in heads)
    return source_of("\n".join([head, "", *below, "", titles, "", TEXT.replace("\n", "\n\n")]))


def _set_in_word(left: list[str], right: list[str], below: list[str], heads: list[str]) -> Source:
    def broken(lines: list[str]) -> str:
        return paragraph("<w:r>" + "<w:br/>".join(f"<w:t>{line}</w:t>" for line in lines) + "</w:r>")

    head = table((left[0], right[0]), (broken(left[1:]), broken(right[1:])))
    title, *others = heads
    titles = paragraph(title, '<w:outlineLvl w:val="0"/>') + "".join(map(paragraph, others))
    return _read(word(head + broken(below) + titles + "".join(map(paragraph, TEXT.split("\n")))))


def _set_in_cells(left: list[str], right: list[str], below: list[str], heads: list[str]) -> Source:
    cells = [f"<td>{'<br>'.join(lines)}</td>" for lines in (left[:1], right[:1], left[1:], right[1:])]
    head = f"<table><tr>{cells[0]}{cells[1]}</tr><tr>{cells[2]}{cells[3]}</tr></table>"
    return _set_as_page(head + "".join(f"<p>{line}</p>" for line in below), heads)


def _set_in_boxes(left: list[str], right: list[str], below: list[str], heads: list[str]) -> Source:
    boxes = "".join(f"<div>{line}</div>" for lines in (left, right) for line in lines)
    return _set_as_page(f"<div>{boxes}</div><div>{'<br>'.join(below)}</div>", heads)


def _set_as_page(head: str, heads: list[str]) -> Source:
    title, *others = heads
    texts = "".join(f"<p>{line}</p>" for line in (*others, *TEXT.split("\n")))
    return _read(f"<!doctype html><html><body>{head}<h1>{title}</h1>{texts}</body></html>".encode())


def _set_on_a_sheet(left: list[str], right: list[str], below: list[str], heads: list[str]) -> Source:
    sheet = [Put(90, 90 + 39 * at, line, 15 if at else 14) for at, line in enumerate(left)]
    sheet += [Put(400, 89 if not at else 112 + 15 * at, line, 9) for at, line in enumerate(right)]
    top = 130 + 39 * len(left) + 15 * max(0, len(right) - 5)
    sheet += [Put(90, top + 16 * at, line, 10) for at, line in enumerate(below)]
    top += 16 * len(below) + 12
    sheet += [Put(90, top + 31 * at, line, 12 if at else 15) for at, line in enumerate(heads)]
    top += 31 * len(heads)
    sheet += [Put(90, top + 26 * at, line, 11.5) for at, line in enumerate(TEXT.split("\n"))]
    return _read(write_pdf([sheet]))


def _read(data: bytes) -> Source:
    return as_core(read_file(data, "x"), "x")


SETTINGS = {
    "text": _set_as_text,
    "word": _set_in_word,
    "cells": _set_in_cells,
    "boxes": _set_in_boxes,
    "sheet": _set_on_a_sheet,
}
HEADS_SET = rows_from(__name__, "HEADS_SET")


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize(
    ("left", "right", "below", "heads", "date"), HEADS_SET, ids=[row[1].split("|")[0] for row in HEADS_SET]
)
def test_a_masthead_in_two_columns_is_none_of_the_text(left, right, below, heads, date, setting):
    source = SETTINGS[setting](*(part.split("|") for part in (left, right, below, heads)))
    document = parse_source(source, Sidecar(), load_reference())
    told = [one.text.rstrip("*") for one in document.paragraphs if str(one.kind) != "footnote"]
    assert told[: heads.count("|") + 2] == [*heads.split("|"), TEXT.split("\n")[0][3:]]
    assert (document.facts.title, document.facts.date) == (heads.split("|")[0], date)


@each_row("ABOVE_TITLES")
def test_what_stands_between_masthead_and_marked_title_is_no_block(head, title, meeting, kept):
    head = "".join(f"<p>{line}</p>" for line in head.split("|"))
    document = parse_source(_set_as_page(head, [title]), Sidecar(), load_reference())
    assert [one.text for one in document.paragraphs[:-2]] == [*kept, title]
    assert (document.facts.title, document.facts.meeting) == (title, meeting)


def test_the_title_of_an_item_may_be_larger_than_its_number_alone():
    small = ["A/86/139", "Distr.: General", "5 May 2031", "临时议程项目96(u)"]
    head = ["联合国", "大会", *small[:-1], "第八十六届会议", small[-1], "全面彻底裁军：灯塔"]
    sheet = [Put(90, 80 + 20 * at, line, 10 if line in small else 13) for at, line in enumerate(head)]
    below = ["港口灯塔的措施", "秘书长的报告", *TEXT.split("\n")]
    sheet += [Put(90, 290 + 36 * at, line, 13) for at, line in enumerate(below)]
    document = parse_source(_read(write_pdf([sheet])), Sidecar(), load_reference())
    assert document.paragraphs[0].text == document.facts.title == "港口灯塔的措施"


def test_an_organ_that_only_a_running_head_names_is_told():
    body = [f"{number}. 灯塔由港口管理，灯船由海事机关管理。" for number in range(1, 9)]
    document = parsed("灯塔", *body[:4], "联合国", "人权理事会", *body[4:], symbol="A/XY/3")
    assert document.facts.organ == "人权理事会"


@pytest.mark.parametrize("between", ["\n", "\n\n"], ids=["lines", "blank lines between"])
@pytest.mark.parametrize("place", ["纽约", "日内瓦"])
def test_the_place_below_the_day_of_a_meeting_is_no_heading(place, between):
    lines = ["安全理事会", "第8888次会议", "2031年5月3日星期六上午10时举行", place, "灯塔的养护"]
    document = parsed(*lines, "上午10时05分开会。", between=between, symbol="S/PV.8888")
    assert place not in [paragraph.text for paragraph in document.paragraphs]
    assert document.facts.place == place


@pytest.mark.parametrize("heading", ["摘要", "概要", "内容提要", "执行摘要", "导言", "前言", "目录"])
def test_a_summary_is_no_title(heading):
    document = parsed(heading, symbol="S/2019/77")
    assert document.facts.title != heading or "no title is printed" in document.doubts[0].message
    assert document.paragraphs[0].role != "title"


@each_row("UNTITLED")
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


@each_row("ODD_TITLES")
def test_a_title_with_what_is_printed_around_it_is_a_doubt(title, odd):
    document = parsed(title, "灯塔由港口管理，灯船由海事机关管理。", symbol="S/2031/9")
    assert any("belongs to the masthead" in doubt.message for doubt in document.doubts) is odd
    stated = parsed(title, "灯塔由港口管理，灯船由海事机关管理。", symbol="S/2031/9", title=title)
    assert not any("belongs to the masthead" in doubt.message for doubt in stated.doubts)


@each_row("LETTERS")
def test_sender_and_addressee_are_facts_of_a_letter_with_annexes(title, kind, sender, addressee):
    facts = parsed(title, "谨随函转递灯塔统计。", symbol="S/2021/222").facts
    assert (str(facts.document_type), facts.sender, facts.addressee) == (kind, sender, addressee)


ADOPTED_TITLES = "2024年7月24日经济及社会理事会决议"


def test_a_running_head_behind_the_body_tells_the_title():
    lines = [
        "2024年届会",
        "议程项目7",
        "灯塔方案",
        ADOPTED_TITLES,
        "经济及社会理事会，",
        *[f"回顾第{n}号报告，" for n in range(9)],
    ]
    foot = ["联合国", "经济及社会理事会", "港口灯塔的今后工作", "见第一次报告。"]
    text = "\n".join([*lines, "请各港口报告。", *foot])
    facts = parse_source(source_of(text), sidecar_of({"symbol": "E/RES/2024/9"}), load_reference()).facts
    assert facts.title == "港口灯塔的今后工作"


# --- What a sidecar says of a document reaches its segmentation: kinds of paragraphs, type and organ ---

SENTENCE = "委员会审议了各国提交的报告，并就执行情况提出了建议。"


def parsed_with(text: str, **stated: str) -> ParsedDocument:
    return parse_source(source_of(text), sidecar_of(stated), load_reference())


def kinds(document: ParsedDocument) -> list[str]:
    return [str(paragraph.kind) for paragraph in document.paragraphs]


@each_row("TOLD")
def test_a_symbol_in_the_sidecar_tells_type_and_organ(symbol, kind, organ, remark):
    facts = parsed_with(SENTENCE * 2, symbol=symbol).facts
    assert (str(facts.document_type), facts.organ) == (kind, organ), remark


RESOLUTION = "S/RES/2664(2022)"
SHORT = {"preambular": "p", "operative": "o", "subparagraph": "s", "heading": "h", "paragraph": "x"}


@each_row("EXCERPTS")
def test_a_resolution_known_by_its_symbol_needs_no_opening_line(lines, expected, remark):
    document = parsed_with("\n".join(lines), symbol=RESOLUTION)
    assert "".join(SHORT[kind] for kind in kinds(document)) == expected, remark
    assert [p.kind for p in parsed_with("\n\n".join(lines), symbol=RESOLUTION).paragraphs] == [
        p.kind for p in document.paragraphs
    ], "blank lines change nothing"


PLAIN = "1. 促请各国加入；\n2. 决定继续处理此案。"


def test_a_stated_type_overrules_the_symbol():
    document = parsed_with(
        "1. 促请各国加入；\n2. 决定继续处理此案。", symbol="S/2022/1000", document_type="resolution"
    )
    assert kinds(document) == ["operative", "operative"]


def test_the_same_words_are_plain_paragraphs_where_nothing_tells_of_a_resolution():
    assert kinds(parsed_with(PLAIN, symbol="S/2022/1000")) == ["paragraph"] * 2


def test_turns_are_read_in_a_record_known_by_its_symbol():
    text = "1. 王女士（中国）说，代表团支持建议。\n\n2. 李先生（新加坡）表示赞同。"
    speakers = [p.speaker and p.speaker.name for p in parsed_with(text, symbol="A/C.2/71/SR.9").paragraphs]
    assert speakers == ["王", "李"]


# --- Sidecars: what they may state, and how a wrong one is refused ---


@pytest.fixture
def sidecar(tmp_path):
    """A function that writes a sidecar and reads it."""

    def read(content: str | bytes):
        path = tmp_path / "S_2016_1013.toml"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_sidecar(path)

    return read


@each_row("STATED")
def test_what_a_sidecar_states_overrules_the_text(sidecar, content, key, value, remark):
    read = Facts(symbol="S/2000/1", title="旧", date="2000-01-01", document_type=DocumentType.NOTE)
    assert getattr(sidecar(content).overrule(read), key) == value


def test_what_a_sidecar_does_not_state_stays_as_read(sidecar):
    assert sidecar('title = "新"').overrule(Facts(symbol="S/2000/1")).symbol == "S/2000/1"


REFUSED = [
    ('titel = "x"', "unknown key 'titel'", "an unknown key"),
    ("title = 5", "title must be a text", "a number for a text"),
    ('title = ""', "title must be a text", "an empty text"),
    ('date = "1 December 2016"', "date must be a date such as", "a date in words"),
    ("date = 20161201", "date must be a date such as", "a number for a date"),
    ('document_type = "memo"', "Known types are letter", "an unknown type"),
    ('symbol = "安理会文件"', "symbol is no symbol", "a symbol that is none"),
    ('other_symbols = "A/1"', "must be a list", "a text for a list"),
    ('symbol = "S/2016/9042.JSON"', "address of this archive", "the ending of a twin"),
    ('symbol = "S/2016/9041/P/14"', "address of this archive", "the address of a paragraph"),
    ('other_symbols = ["A/77/1/Source"]', "address of this archive", "the address of a source"),
    ("symbol = S/2016/1013", "this is no TOML", "a forgotten quotation mark"),
    ('symbol = "S/2016/1013'.encode("utf-16"), "UTF-8", "another encoding"),
]


@pytest.mark.parametrize(("content", "message", "remark"), REFUSED, ids=[row[2] for row in REFUSED])
def test_a_wrong_sidecar_is_refused_with_file_and_reason(sidecar, content, message, remark):
    with pytest.raises(SidecarError, match=message) as refused:
        sidecar(content)
    assert "S_2016_1013.toml" in str(refused.value)


def test_the_sidecar_has_the_name_of_its_source(tmp_path):
    source, beside = tmp_path / "S_AC.44_SR.74.md", tmp_path / "S_AC.44_SR.74.toml"
    assert sidecar_beside(source) is None
    beside.write_text("")
    assert sidecar_beside(source) == beside


@pytest.mark.parametrize("row", rows_of(__name__, "AROUND"))
def test_what_stands_around_a_resolution_is_not_its_own(row):
    text, wanted = row
    try:
        read = parse_source(source_of(text.replace("|", "\n")), Sidecar(), load_reference()).facts
    except MissingSymbolError:
        read = Facts()
    assert {name: getattr(read, name) for name in wanted} == wanted
