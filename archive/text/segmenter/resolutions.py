"""Resolutions: the organ's line, the unnumbered preamble, the numbered operative part.

A resolution with a single operative paragraph does not number it (2055(2012)); it is the one that ends in a
full stop. UN editorial manual: preambular paragraphs end in a comma, operative ones in a semicolon or stop.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..blocks.markers import Style
from ..parsed import Kind
from ..shapes import ORGAN_LINE
from .nodes import Node

_STOPS = ("。", "：", ":")


def mark_resolution(nodes: Sequence[Node]) -> None:
    """Set preambular and operative kinds after each organ line (安全理事会，)."""
    inside = preamble = False
    for node in nodes:
        if ORGAN_LINE.fullmatch(node.plain) and node.kind in (Kind.PARAGRAPH, Kind.HEADING):
            node.kind, node.role = Kind.PARAGRAPH, "organ_line"
            inside = preamble = True
        elif node.role == "annex_label":
            inside = False
        elif inside and node.kind in (Kind.PARAGRAPH, Kind.HEADING) and not node.is_title:
            preamble = _mark(node, preamble)


def _mark(node: Node, preamble: bool) -> bool:
    """Mark one node; returns whether the preamble goes on after it."""
    if node.marker and node.marker.style is Style.ARABIC:
        node.kind = Kind.OPERATIVE
        return False
    if node.role or node.marker or node.is_heading:
        return preamble and not node.is_heading
    if preamble and node.text.endswith(_STOPS) and not node.text.endswith(("：", ":")):
        node.kind = Kind.OPERATIVE
        return False
    if preamble:
        node.kind = Kind.PREAMBULAR
    return preamble
