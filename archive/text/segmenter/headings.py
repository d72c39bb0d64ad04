"""Numerals of headings that stand on a line of their own."""

from __future__ import annotations

from ..blocks.markers import NAMED_STYLES, read_lone_numeral
from ..parsed import Kind
from ..shapes import is_heading_like
from .articles import is_article
from .nodes import Node


def fold_numerals(nodes: list[Node]) -> list[Node]:
    """A numeral on a line of its own joins the heading below it, as in resolutions in parts; the number of an
    article joins its text, too.

    Where a part has no title, the numeral itself is the heading (A/RES/52/12 A), as is 第一条 above ``1.``.
    """
    folded: list[Node] = []
    lone: Node | None = None
    for node in nodes:
        if lone is not None and node.role == "organ_line":
            lone.marker = read_lone_numeral(lone.text)
        marker = read_lone_numeral(node.text) if not (node.marker or node.note or node.bullet) else None
        free = not (node.marker or marker or node.note or node.bullet or node.role)
        article = lone is not None and is_article(lone)
        if lone and free and node.kind is Kind.PARAGRAPH and (article or is_heading_like(node.text)):
            node.marker, node.prefix = read_lone_numeral(lone.text), lone.text.strip()
            node.lines = (lone.lines[0], node.lines[1])
            lone = None
        elif lone is not None:
            folded.append(lone)
            lone = None
        if marker and node.kind is Kind.PARAGRAPH:
            lone = node
            node.marker = marker if marker.style in NAMED_STYLES else None
        else:
            folded.append(node)
    return [*folded, lone] if lone is not None else folded
