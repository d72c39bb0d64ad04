"""A block on its way to a ``ParsedParagraph``: the mutable form that the segmenter's steps share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from archive.text.aligned_folding import fold

from ..blocks import Block
from ..blocks.markers import NAMED_STYLES, Marker
from ..parsed import Kind, NoteMark, ParsedParagraph, Speaker, Submitter
from ..shapes import PartLabel

_LONGEST_SHAPE = 320
NOTE_PARAGRAPH = "note_paragraph"
TITLE_ROLES = frozenset({"title", "organ", "annex_label", "annex_title", "subtitle"})


@dataclass(slots=True, eq=False)
class Node:
    """A block with what has been found out about it; ``parent`` is the node it stands under.

    ``article`` is the article that it belongs to, ``clause`` the number of its paragraph (款) there,
    ``row`` the table and row that it is, ``label`` that of the part which it opens, ``quoted`` the first line
    of the quotation that it stands in (0 for none), ``named_note`` whether the file says that it is a note,
    ``listed`` its list and depth there where the file counts it, ``bold`` whether all of it is, ``unsure``
    what speaks for another reading of it.
    """

    text: str
    lines: tuple[int, int]
    prefix: str = ""
    marker: Marker | None = None
    bullet: str = ""
    note: str = ""
    indent: int = 0
    depth: int = 0
    page: bool = False
    columns: int = 1
    kind: Kind = Kind.PARAGRAPH
    role: str | None = None
    part: str = "main"
    label: PartLabel | None = None
    parent: Node | None = None
    level: int | None = None
    anchor: str = ""
    speaker: Speaker | None = None
    submitter: Submitter | None = None
    turn: int | None = None
    article: Node | None = None
    clause: int = 0
    row: tuple[int, int] | None = None
    quoted: int = 0
    bold: bool = False
    named_note: bool | None = None
    listed: tuple[str, int] | None = None
    unsure: str = ""
    notes: list[tuple[int, Node]] = field(default_factory=list)

    @property
    def number(self) -> str | None:
        """The official number or letter, without punctuation; none where 第一条 is all that the text says."""
        if self.marker is None or (self.marker.style in NAMED_STYLES and self.marker.prefix == self.text):
            return self.note or None
        return self.marker.number

    @property
    def numbering(self) -> Marker:
        """The marker of a node that is known to have one."""
        assert self.marker is not None
        return self.marker

    @property
    def plain(self) -> str:
        """The head of the text in simplified characters and half-width forms, for comparison with shapes."""
        return fold(self.text[:_LONGEST_SHAPE])

    @property
    def is_heading(self) -> bool:
        """True for headings of every role."""
        return self.kind is Kind.HEADING

    @property
    def is_title(self) -> bool:
        """True for the titles of the document and of its annexes, which open no section."""
        return self.is_heading and self.role in TITLE_ROLES

    def ancestors(self) -> Iterator[Node]:
        """The nodes above, nearest first."""
        above = self.parent
        while above is not None:
            yield above
            above = above.parent

    def frozen(self) -> ParsedParagraph:
        """The finished paragraph."""
        return ParsedParagraph(
            anchor=self.anchor,
            kind=self.kind,
            text=self.text,
            number=self.number,
            parent=self.parent.anchor if self.parent else None,
            part=self.part,
            role=self.role,
            level=self.level,
            speaker=self.speaker,
            submitter=self.submitter,
            notes=tuple(NoteMark(at, note.anchor) for at, note in self.notes),
            lines=self.lines,
            prefix=self.prefix,
            turn=self.turn,
        )


def node_of(block: Block) -> Node:
    """The node of a block whose kind is still open, but for footnotes and signatures."""
    kind = Kind.FOOTNOTE if block.note else Kind.SIGNATURE if block.signature else Kind.PARAGRAPH
    kind = Kind.ROW if block.row else kind
    return Node(
        text=block.text,
        lines=(block.lines[0].number, block.lines[-1].until or block.lines[-1].number),
        prefix=block.prefix,
        marker=block.marker,
        bullet=block.bullet,
        note=block.note,
        indent=block.indent,
        depth=block.depth,
        page=block.page,
        columns=block.columns,
        kind=kind,
        role=NOTE_PARAGRAPH if block.of_note else "row" if block.row else None,
        row=block.row,
        quoted=block.quoted,
        bold=all(line.bold for line in block.lines),
        named_note=block.lines[0].named_note,
        listed=level[:2] if (level := block.lines[0].level) else None,
        unsure=block.unsure,
    )
