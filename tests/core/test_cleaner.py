"""Cleaning: what is dropped, why, and what must stay."""

from __future__ import annotations

import pytest

from archive.text.cleaner import clean
from archive.text.dates import read_date
from archive.text.document import parse_source
from archive.text.reader import source_of
from archive.text.reference import load_reference
from archive.text.sidecar import sidecar_of
from archive.text.typography import compact, display_width, ends_open, ends_sentence, join_lines
from tests.tables import each_row, rows_from

BODY = "委员会审议了各国的报告。"


@each_row("DROPPED")
def test_furniture_is_dropped_with_its_reason(line, reason, remark):
    cleaned = clean(f"{BODY}\n\n{line}\n\n{BODY}")
    assert [(d.line, d.text, d.reason) for d in cleaned.dropped] == [(3, line, reason)]
    assert [kept.text for kept in cleaned.lines] == [BODY, BODY]


@each_row("KEPT")
def test_text_that_looks_like_furniture_stays(line, remark):
    cleaned = clean(f"S/2010/52\n{BODY}\n{line.replace('|', chr(10))}\n{BODY}\nS/2010/52\n{BODY}")
    assert line.split("|")[-1] in [kept.text for kept in cleaned.lines]


def test_a_wrapped_link_is_dropped_whole():
    cleaned = clean(f"{BODY}\nhttps://undocs.org/ch/S/RES/\n1540(2004)\n{BODY}")
    assert [dropped.line for dropped in cleaned.dropped] == [2, 3]


def test_an_address_of_its_own_line_stays_where_it_stands_alone():
    assert "http://www.un.org/sc/1540" in [
        line.text for line in clean(f"见\nhttp://www.un.org/sc/1540\n{BODY}").lines
    ]


def test_a_masthead_in_the_middle_of_the_file_is_read_and_dropped():
    cleaned = clean(
        f"{BODY}\n\n CD/2118 \n\n裁军谈判会议\n19 February 2018\n\nChinese\n\nOriginal: English\n\n{BODY}"
    )
    assert cleaned.masthead.symbol == "CD/2118"
    assert cleaned.masthead.pieces["date"] == "19 February 2018"
    assert {dropped.reason for dropped in cleaned.dropped} == {"masthead"}
    assert len(cleaned.lines) == 2


def test_a_masthead_run_together_on_a_line_is_read():
    cleaned = clean(f"联合国 S/2016/1013\n安全理事会 Distr.: General\n\n{BODY}")
    assert (cleaned.masthead.symbol, cleaned.masthead.pieces["organ"]) == ("S/2016/1013", "安全理事会")


BELOW = "安全理事会\n审议了报告,\n1. 重申决议；"


@each_row("SITE")
def test_what_a_site_puts_above_a_resolution_is_dropped_with_its_reason(line, reason, remark):
    cleaned = clean(f"{line}\n第2569(2021)号决议\n{BELOW}")
    assert [(d.text, d.reason) for d in cleaned.dropped] == [(line, reason)]
    assert cleaned.lines[0].text == "第2569(2021)号决议"


def test_titles_of_resolutions_stay_where_none_is_enacted_below():
    cleaned = clean(f"S/2010/52\n{BODY}\n第1540(2004)号决议\n第1541(2004)号决议\n{BODY}")
    assert len(cleaned.lines) == 4


@each_row("ITALICS")
def test_italics_are_told_from_asterisks(line, text, remark):
    assert clean(f"{line}\n{BODY}").lines[0].text == text


@each_row("FRAME")
def test_the_frame_of_a_wiki_is_dropped(line):
    assert [d.reason for d in clean(f"{BODY}\n{line}").dropped] == ["site navigation"]


def test_the_note_on_the_licence_of_a_copy_is_dropped_to_its_end():
    cleaned = clean(f"{BODY}\n本作品來自聯合國官方文件。\n根據ST/AI/189/Add.9/Rev.2第2條：\n1. 官方紀錄；")
    assert [line.text for line in cleaned.lines] == [BODY]
    assert {dropped.reason for dropped in cleaned.dropped} == {"site licence"}


def test_a_box_leaves_its_text_and_a_link_its_words():
    cleaned = clean(f"│ 第1号决定 │\n见[S/2017/507](https://undocs.org/zh/S/2017/507)。\n{BODY}")
    assert [line.text for line in cleaned.lines] == ["第1号决定", "见S/2017/507。", BODY]
    assert [dropped.text for dropped in cleaned.dropped] == [
        "│",
        "│",
        "[](https://undocs.org/zh/S/2017/507)",
    ]


