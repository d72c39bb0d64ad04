"""Articles of laws and treaties: 第八条之二, their paragraphs (款) and items (项), which citations count.

An article may run in (第三条 国家…) or stand as a heading of its own (第一条 定义). Its paragraphs bear no
number in laws and one in treaties; the text behind a number that runs in is the first of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..blocks.markers import Style
from ..parsed import Kind
from ..shapes import is_lead_in
from .nodes import Node

_OUTSIDE = (Kind.SIGNATURE, Kind.CLOSING)


def mark_articles(nodes: Sequence[Node]) -> None:
    """Tell every block below an article which one it belongs to, and every paragraph its number there."""
    article: Node | None = None
    before: Node | None = None
    for node in nodes:
        if node.kind is Kind.FOOTNOTE:
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
