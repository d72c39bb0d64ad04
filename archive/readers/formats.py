"""Which reader reads a format. Readers are imported when they are needed: each brings a library along."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from archive.text.formats import BY_NAME, FORMATS
from archive.text.reader import decode_source

from .source import NotReadableError, Source

Reader = Callable[[bytes, str], Source]

CONVERTED = {one.name: one.infilter for one in FORMATS if one.infilter}  # into .docx first, by LibreOffice


def reader_of(kind: str) -> Reader:
    """The reader of a format that ``sniff`` names; raises NotReadableError where none reads it."""
    if kind not in BY_NAME:
        raise NotReadableError(kind)
    module, _colon, function = BY_NAME[kind].reader.partition(":")
    if not module:
        return lambda data, name: Source(decode_source(name, data).text)
    read = getattr(import_module(f".{module}", __package__), function)
    return lambda data, _name: read(data)
