"""PDF files: the text of their pages line by line, with what the page says of each line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from archive.text.characters import ink
from archive.text.cleaner import clean
from archive.text.lines import Evidence
from archive.text.typography import display_width

from .ocr import name_of, recognize
from .pdf_drawings import Stretch
from .pdf_furniture import mark_furniture, take_line_numbers
from .pdf_glyphs import Leaf, read_leaf
from .pdf_lines import Piece, pieces_of, usual_size
from .pdf_notes import glyphs_of, mark_notes
from .pdf_order import find_gutters, lines_in_order
from .pdf_paragraphs import mark_paragraphs
from .pdf_rows import find_rows, page_gutters
from .pdf_tables import count_tables, put_tables, take_tables
from .source import Box, NotReadableError, Source

MOST_PAGES = 1500
_FEW_CHARACTERS = 20  # a page: less is a stamp or a page number on a picture
_UNMAPPED = 0.02
_LEAST_RULE = 24.0  # points: what is drawn above notes
_PICTURE = 0.3  # of the page
_SET_APART = 1.15  # of the usual step
_SIZE = 10.0  # points, of a text of none
_ABOVE = 2.2  # of the size: how far below a drawn line a note may begin

_REFUSALS = {
    raw.FPDF_ERR_PASSWORD: "pdf_encrypted",
    raw.FPDF_ERR_SECURITY: "pdf_encrypted",
}


def read_pdf(data: bytes, engine: str | None = None) -> Source:
    """The text of a PDF file; pages that are pictures are recognized by the ``engine`` of ``ocr``, if given.

    Raises NotReadableError: damaged, encrypted, without text, or with fonts that do not say what their
    characters are (nothing is guessed).
    """
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        code = getattr(error, "err_code", None)
        raise NotReadableError(_REFUSALS.get(code, "pdf_damaged")) from error
    try:
        return _read(document, engine)
    except pdfium.PdfiumError as error:
        raise NotReadableError("pdf_damaged") from error
    finally:
        document.close()


def _read(document: pdfium.PdfDocument, engine: str | None) -> Source:
    count = len(document)
    if count > MOST_PAGES:
        raise NotReadableError("too_many_pages", pages=count, most=MOST_PAGES)
    leaves: list[Leaf] = []
    for at in range(count):
        page = document[at]
        try:
            leaf = read_leaf(page, at + 1)
            if engine and _is_picture(leaf):
                leaf.glyphs = glyphs_of(recognize(page, engine)) or leaf.glyphs
                leaf.recognized = any(glyph.confidence is not None for glyph in leaf.glyphs)
                leaf.unmapped = 0 if leaf.recognized else leaf.unmapped
        finally:
            page.close()
        if leaf.unmapped > _UNMAPPED * max(1, leaf.characters):
            raise NotReadableError("pdf_unmapped", page=leaf.number, characters=leaf.unmapped)
        leaves.append(leaf)
    printed = ink(*(glyph.char for leaf in leaves for glyph in leaf.glyphs))
    pages = _lines_of(leaves)
    if not any(pages):
        scanned = any(leaf.images > _PICTURE for leaf in leaves)
        raise NotReadableError("pdf_scan" if scanned else "pdf_no_text", pages=count)
    return _source(leaves, pages, engine).holding(printed)


def _is_picture(leaf: Leaf) -> bool:
    return leaf.images > _PICTURE and leaf.characters < _FEW_CHARACTERS


def _lines_of(leaves: Sequence[Leaf]) -> list[list[Piece]]:
    """The lines of each page as they are read, tables and the numbers of lines with them."""
    ruled = take_tables(leaves)
    numbers: list[list[Piece]] = []
    texts: list[list[Piece]] = []
    for leaf in leaves:
        pieces = [piece for piece in pieces_of(leaf.glyphs, leaf.number) if piece.text]
        leaf.glyphs = []
        numbers.append(take_line_numbers(pieces))
        apart = set(map(id, numbers[-1]))
        texts.append([piece for piece in pieces if id(piece) not in apart])
    gutters = [page_gutters(text, find_gutters(text)) for text in texts]
    bare = find_rows(texts, gutters, [len(tables) for tables in ruled])
    pages: list[list[Piece]] = []
    for leaf, text, tables, others, beside in zip(leaves, texts, ruled, bare, numbers, strict=True):
        taken = {id(glyph) for table in others for line in table for glyph in line.glyphs}
        lines = lines_in_order([piece for piece in text if id(piece.glyphs[0]) not in taken])
        for piece in beside:
            piece.furniture = "line number"
        lines += beside
        _mark_below_rules(lines, leaf.rules)
        pages.append(put_tables(lines, [*tables, *others]))
    return pages


def _mark_below_rules(lines: Sequence[Piece], rules: Sequence[Stretch]) -> None:
    """Set ``rule`` on the lines that stand next below a drawn one."""
    for left, y, right in set(rules):
        if right - left < _LEAST_RULE:
            continue
        below = [
            line
            for line in lines
            if y - 2 < line.y - 0.7 * line.size and line.left < right and left < line.right
        ]
        first = min(below, key=lambda line: line.y, default=None)
        if first is not None and first.y - y < _ABOVE * first.size:
            first.rule = True


def _source(leaves: Sequence[Leaf], pages: list[list[Piece]], engine: str | None) -> Source:
    mark_furniture(
        [[line for line in page if not line.cell] for page in pages],
        {leaf.number: leaf.height for leaf in leaves},
    )
    size = usual_size(line for page in pages for line in page if not line.furniture) or _SIZE
    mark_notes(pages, size)
    pages = [_notes_last(page) for page in pages]
    lines = [line for page in pages for line in page]
    count_tables(lines)
    _set_aside(lines)
    mark_paragraphs(lines, size, {leaf.number: leaf.width for leaf in leaves})

    text: list[str] = []
    evidence: dict[int, Evidence] = {}
    boxes: dict[int, tuple[Box, ...]] = {}
    for line in lines:
        if line.opens is not False and line.gap > _SET_APART:
            text.append("")
        text.append(_spelled(line))
        evidence[len(text)] = _evidence_of(line)
        boxes[len(text)] = (cast(Box, (line.page, *(round(edge, 1) for edge in line.box))),)
    for leaf in leaves:
        for askew in leaf.askew:
            text.append(" ".join(askew.split()))
            evidence[len(text)] = Evidence(page=leaf.number, furniture="stamp")
    return Source(
        text="\n".join(text),
        evidence=evidence,
        notes=tuple(_notes(leaves, engine)),
        format="pdf",
        pages=len(leaves),
        boxes=boxes,
        sheets=tuple((round(leaf.width, 1), round(leaf.height, 1), leaf.turn) for leaf in leaves),
    )


def _notes_last(page: Sequence[Piece]) -> list[Piece]:
    """The lines of a page with the notes below all of its columns behind these."""
    lowest = max((line.y for line in page if not line.note and not line.furniture), default=0.0)
    below = [line for line in page if line.note and line.y > lowest]
    return [*(line for line in page if line not in below), *below]


def _set_aside(lines: Sequence[Piece]) -> None:
    """Mark what is no line of the body, so that a paragraph goes on behind it: the reader's own finds, and
    what the cleaner knows by its words (mastheads, symbols, job numbers)."""
    known = {
        at: Evidence(page=line.page, cell=line.cell, furniture=line.furniture or None)
        for at, line in enumerate(lines, start=1)
    }
    for dropped in clean("\n".join(line.text for line in lines), known).dropped:
        line = lines[dropped.line - 1]
        line.aside = line.aside or dropped.text == line.text


def _spelled(line: Piece) -> str:
    """The line's text with blanks as wide as half an ideograph, so that cells stand above each other."""
    out = ""
    for left, text in line.cells:
        column = round(2 * (line.indent + left - line.left) / line.size)
        out += " " * max(2 if out else 0, column - display_width(out)) + text
    return out


def _evidence_of(line: Piece) -> Evidence:
    return Evidence(
        page=line.page,
        left=round(line.left, 1),
        top=round(line.box[1], 1),
        size=line.size,
        bold=line.bold,
        opens=None if line.aside else line.opens,
        note=None if line.aside or line.cell else line.note,
        cell=line.cell,
        furniture=line.furniture or None,
        confidence=None if line.confidence is None else round(line.confidence, 1),
    )


def _notes(leaves: Sequence[Leaf], engine: str | None) -> list[str]:
    """What a person should know of how the text came about."""
    notes = []
    empty = [leaf.number for leaf in leaves if _is_picture(leaf) and not leaf.recognized]
    if empty:
        notes.append("pdf_pages_without_text:" + ",".join(map(str, empty)))
    read = [leaf.number for leaf in leaves if leaf.recognized]
    if read and engine:
        notes.append(f"pdf_ocr:{','.join(map(str, read))}:{name_of(engine)}")
    hidden = [leaf.number for leaf in leaves if leaf.hidden > leaf.characters / 2 > 0]
    if hidden:
        notes.append("pdf_text_of_scanner:" + ",".join(map(str, hidden)))
    return notes
