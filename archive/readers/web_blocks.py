"""Blocks of web pages: numbers of lists as a browser prints them (HTML, 4.4.5), footnotes, tables."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from lxml.html import HtmlElement

from .web_main import BLOCKS
from .web_styles import ListStyles
from .word_fields import ringed
from .word_numbering import Printed, counted
from .word_styles import is_layout, number_of
from .writer import is_masthead, raised

_TYPES = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_STYLES = {
    "decimal": "decimal",
    "decimal-leading-zero": "decimalZero",
    "lower-alpha": "lowerLetter",
    "lower-latin": "lowerLetter",
    "upper-alpha": "upperLetter",
    "upper-latin": "upperLetter",
    "lower-roman": "lowerRoman",
    "upper-roman": "upperRoman",
    "cjk-decimal": "ideographDigital",
    "cjk-ideographic": "chineseCountingThousand",
    "simp-chinese-informal": "chineseCountingThousand",
    "trad-chinese-informal": "taiwaneseCountingThousand",
    "simp-chinese-formal": "chineseLegalSimplified",
    "cjk-heavenly-stem": "ideographTraditional",
    "cjk-earthly-branch": "ideographZodiac",
}
_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([^;]+)", re.I)
_TYPED = re.compile(
    r"\s*(?:[(（]?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5}|[一二三四五六七八九十]{1,4})[)）.．、]|"
    r"第[一二三四五六七八九十百\d]{1,6}[条章节款]|[①-⑳㈠-㈩•·●▪■◦–—-]\s?)"
)


_BULLETS = "•○▪"  # of a list, of one inside it, and of all inside that


def item_numbers(
    element: HtmlElement, sheet: ListStyles | None = None, name: str = ""
) -> dict[HtmlElement, Printed]:
    """What stands before each item; none where items bear typed numbers, or the list hides its own.

    ``sheet`` is what the page's style sheet says of its lists, ``name`` that of the outermost list.
    """
    items = [child for child in element if child.tag == "li"]
    printed = sheet.of(element) if sheet and _stated(element) is None else None
    form = _form(element) if printed is None else _named(printed.style)
    inked = [text for item in items if (text := item.text_content().strip())]
    stated = element.get("start") is not None or any(item.get("value") for item in items)
    if not inked or form == "none" or (all(map(_TYPED.match, inked)) and not stated):
        return {}
    if element.tag != "ol" and (printed is None or printed.behind is None):
        depth = sum(above.tag == "ul" for above in element.iterancestors())
        return {item: Printed(_BULLETS[min(depth, 2)], bullet=True) for item in items}
    backwards = element.get("reversed") is not None
    start = number_of(element.get("start"), -9999, 99_999)
    value = start if start is not None else len(items) if backwards else 1
    found: dict[HtmlElement, Printed] = {}
    for item in items:
        own = number_of(item.get("value"), -9999, 99_999)
        value = own if own is not None else value
        kind = _STYLES.get(_stated(item) or "", form)
        sign = "、" if kind.startswith(("chinese", "taiwanese", "ideograph")) else "."
        if printed is not None and printed.behind is not None:
            text = f"{printed.before}{counted(value, kind)}{printed.behind}".strip()
        else:
            text = counted(value, kind) + sign
        found[item] = Printed(text, level=(name, sum(1 for _ in element.iterancestors("ol", "ul")), kind))
        value += -1 if backwards else 1
    return found


def _named(style: str) -> str:
    """The form that CSS names, in the words of ``list-style`` or one of its own."""
    words = style.replace("!important", "").split()
    return next((_STYLES.get(word, word) for word in words if word in _STYLES or word == "none"), "decimal")


def _stated(element: HtmlElement) -> str | None:
    match = _STYLE.search(element.get("style", ""))
    words = match[1].lower().replace("!important", "").split() if match else []
    return next((word for word in words if word in _STYLES or word == "none"), None)


def _form(element: HtmlElement) -> str:
    stated = _stated(element)
    if stated:
        return _STYLES.get(stated, stated)
    return _TYPES.get(element.get("type", "1"), "decimal")


# Footnotes of web pages: a raised number that leads to a place further down, and what stands there.

_MARK = re.compile(r"[\[［(（]?\s*(\d{1,3}|[①-⑳]|\*{1,3}|[a-z])\s*[\]］)）]?")
_MOST = 5000


@dataclass(slots=True)
class Notes:
    """``calls``: links that call a note, with its mark as it stands in the text. ``starts``: blocks that hold
    a note, with its mark."""

    calls: dict[HtmlElement, str] = field(default_factory=dict)
    starts: dict[HtmlElement, str] = field(default_factory=dict)


def find_notes(main: HtmlElement) -> Notes:
    """The notes in ``main``. A link that leads back up is none: it stands in the note."""
    found = Notes()
    order: dict[HtmlElement, int] = {}
    places: dict[str, HtmlElement] = {}
    links: list[HtmlElement] = []
    for at, element in enumerate(main.iter()):
        order[element] = at
        if not isinstance(element.tag, str):
            continue
        for name in (element.get("id"), element.get("name") if element.tag == "a" else None):
            if name:
                places.setdefault(name, element)
        if element.tag == "a" and element.get("href", "").startswith("#"):
            links.append(element)
    for link in links[:_MOST]:
        mark = _MARK.fullmatch(link.text_content().strip())
        place = places.get(unquote(link.get("href")[1:]))
        if mark is None or place is None or order[place] < order[link]:
            continue
        block = _block_of(place, main)
        if block is None or block in set(link.iterancestors()):
            continue
        number = unicodedata.normalize("NFKC", mark[1])
        found.calls[link] = raised(number)
        found.starts.setdefault(block, number)
    for block, first in list(found.starts.items()):  # the notes of a list, also those that no link calls
        items = [item for item in block.getparent() if item.tag == "li"] if block.tag == "li" else []
        if first.isdecimal():
            for at, item in enumerate(items, start=int(first) - items.index(block) if items else 0):
                found.starts.setdefault(item, str(at))
    return found


def without_label(text: str, mark: str) -> str:
    """A note's text without the mark that opens it, or the arrow that leads back."""
    text = re.sub(r"^\s*[\^↑↩]+\s*", "", text)
    for form in filter(None, (mark, raised(mark), ringed(mark))):
        label = re.match(rf"\s*[\[［(（]?{re.escape(form)}[\]］)）]?\s*[.．、:]?\s*(?!\d)", text)
        if label:
            text = text[label.end() :]
            break
    return re.sub(r"\s*[↑↩]\ufe0e?\s*$", "", re.sub(r"^\s*[\^↑↩]+\s*", "", text))


