"""Doubts about the structure: numbers that are missing or come twice, and lines kept as they stood."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..blocks.markers import Marker, Style, read_markers
from ..parsed import Doubt, Kind
from .articles import is_article
from .classify import ITEM_STYLES
from .nodes import Node

_COUNTED = (Kind.PARAGRAPH, Kind.OPERATIVE)


def doubts_of(nodes: Sequence[Node]) -> list[Doubt]:
    """The doubts about ``nodes``, in their order: what was lost or is no number, tables kept line by line."""
    doubts: list[Doubt] = []
    last: dict[str, int] = {}
    items: dict[tuple[int, Style], Marker] = {}
    articles: dict[str, Marker] = {}
    lines = below_heading = False
    for node in nodes:
        kept = node.role in ("line", "row") and node.kind is not Kind.ROW
        if kept and not lines:
            message = "short lines on end were kept line by line: a table or a list"
            doubts.append(_doubt(message, node))
        lines = kept
        if node.kind is Kind.SUBPARAGRAPH and node.marker is not None:
            doubts += _of_item(node, items)
        if node.marker is not None and node.kind in _COUNTED and (node.number or "").isdecimal():
            doubts += _of_paragraph(node, last.get(node.part), below_heading=below_heading)
            last[node.part] = node.marker.value
            below_heading = False
        if is_article(node):
            doubts += _of_article(node, articles)
        below_heading = below_heading or node.is_heading or node.role == "organ_line" or is_article(node)
    return doubts


def _of_paragraph(node: Node, before: int | None, *, below_heading: bool) -> Iterator[Doubt]:
    """A count goes on by one; below a heading it may begin anew (a draft, a reply), and only then."""
    value = node.numbering.value
    again = value == 1 and before is not None and not below_heading
    if before is not None and (value not in (before + 1, 1) or again):
        yield _doubt(f"paragraph {value} follows paragraph {before}", node)
    elif before is None and value > 1:
        yield _doubt(f"paragraph {value} is the first with a number", node)
    if any(inner.style in ITEM_STYLES and inner.value == 1 for inner in read_markers(node.text)):
        message = f"paragraph {value} begins at once with its first item, which has no block of its own"
        yield _doubt(message, node)


def _of_item(node: Node, items: dict[tuple[int, Style], Marker]) -> Iterator[Doubt]:
    """The items of one block count on from its first."""
    marker = node.numbering
    series = id(node.parent), marker.style
    before = items.get(series)
    items[series] = marker
    if before is not None and marker.value != before.value + 1 and marker.style is not Style.DECIMAL:
        yield _doubt(f"item {marker.number} follows item {before.number}", node)


def _of_article(node: Node, articles: dict[str, Marker]) -> Iterator[Doubt]:
    """Articles count on through all chapters of their part; 第八条之二 stands between 第八条 and 第九条."""
    marker, before = node.numbering, articles.get(node.part)
    articles[node.part] = marker
    if before is None:
        return
    value, sub = before.value, before.sub
    if (marker.value, marker.sub) not in ((value + 1, 0), (value, sub + 1), (1, 0)):
        yield _doubt(f"article {marker.number} follows article {before.number}", node)


def _doubt(message: str, node: Node) -> Doubt:
    return Doubt(message, node.lines[0], node.anchor)
