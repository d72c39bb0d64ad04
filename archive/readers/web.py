"""Web pages: the main text with the numbers of lists, notes and tables, and what the page's head tells.

Nothing is fetched and nothing is run. lxml reads the markup as browsers would; the walk below sets the text
line by line as a browser would show it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email import message_from_bytes
from typing import Any

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from archive.text.characters import ink
from archive.text.lines import Evidence, Level
from archive.text.reader import LARGEST_SOURCE
from archive.text.symbols.symbol import parsed_symbol

from .source import NotReadableError, Source
from .web_blocks import Notes, cells_of, find_notes, is_data, item_numbers, without_label
from .web_encoding import decoded
from .web_main import BLOCKS, is_left_out, main_of
from .web_styles import list_styles
from .word_numbering import Printed
from .writer import LineWriter, raised

DEEPEST = 300  # elements inside one another; pages of strangers nest some forty
MOST_PARTS = 2000  # of a page saved as one file: its pictures and styles
MOST_ELEMENTS = 1_000_000
LONGEST_HEADING = 200
CUT_FROM = 0.4  # of the lines are full where they are lines of a page and no paragraphs
_TAG = re.compile(
    r"<(/?)(?:div|span|table|tr|td|ul|ol|li|b|i|em|font|blockquote|section|article|a|p|center|dl|dd)\b", re.I
)
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_SEVERAL = re.compile(r" {2,}")
_SPACE_AROUND_BREAK = re.compile(r"(?<![ \t])[ \t]*\n[ \t]*")
_OF_NOTES = "[]［］()（）↑↩^.．、:：" + "".join(
    map(chr, range(0x2460, 0x2474))
)  # marks of notes, and around them
_HEADINGS = {f"h{depth}": depth for depth in range(1, 7)}
_PARAGRAPHS = frozenset({"p", "li", "dt", "dd", *_HEADINGS})
_BOXES = ("div", "td", "th", "blockquote")
_SYMBOLS = ("dc.identifier", "dcterms.identifier", "citation_technical_report_number", "symbol")
_TITLES = ("dc.title", "dcterms.title", "citation_title")
_DATES = (
    *("dc.date", "dc.date.issued", "dcterms.issued", "dcterms.date"),
    *("citation_publication_date", "citation_date"),
)
_DATE = re.compile(r"(\d{4})[-/](\d{2})[-/](\d{2})(?:T.*)?")
_STRUCK = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", re.I)
_IDEOGRAPHS = re.compile("[\u4e00-\u9fff]{2}")
_KINDS = dict.fromkeys(("del", "s", "strike"), "struck out") | {"img": "picture", "svg": "drawing"}
_KINDS |= dict.fromkeys(("iframe", "object", "embed"), "frame")
_INDENTED = re.compile(r"\n(?=[\u3000\xa0]{2})|\n{2,}")


def read_web(data: bytes) -> Source:
    """Read an HTML file. Raises NotReadableError (``damaged``, ``no_text``, ``too_large_inside``)."""
    text = decoded(data)
    if len(text) > LARGEST_SOURCE:
        raise NotReadableError("too_large_inside")
    _refuse_nesting(text)
    try:
        parser = HTMLParser(
            no_network=True, remove_comments=True, remove_pis=True, huge_tree=True, encoding="utf-8"
        )
        page = document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise NotReadableError("no_text") from error
    return _Walk(page).source()


def read_saved(data: bytes) -> Source:
    """Read a page that a browser saved as one file (MHTML, RFC 2557): its first page."""
    message = message_from_bytes(data)
    for at, part in enumerate(message.walk()):
        if at > MOST_PARTS:
            break
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            page: Any = part.get_payload(decode=True) or b""
            charset = part.get_content_charset() or ""
            declared = f'<meta charset="{charset}">'.encode("ascii", "ignore") if charset else b""
            return read_web(page if b"charset" in page[:4096] else declared + page)
    raise NotReadableError("no_text")


def _refuse_nesting(text: str) -> None:
    depth = deepest = count = 0
    for match in _TAG.finditer(text):
        count += 1
        depth = max(depth + (-1 if match[1] else 1), 0)
        deepest = max(deepest, depth)
    # Unclosed <p> and <li> nest nowhere, so that this counts more than there is.
    if count > MOST_ELEMENTS or deepest > 100 * DEEPEST:
        raise NotReadableError("too_large_inside")


@dataclass(frozen=True, slots=True)
class _Opening:
    """What the next paragraph begins with: the mark of a note, an item's sign, or a number."""

    mark: str | None = None
    sign: str = ""
    number: str | None = None
    level: Level | None = None

    @classmethod
    def of(cls, number: Printed | None) -> _Opening:
        if number is None:
            return cls()
        return cls(sign=f"{number.text} ") if number.bullet else cls(number=number.text, level=number.level)


