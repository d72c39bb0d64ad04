"""The first stage: bytes to text. Nothing is interpreted; where the text came from stays with it."""

from __future__ import annotations

import codecs
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .characters import commonness, even_breaks, unified
from .errors import UnreadableSourceError
from .lines import Evidence
from .typography import is_blank

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = ((b"%PDF-", "PDF"), (b"PK\x03\x04", "Word or other zipped"), (b"\xd0\xcf\x11\xe0", "old Word"))
_SAMPLE = 65536
_ENDS_LITTLE, _ENDS_BIG = (b"\n\x00", b" \x00"), (b"\x00\n", b"\x00 ")
_USUAL = re.compile(r"[\t\n\f\r -\u052f\u2000-\u22ff\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
_MOSTLY = 0.8
# Ten times the longest UN document known; what is longer is no document.
LARGEST_SOURCE = 10_000_000
# A line costs more than its characters; that size in lines of forty characters has a fifth of these.
MOST_LINES = 400_000


@dataclass(frozen=True, slots=True)
class Source:
    """The text of one source, line by line; ``name`` is the file name.

    Line ends are ``\\n``; form feeds are kept, for they tell where a page began. ``evidence`` is what else
    the reader knows of a line, by its number from 1; plain text tells nothing. ``facts`` are facts of the
    document that the format states beside its text (names as in ``Facts``): they fill what the text leaves
    open. ``notes`` are the reader's remarks on the whole, each ``code`` or ``code:value``; they become
    doubts.
    """

    text: str
    evidence: Mapping[int, Evidence] = field(default_factory=dict, hash=False)
    facts: Mapping[str, str] = field(default_factory=dict, hash=False)
    notes: tuple[str, ...] = ()
    name: str = field(default="text", kw_only=True)


def read_source(path: Path) -> Source:
    """Read the file at ``path``; raises UnreadableSourceError where it is missing, empty or no text."""
    return decode_source(path.name, read_bytes(path))


def read_bytes(path: Path, most: int = LARGEST_SOURCE) -> bytes:
    """The bytes of the file at ``path``; what is no file (a pipe, a device) is not waited for.

    Raises UnreadableSourceError where it is missing, no file, or has more than ``most`` bytes.
    """
    try:
        with open(path, "rb", opener=_without_waiting) as file:  # noqa: PTH123 - Path.open takes no opener
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise UnreadableSourceError(f"{path}: cannot be read (this is no file).")
            content = file.read(most + 1)
    except OSError as error:
        raise UnreadableSourceError(f"{path}: cannot be read ({error.strerror or error}).") from error
    if len(content) > most:
        raise UnreadableSourceError(f"{path}: larger than {most:,} bytes, as no such file is. Split it.")
    return content


def _without_waiting(path: str, flags: int) -> int:
    """A pipe that nobody writes to opens at once."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0))


def decode_source(name: str, content: bytes) -> Source:
    """The text of ``content``: UTF-8, UTF-16 or UTF-32 with or without mark, else GB18030 or Big5."""
    for signature, kind in _BINARY:
        if content.startswith(signature):
            raise UnreadableSourceError(f"{name}: this is a {kind} file, not text. Extract its text first.")
    return source_of(decode(name, content), name)


def decode(name: str, content: bytes, declared: str | None = None) -> str:
    """The text of ``content``, whose encoding may be ``declared``.

    What is valid UTF-8 is UTF-8: nothing else looks like it. Else it is the encoding in which most letters
    are frequent ones of Chinese; bytes that are then no letters become U+FFFD. Raises UnreadableSourceError
    where the bytes are in no encoding, and no letters tell.
    """
    encoding, sure = _encoding_of(content, declared)
    try:
        return content.decode(encoding, "strict" if sure else "replace")
    except UnicodeDecodeError as error:
        raise UnreadableSourceError(
            f"{name}: byte {error.start} is neither UTF-8 nor {encoding.upper()}. Save the file as UTF-8."
        ) from error


def source_of(text: str, name: str = "text") -> Source:
    """A source from ``text`` at hand, with line ends made equal, and one code point for each character.

    Raises UnreadableSourceError where there is nothing in it, a NUL character, or more than ``MOST_LINES``.
    """
    text = unified(even_breaks(text))
    if all(is_blank(char) for char in text):
        raise UnreadableSourceError(f"{name}: there is no text in it. Check that the extraction worked.")
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise UnreadableSourceError(f"{name}: line {line} holds a NUL character, so this is no text file.")
    if text.count("\n") > MOST_LINES:
        raise UnreadableSourceError(
            f"{name}: more than {MOST_LINES:,} lines, as no such file has. Split it, or join lines that an "
            "extraction has broken."
        )
    return Source(text, name=name)


def _encoding_of(content: bytes, declared: str | None) -> tuple[str, bool]:
    """The encoding, and whether all bytes must be letters in it."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding, True
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return _likeliest(content, declared)
    # UTF-16 of plain ASCII is valid UTF-8, too, with a NUL at every second place; stray ones are not.
    nuls = content[:_SAMPLE].count(0)
    return (_utf16_without_mark(content) if nuls * 3 > len(content[:_SAMPLE]) else None) or "utf-8", True


def _likeliest(content: bytes, declared: str | None) -> tuple[str, bool]:
    if wide := _utf16_without_mark(content):
        return wide, True
    common = {
        encoding: commonness(content[:_SAMPLE].decode(encoding, "replace"))
        for encoding in (*([declared] if declared else []), "gb18030", "big5hkscs", "utf-8")
    }
    best = max(common, key=common.__getitem__)
    first = next(iter(common))
    return (best, False) if common[best] > max(0, common[first]) else (first, common[first] <= 0)


def _utf16_without_mark(content: bytes) -> str | None:
    """UTF-16 shows by its line feeds, 0A 00 or 00 0A, and by what it then says.

    Text in UTF-8 or GB18030 that holds a stray NUL, taken for UTF-16, is Hangul, private use and surrogates.
    """
    sample = content[:_SAMPLE]
    if len(content) % 2 or b"\x00" not in sample:
        return None
    pairs = [sample[at : at + 2] for at in range(0, len(sample), 2)]
    little, big = (sum(pair in ends for pair in pairs) for ends in (_ENDS_LITTLE, _ENDS_BIG))
    if not little and not big:
        return None
    encoding = "utf-16-le" if little >= big else "utf-16-be"
    text = sample.decode(encoding, "replace")
    return encoding if len(_USUAL.findall(text)) >= len(text) * _MOSTLY else None
