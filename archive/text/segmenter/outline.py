"""The outline: which heading or paragraph each block stands under.

The order of numeral styles differs from document to document (一 → A → 1, or A → 1 → (a)); the first
appearance of a style tells its place: it goes below the heading that is open, and later numerals of the same
style stand beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..blocks.markers import NAMED_STYLES, Style
from ..parsed import Kind
from ..shapes import is_below_table, is_lead_in, read_caption
from .headings import CAPTION, is_article
from .nodes import NOTE_PARAGRAPH, Node
from .resolutions import RESUMED

_TOP_STYLES = (Style.CJK, Style.UPPER_ROMAN, *NAMED_STYLES)
_PLAIN, _SUBMITTER, _RESOLUTION_PART = "plain", "submitter", "resolution_part"
_CAPTION_TITLE = "caption_title"
_MOST_PLAINS = 3
_OF_PART = frozenset(
    {
        "meeting_opened",
        "meeting_rose",
        "meeting_remark",
        "corrections",
        "date_place",
        "chair",
        "meeting_line",
        "adoption",
    }
)


def build_outline(nodes: Sequence[Node]) -> None:
    """Set ``parent`` and, for headings, ``level`` of every node."""
    outline = _Outline()
    coming: list[Node | None] = [None]  # the next numbered heading behind each node
    for node in reversed(nodes[1:]):
        coming.append(node if node.is_heading and node.marker else coming[-1])
    for at, node in enumerate(nodes):
        outline.coming = coming[-1 - at]
        outline.place(node, nodes[at + 1] if at + 1 < len(nodes) else None)


@dataclass(slots=True)
class _Outline:
    root: Node | None = None
    label: Node | None = None
    title: Node | None = None
    heads: dict[str, Node] = field(default_factory=dict)
    part: str = "main"
    sections: list[tuple[str, Node]] = field(default_factory=list)
    items: list[tuple[str, Node]] = field(default_factory=list)
    holder: Node | None = None
    note: Node | None = None
    last: Node | None = None
    coming: Node | None = None
    counted: bool = False
    quoted: int = 0
    outside: tuple[Node | None, list[tuple[str, Node]]] = (None, [])

    def place(self, node: Node, after: Node | None) -> None:
        if node.part != self.part:
            self._enter(node.part)
        if node.quoted != self.quoted:
            self._quote(node.quoted)
        if node.is_title:
            self._place_title(node)
        elif node.is_heading:
            self._place_heading(node, after)
        elif node.kind is Kind.FOOTNOTE:
            node.parent, self.note = self.last or self.root, node
            return
        elif node.role == NOTE_PARAGRAPH:
            node.parent = self.note or self.last or self.root
            return
        elif node.role in _OF_PART or node.kind in (Kind.SIGNATURE, Kind.CLOSING):
            self._leave_sections(node)
        elif node.kind in (Kind.SUBPARAGRAPH, Kind.LIST_ITEM):
            self._place_item(node)
        else:
            self._place_paragraph(node)
        if node.is_heading:
            node.level = 1 + sum(above.is_heading for above in node.ancestors())
        self.last = node

    def _enter(self, part: str) -> None:
        self.part, self.root = part, self.heads.get(part.rpartition(".")[0], self.title)
        self.sections.clear()
        self.items.clear()
        self.holder = None
        self.counted = False

    def _quote(self, quoted: int) -> None:
        """A quotation has items of its own; behind it those before it go on."""
        if quoted and not self.quoted:
            self.outside = self.holder, list(self.items)
        elif not quoted:
            self.holder, self.items = self.outside
        self.quoted = quoted

    def _place_title(self, node: Node) -> None:
        node.parent = self.root
        if node.role != "subtitle":
            self.root = node
            self.title = node if self.part == "main" else self.title
            self.heads.setdefault(self.part, node)
        self.sections.clear()
        self.holder = node

    def _place_heading(self, node: Node, after: Node | None) -> None:
        if node.role == "notes_title":
            self.sections.clear()
        if not self._titles_caption(node):
            self._leave_caption()
        self._leave_styled(node)
        style = self._style(node)
        if _is_plain(node) and _is_plain(after) and self._plains() > 1:
            style = _PLAIN  # two headings on end: the upper one stands beside those of its kind
        at = next((at for at in range(len(self.sections) - 1, -1, -1) if self.sections[at][0] == style), None)
        right_below = at is not None and style == _PLAIN and self._is_right_below(_is_plain(after))
        if at is not None and (right_below or (style.startswith(_PLAIN) and self._is_inside(at, node))):
            style, at = f"{_PLAIN}{len(self.sections)}", None
        if at is not None:
            del self.sections[at:]
        elif style in (*_TOP_STYLES, _SUBMITTER, _RESOLUTION_PART):
            while self.sections and self.sections[-1][0].startswith(_PLAIN):
                self.sections.pop()
        node.parent = self._section()
        self.sections.append((style, node))
        self.items.clear()
        self.holder = node

    def _leave_styled(self, node: Node) -> None:
        """Contents hold no section; where no number is printed, the file's styles tell what stands beside."""
        while self.sections:
            above = self.sections[-1][1]
            beside = node.depth and above.depth >= node.depth and not (node.marker and above.marker)
            if above.role != "contents_title" and not beside:
                break
            self.sections.pop()

    def _is_inside(self, at: int, node: Node) -> bool:
        """Whether a series of headings below the section ``at`` goes on behind ``node``: 2., 文件, 3."""
        coming = self.coming.marker if self.coming and self.coming.part == node.part else None
        open_ = (section.marker for _, section in self.sections[at + 1 :])
        return coming is not None and (coming.style, coming.value - 1) in {
            (marker.style, marker.value) for marker in open_ if marker
        }

    def _is_right_below(self, goes_on: bool) -> bool:
        """Whether a heading without number stands right below another such and so heads a part of it."""
        above = self.sections[-1][1]
        return self.last is above and above.role is None and not (goes_on and self._plains() >= _MOST_PLAINS)

    def _plains(self) -> int:
        return sum(style.startswith(_PLAIN) for style, _ in self.sections)

    def _titles_caption(self, node: Node) -> bool:
        """A line right below 表1 that bears no title is the title, also where it is set as a heading."""
        above = self.sections[-1][1] if self.sections else None
        if above is None or self.last is not above or above.role != CAPTION or node.marker or node.role:
            return False
        caption = read_caption(above.plain)
        return caption is not None and not caption["title"]

    def _leave_caption(self) -> None:
        """A caption belongs to its figure: what follows that stands in the section again."""
        roles = [section.role for _, section in self.sections]
        if CAPTION in roles:
            del self.sections[roles.index(CAPTION) :]

    def _style(self, node: Node) -> str:
        """What must be equal for two headings to stand side by side."""
        if node.role in (_SUBMITTER, _RESOLUTION_PART, CAPTION):
            return node.role
        if self._titles_caption(node):
            return _CAPTION_TITLE
        if node.marker:
            return _series_of(node)
        if node.depth:
            return f"#{node.depth}"
        deepest = next((style for style, _ in reversed(self.sections) if style.startswith(_PLAIN)), _PLAIN)
        return deepest if self._continues_plain(deepest) else _PLAIN

    def _continues_plain(self, style: str) -> bool:
        return style != _PLAIN and self.last is not self.sections[-1][1]

    def _section(self) -> Node | None:
        return self.sections[-1][1] if self.sections else self.root

    def _leave_sections(self, node: Node) -> None:
        del self.sections[self._sections_that_hold(node) :]
        node.parent = self._section()
        self.items.clear()
        self.holder = node

    def _leaves_caption(self, node: Node) -> bool:
        """Rows, short lines and sources belong to the figure; to a box, where paragraphs are numbered, also
        those without number."""
        if node.role in ("line", "row") or is_below_table(node.plain):
            return False
        caption = next((section for _, section in self.sections if section.role == CAPTION), None)
        if caption is None:
            return False
        box = read_caption(caption.plain)
        in_box = self.counted and not node.marker and node.role is None and box and box["box"]
        return not in_box

    def _leave_articles(self) -> None:
        """An article whose text runs in stands beside one that is a heading, not under it."""
        styles = [style for style, _ in self.sections]
        if Style.ARTICLE.value in styles:
            del self.sections[styles.index(Style.ARTICLE.value) :]

    def _sections_that_hold(self, node: Node) -> int:
        """How many sections stay open: where and when it was adopted is said in the part of a resolution."""
        styles = [style for style, _ in self.sections]
        inside = node.role == "meeting_line" and _RESOLUTION_PART in styles
        return styles.index(_RESOLUTION_PART) + 1 if inside else 0

    def _place_item(self, node: Node) -> None:
        if node.role == "contents" and not node.marker:
            self.items.clear()
        style = _series_of(node) if node.marker else node.bullet or Style.BULLET.value
        at = next((at for at in range(len(self.items) - 1, -1, -1) if self._beside(at, style, node)), None)
        begins = node.marker is not None and node.marker.value == 1
        among_items = self.last is None or self.last.kind in (Kind.SUBPARAGRAPH, Kind.LIST_ITEM)
        announced = self.last is not None and is_lead_in(self.last.text)
        if begins and not among_items and (at is not None or announced):
            at = None
            self.items.clear()
        if at is not None:
            node.parent = self.items[at][1].parent
            del self.items[at:]
        elif self.items:
            node.parent = self.items[-1][1]
        else:
            node.parent = self.holder if self.holder is not None else self._section()
        self.items.append((style, node))

    def _beside(self, at: int, style: str, node: Node) -> bool:
        """Whether ``node`` is of the series of an open item: of its depth, where both are of one list."""
        other = self.items[at][1].listed
        if other and node.listed and other[0] == node.listed[0]:
            return other[1] == node.listed[1]
        return self.items[at][0] == style

    def _place_paragraph(self, node: Node) -> None:
        if self.sections and self.sections[-1][1].role == "contents_title" and node.role != "contents":
            self.sections.pop()
        if node.role == RESUMED:
            while self.sections and self.sections[-1][0].startswith(_PLAIN):
                self.sections.pop()
        if self._leaves_caption(node):
            self._leave_caption()
        self.counted = self.counted or node.marker is not None
        if is_article(node):
            self._leave_articles()
        inside = node.article is not None and not node.article.is_heading
        node.parent = node.article if inside else self._section()
        if node.marker or not self.items:
            self.items.clear()
        self.holder = node
        if not node.marker and node.kind is Kind.PARAGRAPH and self.items:
            # A list is over, but a lettered series may go on after a paragraph between its items.
            self.items = [item for item in self.items if item[1].marker]


def _is_plain(node: Node | None) -> bool:
    """True for a heading that nothing but its place tells the level of."""
    return (
        node is not None
        and node.is_heading
        and not (node.is_title or node.marker or node.depth)
        and node.role is None
    )


def _series_of(node: Node) -> str:
    """What the numbers of one series have in common: their style, of decimal ones their depth too."""
    marker = node.numbering
    depth = marker.number.count(".") if marker.style is Style.DECIMAL else ""
    return f"{marker.style.value}{depth}"
