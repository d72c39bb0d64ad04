"""A suffix array on disk: every place of a text in the order of what follows it.

A phrase is then one stretch of the array, found by halving, however often it occurs and however long the
text is. The text lies beside it as UTF-32 with the high byte first, so that bytes compare as characters do
and a place is a number of characters. Both files are mapped into memory and shared by all workers.
"""

from __future__ import annotations

import mmap
import os
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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
# with the text.

END = 10  # the line feed: nothing behind it is compared
BUCKET = 1 << 19  # places sorted at once
BLOCK = 1 << 20  # characters read at once
MAPPED = 1 << 22  # numbers of a file that are held in memory at once
SAMPLES = 256  # of each bucket, to find where it ends
# A rank, and whether all places that have it are alike to the ends of their lines.
FINAL, RANK = 1 << 31, (1 << 31) - 1
HALF, LOW = np.uint64(32), np.uint64((1 << 32) - 1)


def write_sorted(text: Path, size: int, target: Path) -> None:
    """Writes the suffix array of ``text`` (UTF-32, high byte first) to ``target``: the places of its ``size``
    characters by what follows up to the line feed; equal ones in rising order. Raises OSError.
    """
    if not size:
        target.write_bytes(b"")
        return
    with TemporaryDirectory(prefix=".sorting-", dir=target.parent) as held:
        work = Path(held)
        alphabet = _alphabet_of(text)
        sizes = _divide(text, size, alphabet, work)
        order, ranks = _Numbers(target, size), _Numbers(work / "ranks", size)
        try:
            first = 0
            for bucket, count in enumerate(sizes):
                _sort_first(work / str(bucket), first, alphabet, order, ranks)
                first += count
            compared = alphabet.size
            while tied := sorted(work.glob("*.tied")):
                for path in tied:
                    _sort_further(path, compared, order, ranks)
                compared *= 2
        finally:
            order.close()
            ranks.close()


