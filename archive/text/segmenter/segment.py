"""The third stage: the lines of the body to its blocks, with numbers, parents, anchors, speakers, submitters.

Each step reads what the steps before it found; the order is the order below.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..blocks import assemble_blocks
from ..blocks.layout import read_layout
from ..blocks.lone import join_lone_marks
from ..blocks.tables import read_tables
from ..cleaner import STRUCK, Cleaned
from ..parsed import Correction, DocumentType, Doubt, DroppedLine, Facts, ParsedParagraph
from .anchors import set_anchors
from .checks import Finished, check
from .classify import RECORDS, classify
from .corrections import Corrector
from .facts import document_type, printed_title, read_facts, rival_symbols, type_of_symbol
from .headings import fold_numerals, mark_articles, mark_lost_bullets
from .nodes import Node, node_of
from .notes import find_trailing_notes, return_paragraphs, tie_notes
from .outline import build_outline
from .parts import mark_parts
from .records import attribute_speeches, mark_attributions, mend_numbers, spread_submitters, take_attributions
from .resolutions import mark_enacting, mark_resolution
from .titles import mark_contents, mark_titles

_HEADS = ("masthead", "running header")


@dataclass(frozen=True, slots=True)
class Segmented:
    """The body's blocks, the document's facts, and what was left out or is in doubt; ``rivals`` are symbols
    of which it is not told which is the document's, whose facts have none then."""

    facts: Facts
    paragraphs: tuple[ParsedParagraph, ...]
    dropped: tuple[DroppedLine, ...]
    doubts: tuple[Doubt, ...]
    former: Mapping[str, str]
    rivals: tuple[str, ...] = ()


def segment(
    cleaned: Cleaned, stated: Mapping[str, Any] | None = None, corrections: Sequence[Correction] = ()
) -> Segmented:
    """Segment the body. ``stated`` are facts known from elsewhere (a sidecar), by their names.

    ``corrections`` are what people put right in the blocks.
    """
    stated = stated or {}
    symbol = stated.get("symbol") or cleaned.masthead.symbol
    told = stated.get("document_type") or type_of_symbol(symbol)
    rows, bars = read_tables(cleaned.lines)
    lines = join_lone_marks(rows)
    prose = [line for line in lines if not line.cells]
    layout = read_layout(prose, resolution=told is DocumentType.RESOLUTION)
    blocks, dropped = assemble_blocks(lines, layout)
    nodes = [node_of(block) for block in blocks]
    mark_enacting(nodes)
    nodes = fold_numerals(nodes)
    kind = told or document_type(nodes)

    starred = any("*" in line.text for line in cleaned.dropped if line.reason in _HEADS)
    find_trailing_notes(nodes, starred=starred)
    return_paragraphs(nodes)
    mark_attributions(nodes)
    dropped += mark_contents(nodes)
    mark_parts(nodes, kind)
    mark_titles(nodes, kind)
    classify(nodes, kind, corrects="/CORR." in (symbol or "").upper())
    mark_resolution(nodes, kind)
    mark_articles(nodes)
    mark_lost_bullets(nodes)
    nodes, attributions = take_attributions(nodes)
    nodes = _merge_signatures(nodes)
    if kind is DocumentType.SUMMARY_RECORD:
        nodes, torn = mend_numbers(nodes)
        dropped += torn
    build_outline(nodes)
    marks = tie_notes(nodes, starred=starred)
    spread_submitters(nodes)
    if kind in RECORDS:
        attribute_speeches(nodes, kind)
    set_anchors(nodes)
    left_out = sorted((*cleaned.dropped, *bars, *dropped, *attributions, *marks), key=lambda line: line.line)
    corrector = Corrector(nodes, left_out, kind)
    corrector.apply(corrections)

    facts = read_facts(cleaned, nodes, kind, stated)
    rivals = rival_symbols(cleaned, nodes, kind, stated)
    told = stated.get("title")
    titled = bool(told or printed_title(cleaned, nodes))
    finished = Finished(nodes, "" if told else facts.title or "", titled)
    return Segmented(
        facts=replace(facts, symbol=None) if rivals else facts,
        paragraphs=tuple(node.frozen() for node in nodes),
        dropped=tuple(left_out),
        doubts=(
            *corrector.doubts,
            *dict.fromkeys(_unread(cleaned, nodes)),
            *check(finished),
        ),
        former={words: node.anchor for words, node in corrector.former.items()},
        rivals=rivals,
    )


def _unread(cleaned: Cleaned, nodes: Sequence[Node]) -> Iterator[Doubt]:
    """A doubt for all that the reader names and does not read, at the block where it stands or the next."""
    for line, told in cleaned.unread:
        what, _, words = told.partition(": ")
        place = next((node for node in nodes if line <= node.lines[1]), nodes[-1] if nodes else None)
        words = f": {words}" if words and what != STRUCK else ""  # struck words are among those left out
        yield Doubt(f"not read, {what}{words}", line, place.anchor if place else None)


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
