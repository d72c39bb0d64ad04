"""Anchors: every form that the archive promises, and what happens when two would be equal."""

from __future__ import annotations

import pytest

from archive.text.blocks.markers import read_markers
from archive.text.parsed import Kind
from archive.text.segmenter.anchors import set_anchors
from archive.text.segmenter.nodes import Node


def node(text: str, kind: Kind = Kind.PARAGRAPH, parent: Node | None = None, **more) -> Node:
    """A node whose number, if any, is read off the front of ``text``."""
    marker = next(iter(read_markers(f"{text} 文")), None)
    return Node(text, (1, 1), marker=marker, kind=kind, parent=parent, **more)


def anchors(*nodes: Node) -> list[str]:
    set_anchors(nodes)
    return [one.anchor for one in nodes]


def test_levels_are_joined_by_points():
    paragraph = node("3.")
    letter = node("(a)", Kind.SUBPARAGRAPH, paragraph)
    assert anchors(paragraph, letter, node("㈡", Kind.SUBPARAGRAPH, letter)) == ["3", "3.a", "3.a.ii"]


def test_an_item_under_a_heading_takes_its_anchor():
    heading = node("建议：", Kind.HEADING)
    assert anchors(heading, node("(a)", Kind.SUBPARAGRAPH, heading)) == ["h1", "h1.a"]


def test_the_label_of_an_annex_is_the_annex_and_titles_count_below_it():
    label = node("附件", Kind.HEADING, role="annex_label", part="annex")
    title = node("报告", Kind.HEADING, label, role="annex_title", part="annex")
    section = node("外联", Kind.HEADING, title, part="annex")
    assert anchors(label, title, section, node("14.", parent=section, part="annex")) == [
        "annex",
        "annex.h1",
        "annex.h2",
        "annex.14",
    ]


def test_without_a_label_the_title_is_the_annex():
    assert anchors(node("摘要", Kind.HEADING, role="annex_title", part="annex")) == ["annex"]


def test_headings_nest():
    section = node("二.", Kind.HEADING)
    reply = node("古巴", Kind.HEADING, section)
    assert anchors(section, reply, node("段", parent=reply), node("段", parent=reply)) == [
        "s2",
        "s2.h1",
        "s2.h1.u1",
        "s2.h1.u2",
    ]


def test_equal_numbers_get_their_section_and_then_a_suffix():
    section = node("二.", Kind.HEADING)
    assert anchors(node("1."), section, node("1.", parent=section), node("1.", parent=section)) == [
        "1",
        "s2",
        "s2.1",
        "s2.1_2",
    ]


@pytest.mark.parametrize(("number", "anchor"), [("1", "fn1"), ("*", "fnstar"), ("**", "fnstar2")])
def test_footnotes_have_anchors_that_fit_an_address(number, anchor):
    assert anchors(node("注", Kind.FOOTNOTE, note=number)) == [anchor]
