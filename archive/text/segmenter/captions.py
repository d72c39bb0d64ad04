"""Captions of figures, tables and boxes, and the words of a figure that stand below them as short lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..parsed import Kind
from ..shapes import is_below_table, read_caption
from .nodes import Node

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
