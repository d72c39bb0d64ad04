"""Which reader reads a format. Readers are imported when they are needed: each brings a library along."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from archive.text.reader import decode_source

from .source import NotReadableError, Source

Reader = Callable[[bytes, str], Source]

# Module and function of each; it takes the bytes and returns a Source.
READERS = {
    "docx": ("word", "read_word"),
    "html": ("web", "read_web"),
    "mhtml": ("web", "read_saved"),
    "pdf": ("pdf", "read_pdf"),
}
CONVERTED = ("doc", "odt", "rtf")  # into .docx first, by LibreOffice
READ = frozenset(("text", *READERS, *CONVERTED))


def reader_of(kind: str) -> Reader:
    """The reader of a format that ``sniff`` names; raises NotReadableError where none reads it."""
    if kind == "text":
        return _read_text
    try:
        module, function = READERS[kind]
    except KeyError:
        raise NotReadableError(kind) from None
    read = getattr(import_module(f".{module}", __package__), function)
    return lambda data, _name: read(data)


def _read_text(data: bytes, name: str) -> Source:
    return Source(decode_source(name, data).text)
