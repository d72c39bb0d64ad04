"""The third stage: the lines of the body to its blocks, with numbers, parents, anchors, speakers, submitters.

Each step reads what the steps before it found; the order is the order below.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..blocks import assemble_blocks
from ..blocks.layout import read_layout
from ..blocks.lone import join_lone_marks
from ..blocks.markers import read_markers
from ..cleaner import Cleaned
from ..parsed import DocumentType, Doubt, DroppedLine, Facts, Kind, ParsedParagraph
from .anchors import set_anchors
from .classify import ITEM_STYLES, classify
from .facts import read_facts
from .genre import document_type
from .headings import fold_numerals
from .lists import mark_lost_bullets
from .nodes import Node, node_of
from .notes import find_trailing_notes, tie_notes
from .outline import build_outline
from .parts import mark_parts
from .records import attribute_speeches, mend_numbers
from .replies import mark_attributions, spread_submitters, take_attributions
from .resolutions import mark_enacting, mark_resolution
from .titles import mark_contents, mark_titles

_HEADS = ("masthead", "running header")
_RECORDS = (DocumentType.SUMMARY_RECORD, DocumentType.VERBATIM_RECORD)


@dataclass(frozen=True, slots=True)
class Segmented:
    """The body's blocks, the document's facts, and what was left out or is in doubt."""

    facts: Facts
    paragraphs: tuple[ParsedParagraph, ...]
    dropped: tuple[DroppedLine, ...]
    doubts: tuple[Doubt, ...]


def segment(cleaned: Cleaned, stated_type: DocumentType | None = None) -> Segmented:
    """Segment the body. ``stated_type`` is the kind of document where a sidecar states it."""
    lines = join_lone_marks(cleaned.lines)
    blocks, dropped = assemble_blocks(lines, read_layout(lines))
    nodes = [node_of(block) for block in blocks]
    mark_enacting(nodes)
    nodes = fold_numerals(nodes)
    kind = stated_type or document_type(cleaned.masthead.symbol, nodes)
    doubts: list[Doubt] = []

    starred = any("*" in line.text for line in cleaned.dropped if line.reason in _HEADS)
    find_trailing_notes(nodes, starred=starred)
    mark_attributions(nodes)
    dropped += mark_contents(nodes)
    mark_parts(nodes, kind)
    mark_titles(nodes)
    classify(nodes, kind)
    mark_resolution(nodes)
    mark_lost_bullets(nodes)
    nodes, attributions = take_attributions(nodes)
    nodes = _merge_signatures(nodes)
    if kind is DocumentType.SUMMARY_RECORD:
        nodes, torn, found = mend_numbers(nodes)
        dropped, doubts = dropped + torn, doubts + found
    build_outline(nodes)
    marks, unmarked = tie_notes(nodes, starred=starred)
    spread_submitters(nodes)
    if kind in _RECORDS:
        attribute_speeches(nodes, kind)
    set_anchors(nodes)

    lines = sorted((*cleaned.dropped, *dropped, *attributions, *marks), key=lambda line: line.line)
    return Segmented(
        facts=read_facts(cleaned, nodes, kind),
        paragraphs=tuple(node.frozen() for node in nodes),
        dropped=tuple(lines),
        doubts=(*doubts, *unmarked, *_doubts_of(nodes)),
    )


def _merge_signatures(nodes: list[Node]) -> list[Node]:
    """Signature lines that stood apart form one block, its lines kept."""
    merged: list[Node] = []
    for node in nodes:
        last = merged[-1] if merged else None
        if node.role == "signature_line" and last is not None and last.role == "signature_line":
            last.text = f"{last.text}\n{node.text}"
            last.lines = (last.lines[0], node.lines[1])
        else:
            merged.append(node)
    return merged


def _doubts_of(nodes: list[Node]) -> list[Doubt]:
    """Gaps in the count of paragraphs, which mean that something was lost or is no number."""
    doubts: list[Doubt] = []
    last: dict[str, int] = {}
    lines = False
    for node in nodes:
        if node.role in ("line", "row") and not lines:
            message = "short lines on end were kept line by line: a table or a list"
            doubts.append(Doubt(message, node.lines[0], node.anchor))
        lines = node.role in ("line", "row")
        if (
            node.marker is None
            or node.kind not in (Kind.PARAGRAPH, Kind.OPERATIVE)
            or not node.number.isdecimal()
        ):
            continue
        before, value = last.get(node.part), node.marker.value
        if before is not None and value not in (before + 1, 1):
            doubts.append(Doubt(f"paragraph {value} follows paragraph {before}", node.lines[0], node.anchor))
        last[node.part] = value
        if any(inner.style in ITEM_STYLES and inner.value == 1 for inner in read_markers(node.text)):
            message = f"paragraph {value} begins at once with its first item, which has no block of its own"
            doubts.append(Doubt(message, node.lines[0], node.anchor))
    return doubts
