"""Lists whose bullets an extractor lost: items between a lead-in and a full stop (S/2016/1013)."""

from __future__ import annotations

from collections.abc import Sequence

from ..parsed import Kind
from ..shapes import is_lead_in
from .nodes import Node

_LEADING = (Kind.PARAGRAPH, Kind.OPERATIVE, Kind.SUBPARAGRAPH)
_SEMICOLON, _STOP = "；;", "。."


def mark_lost_bullets(nodes: Sequence[Node]) -> None:
    """Turn into list items the plain paragraphs that follow a lead-in, end in ； and at last in 。"""
    at = 0
    while at < len(nodes):
        if nodes[at].kind in _LEADING and is_lead_in(nodes[at].text):
            for item in _items_after(nodes, at + 1):
                item.kind = Kind.LIST_ITEM
        at += 1


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
