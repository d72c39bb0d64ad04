"""All words that a file holds, also those that its readers leave out: asked before a file is handed on.

A Word file keeps what was taken out, hidden or remarked; a page keeps comments and scripts. Whoever withholds
words must find them there.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from email import message_from_bytes
from itertools import islice
from typing import Any

from archive.text.characters import unified
from archive.text.reader import LARGEST_SOURCE, decode_source

from .package import opened
from .pool import read_file
from .sniff import format_of
from .source import NotReadableError
from .web_encoding import decoded
from .xml_stream import Budget, DamagedFileError, TooLargeInsideError, TooManyCharactersError, read_xml

MOST_PARTS = 2000  # of a page saved as one file
_MOST_BYTES = 200_000_000
_MOST_MARKS = 8_000_000
_TAG = re.compile(r"<!--|-->|<[^<>]*>")


def all_words(data: bytes) -> str:
    """Every word in the file's bytes, in no order that readers know, by the code points that are stored.

    Raises ValueError (NotReadableError, UnreadableSourceError) where that cannot be told.
    """
    return unified(_all_words(data, format_of(data)))


def _all_words(data: bytes, kind: str) -> str:
    if kind in ("docx", "odt"):
        return _of_package(data)
    if kind == "html":
        return _of_page(data)
    if kind == "mhtml":
        parts = list(islice(message_from_bytes(data).walk(), MOST_PARTS + 1))
        if len(parts) > MOST_PARTS:
            raise NotReadableError("too_large_inside")
        pages: Iterator[Any] = (
            part.get_payload(decode=True) for part in parts if part.get_content_maintype() == "text"
        )
        return "\n".join(_of_page(page) for page in pages if page)
    if kind in ("text", "empty"):
        return decode_source("source", data).text
    return read_file(data, "source").text


def _of_page(data: bytes) -> str:
    plain = html.unescape(decoded(data))
    return f"{_TAG.sub('', plain)}\n{plain}"


def _of_package(data: bytes) -> str:
    """The characters and the attributes of all XML parts of an Office file."""
    budget = Budget(4 * LARGEST_SOURCE, _MOST_MARKS, _MOST_BYTES, seconds=30)
    pieces: list[str] = []
    try:
        with opened(data, budget, _MOST_BYTES) as package:
            for part in package.parts((".xml", ".rels")):
                behind: list[str] = []

                def take(text: str, pieces: list[str] = pieces) -> None:
                    budget.spend(characters=len(text))
                    pieces.append(text)

                def start(_name: str, given: list[str], behind: list[str] = behind) -> None:
                    behind.extend(value for value in given[1::2] if not value.isascii())

                read_xml(package.chunks(part), budget, start, lambda _name: None, take)
                pieces += ["\n", "\n".join(behind), "\n"]
    except (DamagedFileError, TooLargeInsideError, TooManyCharactersError) as error:
        raise NotReadableError("damaged") from error
    return "".join(pieces)
