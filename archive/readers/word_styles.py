"""What a Word file says of a paragraph or a run: styles, names of elements, signs of symbol fonts, tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from xml.etree.ElementTree import Element

from .writer import is_masthead

_HEADING = re.compile(r"(?:heading|标题|標題|titre|заголовок)\s*([1-9])", re.I)
_TITLE = re.compile(r"title|标题|標題|subtitle|副标题", re.I)
_CONTENTS = re.compile(r"(?:toc|目录)\s*\d", re.I)
_LONGEST_CHAIN = 20


class Styles:
    """The styles by id. Chains that go round end where they would begin again."""

    def __init__(self, root: Element | None) -> None:
        self._styles: dict[str, Element] = {}
        self._default: str | None = None
        for style in root.findall("w:style") if root is not None else ():
            name = style.get("w:styleId", "")
            self._styles.setdefault(name, style)
            if style.get("w:type") == "paragraph" and style.get("w:default") in ("1", "true", "on"):
                self._default = self._default or name

    def chain(self, style: str | None) -> Iterator[tuple[str, Element]]:
        """The style with its id, then those it is based on; the default one where ``style`` is None."""
        style = style if style in self._styles else self._default
        seen: set[str] = set()
        while style in self._styles and style not in seen and len(seen) < _LONGEST_CHAIN:
            seen.add(style)
            yield style, self._styles[style]
            style = value_of(self._styles[style], "w:basedOn")

    def name(self, style: str | None) -> str:
        """The name that people see."""
        return next((value_of(found, "w:name") or "" for _, found in self.chain(style)), "")

    def outline(self, style: str | None) -> int | None:
        """The depth of a heading from 1; None for body text."""
        for _, found in self.chain(style):
            level = value_of(found.find("w:pPr"), "w:outlineLvl")
            if level is not None:
                depth = number_of(level, 0, 9)
                return depth + 1 if depth is not None and depth < 9 else None
            name = value_of(found, "w:name") or ""
            if heading := _HEADING.fullmatch(name):
                return int(heading[1])
            if _TITLE.fullmatch(name):
                return 1
        return None

    def numbering(self, style: str | None) -> tuple[str | None, str | None, list[str]]:
        """The list, the level, and the styles from this one to that which states the list."""
        level: str | None = None
        names: list[str] = []
        for name, found in self.chain(style):
            names.append(name)
            stated = below(found, "w:pPr", "w:numPr")
            level = level if level is not None else value_of(stated, "w:ilvl")
            if (listed := value_of(stated, "w:numId")) is not None:
                return listed, level, names
        return None, None, []

    def toggle(self, style: str | None, name: str) -> bool:
        """Whether the style switches a property of its runs on (``w:vanish``, ``w:b``)."""
        if style is None:
            return False
        stated = (is_on(found.find("w:rPr"), name) for _, found in self.chain(style))
        return next((value for value in stated if value is not None), False)

    def raised(self, style: str | None) -> bool:
        """Whether the style sets its runs above the line."""
        if style not in self._styles:
            return False
        stated = (value_of(found.find("w:rPr"), "w:vertAlign") for _, found in self.chain(style))
        return next((value for value in stated if value is not None), "") == "superscript"

    def is_contents(self, style: str | None) -> bool:
        """Whether this is a style of the entries of a table of contents."""
        return _CONTENTS.fullmatch(self.name(style)) is not None


# Signs of the fonts Symbol and Wingdings, which files give by a place in the font, as Unicode has them.


def _table(pairs: str) -> dict[int, str]:
    return {int(pair[:2], 16): pair[2] for pair in pairs.split()}


_SYMBOL = dict(
    zip(
        range(0x41, 0x5B),
        "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ",
        strict=True,
    )
)
_SYMBOL |= dict(zip(range(0x61, 0x7B), "αβχδεφγηιϕκλμνοπθρστυϖωξψζ", strict=True))
_SYMBOL |= _table(
    "A2′ A3≤ A5∞ AB↔ AC← AD↑ AE→ AF↓ B0° B1± B2″ B3≥ B4× B6∂ B7• B8÷ B9≠ BA≡ BB≈ BC… C5⊕ C6∅ C7∩ C8∪ CE∈ "
    "D0∠ D5∏ D6√ DB⇔ DE⇒ E5∑ F2∫ 2D− 22∀ 24∃ 40≅"
)
_WINGDINGS = _table(
    "6C● 6E■ 6F□ 71❑ 72❒ 75◆ 76❖ 77◆ 9E· 9F• A1○ A7▪ A8◻ B2✧ D8➢ E0→ E8➔ F0⇨ FB✗ FC✓ FD☒ FE☑ 28☎ 2A✉ 4A☺ 46☞"
)
_FONTS = {"symbol": _SYMBOL, "wingdings": _WINGDINGS}
_BULLETS = _table("B7• A7▪ D8➢ FC✓ 6C● 6E■ 75◆ 76❖ 6F○")


def sign_of(code: int, font: str) -> str | None:
    """The character at ``code`` (0x61, or 0xF061 as files write it) of ``font``; None where not known."""
    place = code - 0xF000 if 0xF000 <= code <= 0xF0FF else code
    table = _FONTS.get(font.lower().strip())
    if table is not None:
        return table.get(place) or (chr(place) if table is _SYMBOL and 0x20 <= place < 0x7F else None)
    if place == code:
        return chr(code) if 0x20 <= code < 0x110000 and not 0xD800 <= code < 0xE000 else None
    return None


def as_letters(text: str, font: str) -> str:
    """The sign of a list's bullet with the places of a symbol font told; others stay as they are."""
    if font.lower().strip() == "courier new" and text == "o":
        return "○"
    return "".join(
        sign_of(ord(char), font) or _BULLETS.get(ord(char) - 0xF000, char)
        if 0xF000 <= ord(char) <= 0xF0FF or font.lower().strip() in _FONTS
        else char
        for char in text
    )


