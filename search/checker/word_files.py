"""The text of a Word file (.docx, .docm, .dotx): its document, then its footnotes and endnotes."""

from __future__ import annotations

from archive.readers.package import Package, opened
from archive.readers.xml_stream import (
    Budget,
    DamagedFileError,
    TooLargeInsideError,
    TooManyCharactersError,
)

from .word_text import TextElsewhereError, lines_of

__all__ = [
    "DamagedFileError",
    "TextElsewhereError",
    "TooLargeInsideError",
    "TooManyCharactersError",
    "is_zip",
    "text_of",
]

MOST_NOTES = 8  # parts of notes
NOTES = ("footnotes", "endnotes")  # the ends of the types of relations


def is_zip(content: bytes) -> bool:
    return content.startswith(b"PK")


def text_of(content: bytes, most: int) -> str:
    """The text, a paragraph a line: all of it, or one of the four errors. ``most`` characters are read."""
    budget = Budget(most)
    with opened(content, budget) as package:
        lines = [line for part in _parts(package) for line in lines_of(package.chunks(part), budget)]
    return "\n".join(lines)


def _parts(package: Package) -> list[str]:
    """The names of the parts with text: the document and its notes."""
    document = package.document
    notes = [relation.target for relation in package.relations(document, NOTES)]
    if len(notes) > MOST_NOTES or len(set(notes)) < len(notes):
        raise DamagedFileError
    return [document, *notes]
