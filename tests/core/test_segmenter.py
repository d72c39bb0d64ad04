"""Segmenting: blocks, numbers, kinds and parents from short texts in every layout."""

from __future__ import annotations

import pytest

from archive.text.blocks.markers import read_markers
from archive.text.cleaner import clean
from archive.text.numerals import number_of_roman, roman_of
from archive.text.reader import source_of
from archive.text.segmenter import Segmented, segment
from tests.tables import each_row, rows_from
from tests.tools.word_files import rows_of, whole

SENTENCE = "委员会审议了各国提交的报告，并就执行情况提出了建议，供安全理事会审议。"
LONG = SENTENCE * 4


def segmented(text: str) -> Segmented:
    return segment(clean(source_of(text).text))


def outline(text: str) -> list[tuple]:
    """Anchor, kind and text of every block."""
    return [(p.anchor, str(p.kind), p.text) for p in segmented(text).paragraphs]


def texts(text: str) -> list[str]:
    return [p.text for p in segmented(text).paragraphs]


def wrapped(text: str, width: int = 34, first: str = "") -> list[str]:
    """``text`` cut into lines of ``width`` ideographs, as in a book."""
    text = first + text
    return [text[at : at + width] for at in range(0, len(text), width)]


LAYOUTS = {
    "an extractor's blank line after every line": (
        lambda p: "\n\n".join(f"{x} " for x in wrapped(p, first=" ")),
        "\n\n",
    ),
    "indents and no blank lines": (lambda p: "\n".join(wrapped(p, first="    ")), "\n"),
    "ideographic indents": (lambda p: "\n".join(wrapped(p, first="　　")), "\n"),
    "a blank line between paragraphs": (lambda p: "\n".join(wrapped(p)), "\n\n"),
    "one paragraph a line": (lambda p: p, "\n"),
    "one paragraph a line with blank lines": (lambda p: p, "\n\n"),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_paragraphs_are_told_apart_in_every_layout(layout):
    lay_out, between = LAYOUTS[layout]
    paragraphs = [f"第{word}，{LONG}" for word in ("一", "二", "三", "四")]
    assert texts(between.join(lay_out(paragraph) for paragraph in paragraphs)) == paragraphs


@pytest.mark.parametrize("layout", LAYOUTS)
def test_numbered_paragraphs_are_told_apart_in_every_layout(layout):
    lay_out, between = LAYOUTS[layout]
    source = between.join(lay_out(f"{number}. {LONG}") for number in range(1, 5))
    assert [(p.anchor, p.number, p.text) for p in segmented(source).paragraphs] == [
        (str(number), str(number), LONG) for number in range(1, 5)
    ]


def test_a_page_break_inside_a_paragraph_is_mended():
    source = "1. 委员会审议了报告，并就执行\n\nS/2010/52\n\n16-10499 (C) 3/8\n\n情况提出了建议。\n\n2. 好。"
    assert texts(source) == ["委员会审议了报告，并就执行情况提出了建议。", "好。"]


@each_row("MARKERS")
def test_numbers_at_the_front_are_read(text, markers, remark):
    assert [(marker.style, marker.value) for marker in read_markers(text)] == list(markers)


def test_numerals_are_valued():
    assert [number_of_roman(roman_of(value)) for value in range(1, 60)] == list(range(1, 60))
    assert number_of_roman("iiii") is None
    assert not read_markers("二三、灯塔")


@each_row("STRUCTURES")
def test_anchors_follow_the_official_structure(remark, source, anchors):
    assert [anchor for anchor, _, _ in outline(source)] == list(anchors)


def lined(lines: str) -> str:
    return lines.replace("|", "\n").replace("LONG", SENTENCE)


@each_row("PRINTED")
def test_what_is_printed_decides(remark, lines, blocks):
    found = [
        f"{anchor}:{'n' if kind == 'footnote' else kind[0]}" for anchor, kind, _ in outline(lined(lines))
    ]
    assert " ".join(found) == blocks


HOUSES = rows_from(__name__, "HOUSES")


@pytest.mark.parametrize("row", HOUSES, ids=[row["remark"] for row in HOUSES])
def test_what_other_houses_print_is_read(row):
    found = segmented(row["source"].replace("S\n", f"{SENTENCE}\n"))
    # notes come where their page has them; their order among the blocks is not the matter here
    blocks = sorted(
        found.paragraphs, key=lambda p: p.kind == "footnote" and p.number != "a" and p.number != "b"
    )
    told = [" ".join(filter(None, (p.kind[0], p.number, p.text))) for p in blocks]
    wanted = [block.replace("S", SENTENCE) if block[-1] == "S" else block for block in row["blocks"]]
    heads = [
        one[1:][: len(want)] if want[0] == " " else one[: len(want)]
        for one, want in zip(told, wanted, strict=False)
    ]
    assert (heads, len(told), found.facts.title) == (wanted, len(wanted), row["title"])


@each_row("GAPS")
def test_no_gap_is_silent(lines, doubts, remark):
    found = [doubt.message for doubt in segmented(lined(lines)).doubts]
    assert [message for message in found if "title" not in message] == list(doubts)


def test_kinds_of_a_resolution_are_told():
    kinds = [kind for _, kind, _ in outline("第2055(2012)号决议\n安全理事会，\n回顾其决议，\n决定增加人数。")]
    assert kinds == ["heading", "paragraph", "preambular", "operative"]


def test_items_that_lost_their_bullets_are_found():
    source = f"{LONG}\n问题如下：\n采取何种措施；\n如何提供援助；\n如何提高透明度。\n{LONG}"
    parsed = segmented(source).paragraphs
    assert [str(p.kind) for p in parsed] == ["paragraph", "paragraph", *["list_item"] * 3, "paragraph"]
    assert {p.parent for p in parsed[2:5]} == {parsed[1].anchor}


def test_numbers_run_in_a_sentence_stay_in_it():
    source = "\n".join(
        wrapped("5. 讲习班的重点包括：" + "".join(f"({x}) {SENTENCE[:-1]}；" for x in "一二三四"), 36)
    )
    assert [p.number for p in segmented("\n".join([source, *wrapped(f"6. {LONG}")])).paragraphs] == ["5", "6"]


def test_a_signature_keeps_its_lines():
    source = f"2016年12月1日西班牙常驻联合国代表给秘书长的信\n{LONG}\n常驻代表\n大使\n罗曼·奥亚尔孙(签名)"
    assert outline(source)[-1] == ("u2", "signature", "常驻代表\n大使\n罗曼·奥亚尔孙(签名)")


@each_row("NOTES")
def test_a_footnote_is_tied_to_its_mark(remark, source, text, at):
    first, _, note = segmented(source).paragraphs
    assert (first.text, [(mark.at, mark.anchor) for mark in first.notes]) == (text, [(at, "fn1")])
    assert (note.anchor, note.number, note.text, note.parent) == ("fn1", "1", "见附件。", first.anchor)


def test_a_footnote_without_mark_is_kept_and_doubted():
    result = segmented(f"{LONG}\n{LONG}\n__________\n7 见附件。")
    assert result.paragraphs[-1].anchor == "fn7"
    assert any("footnote 7" in doubt.message for doubt in result.doubts)


def test_a_paragraph_goes_on_below_the_footnote_that_interrupts_it():
    first, second = wrapped(LONG)[0], "".join(wrapped(LONG)[1:])
    source = f"{first[:-1]}\n__________\n1 见附件。\n\f{second}\n" + "\n".join(wrapped(LONG))
    assert segmented(source).paragraphs[0].text == first[:-1] + second


CALLS = rows_from(__name__, "CALLS")


@pytest.mark.parametrize(("remark", "call", "note"), CALLS, ids=[row[0] for row in CALLS])
@pytest.mark.parametrize(
    "heading", ["", "注\n", "__________\n"], ids=["at the end", "below 注", "below a rule"]
)
def test_notes_are_tied_in_every_form_that_copies_print(remark, call, note, heading):
    source = f"A/RES/53/60\n53/60. 情报\n大会,\n{call}\n1. 核可报告;\n2. 重申意见。\n1998年12月3日\n"
    source += heading + note
    first, found = (p for p in segmented(source).paragraphs if p.anchor in ("pp1", "fn1"))
    assert (first.text, [mark.anchor for mark in first.notes]) == ("审查了报告,", ["fn1"])
    assert (found.text, found.parent) == ("A/53/23。", "pp1")


FIRST_NOTES = rows_from(__name__, "FIRST_NOTES")


@pytest.mark.parametrize("between", ["\n", "\n\n"], ids=["lines", "blank lines between"])
@pytest.mark.parametrize(("lines", "numbers", "remark"), FIRST_NOTES, ids=[row[2] for row in FIRST_NOTES])
def test_notes_of_an_excerpt_need_not_begin_with_the_first(lines, numbers, remark, between):
    blocks = segmented(lines.replace("|", between)).paragraphs
    assert " ".join(p.number for p in blocks if p.kind == "footnote") == numbers
    assert not numbers or sum(len(p.notes) for p in blocks) == len(numbers.split())


DECIMALS = rows_from(__name__, "DECIMALS")


@pytest.mark.parametrize("between", ["\n", "\n\n"], ids=["lines", "blank lines between"])
@pytest.mark.parametrize(("lines", "numbers", "remark"), DECIMALS, ids=[row[2] for row in DECIMALS])
def test_decimal_numbers_need_neither_stop_nor_chapter(lines, numbers, remark, between):
    blocks = segmented(lines.replace("|", between)).paragraphs
    assert " ".join(p.number for p in blocks if p.number) == numbers


def test_a_mark_without_note_stays_in_the_text():
    source = "A/RES/53/60\n53/60. 情报\n大会,\n审查了报告,(1)\n1. 核可报告;(2)\n2. 重申意见。"
    assert [p.text for p in segmented(source).paragraphs][2:] == [
        "审查了报告,(1)",
        "核可报告;(2)",
        "重申意见。",
    ]


def test_definitions_below_an_asterisk_belong_to_its_note():
    source = "第1540(2004)号决议\n安全理事会,\n关切运载工具*和行为者*,\n1. 决定继续处理。\n"
    source += "* 定义如下:\n运载工具:一种导弹。\n行为者:一个人。"
    first, *_, note, tool, actor = segmented(source).paragraphs[2:]
    assert (first.text, [mark.at for mark in first.notes]) == ("关切运载工具和行为者,", [6, 10])
    assert [(p.anchor, p.parent) for p in (note, tool, actor)] == [
        ("fnstar", "pp1"),
        ("fnstar.u1", "fnstar"),
        ("fnstar.u2", "fnstar"),
    ]


@each_row("ENACTING")
def test_all_that_stands_between_the_organ_and_paragraph_1_is_preamble(organ):
    source = f"第1673(2006)号决议\n{organ}\n审议了报告,\n还审查了意见,(2)\n根据《联合国宪章》第七章采取行动\n"
    source += "1. 重申决议；\n2. 决定继续处理此案"
    assert [(p.anchor, str(p.kind)) for p in segmented(source).paragraphs][2:] == [
        ("pp1", "preambular"),
        ("pp2", "preambular"),
        ("pp3", "preambular"),
        ("1", "operative"),
        ("2", "operative"),
    ]


def test_headings_inside_a_preamble_stay_headings():
    source = "第1号决议\n大会，\n回顾其决议，\nA. 职位\n1. 决定设立；\nB. 预算\n2. 请秘书长提出。"
    assert [p.anchor for p in segmented(source).paragraphs][2:] == ["pp1", "sa", "1", "sb", "2"]


PART = "大会，\n回顾其决议，\n1. 决定一；\n2. 决定二。\n1995年12月12日\n第90次全体会议\n"


@pytest.mark.parametrize("heads", [("A", "B"), ("A.", "B."), ("A\n裁军", "B\n核查"), ("A. 裁军", "B. 核查")])
def test_each_part_of_a_resolution_has_its_own_preamble_and_count(heads):
    first, second = heads
    found = segmented(f"A/RES/50/72\n50/72. 裁军\n{first}\n{PART}{second}\n{PART}").paragraphs
    inside = ["u1", "pp1", "1", "2", "u2", "u3"]
    assert [p.anchor for p in found] == [
        "h1",
        "sa",
        *(f"sa.{name}" for name in inside),
        "sb",
        *(f"sb.{name}" for name in inside),
    ]
    assert {p.parent for p in found[2:8]} == {"sa"}


@pytest.mark.parametrize("mark", ["", "(1)", "1/", "¹", "[1]", "*"])
def test_the_next_number_begins_a_paragraph_whatever_mark_stands_before_it(mark):
    source = f"1. 核可关于递送情报的报告，其中载有一章和一份附录，请各国予以注意；{mark}\n2. 重申意见。"
    assert [p.number for p in segmented(source).paragraphs] == ["1", "2"]


@pytest.mark.parametrize(
    "closing", ["1995年12月12日\n第90次全体会议", "1998年12月3日第78次全体会议", "1997年11月12日"]
)
def test_the_day_of_adoption_closes_a_resolution(closing):
    source = f"A/RES/53/60\n53/60. 情报\n大会，\n回顾决议，\n1. 决定；\n2. 请各国提出意见;5/\n{closing}"
    lines = closing.split("\n")
    assert [str(p.kind) for p in segmented(source).paragraphs][-len(lines) :] == ["closing"] * len(lines)


def test_the_name_of_a_committee_over_two_lines_is_one():
    source = (
        "S/AC.44/2005/1\n关于不扩散的安全理事会\n第1540(2004)号决议所设委员会\n秘书处的说明\n1. 甲。\n2. 乙。"
    )
    assert texts(source)[0] == "关于不扩散的安全理事会第1540(2004)号决议所设委员会"


@each_row("SEAMS")
def test_what_belongs_together_is_joined_over_the_line(first, second, remark):
    assert first + second in texts(f"S/2020/1\n主席的说明\n{first}\n{second}\n{SENTENCE}")


@each_row("LONE")
def test_a_number_on_a_line_of_its_own_numbers_what_stands_below(source, anchors, remark):
    assert [anchor for anchor, _, _ in outline(source)] == list(anchors)


def test_footnote_numbers_on_lines_of_their_own_number_the_notes():
    found = outline(f"1. {SENTENCE}1\n2. {SENTENCE}2\n__________\n1\n见S/2010/52。\n2\n同上。")
    assert [(anchor, text) for anchor, kind, text in found if kind == "footnote"] == [
        ("fn1", "见S/2010/52。"),
        ("fn2", "同上。"),
    ]


def test_notes_that_begin_with_a_raised_number_stand_apart():
    found = outline(f"S/2020/1\n主席的说明\n1. 甲²，{SENTENCE}¹\n2. 乙。\n¹ 见S/2010/52。\n² 同上。")
    assert [anchor for anchor, kind, _ in found if kind == "footnote"] == ["fn1", "fn2"]


def test_page_numbers_of_contents_are_taken_off_without_leaders_too():
    found = segmented("S/2020/1\n报告\n目录\n导言 2\n法律 2\n结论 11\n一. 导言\n1. 甲。\n2. 乙。")
    assert [p.text for p in found.paragraphs if p.role == "contents"] == ["导言", "法律", "结论"]


def test_items_lettered_by_heavenly_stems_have_the_letters_of_other_languages():
    assert [anchor for anchor, _, _ in outline("1. 决定：\n(甲) 加强；\n(乙) 报告。\n2. 丙。")] == [
        "1",
        "1.a",
        "1.b",
        "2",
    ]


def test_a_heading_that_the_contents_name_ends_where_they_end_it():
    heading = "议程项目93至108：就所有裁军和国际安全议程项目进行一般性辩论(续)"
    found = segmented(f"S/AC.44/SR.5\n目录\n{heading}\n上午10时开会。\n{heading}\n\f1. {SENTENCE}\n2. 甲。")
    assert [p.text for p in found.paragraphs if p.text == heading] == [heading, heading]


def test_a_paragraph_that_begins_with_its_first_item_is_kept_whole_and_doubted():
    result = segmented("1. 甲。\n2. (a) 乙；\n(b) 丙；\n3. 丁。")
    assert [(p.anchor, p.text) for p in result.paragraphs][1:3] == [("2", "(a)乙；"), ("2.b", "丙；")]
    assert any("begins at once with its first item" in doubt.message for doubt in result.doubts)


def test_rows_of_a_table_are_no_headings_and_a_lone_one_is_doubted():
    result = segmented(
        "S/2020/1\n核对表\n一. 法律\n| 核武器 | X | 刑法 |\n| 化学武器 | X | 法令 |\n二. 结论\n说明如下。"
    )
    assert [p.role for p in result.paragraphs if p.parent == "s1"] == ["row", "row"]
    assert not result.doubts
    lone = segmented("S/2020/1\n核对表\n一. 法律\n| 核武器 | X | 刑法 |\n二. 结论\n说明如下。")
    assert any("table" in doubt.message for doubt in lone.doubts)


def test_replies_bear_their_submitter_down_to_inner_headings():
    source = "一. 答复\n古巴\n[原件：西班牙文]\n[2019年4月26日]\n说明如下。\n国内立法\n再说明如下。\n"
    source += "印度\n[原件：英文]\n三说明如下。"
    submitters = {
        p.text: (p.submitter.name, p.submitter.date) if p.submitter else None
        for p in segmented(source).paragraphs
    }
    assert submitters["再说明如下。"] == ("古巴", "2019-04-26")
    assert submitters["国内立法"] == ("古巴", "2019-04-26")
    assert submitters["三说明如下。"] == ("印度", None)
    assert submitters["答复"] is None


def test_a_number_that_ocr_lost_is_given_back_and_doubted():
    source = "S/AC.44/SR.74\n第74次会议简要记录\n通过议程\n1. 议程通过。\n"
    source += "2. 甲先生(法国)说，好。\n- 乙先生(中国)说，好。\n4. 丙先生(德国)说，好。"
    result = segmented(source)
    assert [p.number for p in result.paragraphs][-3:] == ["2", "3", "4"]
    assert any("number 3 is not printed" in doubt.message for doubt in result.doubts)


def test_a_gap_in_the_count_is_doubted():
    assert any(
        "paragraph 4 follows" in doubt.message for doubt in segmented("1. 甲。\n2. 乙。\n4. 丁。").doubts
    )


def test_a_speaker_stands_on_every_paragraph_until_the_next_heading():
    source = "S/PV.7169\n第7169次会议\n主席(以英语发言)：会议开始。\n"
    source += "丘尔金先生(俄罗斯联邦)(以俄语发言)：我发言。\n我接着说。\n表决\n说明如下。"
    speakers = {p.text[-5:]: p.speaker.name if p.speaker else None for p in segmented(source).paragraphs}
    assert speakers["我接着说。"] == "丘尔金"
    assert speakers["说明如下。"] is None


@pytest.mark.parametrize("row", rows_of(__name__, "KNOWN"))
def test_what_the_text_says_is_not_torn(row):
    text, blocks = row
    assert whole(text.replace("|", "\n").encode()) == blocks