class _Walk:
    """One page. Inline text is gathered until a block begins or ends, then written as a paragraph."""

    def __init__(self, page: HtmlElement) -> None:
        self._page = page
        self._main = main_of(page)
        self._whole = len("".join(self._main.text_content().split()))
        self._notes: Notes = find_notes(self._main)
        self._lines = LineWriter(CUT_FROM)
        self._gathered: list[str] = []
        self._unread: list[str] = []
        self._known = Evidence(opens=True, note=False if self._notes.starts else None)
        self._opening = _Opening()
        self._sheet = list_styles(page)
        self._tables = self._lists = 0
        self._raw = 0
        paragraphs = [one for one in self._main.iter("p") if one.text_content().strip()]
        self._alone = paragraphs[0] if len(paragraphs) == 1 else None  # a page in one element, set by breaks
        self._soft = False
        self._left: set[HtmlElement] = set()

    def source(self) -> Source:
        self._block(self._main, 0)
        self._flush()
        if not len(self._lines):
            raise NotReadableError("no_text")
        printed = ink(*self._printed(self._main))
        for sign in _OF_NOTES if self._notes.starts else "":
            del printed[sign]
        return self._lines.source("html", facts_of(self._page), ()).holding(printed)

    def _printed(self, element: HtmlElement) -> Iterator[str]:
        """All that stands in an element but for what was left out."""
        yield element.text or ""
        for child in element:
            if child not in self._left:
                yield from self._printed(child)
            yield child.tail or ""

    def _block(self, element: HtmlElement, depth: int) -> None:
        """Walk an element that begins and ends a paragraph."""
        if depth > DEEPEST:
            raise NotReadableError("too_large_inside")
        self._flush()
        before, soft = self._known, self._soft
        self._soft = element is not self._alone and self._is_paragraph(element)
        note = self._notes.starts.get(element)
        if note is not None:
            self._opening, self._known = _Opening(mark=note), Evidence(opens=True, note=True)
        if element.tag in _HEADINGS and not self._known.cell:
            self._known = replace(self._known, outline=_HEADINGS[element.tag])
        if element.tag == "table" and self._table(element, depth):
            pass
        elif element.tag in ("ol", "ul", "menu", "dir"):
            self._list(element, depth)
        else:
            self._raw += element.tag == "pre"
            self._children(element, depth)
            self._flush()
            self._raw -= element.tag == "pre"
        self._flush()
        self._known, self._soft = before, soft
        if note is not None:
            self._opening = _Opening()

    def _is_paragraph(self, element: HtmlElement) -> bool:
        """Whether breaks in an element part nothing: also in a box, unless it holds most of the page."""
        if element.tag in _BOXES and not any(child.tag in BLOCKS for child in element):
            return 2 * len("".join(element.text_content().split())) < self._whole
        return element.tag in _PARAGRAPHS

    def _children(self, element: HtmlElement, depth: int) -> None:
        self._say(element.text)
        for child in element:
            self._child(child, depth)
            self._say(child.tail)

    def _child(self, child: HtmlElement, depth: int) -> None:
        if unread := _unread(child):
            self._unread.append(unread)
            self._left.add(child)
            return
        if child is not self._main and is_left_out(child, self._whole):
            self._left.add(child)
            return
        if child in self._notes.calls:
            self._gathered.append(self._notes.calls[child])
        elif child.tag in BLOCKS:
            self._block(child, depth + 1)
        elif child.tag == "br":
            self._gathered.append("\n\n" if _heads_line(child) else "\n")
        elif child.tag == "sup":
            self._raised(child, depth)
        elif child.tag == "msup" and len(child) == 2:
            self._child(child[0], depth)
            self._raised(child[1], depth)
        elif depth > DEEPEST:
            raise NotReadableError("too_large_inside")
        else:
            self._children(child, depth + 1)

    def _raised(self, element: HtmlElement, depth: int) -> None:
        at = len(self._gathered)
        self._children(element, depth + 1)
        said = "".join(self._gathered[at:]).strip()
        self._gathered[at:] = [raised(said.strip("[]［］ ") if said[:1] in ("[", "［") else said)]

    def _list(self, element: HtmlElement, depth: int) -> None:
        self._lists += next(element.iterancestors("ol", "ul"), None) is None
        numbers = item_numbers(element, self._sheet, str(self._lists))
        self._say(element.text)
        for child in element:
            if child.tag == "li" and not is_left_out(child, self._whole):
                number = None if child in self._notes.starts or self._known.note else numbers.get(child)
                self._flush()
                self._opening = _Opening.of(number)
                self._block(child, depth + 1)
                self._opening = _Opening()
            else:
                self._child(child, depth)
            self._say(child.tail)

    def _table(self, table: HtmlElement, depth: int) -> bool:
        """Write a table of data; False for any other."""
        if self._known.cell or self._known.note:
            return False
        rows = cells_of(table)
        if not is_data(rows, first=len(self._lines) < 6):
            return False
        for caption in table.iter("caption"):
            self._block(caption, depth + 1)
        self._tables += 1
        for at, row in enumerate(rows, start=1):
            for column, element in row:
                before = self._known
                self._known = replace(self._known, cell=(self._tables, at, column))
                self._block(element, depth + 1)
                self._known = before
        return True

    def _say(self, text: str | None) -> None:
        if text:
            self._gathered.append(text if self._raw else _BLANKS.sub(" ", text))

    def _flush(self) -> None:
        """Write what was gathered: a paragraph, or several where empty lines or indents part it."""
        text, self._gathered = "".join(self._gathered), []
        text = text if self._raw else _SPACE_AROUND_BREAK.sub("\n", _SEVERAL.sub(" ", text))
        for piece in [text] if self._raw else _INDENTED.split(text):
            piece = piece.strip("\n" if self._raw else "\n \t")
            if not piece.strip():
                continue
            known, opening = self._known, self._opening
            if opening.mark is not None:
                piece = f"{opening.mark} {without_label(piece, opening.mark)}"
            if known.outline and (len(piece) > LONGEST_HEADING or piece.endswith(("。", "；"))):
                known = replace(known, outline=None)
            opens = opening.mark is not None if known.note else known.opens
            known = replace(known, number=opening.number, level=opening.level, opens=opens)
            if self._lines.paragraph(opening.sign + piece, known, raw=bool(self._raw), soft=self._soft):
                self._opening = _Opening()
        self._lines.tell(self._unread)
        self._unread = []


