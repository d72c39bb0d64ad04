"""The first stage: bytes to text. Nothing is interpreted; where the text came from stays with it."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from .errors import UnreadableSourceError
from .typography import is_blank

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = ((b"%PDF-", "PDF"), (b"PK\x03\x04", "Word or other zipped"), (b"\xd0\xcf\x11\xe0", "old Word"))
_SAMPLE = 4096


@dataclass(frozen=True, slots=True)
class Source:
    """The text of one source. ``name`` is the file name, ``encoding`` what its bytes turned out to be.

    Line ends are ``\\n``; form feeds are kept, for they tell where a page began.
    """

    name: str
    text: str
    encoding: str = "utf-8"


def read_source(path: Path) -> Source:
    """Read the file at ``path``; raises UnreadableSourceError where it is missing, empty or no text."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableSourceError(f"{path}: cannot be read ({error.strerror or error}).") from error
    return decode_source(path.name, content)


def decode_source(name: str, content: bytes) -> Source:
    """The text of ``content``: UTF-8, UTF-16 or UTF-32 with or without mark, else GB18030."""
    for signature, kind in _BINARY:
        if content.startswith(signature):
            raise UnreadableSourceError(f"{name}: this is a {kind} file, not text. Extract its text first.")
    encoding = _encoding_of(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableSourceError(
            f"{name}: byte {error.start} is neither UTF-8 nor {encoding.upper()}. Save the file as UTF-8."
        ) from error
    return source_of(text, name, encoding)


def source_of(text: str, name: str = "text", encoding: str = "utf-8") -> Source:
    """A source from ``text`` at hand, with line ends made equal; refuses a text with nothing in it."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if all(is_blank(char) for char in text):
        raise UnreadableSourceError(f"{name}: there is no text in it. Check that the extraction worked.")
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise UnreadableSourceError(f"{name}: line {line} holds a NUL character, so this is no text file.")
    return Source(name, text, encoding)


def _encoding_of(content: bytes) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return _utf16_without_mark(content) or "gb18030"
    # UTF-16 of plain ASCII is also valid UTF-8, with a NUL at every second place.
    return _utf16_without_mark(content) or "utf-8"


def _utf16_without_mark(content: bytes) -> str | None:
    """UTF-16 shows by its line feeds: 0A 00 or 00 0A, which no text in UTF-8 or GB18030 holds."""
    sample = content[: _SAMPLE * 16]
    if len(content) % 2 or b"\x00" not in sample:
        return None
    little = sum(sample[at : at + 2] in (b"\n\x00", b" \x00") for at in range(0, len(sample), 2))
    big = sum(sample[at : at + 2] in (b"\x00\n", b"\x00 ") for at in range(0, len(sample), 2))
    if not little and not big:
        return None
    return "utf-16-le" if little >= big else "utf-16-be"
