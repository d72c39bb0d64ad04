"""Whoosh's files mapped into memory. Whoosh would copy each whole into every process that opens it."""

from __future__ import annotations

import mmap
import os
from pathlib import Path

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import BufferFile


class Cursor:
    """A mapped file, read like any other."""

    def __init__(self, buffer: memoryview) -> None:
        self.buffer, self.place = buffer, 0

    def read(self, size: int = -1) -> bytes:
        end = len(self.buffer) if size is None or size < 0 else self.place + size
        data = bytes(self.buffer[self.place : end])
        self.place += len(data)
        return data

    def readline(self) -> bytes:
        """What unpickling asks of a file."""
        rest = bytes(self.buffer[self.place :])
        return self.read(rest.find(b"\n") + 1 or len(rest))

    def seek(self, place: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self.place, os.SEEK_END: len(self.buffer)}[whence]
        self.place = base + place
        return self.place

    def tell(self) -> int:
        return self.place

    def close(self) -> None:
        """The mapping ends when nothing refers to it."""


class MappedFile(BufferFile):
    def __init__(self, buffer: memoryview, name: str | None = None, onclose=None) -> None:
        super().__init__(b"", name, onclose)
        self._buf, self.file = buffer, Cursor(buffer)

    def subset(self, position: int, length: int, name: str | None = None) -> MappedFile:
        return MappedFile(self._buf[position : position + length], name or self._name)


class MappedStorage(FileStorage):
    """A directory whose files are only read."""

    def open_file(self, name: str, **kwargs) -> MappedFile:
        with Path(self._fpath(name)).open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            mapping = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else b""
        return MappedFile(memoryview(mapping), name)