def _unread(element: HtmlElement) -> str:
    """What an element holds that is no text or is not read, as in ``Evidence``; empty for all others."""
    what = _KINDS.get(element.tag) or (_STRUCK.search(element.get("style", "")) and "struck out")
    words = " ".join(element.text_content().split()) if what else ""
    if what in (None, "struck out"):
        return f"{what}: {words}" if words else ""
    words = words or element.get("alt") or element.get("title") or ""
    return f"{what}: {words}" if _IDEOGRAPHS.search(words) else ""


def _heads_line(mark: HtmlElement) -> bool:
    """Whether bold words stand alone on the line that a break ends, and plain ones below it."""
    words = mark.getprevious()
    if words is None or words.tag not in ("b", "strong"):
        return False
    above = words.getprevious()
    lead = words.getparent().text if above is None else above.tail
    first = (above is None or above.tag == "br") and not (lead or "").strip()
    return first and not (words.tail or "").strip() and bool((mark.tail or "").strip())


def facts_of(page: HtmlElement) -> dict[str, str]:
    """What the page's head tells of the document: its symbol, title and date of issue."""
    told: dict[str, str] = {}
    for meta in page.iter("meta"):
        name = (meta.get("name") or meta.get("property") or "").lower()
        told.setdefault(name, (meta.get("content") or "").strip())
    titles = [" ".join(title.text_content().split()) for title in list(page.iter("title"))[:1]]
    facts: dict[str, str] = {}
    pieces = [piece for title in titles for piece in re.split(r"\s*[|_–—·]\s*|\s+-\s+", title)]
    for given in (*(told.get(name, "") for name in _SYMBOLS), *pieces):
        symbol = _symbol(given)
        if symbol:
            facts["symbol"] = symbol
            break
    title = next(filter(None, (told.get(name) for name in _TITLES)), "")
    if title:
        facts["title"] = title[:1000]
    for name in _DATES:
        if day := _DATE.fullmatch(told.get(name, "")):
            facts["date"] = "-".join(day.groups())
            break
    return facts


def _symbol(text: str) -> str | None:
    shaped = "/" in text and re.fullmatch(r"[A-Z][A-Za-z0-9./() +-]{2,60}", text)
    symbol = parsed_symbol(text) if shaped else None
    return str(symbol) if symbol else None