# Short names for the elements of Word files: ``w:p`` in whichever namespace a program writes it.

# As Word writes, and as ISO/IEC 29500 Strict has it.
_PREFIXES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": "r",
    "http://purl.oclc.org/ooxml/officeDocument/relationships": "r",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
}


@lru_cache(maxsize=4096)
def renamed(name: str) -> str:
    """``w:p`` for a name as ``xml_stream`` gives it; names of other namespaces keep the local one."""
    namespace, _, local = name.rpartition(" ")
    prefix = _PREFIXES.get(namespace)
    return f"{prefix}:{local}" if prefix else (f"_:{local}" if namespace else local)


def below(parent: Element | None, *names: str) -> Element | None:
    """The first descendant by a path of names; short names are no XPath."""
    for name in names:
        parent = parent.find(name) if parent is not None else None
    return parent


def value_of(parent: Element | None, name: str) -> str | None:
    """The ``w:val`` of the child ``name``; "" where the child has none, None where there is no child."""
    child = parent.find(name) if parent is not None else None
    return child.get("w:val", "") if child is not None else None


def is_on(parent: Element | None, name: str) -> bool | None:
    """A toggle (``<w:b/>``, ``<w:b w:val="0"/>``); None where it is not stated."""
    value = value_of(parent, name)
    return None if value is None else value not in ("0", "false", "off")


def number_of(text: str | None, least: int = 0, most: int = 1_000_000) -> int | None:
    """``text`` as an integer within bounds, else None: files of strangers state anything."""
    try:
        value = int(text or "")
    except ValueError:
        return None
    return value if least <= value <= most else None


# Tables of Word files: which hold data, and which only set text side by side.

_WIDEST = 64


Cell = tuple[int, Element]
"""A cell: its column from 1, and its content."""


def rows_of(table: Element) -> list[list[Cell]]:
    """The rows with their cells; what was taken out by a tracked change is not among them."""
    rows: list[list[Cell]] = []
    for row in _held(table, "w:tr"):
        if below(row, "w:trPr", "w:del") is not None:
            continue
        cells: list[Cell] = []
        column = 1 + (number_of(value_of(row.find("w:trPr"), "w:gridBefore"), 0, _WIDEST) or 0)
        for cell in _held(row, "w:tc"):
            known = cell.find("w:tcPr")
            merged = value_of(known, "w:vMerge")
            if merged in (None, "restart") and (known is None or known.find("w:cellDel") is None):
                cells.append((column, cell))
            column += number_of(value_of(known, "w:gridSpan"), 1, _WIDEST) or 1
        rows.append(cells)
    return rows


def _held(parent: Element, name: str) -> list[Element]:
    """The children of that name, also those that a content control or a change holds."""
    found: list[Element] = []
    for child in parent:
        if child.tag == name:
            found.append(child)
        elif child.tag in ("w:sdt", "w:sdtContent", "w:customXml", "w:ins", "w:moveTo"):
            found += _held(child, name)
    return found


def is_layout(texts: Sequence[Sequence[str]], *, first: bool) -> bool:
    """Whether a table only sets text side by side: one row or one column, or (``first``: it stands at
    the head) the masthead. ``texts`` are the cells by row."""
    inked = [[text for text in row if text.strip()] for row in texts]
    inked = [row for row in inked if row]
    if len(inked) < 2 or all(len(row) < 2 for row in inked):
        return True
    return first and is_masthead(line for row in inked for text in row for line in text.split("\n"))