@dataclass(frozen=True)
class _Alphabet:
    """The characters of a text by number, from 1 on in their order; as many as ``size`` fit a key."""

    numbers: np.ndarray  # by code point
    bits: int

    @property
    def size(self) -> int:
        return min(8, 64 // self.bits)

    def keys(self, codes: np.ndarray, count: int) -> np.ndarray:
        """Returns a number for each of the first ``count`` places: its first characters, 0 for those behind
        the end of the line, so that it sorts as they do.
        """
        numbers = np.zeros(count + self.size - 1, np.uint64)
        known = codes[: len(numbers)]
        numbers[: len(known)] = self.numbers[known]
        end, keys = self.numbers[END], np.zeros(count, np.uint64)
        inside = np.ones(count, np.bool_)
        for place in range(self.size):
            here = numbers[place : place + count] * inside
            keys = (keys << np.uint64(self.bits)) | here
            inside &= here != end
        return keys

    def ended(self, keys: np.ndarray) -> np.ndarray:
        """Returns, for each key, True if it reaches the end of its line."""
        last = keys & np.uint64((1 << self.bits) - 1)
        return (last == 0) | (last == self.numbers[END])


def _codes(text: Path, ahead: int = 0) -> Iterator[tuple[int, np.ndarray]]:
    """Generates a file's code points by blocks with their first place; ``ahead`` more of the next."""
    count = text.stat().st_size // 4
    for first in range(0, count, BLOCK):
        yield first, np.fromfile(text, ">u4", BLOCK + ahead, offset=4 * first).astype(np.uint32)


def _alphabet_of(text: Path) -> _Alphabet:
    held = np.zeros(0x110000, np.bool_)
    held[END] = True
    for _first, codes in _codes(text):
        held[codes] = True
    characters = np.flatnonzero(held)
    numbers = np.zeros(len(held), np.uint32)
    numbers[characters] = np.arange(1, len(characters) + 1)
    return _Alphabet(numbers, len(characters).bit_length())


def _divide(text: Path, size: int, alphabet: _Alphabet, work: Path) -> list[int]:
    """Writes the keys and the places of each bucket into files; returns how many each has."""
    bounds = _bounds(text, size, alphabet)
    sizes = np.zeros(len(bounds) + 1, np.int64)
    kind = np.min_scalar_type(len(bounds))
    for first, codes in _codes(text, alphabet.size - 1):
        keys = alphabet.keys(codes, min(BLOCK, size - first))
        buckets = np.searchsorted(bounds, keys, side="right").astype(kind)
        order = np.argsort(buckets, kind="stable")
        counts = np.bincount(buckets, minlength=len(sizes))
        ends = np.cumsum(counts)
        for bucket in np.flatnonzero(counts).tolist():
            part = order[ends[bucket] - counts[bucket] : ends[bucket]]
            _append(work / f"{bucket}.keys", keys[part])
            _append(work / f"{bucket}.places", (part + first).astype(np.uint32))
        sizes += counts
    return sizes.tolist()


def _bounds(text: Path, size: int, alphabet: _Alphabet) -> np.ndarray:
    """Returns the keys at which buckets begin but for the first of them, after a sample."""
    if size <= BUCKET:
        return np.empty(0, np.uint64)
    step = BUCKET // SAMPLES
    samples = [
        alphabet.keys(codes, min(BLOCK, size - first))[step // 2 :: step].copy()  # a view would keep them all
        for first, codes in _codes(text, alphabet.size - 1)
    ]
    found = np.sort(np.concatenate(samples))
    return np.unique(found[SAMPLES::SAMPLES])


def _append(path: Path, numbers: np.ndarray) -> None:
    with path.open("ab") as file:
        numbers.tofile(file)


class _Numbers:
    """A file of 32-bit numbers, written and read in rising order of their places, mapped in parts."""

    def __init__(self, path: Path, size: int) -> None:
        with path.open("wb+") as file:
            os.posix_fallocate(file.fileno(), 0, 4 * size)  # a full disk is met here, not by a signal later
            self._map = mmap.mmap(file.fileno(), 4 * size)
        self._all = np.frombuffer(self._map, "<u4")

    def take(self, places: np.ndarray) -> np.ndarray:
        found = np.empty(len(places), np.uint32)
        for part in self._stretches(places):
            found[part] = self._all[places[part]]
        return found

    def put(self, places: np.ndarray, numbers: np.ndarray) -> None:
        for part in self._stretches(places):
            self._all[places[part]] = numbers[part]

    def _stretches(self, places: np.ndarray) -> Iterator[slice]:
        """Parts of ``places`` that lie near each other; those of one are let go before the next."""
        if not len(places):
            return
        marks = np.arange(int(places[0]), int(places[-1]), MAPPED)[1:]
        ends = [*np.searchsorted(places, marks).tolist(), len(places)]
        for first, last in zip([0, *ends[:-1]], ends, strict=True):
            if first < last:
                yield slice(first, last)
                self._map.madvise(mmap.MADV_DONTNEED)  # it stays in the file

    def close(self) -> None:
        del self._all
        self._map.close()


def _sort_first(bucket: Path, first: int, alphabet: _Alphabet, order: _Numbers, ranks: _Numbers) -> None:
    """Sorts a bucket, whose places have the ranks from ``first`` on, by its keys."""
    files = bucket.with_suffix(".keys"), bucket.with_suffix(".places")
    if not files[0].exists():
        return
    keys, places = np.fromfile(files[0], np.uint64), np.fromfile(files[1], np.uint32)
    for file in files:
        file.unlink()
    by_key = np.argsort(keys)
    keys, places = keys[by_key], places[by_key]
    begins = _begins(keys)
    groups = np.maximum.accumulate(np.where(begins, np.arange(len(keys)), 0)) + first
    _settle(bucket.with_suffix(".tied"), groups, places, alphabet.ended(keys), begins, order, ranks)


def _sort_further(tied: Path, compared: int, order: _Numbers, ranks: _Numbers) -> None:
    """Sorts suffixes that tie after ``compared`` characters by as many more."""
    held = np.fromfile(tied, np.uint64)
    tied.unlink()
    places, before = (held >> HALF).astype(np.int64), held & LOW
    following = ranks.take(places + compared)  # inside the line: it was not compared to its end
    keys = (before << np.uint64(31)) | (following & np.uint32(RANK))
    by_key = np.argsort(keys)
    keys, places, before = keys[by_key], places[by_key], before[by_key].astype(np.int64)
    begins = _begins(keys)
    at = np.arange(len(keys))
    old = np.maximum.accumulate(np.where(_begins(before), at, 0))
    groups = before + np.maximum.accumulate(np.where(begins, at, 0)) - old
    _settle(tied, groups, places, following[by_key] >= FINAL, begins, order, ranks)


def _begins(keys: np.ndarray) -> np.ndarray:
    """Returns, for each of the sorted ``keys``, True if it differs from the one before."""
    begins = np.ones(len(keys), np.bool_)
    np.not_equal(keys[1:], keys[:-1], out=begins[1:])
    return begins


def _settle(
    tied: Path,
    groups: np.ndarray,
    places: np.ndarray,
    ended: np.ndarray,
    begins: np.ndarray,
    order: _Numbers,
    ranks: _Numbers,
) -> None:
    """Writes the ranks of ``places``, which lie in the order of their ``groups``, and the order of those that
    are settled; the others go to the file ``tied``.
    """
    alone = begins & np.append(begins[1:], True)
    final = ended | alone
    done = np.flatnonzero(final)
    together = np.sort(_pairs(groups[done], places[done]))  # of one group in rising order
    number = np.arange(len(done))
    settled = (together >> HALF).astype(np.int64)
    offsets = number - np.maximum.accumulate(np.where(_begins(settled), number, 0)) if len(done) else number
    order.put(settled + offsets, (together & LOW).astype(np.uint32))
    marked = np.sort(_pairs(places, groups | np.where(final, FINAL, 0)))
    ranks.put((marked >> HALF).astype(np.int64), (marked & LOW).astype(np.uint32))
    left = np.flatnonzero(~final)
    if len(left):
        np.sort(_pairs(places[left], groups[left])).tofile(tied)


def _pairs(high: np.ndarray, low: np.ndarray) -> np.ndarray:
    """Returns two numbers of 32 bits as one that sorts by the first and then by the other."""
    return (high.astype(np.uint64) << HALF) | low.astype(np.uint64)
