"""Word files (.docx, .docm, .dotx): what a reader sees on the page, with the numbers that Word counts.

Text, tables, footnotes and endnotes, text boxes, and the masthead that some set in the page's header.
Running heads and feet are handed on as such; macros, comments and embedded files are not opened.
Tracked changes are read as accepted; what is struck or hidden is left out, what is no text (charts, objects,
pictures, fields that cannot be read) is named at its place.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import chain
from xml.etree.ElementTree import Element

from archive.text.lines import Evidence
from archive.text.reader import LARGEST_SOURCE

from .package import Package, opened
from .source import NotReadableError, Source
from .word_ledger import printed_in
from .word_numbering import Numbering, Printed
from .word_runs import (
    RunReader,
    TextElsewhereError,
    Told,
    mark_is_gone,
    outline_of,
    words_in,
)
from .word_styles import Styles, is_layout, renamed, rows_of, value_of
from .writer import LineWriter, is_of_masthead
from .xml_stream import (
    Budget,
    DamagedFileError,
    TooLargeInsideError,
    TooManyCharactersError,
    read_blocks,
)

MOST_BYTES = 200_000_000  # of all parts that are read, unpacked
MOST_MARKS = 8_000_000  # elements and attributes: a record of 500 pages has some two million
MARKS_OF_PARAGRAPH = 10  # as much work is a paragraph beside its own marks: millions are empty in a bomb
MOST_SECONDS = 60
MOST_NOTES = 20_000
MOST_NESTED = 8  # tables and boxes inside one another
MOST_HEADERS = 40
LONGEST_HEADING = 200
FIRST_LINES = 6  # the masthead's table stands behind no more than these
_DOCUMENT = frozenset({"w:document", "w:body"})
_NOTES = {"w:footnotes": "footnote", "w:endnotes": "endnote"}
_HOLDERS = frozenset({"w:sdt", "w:sdtContent", "w:customXml", "w:smartTag", "w:ins", "w:moveTo"})
_DRAWN = frozenset({"_:dataModel", "_:ptLst", "_:chartSpace", "_:chart"})  # of a diagram, of a chart
_TYPED_NUMBER = re.compile(r"^(\s*[(（]?[0-9A-Za-z一二三四五六七八九十]{1,5}[)）.．、]|\s*[•·●▪–—-])[ \t]+")
_OPENS = Evidence(opens=True)
_LAST_TAB = re.compile(r"\t(?=(?:\d+|[ivxl]+)\s*$)", re.I)


def read_word(data: bytes) -> Source:
    """Read a .docx file. Raises NotReadableError (``damaged``, ``no_text``, …)."""
    budget = Budget(LARGEST_SOURCE, MOST_MARKS, MOST_BYTES, MOST_SECONDS)
    try:
        with opened(data, budget, MOST_BYTES) as package:
            source = _Reader(package, budget).read()
            again = Budget(LARGEST_SOURCE, MOST_MARKS, MOST_BYTES, MOST_SECONDS)
            source = source.holding(printed_in(package, again))
    except TextElsewhereError as error:
        raise NotReadableError("text_elsewhere") from error
    except (TooLargeInsideError, TooManyCharactersError) as error:
        raise NotReadableError("too_large_inside") from error
    except (DamagedFileError, RecursionError) as error:
        raise NotReadableError("damaged") from error
    if not source.has_text:
        raise NotReadableError("no_text")
    return source


class _Reader:
    """One file. Paragraphs are written as they come; the notes that one calls follow it at once."""

    def __init__(self, package: Package, budget: Budget) -> None:
        self._package, self._budget = package, budget
        self._document = package.document
        self._lines = LineWriter()
        self._parts: dict[str, list[str]] = {}
        kinds = ("styles", "numbering", "footnotes", "endnotes", "header", "footer", "aFChunk")
        for relation in package.relations(self._document, kinds):
            self._parts.setdefault(relation.kind, []).append(relation.target)
        self._styles = Styles(self._tree("styles"))
        self._numbering = Numbering(self._tree("numbering"), self._styles)
        self._notes: dict[tuple[str, str], list[Element]] = {}
        self._marks: dict[tuple[str, str], str] = {}
        self._drawn = {one.id: one for one in package.relations(self._document, ("diagramData", "chart"))}
        self._runs = RunReader(self._styles, self._mark, self._words_of)
        self._unread: list[str] = []
        self._tables = 0
        self._carried: Told | None = None
        self._body = _OPENS
        self._waiting: list[tuple[str, str, str]] = []  # notes of a table, which stand behind it
        self._in_note = False

    def read(self) -> Source:
        if "aFChunk" in self._parts:
            raise TextElsewhereError
        for kind in ("footnotes", "endnotes"):
            self._collect_notes(kind)
        if self._notes:  # what begins with a number behind a note is a paragraph, not the next note
            self._body = replace(_OPENS, note=False)
        self._write_headers()
        self._walk_part(self._document)
        if self._carried is not None:
            self._write(self._carried, self._body, [])
        self._write_footers()
        notes = [f"{code}:{count}" for code, count in sorted(self._runs.seen.items()) if count]
        return self._lines.source("docx", {}, notes)

    def _tree(self, kind: str) -> Element | None:
        parts = [part for part in self._parts.get(kind, ()) if part in self._package]
        if len(parts) > 1:
            raise DamagedFileError
        if not parts:
            return None
        holder = Element("part")
        roots = {"w:styles", "w:numbering"}
        read_blocks(self._package.chunks(parts[0]), self._budget, roots.__contains__, holder.append, renamed)
        return holder

    def _walk_part(self, part: str) -> None:
        first: list[bool] = []

        def is_holder(name: str) -> bool:
            if not first:
                first.append(name == "w:document")
                if not first[0]:
                    raise DamagedFileError
            return name in _DOCUMENT

        read_blocks(self._package.chunks(part), self._budget, is_holder, self._block, renamed)

    def _collect_notes(self, kind: str) -> None:
        for part in self._parts.get(kind, ())[:1]:
            if part not in self._package:
                continue
            found: list[Element] = []
            read_blocks(self._package.chunks(part), self._budget, _NOTES.__contains__, found.append, renamed)
            if len(found) > MOST_NOTES:
                raise TooLargeInsideError
            for note in found:
                # separator, continuationSeparator, continuationNotice
                if note.get("w:type", "normal") == "normal":
                    self._notes[kind[:-1], note.get("w:id", "")] = list(note)

    def _mark(self, kind: str, note: str) -> str:
        """The number of a note: footnotes and endnotes are counted as one series, in the order of calls."""
        if (kind, note) not in self._notes:
            return ""
        return self._marks.setdefault((kind, note), str(len(self._marks) + 1))

    def _words_of(self, relation: str) -> list[str]:
        """The words of a diagram, or the title of a chart, in the order of its part."""
        known = self._drawn.get(relation)
        if known is None or known.target not in self._package:
            return []
        found: list[Element] = []
        read_blocks(
            self._package.chunks(known.target), self._budget, _DRAWN.__contains__, found.append, renamed
        )
        points = (one for one in found if one.tag in ("_:title", "_:pt") and one.get("type") != "pres")
        return [words for one in points if (words := words_in(one, "_:t").strip())]

    # Heads and feet of pages

    def _write_headers(self) -> None:
        """A masthead in a page's header begins the text; what else stands there is the page's."""
        mastheads: list[list[str]] = []
        running: dict[str, None] = {}
        for lines in self._of_pages("header"):
            if sum(map(is_of_masthead, lines)) and len(lines) > 2:
                mastheads.append(lines)
            else:
                running |= dict.fromkeys(lines)
        best = max(mastheads, key=len, default=[])
        for line in best:
            self._lines.paragraph(line, _OPENS)
        for line in dict.fromkeys([*(line for lines in mastheads for line in lines), *running]):
            if line not in best:
                known = Evidence(opens=True, furniture=None if is_of_masthead(line) else "running header")
                self._lines.paragraph(line, known)

    def _write_footers(self) -> None:
        lines = dict.fromkeys(line for part in self._of_pages("footer") for line in part)
        for line in lines:
            self._lines.paragraph(line, Evidence(opens=True, furniture="running footer"))

    def _of_pages(self, kind: str) -> list[list[str]]:
        """The lines of each header or footer; numbers of pages, which are counted, are not in them."""
        pages: list[list[str]] = []
        for part in self._parts.get(kind, ())[:MOST_HEADERS]:
            if part not in self._package:
                continue
            found: list[Element] = []
            holders = frozenset({"w:hdr", "w:ftr"})
            read_blocks(self._package.chunks(part), self._budget, holders.__contains__, found.append, renamed)
            lines = [line.strip(" \t/-–—|") for element in found for line in self._plain(element).split("\n")]
            pages.append([line for line in lines if line])
        return pages

    def _plain(self, element: Element, depth: int = 0) -> str:
        """The text of all paragraphs in an element, a line each, nothing counted and no notes."""
        if depth > 4 * MOST_NESTED:
            raise TooLargeInsideError
        if element.tag == "w:p":
            with self._runs.trial():
                read = self._runs.read(element, value_of(element.find("w:pPr"), "w:pStyle"))
            self._unread += read.unread if self._in_note else []
            return "\n".join([read.text, *(self._plain(box, depth + 1) for box in read.boxes)])
        return "\n".join(filter(None, (self._plain(child, depth + 1) for child in element)))

    # The body

    def _block(self, element: Element, depth: int = 0, known: Evidence | None = None) -> None:
        known = known or self._body
        if depth > MOST_NESTED:
            raise TooLargeInsideError
        if element.tag == "w:p":
            self._paragraph(element, depth, known)
        elif element.tag == "w:tbl":
            self._table(element, depth, known)
        elif element.tag in ("w:altChunk", "w:subDoc"):
            raise TextElsewhereError
        elif element.tag in _HOLDERS:
            for child in element:
                self._block(child, depth + (element.tag == "w:sdt"), known)

    def _paragraph(self, element: Element, depth: int, known: Evidence) -> None:
        self._budget.spend(marks=MARKS_OF_PARAGRAPH)
        properties = element.find("w:pPr")
        style = value_of(properties, "w:pStyle")
        read = self._runs.read(element, style)
        if mark_is_gone(properties):
            self._carry(read)
            return
        if self._carried is not None:
            self._carry(read)
            read, self._carried = self._carried, None
        hidden = not read.text.strip() and any(text.text for text in element.iter("w:t"))
        number = None if hidden or self._in_note else self._numbering.print(properties, style)
        if number is not None and known.cell and not read.text.strip():
            read.pieces, number = [number.text], None  # 序号 that Word counts, which are all of their cell
        if self._styles.is_contents(style):
            read.pieces = [_LAST_TAB.sub("……", read.text)]
        if not self._write(read, self._known(properties, style, read, number, known), read.boxes, depth):
            self._lines.gap()

    def _carry(self, read: Told) -> None:
        """Keep a paragraph whose end is gone: what follows goes on in it."""
        if self._carried is None:
            self._carried = read
            return
        self._carried.pieces += read.pieces
        self._carried.boxes += read.boxes
        self._carried.notes += read.notes
        self._carried.unread += read.unread
        self._carried.bold += read.bold

    def _known(
        self,
        properties: Element | None,
        style: str | None,
        read: Told,
        number: Printed | None,
        known: Evidence,
    ) -> Evidence:
        outline = outline_of(properties)
        outline = self._styles.outline(style) if outline is None else outline
        text = read.text.strip()
        if len(text) > LONGEST_HEADING or text.endswith(("。", "；", ";")) or known.cell or self._in_note:
            outline = None  # a style that was put on a paragraph of text
        if number is not None and number.bullet:
            read.pieces.insert(0, f"{number.text} ")
            number = None
        inked = len("".join(text.split()))
        return replace(
            known,
            number=number.text if number and text else known.number,
            level=number.level if number and text else None,
            outline=outline or None,
            style=self._styles.name(style) or None,
            bold=read.bold >= inked if inked else None,
        )

    def _write(self, read: Told, known: Evidence, boxes: list[Element], depth: int = 0) -> bool:
        text = _TYPED_NUMBER.sub(r"\1 ", read.text)
        written = self._lines.paragraph(text, known)
        self._lines.tell(read.unread)
        for box in boxes:
            for child in box:
                self._block(child, depth + 1, replace(self._body, cell=known.cell))
        for kind, note, mark in read.notes:
            if known.cell:  # a note between two rows would end the table
                self._waiting.append((kind, note, mark))
            else:
                self._note(kind, note, mark)
        return written

    def _note(self, kind: str, note: str, mark: str) -> None:
        """A note right behind the paragraph that calls it, as on a page it stands at the foot."""
        content = self._notes.pop((kind, note), None)
        if content is None or self._in_note:
            return
        self._in_note, opens = True, True
        for element in content:
            text = self._plain(element).strip()
            if not text:
                continue
            for line in filter(None, map(str.strip, text.split("\n"))):
                # A mark of its own is typed in the note, too; a counted one is not: 2019 may begin note 2.
                typed = line if mark.isdecimal() else line.removeprefix(mark).lstrip()
                own = f"{mark} {typed}" if opens else line
                self._lines.paragraph(own, Evidence(opens=opens, note=True))
                opens = False
        self._lines.tell(self._unread)
        self._unread, self._in_note = [], False

    def _table(self, table: Element, depth: int, known: Evidence) -> None:
        rows = rows_of(table)
        texts = [[self._plain(cell) or self._sign(cell) for _column, cell in row] for row in rows]
        first = len(self._lines) < FIRST_LINES
        if known.cell or self._in_note or is_layout(texts, first=first):
            for _column, cell in chain.from_iterable(rows):
                self._contents(cell, depth, known)
            return
        self._tables += 1
        for at, row in enumerate(rows, start=1):
            for column, cell in row:
                self._contents(cell, depth, replace(known, cell=(self._tables, at, column)))
        waiting, self._waiting = self._waiting, []
        for note in waiting:
            self._note(*note)

    def _sign(self, cell: Element) -> str:
        """Stands for the number of a cell without words, which is counted later."""
        properties = [child.find("w:pPr") for child in cell if child.tag == "w:p"]
        counts = (self._numbering.counts(one, value_of(one, "w:pStyle")) for one in properties)
        return "1." if any(counts) else ""

    def _contents(self, parent: Element, depth: int, known: Evidence) -> None:
        for child in parent:
            before = len(self._lines)
            self._block(child, depth + 1, known)
            if len(self._lines) > before:
                known = replace(known, number=None)
