"""What heads or holds other blocks: lone numerals, captions, articles of treaties, lists without bullets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from archive.text.blocks.markers import NAMED_STYLES, Style, read_lone_numeral
from archive.text.parsed import Kind
from archive.text.shapes import is_below_table, is_heading_like, is_lead_in, is_of_preamble, read_caption

from .nodes import Node


def fold_numerals(nodes: list[Node]) -> list[Node]:
    """A numeral on a line of its own joins the heading below it, as in resolutions in parts; the number of an
    article joins its text, too.

    Where a part has no title, the numeral itself is the heading (A/RES/52/12 A), as is 第一条 or A above
    ``1.`` or a preamble.
    """
    folded: list[Node] = []
    lone: Node | None = None
    for node in nodes:
        counts = node.marker is not None and node.marker.style is Style.ARABIC
        if lone is not None and (node.role == "organ_line" or counts or is_of_preamble(node.text)):
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


# Captions of figures, tables and boxes, and the words of a figure that stand below them as short lines.

CAPTION = "table_title"
_WORDS = re.compile(r"[^\W\d_]")


def mark_captions(nodes: Sequence[Node]) -> None:
    """Mark captions, which may be longer than headings are, and turn figures' words into lines.

    A line of figures alone (``0 20 40``) is never a heading.
    """
    for node in nodes:
        if not _is_open(node):
            continue
        if read_caption(node.plain):
            node.kind, node.role = Kind.HEADING, CAPTION
        elif node.is_heading and not node.depth and not _WORDS.search(node.text):
            node.kind, node.role = Kind.PARAGRAPH, "line"
    for at, node in enumerate(nodes):
        if node.role == CAPTION:
            _settle_below(nodes, at)


def _is_open(node: Node) -> bool:
    plain = node.role is None and not node.marker and not node.bullet
    return plain and node.kind in (Kind.HEADING, Kind.PARAGRAPH)


def _settle_below(nodes: Sequence[Node], at: int) -> None:
    """Short lines on end below a caption, behind its title, are words of the figure.

    The last of them heads what follows, where that is text.
    """
    run: list[Node] = []
    end = at + 1
    while end < len(nodes) and (
        nodes[end].role == "line" or (nodes[end].is_heading and _is_open(nodes[end]))
    ):
        if nodes[end].is_heading:
            run.append(nodes[end])
        end += 1
    caption = read_caption(nodes[at].plain)
    if caption and not caption["title"]:
        run = run[1:]
    text = end < len(nodes) and nodes[end].role is None and not nodes[end].is_heading
    text = text and not is_below_table(nodes[end].plain)
    heads = text and nodes[end - 1].is_heading
    for line in run[:-1] if heads else run:
        line.kind, line.role = Kind.PARAGRAPH, "line"


# Lists whose bullets an extractor lost: items between a lead-in and a full stop (S/2016/1013).

_LEADING = (Kind.PARAGRAPH, Kind.OPERATIVE, Kind.SUBPARAGRAPH)
_SEMICOLON, _STOP = "；;", "。."


def mark_lost_bullets(nodes: Sequence[Node]) -> None:
    """Turn into list items the plain paragraphs that follow a lead-in, end in ； and at last in 。"""
    for at, node in enumerate(nodes):
        for item in _items_after(nodes, at + 1) if node.kind in _LEADING and is_lead_in(node.text) else ():
            item.kind = Kind.LIST_ITEM


def _items_after(nodes: Sequence[Node], at: int) -> list[Node]:
    items: list[Node] = []
    while at < len(nodes) and _is_plain(nodes[at]) and nodes[at].part == nodes[at - 1].part:
        items.append(nodes[at])
        if nodes[at].text[-1:] not in _SEMICOLON:
            break
        at += 1
    complete = len(items) > 1 and items[-1].text[-1:] in _STOP and len(items[-1].text) < 600
    return items if complete else [item for item in items if item.text[-1:] in _SEMICOLON and len(items) > 1]


def _is_plain(node: Node) -> bool:
    return (
        node.kind is Kind.PARAGRAPH and not node.marker and not node.bullet and node.role in (None, "chapeau")
    )


# Articles of laws and treaties: 第八条之二, their paragraphs (款) and items (项), which citations count.

_OUTSIDE = (Kind.SIGNATURE, Kind.CLOSING)


def mark_articles(nodes: Sequence[Node]) -> None:
    """Tell every block below an article which one it belongs to, and every paragraph its number there."""
    article: Node | None = None
    before: Node | None = None
    counted_through = set(_parts_that_count_through(nodes))
    for node in nodes:
        if node.kind is Kind.FOOTNOTE or node.part in counted_through:
            continue
        if article is not None and (node.part != article.part or node.kind in _OUTSIDE):
            article = None
        if article is not None and node.role == "chapeau":
            node.kind, node.role = Kind.PARAGRAPH, None
        if is_article(node):
            article = node
            node.clause = 0 if node.is_heading else 1
            clause = node.clause
        elif node.is_heading:
            article = None
        elif article is not None:
            node.article = article
            _settle_point(node, before)
            if node.kind is Kind.PARAGRAPH and node.role is None:
                numbered = node.marker is not None and node.marker.style is Style.ARABIC
                clause = node.numbering.value if numbered else clause + 1
                node.clause = clause
        before = node


def _parts_that_count_through(nodes: Sequence[Node]) -> Iterator[str]:
    """The parts whose paragraphs have numbers of their own below headings such as 第三条: below one of these
    the first number is higher than that of a first paragraph, or of the next behind some without number."""
    may_be = None
    for node in nodes:
        if node.is_heading:
            may_be = 1 if is_article(node) else None
        elif may_be and node.kind is Kind.PARAGRAPH and node.role is None:
            numbered = node.marker is not None and node.marker.style is Style.ARABIC
            if numbered and node.numbering.value > may_be:
                yield node.part
            may_be = None if numbered else may_be + 1


def is_article(node: Node) -> bool:
    """True for a block that bears the number of an article, be it heading or text."""
    article = node.marker is not None and node.marker.style is Style.ARTICLE
    return article and node.role != "contents" and not node.quoted


def _settle_point(node: Node, before: Node | None) -> None:
    """``1.`` below an item (一) of an article is a point (目) of it, no paragraph of the article."""
    if node.marker is None or node.marker.style is not Style.ARABIC or before is None:
        return
    if before.kind is not Kind.SUBPARAGRAPH or node.kind not in (Kind.PARAGRAPH, Kind.HEADING):
        return
    first = node.marker.value == 1 and is_lead_in(before.text)
    continues = before.marker is not None and before.marker.style is Style.ARABIC
    if first or (continues and node.marker.value == before.numbering.value + 1):
        node.kind = Kind.SUBPARAGRAPH