def _block_of(place: HtmlElement, main: HtmlElement) -> HtmlElement | None:
    """The block that ``place`` opens, or is."""
    element: HtmlElement | None = place
    while element is not None and element is not main:
        if element.tag in BLOCKS and element.tag not in ("h1", "h2", "h3", "h4", "h5", "h6", "tr", "tbody"):
            return element
        element = element.getparent()
    return None


# Tables of web pages: which hold data, and which only set the page.

_WIDEST = 64
_LONGEST_CELL = 1500
_HEADINGS = ("h1", "h2", "h3", "h4")


WebCell = tuple[int, HtmlElement]
"""A cell: its column from 1, and its element."""


def cells_of(table: HtmlElement) -> list[list[WebCell]]:
    """The table's own rows, each with its cells; columns as ``colspan`` and ``rowspan`` set them."""
    rows: list[list[WebCell]] = []
    reaching: dict[int, int] = {}  # column: rows that a cell from above still covers
    for row in table.iter("tr"):
        if next(row.iterancestors("table"), None) is not table:
            continue
        cells: list[WebCell] = []
        column, covered = 1, {at: left - 1 for at, left in reaching.items() if left > 1}
        for cell in row:
            if cell.tag not in ("td", "th"):
                continue
            while reaching.get(column, 0) > 0:
                column += 1
            wide = number_of(cell.get("colspan"), 1, _WIDEST) or 1
            deep = number_of(cell.get("rowspan"), 1, 1000) or 1
            cells.append((column, cell))
            if deep > 1:
                covered |= dict.fromkeys(range(column, column + wide), deep - 1)
            column += wide
        reaching = covered
        rows.append(cells)
    return rows


def is_data(rows: Sequence[Sequence[WebCell]], *, first: bool) -> bool:
    """Whether a table holds data. One that holds tables, headings or whole pages sets the page."""
    for row in rows:
        for _column, element in row:
            if next(element.iter("table", *_HEADINGS), None) is not None:
                return False
            if len(element.text_content()) > _LONGEST_CELL:
                return False
    texts = [[element.text_content().strip() for _column, element in row] for row in rows]
    if first and is_masthead(line for row in texts for text in row for line in re.split(r"\n", text)):
        return False
    return not is_layout(texts, first=False)
