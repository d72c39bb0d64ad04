"""Literal search: certain. Finds exactly the paragraphs whose folded text contains the folded phrase.

The folded texts lie end to end in one file, a line feed after each (white space is folded away, so none is
inside). The file is mapped into memory and shared by all workers. A phrase is looked up in its UTF-8 bytes:
a whole character never begins inside another, so no find is false. Occurrences are counted from left to right
without overlap, as a reader counts them: …… holds two ….
"""

from __future__ import annotations

import mmap
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from .folding import fold_literally, fold_literally_with_places

TEXTS, PLACES = "literal.txt", "literal.places"
END = b"\n"
LONGEST_TRIED = 60


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Where a phrase occurs: paragraph id → how often."""

    by_paragraph: Mapping[int, int]

    @property
    def total(self) -> int:
        return sum(self.by_paragraph.values())


def write_literal_index(directory: Path, paragraphs: Iterable[tuple[int, str]]) -> int:
    """Write the files of an index over ``(id, text)``; returns the number of paragraphs."""
    ids, starts, at = array("q"), array("q"), 0
    with (directory / TEXTS).open("wb") as texts:
        for paragraph, text in paragraphs:
            line = fold_literally(text).encode() + END
            ids.append(paragraph)
            starts.append(at)
            texts.write(line)
            at += len(line)
    with (directory / PLACES).open("wb") as places:
        array("q", [len(ids)]).tofile(places)
        ids.tofile(places)
        starts.tofile(places)
    return len(ids)


class LiteralIndex:
    """An index on disk, open for reading. Usable by several threads at once."""

    def __init__(self, directory: Path) -> None:
        """Raises OSError or ValueError where the files are missing or damaged."""
        with (directory / PLACES).open("rb") as places:
            header = array("q")
            header.fromfile(places, 1)
            self.ids, self.starts = array("q"), array("q")
            self.ids.fromfile(places, header[0])
            self.starts.fromfile(places, header[0])
        size = (directory / TEXTS).stat().st_size
        if (size == 0) != (header[0] == 0) or (self.starts and self.starts[-1] >= size):
            raise ValueError("the texts of the literal index do not fit its places")
        with ExitStack() as files:
            file = files.enter_context((directory / TEXTS).open("rb"))
            self._texts = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else b""

    def __len__(self) -> int:
        return len(self.ids)

    def find(self, phrase: str) -> Occurrences:
        """All occurrences of ``phrase`` after folding. A phrase of which nothing is left occurs nowhere."""
        needle = fold_literally(phrase).encode()
        found: dict[int, int] = {}
        if not needle:
            return Occurrences(found)
        find, starts, ids, size = self._texts.find, self.starts, self.ids, len(needle)
        at = find(needle)
        while at >= 0:
            paragraph = ids[bisect_right(starts, at) - 1]
            found[paragraph] = found.get(paragraph, 0) + 1
            at = find(needle, at + size)
        return Occurrences(found)

    def occurs(self, phrase: str) -> bool:
        """Whether ``phrase`` occurs at all."""
        needle = fold_literally(phrase).encode()
        return bool(needle) and self._texts.find(needle) >= 0


def places_of(phrase: str, text: str) -> list[tuple[int, int]]:
    """Where ``phrase`` stands in ``text``, as offsets of ``text``, by the same rules as
    ``LiteralIndex.find``.
    """
    needle = fold_literally(phrase)
    if not needle:
        return []
    folded = fold_literally_with_places(text)
    found, at = [], folded.text.find(needle)
    while at >= 0:
        found.append(folded.span(at, at + len(needle)))
        at = folded.text.find(needle, at + len(needle))
    return found


def occurring_parts(phrase: str, index: LiteralIndex, most: int = 5) -> list[str]:
    """For a phrase that does not occur: its longest pieces that do, longest first, none inside another.

    Pieces are of the folded phrase, of which the beginning is tried, and at least two characters long. What
    begins later never ends earlier, so the index is asked at most twice for every character.
    """
    folded = fold_literally(phrase)[:LONGEST_TRIED]
    pieces: list[tuple[int, int]] = []
    end = 0
    for start in range(len(folded)):
        reached = end = max(end, start)
        while end < len(folded) and index.occurs(folded[start : end + 1]):
            end += 1
        if end - start >= 2 and (end > reached or not pieces):
            pieces.append((start, end))
    pieces.sort(key=lambda piece: (piece[0] - piece[1], piece[0]))
    return list(dict.fromkeys(folded[start:end] for start, end in pieces))[:most]