@each_row("MASTHEADS")
def test_mastheads_are_read_in_every_script_and_width(head, symbol, organ, remark):
    masthead = clean(f"{head}\n\n{BODY}\n{BODY}").masthead
    assert (masthead.symbol, compact(masthead.pieces["organ"])) == (symbol, compact(organ))


@each_row()
def test_a_conference_and_its_days_are_of_the_masthead(line):
    cleaned = clean(f"NPT/CONF.2015/PC.II/WP.42\n{line}\n22 April 2013\nChinese\n{BODY}")
    assert [kept.text for kept in cleaned.lines] == [BODY]


def test_the_title_of_an_agenda_item_may_take_two_lines():
    head = "A/RES/ES-10/22\nDistr.: General\n议程项目5\n以色列在被占领的东耶路撒冷\n和其他地区的非法行动"
    cleaned = clean(f"{head}\n2023年12月12日大会决议\n{BODY}")
    assert [line.text for line in cleaned.lines] == ["2023年12月12日大会决议", BODY]
    assert cleaned.masthead.pieces["agenda_title"] == "以色列在被占领的东耶路撒冷和其他地区的非法行动"


def test_markup_is_taken_off_and_recorded():
    cleaned = clean(f"# 标题\n\n- 2. **Sison** 女士说。\n\n{BODY}")
    assert [(line.text, line.depth, line.bullet) for line in cleaned.lines[:2]] == [
        ("标题", 1, ""),
        ("2. Sison 女士说。", 0, "-"),
    ]
    assert sorted(dropped.text for dropped in cleaned.dropped) == ["#", "****"]


@each_row("JOINED")
def test_wraps_are_undone_in_the_white_space_convention(lines, text, remark):
    assert join_lines(lines) == text


@each_row("JOINED_WORDS")
def test_wraps_between_words_stood_for_a_blank(lines, text, remark):
    assert join_lines(lines, spaced=True) == text


def test_compact_keeps_only_spaces_between_latin_letters_or_digits():
    assert compact(" 第 1540 (2004) 号\u3000Kim  Heun\nJin\u200b 女士 ") == "第1540(2004)号Kim Heun Jin女士"


SPACED = rows_from(__name__, "SPACED")


@pytest.mark.parametrize("language", ["en", "zh"], ids=["stated", "by its text"])
@pytest.mark.parametrize(("lines", "expected"), SPACED, ids=[row[0][:24] for row in SPACED])
def test_texts_in_words_keep_their_blanks(lines, expected, language):
    words = "The ports of the region report to the Council on the lights that they have lit, and by whom."
    text = "\n\n".join([words, *(["\n".join(lines.split("|"))])])
    found = parse_source(
        source_of(text), sidecar_of({"symbol": "S/2031/9", "language": language}), load_reference()
    ).paragraphs
    assert tuple(p.text for p in found if p.text != words) == expected


def test_a_chinese_text_keeps_no_blank_behind_the_punctuation_of_its_english_words():
    text = "1. 港口每年公布灯塔的数目，见Lights, ships and fires (London, 2031), 第3页。"
    (found,) = parse_source(source_of(text), sidecar_of({"symbol": "S/2031/9"}), load_reference()).paragraphs
    assert found.text == "港口每年公布灯塔的数目，见Lights,ships and fires(London,2031),第3页。"


@each_row()
def test_ends_of_sentences_are_told_from_breaks(text, ends):
    assert ends_sentence(text) is ends


def test_an_open_quotation_goes_on():
    assert ends_open("题为“防止恐怖分子")
    assert not ends_open("题为“防止”")


def test_wide_characters_take_two_columns():
    assert display_width("第1(a)段") == 8


@each_row()
def test_dates_are_read_in_chinese_and_english(text, date):
    assert read_date(text) == date


@each_row("PRINTED_BY_BROWSERS")
def test_what_a_browser_prints_around_a_page_is_no_text(browser, head, foot):
    pages = ["1. 第一段说的是港口，", "说的是灯塔。\n\n附件\n\n2. 第二段。"]
    printed = "\f".join(
        f"{head}\n\n\n{text}\n\n\n{foot.format(page=page)}\n" for page, text in enumerate(pages, start=1)
    )
    cleaned = clean(printed)
    assert [line.text for line in cleaned.lines] == [
        "1. 第一段说的是港口，",
        "说的是灯塔。",
        "附件",
        "2. 第二段。",
    ]
    around = (head + foot).count("\n") + 2
    assert len(cleaned.dropped) == 2 * around


def test_an_address_and_a_time_in_a_text_stay():
    text = "1. 见\nhttps://archive.example/letter.html\n2. 2026年11月25日 20:34\n会议开始。"
    assert not clean(text).dropped
