"""A block of lines before it is known what it is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ..cells import CELL_MARK
from ..lines import Line
from ..shapes import ANNEX_OF, is_heading_like, stands_alone
from ..typography import compact, join_lines
from .markers import SECTION_STYLES, Marker

_GUTTER = re.compile(
    r"\s{2,40}|\t|(?<=[\u4e00-\u9fff)）》])\s(?=[\u4e00-\u9fff(（《])|\s(?=[X×√✓]\s)|(?<=\s[X×√✓])\s"
)
# The sponsors' title of a draft is complete: 阿根廷和德国：决议草案
_DRAFT_TITLE = re.compile(r"[：:]\s?(?:订正)?(?:决议草案|决定草案|修正案)(?:的修正案)?$")


@dataclass(slots=True)
class Block:
    """A block before it is known what it is: its lines, its number or bullet, and how it was set.

    ``note`` is the number of a footnote, ``of_note`` marks its further paragraphs; ``signature`` is true for
    the lines around （签名）; ``row`` is the table and row that it is, each counted from 1, ``quoted``
    the first line of the quotation that it stands in (0 for none), ``unsure`` what speaks against it.
    """

    lines: list[Line]
    texts: list[str]
    marker: Marker | None = None
    bullet: str = ""
    prefix: str = ""
    note: str = ""
    of_note: bool = False
    signature: bool = False
    gap: int = 0
    indent: int = 0
    depth: int = 0
    page: bool = False
    row: tuple[int, int] | None = None
    quoted: int = 0
    unsure: str = ""
    _text: str | None = field(default=None, repr=False)

    @property
    def text(self) -> str:
        """The block's text in the convention of stored text."""
        spaced = self.lines[0].spaced
        if self._text is None and self.row:
            self._text = CELL_MARK.join(compact(cell, spaced=spaced) for cell in self.lines[0].cells)
        elif self._text is None and self.signature:
            self._text = "\n".join(filter(None, (compact(text, spaced=spaced) for text in self.texts)))
        elif self._text is None:
            self._text = join_lines(self.texts, spaced=spaced)
        return self._text

    @text.setter
    def text(self, value: str) -> None:
        self._text = value

    @property
    def columns(self) -> int:
        """Into how many columns a block of one line is set."""
        return len(_GUTTER.split(self.texts[0].strip())) if len(self.texts) == 1 else 1

    def add(self, line: Line, text: str) -> None:
        """Continue the block with ``line``."""
        self.lines.append(line)
        self.texts.append(text)
        self._text = None

    @property
    def closed(self) -> bool:
        """True where nothing can follow in the same block."""
        return (len(self.lines) == 1 and self.depth > 0) or self.is_whole

    @property
    def is_whole(self) -> bool:
        """True where the words themselves say that nothing follows."""
        if len(self.lines) == 1 and stands_alone(self.texts[0]):
            return True
        if _DRAFT_TITLE.search(self.texts[-1][-12:]):
            return True
        return len(self.lines) <= 4 and self.marker is None and ANNEX_OF.fullmatch(self.text) is not None

    @property
    def is_numbered_heading(self) -> bool:
        """True for 一. 导言 and the like."""
        return (
            self.marker is not None and self.marker.style in SECTION_STYLES and is_heading_like(self.texts[0])
        )
