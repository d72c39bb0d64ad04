"""The text of a Word file (.docx): paragraphs, tables, text boxes, then footnotes and endnotes.

What a tracked change took out is left out, what it put in is read. The file is a zip archive from a stranger:
it is measured before it is opened, and no document type declaration is accepted, whose entities could grow.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE as RELATED
from docx.oxml import parse_xml
from docx.oxml.ns import qn

MOST_MEMBERS = 2000
LARGEST_INSIDE = 60_000_000  # bytes of all members
LARGEST_PART = 30_000_000  # bytes of one of the XML parts, of which the text is one
PARAGRAPH, TEXT, TAB = qn("w:p"), qn("w:t"), qn("w:tab")
BREAKS = frozenset({qn("w:br"), qn("w:cr")})
HYPHEN = qn("w:noBreakHyphen")
SKIPPED = frozenset({qn("w:del"), qn("w:moveFrom"), qn("w:instrText"), qn("w:pPr"), qn("w:rPr")})
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


class DamagedFileError(Exception):
    """It is no Word file, or cannot be opened."""


class TooLargeInsideError(Exception):
    """Unpacked it would be larger than any draft is."""


def is_zip(content: bytes) -> bool:
    return content.startswith(b"PK")


def text_of(content: bytes) -> str:
    """The text, a paragraph a line. Raises DamagedFileError or TooLargeInsideError."""
    _measure(content)
    try:
        document = Document(BytesIO(content))
        parts = [document.element.body, *_notes(document)]
        return "\n".join(line for part in parts for line in _paragraphs(part))
    except Exception as error:  # the library says it in many ways: KeyError, ValueError, its own, lxml's
        raise DamagedFileError from error


def _measure(content: bytes) -> None:
    try:
        with ZipFile(BytesIO(content)) as packed:
            members = packed.infolist()
            if len(members) > MOST_MEMBERS or sum(one.file_size for one in members) > LARGEST_INSIDE:
                raise TooLargeInsideError
            for member in members:
                if member.filename.endswith((".xml", ".rels")):
                    _look_into(packed, member)
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError) as error:
        raise DamagedFileError from error


def _look_into(packed: ZipFile, member) -> None:
    if member.file_size > LARGEST_PART:
        raise TooLargeInsideError
    with packed.open(member) as file:
        beginning = file.read(4096)
    if b"<!DOCTYPE" in beginning or b"<!ENTITY" in beginning:
        raise DamagedFileError


def _notes(document) -> Iterator:
    """The parts of footnotes and endnotes; the library knows them as plain parts."""
    for relation in document.part.rels.values():
        if relation.reltype in (RELATED.FOOTNOTES, RELATED.ENDNOTES) and not relation.is_external:
            yield parse_xml(relation.target_part.blob)


def _paragraphs(element) -> Iterator[str]:
    """The paragraphs in order. One inside another (a text box) comes behind the one that holds it."""
    for paragraph in element.iter(PARAGRAPH):
        if not _within(paragraph, SKIPPED | {FALLBACK}):
            yield "".join(_pieces(paragraph))


def _within(element, tags: frozenset[str]) -> bool:
    return any(above.tag in tags for above in element.iterancestors())


def _pieces(element) -> Iterator[str]:
    for child in element:
        if child.tag in SKIPPED or child.tag in (FALLBACK, PARAGRAPH):
            continue
        if child.tag == TEXT:
            yield child.text or ""
        elif child.tag == TAB:
            yield "\t"
        elif child.tag in BREAKS:
            yield "\n"
        elif child.tag == HYPHEN:
            yield "-"
        else:
            yield from _pieces(child)
