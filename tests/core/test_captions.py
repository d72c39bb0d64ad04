"""Captions of figures, tables and boxes belong to these; what follows stands in its section again."""

from __future__ import annotations

import pytest

from archive.text.blocks.seams import goes_on
from archive.text.cleaner import clean
from archive.text.reader import source_of
from archive.text.segmenter import Segmented, segment
from archive.text.shapes import read_caption
from archive.text.typography import compact
from tests.tables import each_row

TEXT = "港口主管机关每年公布灯塔的数目，并说明其变化的原因。"


def segmented(*lines: str, between: str = "\n") -> Segmented:
    return segment(clean(source_of(between.join(lines)).text))


def outline(*lines: str, between: str = "\n") -> list[str]:
    """``anchor^parent`` of every block below the title."""
    return [f"{p.anchor}^{p.parent}" for p in segmented("灯塔统计", *lines, between=between).paragraphs[1:]]


@each_row("CAPTIONS")
def test_a_caption_and_its_title_are_read(text, title, remark):
    assert read_caption(text)["title"] == title, remark


@pytest.mark.parametrize(
    "text", ["表1显示灯塔减少", "图二所示港口", "表2的说明", "图书馆", "表四个月的数目", "表2020年", "框架"]
)
def test_what_only_begins_like_a_caption_is_none(text):
    assert read_caption(text) is None


@pytest.mark.parametrize("between", ["\n", "\n\n"], ids=["lines", "blank lines between"])
@each_row("LAYOUTS")
def test_where_what_follows_a_caption_stands(between, lines, expected, remark):
    assert [row.partition("^")[0] for row in outline(*lines, between=between)] == expected.split(), remark


def test_twenty_pairs_of_headings_and_figures_run_no_deeper_than_two():
    lines = []
    for at in range(1, 21):
        lines += [f"港口{'甲乙丙丁'[at % 4]}区", f"灯塔{'甲乙丙丁'[at % 4]}号", TEXT, f"图{at}灯塔", TEXT]
    assert max(row.partition("^")[0].count(".") for row in outline(*lines)) <= 2


def test_a_paragraph_with_number_below_a_caption_stands_in_the_section():
    assert outline("一. 概况", f"1. {TEXT}", "图一灯塔", f"2. {TEXT}")[-1] == "2^s1"


# --- Numbers below a line that breaks off with a comma; gaps and repeats in numbering are doubts ---


LINE = "认识到秘书长的报告以及专家小组的最后报告所载的各项结论和建议对今后工作具有十分重要的意义"


@each_row("SWALLOWED")
def test_a_number_below_a_comma_opens_its_paragraph(lines, numbers, remark):
    expected = [number.translate(str.maketrans("１", "1")) for number in numbers.split()]
    paragraphs = segmented(*lines).paragraphs
    assert [p.number for p in paragraphs if p.number] == expected, remark
    assert len(paragraphs) == len(lines)


def test_a_number_swallowed_at_the_margin_is_found_in_wrapped_lines_too():
    text = f"{LINE}，" * 3
    cut = [text[at : at + 34] for at in range(0, len(text), 34)]
    cut[-1] = cut[-1].rstrip("，") + "，"
    found = segmented(
        *cut, "1. 决定将任务期限延长至明年三月三十一日，并请秘书长在此之前向安理会提出报告", "和建议；"
    )
    assert [p.number for p in found.paragraphs] == [None, "1"]


@each_row("KEPT")
def test_what_only_looks_like_a_number_stays_in_its_paragraph(lines, remark):
    assert all(p.number is None for p in segmented(*lines).paragraphs), remark


@each_row("DOUBTS")
def test_gaps_and_repeats_are_doubts(lines, messages, remark):
    assert [doubt.message for doubt in segmented("港口报告", *lines).doubts] == [*messages], remark


# ---
# A text that was wrapped has the same blocks as before: what a wrap may cut, and what it may not join.


@each_row("SEAMS")
def test_what_a_wrap_cuts(before, after, joined, remark):
    assert goes_on(before, after) is joined, remark


def texts(*lines: str) -> list[str]:
    return [block.text for block in segment(clean("\n".join(lines))).paragraphs]


def wrapped(text: str, columns: int = 30, indent: str = "    ") -> list[str]:
    """``text`` in lines of so many ideographs, the first set in, a blank line behind."""
    lines = [text[at : at + columns] for at in range(0, len(text), columns)]
    return [indent + lines[0], *lines[1:], ""]


def test_a_blank_before_a_wrap_begins_no_paragraph():
    long = f"港口主管机关每年公布灯塔和灯船的数目并说明其变化的原因，{TEXT}" * 2
    lines = [*wrapped(long), *wrapped(long), *wrapped(long)]
    lines[2] = f" {lines[2]}"
    assert texts("灯塔统计", "", *lines) == ["灯塔统计", *[compact(long)] * 3]


def test_a_bracket_that_is_never_closed_ends_with_its_paragraph_of_a_preamble():
    lines = [
        "大会，",
        "回顾其决议，包括(《灯塔计划》和《灯船计划》，",
        "注意到灯塔的数目，",
        "又注意到灯船的数目，",
    ]
    assert texts(*lines, "1. 决定公布灯塔的数目。")[1:4] == [compact(line) for line in lines[1:]]


@pytest.mark.parametrize("tail", ["主流", "各项方案", "灯塔和灯船"])
def test_the_second_line_of_the_items_title_is_of_the_masthead(tail):
    head = [
        "联合国      E/2023/L.90",
        "",
        "2023年届会",
        "",
        "议程项目12(c)",
        "",
        "协调、方案和其他问题：将灯塔纳入港口的",
        tail,
    ]
    lines = [*head, "", "港口秘书提出的决议草案", "", TEXT]
    assert tail not in texts(*lines)


def test_a_running_head_behind_the_body_takes_no_footnote_that_goes_on():
    body = [line for at in range(1, 9) for line in (f"{at}. {TEXT}", "")]
    note = ["《大会正式记录，第五十二届会议，补编第3号》(A/52/3/Rev.", "1)，第四章，A节，第4段。"]
    found = texts("E/2023/L.90", "", *body, "联合国", "", "经济及社会理事会", "", *note)
    assert found[-1] == "《大会正式记录，第五十二届会议，补编第3号》(A/52/3/Rev.1)，第四章，A节，第4段。"
