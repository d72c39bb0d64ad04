"""Captions of figures, tables and boxes belong to these; what follows stands in its section again."""

from __future__ import annotations

import pytest

from archive.text.cleaner import clean
from archive.text.reader import source_of
from archive.text.segmenter import Segmented, segment
from archive.text.shapes import read_caption

TEXT = "港口主管机关每年公布灯塔的数目，并说明其变化的原因。"


def segmented(*lines: str, between: str = "\n") -> Segmented:
    return segment(clean(source_of(between.join(lines)).text))


def outline(*lines: str, between: str = "\n") -> list[str]:
    """``anchor^parent`` of every block below the title."""
    return [f"{p.anchor}^{p.parent}" for p in segmented("灯塔统计", *lines, between=between).paragraphs[1:]]


CAPTIONS = [
    ("图一", "", "a figure, Chinese"),
    ("图12", "", "a figure, arabic"),
    ("表4各港口灯塔数目", "各港口灯塔数目", "no mark behind the number, as spaces are not stored"),
    ("表3.2：按港口开列的灯塔", "按港口开列的灯塔", "a number with its chapter"),
    ("附表一 灯塔一览", "灯塔一览", "an annexed table"),
    ("插图5、灯船", "灯船", "an inserted figure"),
    ("方框2.灯塔的由来", "灯塔的由来", "a box"),
    ("专栏七港口见闻", "港口见闻", "a column"),
    ("图表6—灯塔与灯船", "灯塔与灯船", "a chart, a dash"),
    ("表A-1灯质", "灯质", "a letter"),
    ("Figure 2 Lights", "Lights", "English"),
    ("图一(续)", "", "continued"),
    ("表II灯质", "灯质", "roman"),
]


@pytest.mark.parametrize(("text", "title", "remark"), CAPTIONS, ids=[row[2] for row in CAPTIONS])
def test_a_caption_and_its_title_are_read(text, title, remark):
    assert read_caption(text)["title"] == title, remark


@pytest.mark.parametrize(
    "text", ["表1显示灯塔减少", "图二所示港口", "表2的说明", "图书馆", "表四个月的数目", "表2020年", "框架"]
)
def test_what_only_begins_like_a_caption_is_none(text):
    assert read_caption(text) is None


LAYOUTS = [
    (("一. 概况", TEXT, "图一灯塔", TEXT), "s1 s1.u1 s1.h1 s1.u2", "text goes on in the section"),
    (("一. 概况", "图一灯塔", "图二灯船", "图三灯标", TEXT), "s1 s1.h1 s1.h2 s1.h3 s1.u1", "three on end"),
    (("概况", TEXT, "表1灯塔", "经费", TEXT), "h2 h2.u1 h2.h1 h3 h3.u1", "a heading below a caption"),
    (("概况", TEXT, "表1", "各港灯塔", TEXT), "h2 h2.u1 h2.h1 h2.h1.h1 h2.u2", "its title on the next line"),
    (
        ("概况", TEXT, "表1灯塔", "|港口|座数|", "|东港|4|", TEXT),
        "h2 h2.u1 h2.h1 t1.r1 t1.r2 h2.u2",
        "rows are of the table",
    ),
    (
        ("概况", TEXT, "图一灯塔", "0 20 40", "东港 西港", "资料来源：港口年报。", TEXT),
        "h2 h2.u1 h2.h1 h2.h1.u1 h2.h1.u2 h2.h1.u3 h2.u2",
        "words of a figure and its source",
    ),
    (
        ("一. 概况", f"1. {TEXT}", "方框1灯船", TEXT, f"2. {TEXT}"),
        "s1 1 s1.h1 s1.h1.u1 2",
        "a box holds text where paragraphs have numbers",
    ),
    (("一. 概况", "方框1灯船", TEXT, "二. 经费", TEXT), "s1 s1.h1 s1.u1 s2 s2.u1", "else it does not"),
    (
        ("一. 概况", f"1. {TEXT}", "方框1", "(a) 灯塔；", "(b) 灯船。", f"2. {TEXT}"),
        "s1 1 s1.h1 s1.h1.a s1.h1.b 2",
        "items of a box",
    ),
    (("一. 概况", "表1灯塔", "二. 经费", "表2经费", TEXT), "s1 s1.h1 s2 s2.h1 s2.u1", "the next section"),
]


@pytest.mark.parametrize("between", ["\n", "\n\n"], ids=["lines", "blank lines between"])
@pytest.mark.parametrize(("lines", "expected", "remark"), LAYOUTS, ids=[row[2] for row in LAYOUTS])
def test_where_what_follows_a_caption_stands(lines, expected, remark, between):
    assert [row.partition("^")[0] for row in outline(*lines, between=between)] == expected.split(), remark


def test_twenty_pairs_of_headings_and_figures_run_no_deeper_than_two():
    lines = []
    for at in range(1, 21):
        lines += [f"港口{'甲乙丙丁'[at % 4]}区", f"灯塔{'甲乙丙丁'[at % 4]}号", TEXT, f"图{at}灯塔", TEXT]
    assert max(row.partition("^")[0].count(".") for row in outline(*lines)) <= 2


def test_a_paragraph_with_number_below_a_caption_stands_in_the_section():
    assert outline("一. 概况", f"1. {TEXT}", "图一灯塔", f"2. {TEXT}")[-1] == "2^s1"
