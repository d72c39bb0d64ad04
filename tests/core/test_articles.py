"""Articles of laws and treaties: their numbers and anchors, those of their paragraphs and items, chapters."""

from __future__ import annotations

import pytest

from archive.text.blocks.markers import read_lone_numeral, read_markers
from archive.text.cleaner import clean
from archive.text.reader import source_of
from archive.text.segmenter import Segmented, segment
from tests.tables import each_row, rows_from

TITLE = "海港灯塔管理办法"
SENTENCE = "灯塔由港口主管机关管理。"


def segmented(*lines: str, between: str = "\n") -> Segmented:
    return segment(clean(source_of(between.join((TITLE, *lines))).text))


def anchors(*lines: str, between: str = "\n") -> str:
    """The anchors of all blocks below the title."""
    return " ".join(p.anchor for p in segmented(*lines, between=between).paragraphs[1:])


@each_row("NUMBERS")
def test_the_number_of_an_article_is_read(line, number, remark):
    markers = [marker for marker in read_markers(line) if marker.style == "article"]
    assert [marker.number for marker in markers] == ([number] if number else []), remark


@pytest.mark.parametrize("text", ["第一条", "第十条之三", "第99条", "第 五 條"])
def test_the_number_of_an_article_may_stand_alone(text):
    assert read_lone_numeral(text).style == "article"


ONCE = rows_from(__name__, "ONCE")


@pytest.mark.parametrize("between", ["\n", "\n\n"], ids=["lines", "blank lines between"])
@pytest.mark.parametrize(("lines", "expected"), ONCE, ids=[row[0][:14] for row in ONCE])
def test_the_number_of_an_article_stands_once(lines, expected, between):
    found = segmented(*lines.split("|"), between=between).paragraphs[1:]
    assert "|".join(f"{p.number or ''}={p.text}" for p in found) == expected


@pytest.mark.parametrize("between", ["\n", "\n\n"], ids=["lines", "blank lines between"])
@each_row("LAWS")
def test_the_anchors_of_a_law(between, lines, expected, remark):
    assert anchors(*lines, between=between) == expected, remark


def test_an_article_keeps_its_whole_text_and_its_number_as_printed():
    block = segmented("第一条 甲。", "第一条之一　灯船，比照灯塔管理。").paragraphs[2]
    assert (block.number, block.text, block.prefix) == ("第一条之一", "灯船，比照灯塔管理。", "第一条之一")


def test_articles_stand_under_their_chapter_and_their_paragraphs_under_them():
    lines = ("第一章 总则", "第一条 甲。", "乙：", "（一）子；", "（二）丑。", "第二条 丙。")
    found = {p.anchor: p.parent for p in segmented(*lines).paragraphs}
    assert found == {
        "h1": None,
        "s1": "h1",
        "art1": "s1",
        "art1.p2": "art1",
        "art1.p2.i1": "art1.p2",
        "art1.p2.i2": "art1.p2",
        "art2": "s1",
    }


def test_a_wrapped_line_that_begins_with_an_article_cites_it():
    text = (
        "缔约国应当按照本公约的规定采取一切必要的措施，以防止任何人从事本公约第二条和" + "第三条 所列的行为。"
    )
    lines = [text[:38], text[38:], *[SENTENCE * 3] * 2]
    assert all(p.number is None for p in segmented(*lines).paragraphs)


def test_paragraphs_of_a_report_count_on_below_headings_that_are_articles():
    lines = ("第三条 灯塔", "7. 甲。", "8. 乙。", "第四条 灯船", "9. 丙。")
    assert [p.number for p in segmented(*lines).paragraphs[1:]] == ["第三条", "7", "8", "第四条", "9"]


def test_a_missing_article_is_a_doubt():
    messages = [doubt.message for doubt in segmented("第一条 甲。", "第三条 乙。").doubts]
    assert messages == ["article 第三条 follows article 第一条"]
