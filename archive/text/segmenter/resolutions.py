"""Resolutions: the organ's line, the unnumbered preamble, the numbered operative part, and parts A, B, ….

A resolution with a single operative paragraph does not number it (2055(2012)); it is the one that ends in a
full stop. UN editorial manual: preambular paragraphs end in a comma, operative ones in a semicolon or stop.
Copies lose the comma of the organ's line or of the last preambular paragraph, so where numbered paragraphs
follow, all that stands before the first of them is preamble, save headings.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..blocks.markers import Style, read_lone_numeral
from ..parsed import DocumentType, Kind
from ..shapes import OPERATIVE, PREAMBULAR, begins_preamble
from .nodes import Node

ORGAN_LINE, PART, RESUMED = "organ_line", "resolution_part", "resumed"
_STOPS = ("。",)
_HALTS = ("；", "：")
_PARTIES = re.compile(r"本[^，,。；;：:]{2,16}(?:缔约[国方]|签[署字]国|成员国|各国|各方)[，,]")
_NEAR = 80  # paragraphs
_MAY_GO_ON = "the preamble may go on here"
_BEHIND = "a preambular paragraph stands behind an operative one"
_NUMBERED = (Style.ARABIC, Style.CJK)
_HEREBY = re.compile(r"(?=..)(?:特此|兹|现)?(?:决定|决议|议定|商定|协议|声明|宣布)?(?:如下)?[：:]")


def mark_enacting(nodes: Sequence[Node]) -> None:
    """Mark the lines that enact a resolution (安全理事会，), so that they are taken for nothing else."""
    for at, node in enumerate(nodes):
        free = not (node.marker or node.note or node.bullet) and node.kind is Kind.PARAGRAPH
        after = nodes[at + 1].text if at + 1 < len(nodes) else ""
        if free and begins_preamble(node.text, after):
            node.role = ORGAN_LINE


def mark_resolution(nodes: Sequence[Node], kind: DocumentType = DocumentType.DOCUMENT) -> None:
    """Set preambular and operative kinds after each organ line.

    A report quotes the drafts that it recommends; where its own count goes on, the draft is over. What is
    known to be a resolution by its symbol may lack that line: then its text begins where it reads as one.
    """
    _mark_parts(nodes)
    numbered = _before_numbered(nodes)
    inside = preamble = lettered = treaty = False
    outer = last = 0
    first = _first_of_excerpt(nodes) if kind is DocumentType.RESOLUTION else None
    for node, announced in zip(nodes, numbered, strict=True):
        if node is first:
            inside = preamble = True
        if treaty and (node.is_heading or node.marker or _HEREBY.fullmatch(node.plain)):
            inside = preamble = treaty = False
        if node.role == ORGAN_LINE:
            inside = preamble = lettered = True
            last = 0
        elif _PARTIES.fullmatch(node.plain):
            inside = preamble = treaty = True
        elif node.role in ("annex_label", PART) or (node.marker and node.marker.style is Style.CHAPTER):
            inside = False
        elif inside and outer and _is_numbered(node) and node.numbering.value == outer + 1 != last + 1:
            inside, node.role = False, RESUMED
        elif preamble and node.marker and node.marker.style is Style.LETTER and lettered:
            node.kind = Kind.PREAMBULAR  # (a) 忆及…, as the IAEA counts
        elif inside and node.kind in (Kind.PARAGRAPH, Kind.HEADING) and not node.is_title:
            preamble = _mark(node, preamble, announced, counted=bool(last))
            lettered = False
        if _is_numbered(node) and inside:
            last = node.numbering.value
        elif _is_numbered(node):
            outer = node.numbering.value


def _halts(node: Node) -> bool:
    """Whether a paragraph may end a preamble or be one of it: 重申…；"""
    both = PREAMBULAR.match(node.plain) and OPERATIVE.match(node.plain)
    return node.part == "main" and node.text.endswith("；") and both is not None


def _goes_on(nodes: Sequence[Node], at: int) -> bool:
    """Whether a paragraph of a preamble follows, before anything that can only be operative."""
    for node in nodes[at + 1 : at + 1 + _NEAR]:
        if node.kind is not Kind.PARAGRAPH or node.marker or not PREAMBULAR.match(node.plain):
            return False
        if node.text[-1:] in "，,":
            return True
    return False


def _first_of_excerpt(nodes: Sequence[Node]) -> Node | None:
    """The first paragraph of a resolution that no organ line opens; None where one does."""
    main = [node for node in nodes if node.part == "main"]
    if any(node.role == ORGAN_LINE for node in main):
        return None
    return next(
        (
            node
            for node in main
            if _is_numbered(node) or (not node.is_title and not node.marker and _begins_text(node))
        ),
        None,
    )


def _begins_text(node: Node) -> bool:
    operative = not node.is_heading and OPERATIVE.match(node.plain)
    return bool(operative or PREAMBULAR.match(node.plain))


def _mark_parts(nodes: Sequence[Node]) -> None:
    """Headings directly above organ lines, where there are several: each part is a resolution of its own."""
    heads = [
        before
        for before, node in zip(nodes, nodes[1:], strict=False)
        if node.role == ORGAN_LINE and before.is_heading and not before.is_title
    ]
    for head in heads:
        if len(heads) > 1 or read_lone_numeral(head.text):
            head.role = PART


def _before_numbered(nodes: Sequence[Node]) -> list[bool]:
    """For every node, whether a numbered paragraph follows in the same resolution, or the preamble goes on
    behind its semicolon."""
    flags: list[bool] = []
    ahead = False
    for at, node in reversed(list(enumerate(nodes))):
        flags.append(ahead or (_halts(node) and _goes_on(nodes, at)))
        if node.role in (ORGAN_LINE, "annex_label", PART) or node.kind in (Kind.CLOSING, Kind.SIGNATURE):
            ahead = False
        elif _is_numbered(node):
            ahead = True
    return flags[::-1]


def _is_numbered(node: Node) -> bool:
    if node.marker is None or node.marker.style not in _NUMBERED:
        return False
    return node.marker.style is Style.ARABIC or node.kind is Kind.PARAGRAPH


def _mark(node: Node, preamble: bool, announced: bool, *, counted: bool) -> bool:
    """Mark one node; returns whether the preamble goes on after it. ``counted``: numbers were seen above.

    Some copies lose all numbers, which Word had counted: what then follows the preamble and begins as an
    operative paragraph does is one.
    """
    if _is_numbered(node):
        node.kind = Kind.OPERATIVE
        return False
    if counted and node.is_heading and read_lone_numeral(node.text):
        return True  # part B may have a preamble of its own
    if not (preamble or announced or counted or node.marker or node.role or node.is_heading):
        node.kind = Kind.OPERATIVE if OPERATIVE.match(node.plain) else node.kind
        again = node.text[-1:] in "，," and PREAMBULAR.match(node.plain)
        node.unsure = _BEHIND if again else node.unsure
        return False
    if not preamble or node.marker or node.depth or node.role not in (None, "line", "chapeau"):
        return preamble and (announced or not node.is_heading)
    if announced and _HEREBY.fullmatch(node.plain):
        node.role = None
        return True
    if node.is_heading and not announced and not PREAMBULAR.match(node.plain):
        return False
    node.role = None
    ends = node.text.endswith(_STOPS) or (
        node.text.endswith((*_HALTS, ".")) and node.part == "main" and OPERATIVE.match(node.plain)
    )
    if ends and not announced:
        node.kind = Kind.OPERATIVE
        node.unsure = _MAY_GO_ON if _halts(node) else node.unsure
        return False
    node.kind = Kind.PREAMBULAR
    return True
