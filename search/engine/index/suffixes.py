"""A suffix array on disk: every place of a text in the order of what follows it.

A phrase is then one stretch of the array, found by halving, however often it occurs and however long the
text is. The text lies beside it as UTF-32 with the high byte first, so that bytes compare as characters do
and a place is a number of characters. Both files are mapped into memory and shared by all workers.
"""

from __future__ import annotations

import mmap
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from .generations import IndexUnavailableError

TEXT, SUFFIXES = "literal.text", "literal.suffixes"
CHARACTER, SMALL = 4, 1 << 16  # bytes
# Of one segment: places are numbers of 31 bits.
MOST_CHARACTERS = 2_000_000_000


def write_suffixes(directory: Path, pieces: Iterable[str]) -> int:
    """Writes the text, which comes in pieces, and its suffix array; returns the number of its characters.

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
    """Returns the numbers in a file, mapped into memory. A small one is read: what is mapped holds a
    descriptor, and some segments have fifty files each.
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
        """Returns the text from one place to another."""
        return self._bytes[CHARACTER * start : CHARACTER * end].decode("utf-32-be")

    def number_of(self, text: str) -> int:
        """Returns the index at which ``text`` would be inserted in the suffix array; its neighbours share the
        longest prefixes with it.
        """
        size = len(text)
        return bisect_left(self.places, text, key=lambda at: self.text(int(at), int(at) + size))

    def find(self, phrase: str, within: tuple[int, int] | None = None) -> tuple[int, int]:
        """Returns the interval of ``places`` that begin with ``phrase``; ``within`` one that contains it."""
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


# Sorting all places of a text by what follows them, up to the end of the line, in memory that does not grow
# with the text: places are divided by their first characters into buckets that are sorted one by one.

END = 10  # the line feed: nothing behind it is compared
BUCKET = 1 << 19  # places sorted at once
BLOCK = 1 << 20  # places divided at once
SAMPLES = 256  # of each bucket, to find where it ends


def write_sorted(text: Path, size: int, target: Path) -> None:
    """Writes the suffix array of ``text`` (UTF-32, high byte first) to ``target``: the places of its ``size``
    characters by what follows up to the line feed; equal ones in rising order. Raises OSError.
    """
    with TemporaryDirectory(prefix=".sorting-", dir=target.parent) as held, target.open("wb") as file:
        characters = _Characters(text, size)
        for bucket in _divided(characters, Path(held)):
            places = np.fromfile(bucket, "<i4").astype(np.int64)
            bucket.unlink()
            _sort(places, characters)
            places.astype("<i4").tofile(file)


class _Characters:
    """A text whose characters are numbered in their order, from 1 on, in ``bits`` each."""

    def __init__(self, text: Path, size: int) -> None:
        self.size, self._codes = size, mapped(text, ">u4")
        held = np.zeros(0x110000, np.bool_)
        held[END] = True
        for first in range(0, size, BLOCK):
            held[self._codes[first : first + BLOCK]] = True
        self._numbers = np.cumsum(held, dtype=np.uint64)
        self._end = self._numbers[END]
        self.bits = int(self._numbers[-1]).bit_length()

    def keys(self, places: np.ndarray, width: int) -> np.ndarray:
        """Returns a number for ``width`` characters from each of ``places`` on, 0 for those behind the end of
        the line, so that it sorts as they do.
        """
        keys, inside = np.zeros(len(places), np.uint64), np.ones(len(places), np.bool_)
        for step in range(width):
            here = self._numbers[self._codes[np.minimum(places + step, self.size - 1)]] * inside
            keys = (keys << np.uint64(self.bits)) | here
            inside &= here != self._end
        return keys

    def ended(self, keys: np.ndarray) -> np.ndarray:
        """Returns, for each key, True if it reaches the end of its line."""
        last = keys & np.uint64((1 << self.bits) - 1)
        return (last == 0) | (last == self._end)


def _divided(characters: _Characters, work: Path) -> Iterator[Path]:
    """Generates files of places, rising in each, and those of each before those of the next."""
    size, step, width = characters.size, max(1, BUCKET // SAMPLES), 64 // characters.bits
    sample = np.sort(characters.keys(np.arange(step // 2, size, step), width))
    bounds = np.unique(sample[SAMPLES::SAMPLES])
    for first in range(0, size, BLOCK):
        places = np.arange(first, min(first + BLOCK, size))
        buckets = np.searchsorted(bounds, characters.keys(places, width), side="right")
        order = np.argsort(buckets, kind="stable")
        ends = np.cumsum(np.bincount(buckets))
        for number, part in enumerate(np.split(places[order].astype("<i4"), ends[:-1])):
            with (work / str(number)).open("ab") as file:
                part.tofile(file)
    return (path for number in range(len(bounds) + 1) if (path := work / str(number)).exists())


def _sort(places: np.ndarray, characters: _Characters) -> None:
    """Sorts rising ``places``: so many characters at a time, where those before are alike."""
    width = (64 - len(places).bit_length()) // characters.bits  # beside the number of a group
    tied, groups, compared = np.arange(len(places)), np.zeros(len(places), np.uint64), 0
    while len(tied):
        keys = groups << np.uint64(width * characters.bits)
        keys |= characters.keys(places[tied] + compared, width)
        order = np.argsort(keys, kind="stable")
        keys, places[tied] = keys[order], places[tied[order]]
        begins = np.append(True, keys[1:] != keys[:-1])
        alike = ~(begins & np.append(begins[1:], True)) & ~characters.ended(keys)
        groups = np.cumsum(begins, dtype=np.uint64)[alike]
        tied, groups = tied[alike], np.unique(groups, return_inverse=True)[1].astype(np.uint64)
        compared += width
