"""What stands under what, such that reading the tree from top to bottom gives the blocks in their order.

The archive's ``parent`` says to what a block belongs; a footnote belongs to a paragraph that other paragraphs
follow. Here a block stands under its parent only while that is the last that was opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from archive.models import Paragraph

Kind = Paragraph.Kind
FRONT = {
    "title", "organ", "organ_line", "annex_label", "annex_title", "subtitle", "adoption", "contents",
    "contents_title", "date_place", "chair", "corrections", "attendance", "chapeau",
}  # fmt: skip
ENDING = {Kind.SIGNATURE, Kind.CLOSING}


@dataclass(slots=True)
class Node:
    """A block with what stands under it."""

    block: Paragraph
    children: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class Part:
    """The main part of a document, or an annex: its blocks, by where they stand in the file."""

    name: str
    preface: list[Paragraph]
    preamble: list[Paragraph]
    body: list[Node]
    conclusions: list[Paragraph]


def parts_of(blocks: Iterable[Paragraph], preamble: bool = True) -> list[Part]:
    """The parts in their order; the first is the main one, and without blocks where a document has none.

    Without ``preamble``, which debates cannot have, preambular paragraphs of the main part stand in its body.
    """
    runs = [(name, list(run)) for name, run in groupby(blocks, key=lambda block: block.part)]
    if not runs or runs[0][0] != "main":
        runs.insert(0, ("main", []))
    return [_part(name, run, preamble or place > 0) for place, (name, run) in enumerate(runs)]


def _part(name: str, blocks: Sequence[Paragraph], preamble: bool) -> Part:
    start = _first(blocks, 0, lambda block: block.role not in FRONT)
    preamble_end = start
    if preamble and start < len(blocks) and blocks[start].kind == Kind.PREAMBULAR:
        ends = {Kind.OPERATIVE, Kind.HEADING, *ENDING}
        preamble_end = _first(blocks, start, lambda block: block.kind in ends)
    end = len(blocks)
    while end > preamble_end and blocks[end - 1].kind in ENDING:
        end -= 1
    body = nested(blocks[preamble_end:end])
    return Part(name, list(blocks[:start]), list(blocks[start:preamble_end]), body, list(blocks[end:]))


def _first(blocks: Sequence[Paragraph], start: int, wanted) -> int:
    return next((place for place in range(start, len(blocks)) if wanted(blocks[place])), len(blocks))


def nested(blocks: Iterable[Paragraph]) -> list[Node]:
    """Each block under its parent while that is open; else under the headings that are."""
    top: list[Node] = []
    opened: list[Node] = []
    for block in blocks:
        place = next((at for at, node in enumerate(opened) if node.block.pk == block.parent_id), None)
        if place is not None:
            del opened[place + 1 :]
        else:
            opened = _sections(opened, block)
        node = Node(block)
        (opened[-1].children if opened else top).append(node)
        opened.append(node)
    return top


def _sections(opened: Sequence[Node], block: Paragraph) -> list[Node]:
    """The headings that stay open for a block whose parent is not; none for a heading."""
    if block.kind == Kind.HEADING:
        return []
    return [node for node in opened if node.block.kind == Kind.HEADING]
