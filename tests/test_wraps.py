"""A text that was wrapped has the same blocks as before: what a wrap may cut, and what it may not join."""

from __future__ import annotations

import pytest

from archive.text.blocks.seams import goes_on
from archive.text.cleaner import clean
from archive.text.segmenter import segment
from archive.text.typography import compact

TEXT = "港口主管机关每年公布灯塔的数目，并说明其变化的原因。"

SEAMS = [
    ("回顾2018年11月26", "日第73/17号决议", True, "a date before 日"),
    ("截至2018年11", "月的数目", True, "a date before 月"),
    ("港口在2018", "年公布", True, "a date before 年"),
    ("第三届会议2021年8月1", "7日", False, "a number goes on with a digit: nothing tells"),
    ("港口有灯塔26", "日本有灯塔", False, "no date"),
    ("灯塔共有12", "月报另有说明", False, "no year before"),
    ("灯船共有2018", "年鉴所载", False, "a yearbook"),
    ("见第1/CP.", "21号决定", True, "a decision of the Parties, behind its point"),
    ("见第3/", "CMA.4号决定", True, "the same, behind its stroke"),
    ("见第12/CMP.", "7号决定", True, "another Conference of the Parties"),
    ("见FCCC/CP/2015/10/Add.", "1，第二节", True, "a symbol in an addendum"),
    ("补编第3号》(A/52/3/Rev.", "1)，第四章", True, "a symbol in a revision, in brackets"),
    ("灯塔甲。", "1. 灯塔乙", False, "a sentence ends"),
]


@pytest.mark.parametrize(("before", "after", "joined", "remark"), SEAMS, ids=[row[3] for row in SEAMS])
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
