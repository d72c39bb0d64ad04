"""A suffix array on disk: every place of a text in the order of what follows it.

A phrase is then one stretch of the array, found by halving, however often it occurs and however long the
text is. The text lies beside it as UTF-32 with the high byte first, so that bytes compare as characters do
and a place is a number of characters. Both files are mapped into memory and shared by all workers.
"""

from __future__ import annotations

import mmap
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from .generations import IndexUnavailableError
from .suffix_sorting import write_sorted

TEXT, SUFFIXES = "literal.text", "literal.suffixes"
CHARACTER, SMALL = 4, 1 << 16  # bytes
# Of one segment: places are numbers of 31 bits.
MOST_CHARACTERS = 2_000_000_000


def write_suffixes(directory: Path, pieces: Iterable[str]) -> int:
    """Write the text, which comes in pieces, and its suffix array; returns the number of its characters.

    A phrase ends with its line: what follows a line feed decides no order, and of suffixes that are alike up
    to it the earlier stands first. Raises OSError, and IndexUnavailableError where there are more characters
    than places have numbers.
    """
    size = 0
    with (directory / TEXT).open("wb") as file:
        for piece in pieces:
            file.write(piece.encode("utf-32-be"))
            size += len(piece)
            if size > MOST_CHARACTERS:
                raise IndexUnavailableError(
                    f"the texts have more than {MOST_CHARACTERS:,} characters; docs/growing.md says what then"
                )
    write_sorted(directory / TEXT, size, directory / SUFFIXES)
    return size


def mapped(path: Path, kind: str) -> np.ndarray:
    """The numbers in a file, mapped into memory. A small one is read: what is mapped holds a descriptor, and
    some segments have fifty files each.
    """
    if (size := path.stat().st_size) < SMALL:
        return np.frombuffer(path.read_bytes(), kind) if size else np.empty(0, kind)
    return np.asarray(np.memmap(path, kind, mode="r"))


class Suffixes:
    """A suffix array, open for reading. Usable by several threads at once."""

    def __init__(self, directory: Path) -> None:
        """Raises OSError or ValueError where the files are missing or damaged."""
        self.places = mapped(directory / SUFFIXES, "<i4")
        self.characters = mapped(directory / TEXT, ">u4")
        if len(self.places) != len(self.characters):
            raise ValueError("the suffix array does not fit its text")
        with (directory / TEXT).open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if len(self.places) else b""

    def __len__(self) -> int:
        return len(self.places)

    def text(self, start: int, end: int) -> str:
        """The text from one place to another."""
        return self._bytes[CHARACTER * start : CHARACTER * end].decode("utf-32-be")

    def number_of(self, text: str) -> int:
        """Where ``text`` would stand in the array: beside it is what has most of its beginning in common with
        it.
        """
        size = len(text)
        return bisect_left(self.places, text, key=lambda at: self.text(int(at), int(at) + size))

    def find(self, phrase: str, within: tuple[int, int] | None = None) -> tuple[int, int]:
        """The stretch of ``places`` at which ``phrase`` stands; ``within``: a stretch that holds it."""
        needle = phrase.encode("utf-32-be")
        size, source = len(needle), self._bytes

        def beginning(place: int) -> bytes:
            start = CHARACTER * int(place)
            return source[start : start + size]

        first, last = within or (0, len(self.places))
        low = bisect_left(self.places, needle, first, last, key=beginning)
        if low == last or beginning(self.places[low]) != needle:
            return low, low
        return low, bisect_right(self.places, needle, low, last, key=beginning)
