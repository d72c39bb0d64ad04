"""The text of a Word file (.docx, .docm, .dotx): its document, then its footnotes and endnotes.

The file is a zip archive from a stranger. Only the parts with text are opened; pictures, macros, embedded
files and whatever lies elsewhere are not. Sizes that the archive tells of itself are not believed.
"""

from __future__ import annotations

import posixpath
import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from urllib.parse import unquote
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from .word_text import (
    MOST_BYTES,
    Budget,
    DamagedFileError,
    TextElsewhereError,
    TooLargeInsideError,
    TooManyCharactersError,
    lines_of,
    read_xml,
)

__all__ = [
    "DamagedFileError",
    "TextElsewhereError",
    "TooLargeInsideError",
    "TooManyCharactersError",
    "is_zip",
    "text_of",
]

MOST_MEMBERS = 2000
MEMBER = b"PK\x01\x02"  # what each entry of the list of members begins with
CHUNK = 1 << 16
MOST_NOTES = 8  # parts of notes
# As zipfile says it: the archive, a method, a password, an end too soon, a part that is not there, a place
# beyond the numbers of this machine, and so on.
UNREADABLE = (
    BadZipFile,
    NotImplementedError,
    RuntimeError,
    EOFError,
    LookupError,
    ValueError,
    OSError,
    OverflowError,
    struct.error,
    zlib.error,
)
DOCUMENT, NOTES = "officeDocument", ("footnotes", "endnotes")  # the ends of the types of relations


def is_zip(content: bytes) -> bool:
    return content.startswith(b"PK")


def text_of(content: bytes, most: int) -> str:
    """The text, a paragraph a line: all of it, or one of the four errors. ``most`` characters are read."""
    if content.count(MEMBER) > MOST_MEMBERS:
        raise TooLargeInsideError
    budget = Budget(most)
    try:
        with ZipFile(BytesIO(content)) as packed:
            names = packed.namelist()
            if any(one.file_size > MOST_BYTES for one in packed.infolist() if one.filename.endswith(".xml")):
                raise TooLargeInsideError  # by its own account
            if len(set(names)) < len(names):
                raise DamagedFileError  # which of two parts of one name is meant, programs do not agree about
            lines = [
                line for part in _parts(packed, budget) for line in lines_of(_chunks(packed, part), budget)
            ]
    except UNREADABLE as error:
        raise DamagedFileError from error
    return "\n".join(lines)


def _parts(packed: ZipFile, budget: Budget) -> list[str]:
    """The names of the parts with text: the document and its notes."""
    documents = [target for kind, target in _relations(packed, "", budget) if kind == DOCUMENT]
    if len(documents) != 1:
        raise DamagedFileError
    notes = [target for kind, target in _relations(packed, documents[0], budget) if kind in NOTES]
    if len(notes) > MOST_NOTES or len(set(notes)) < len(notes):
        raise DamagedFileError
    return [*documents, *notes]


def _relations(packed: ZipFile, part: str, budget: Budget) -> list[tuple[str, str]]:
    """``(kind, part)`` of what a part (or the file, "") is related to inside the file."""
    folder, name = posixpath.split(part)
    listed = posixpath.join(folder, "_rels", f"{name}.rels")
    if listed not in packed.NameToInfo:
        return []
    found: list[tuple[str, str]] = []

    def start(element: str, attributes: list[str]) -> None:
        if not element.endswith(" Relationship"):
            return
        given = dict(zip(attributes[::2], attributes[1::2], strict=True))
        kind, target = given.get("Type", "").rpartition("/")[2], given.get("Target", "")
        if kind in (DOCUMENT, *NOTES):
            if given.get("TargetMode") == "External":
                raise DamagedFileError  # text that lies elsewhere is not fetched
            found.append((kind, posixpath.normpath(posixpath.join("/", folder, unquote(target))).lstrip("/")))

    read_xml(_chunks(packed, listed), budget, start, _pass, _pass)
    return found


def _pass(*_event) -> None:
    pass


def _chunks(packed: ZipFile, name: str) -> Iterator[bytes]:
    """The content of a part, piece by piece: to its end, which must be where the archive says it is."""
    member = packed.getinfo(name)
    if member.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise DamagedFileError  # others unpack without bounds, and Word writes none of them
    said, read = member.file_size, 0
    member.file_size = 2 * MOST_BYTES  # else what goes on behind the size that is said would be left out
    with packed.open(member) as file:
        while chunk := file.read(CHUNK):
            read += len(chunk)
            yield chunk
    if read != said:
        raise DamagedFileError
