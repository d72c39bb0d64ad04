"""Literal search: certain. Finds exactly the paragraphs whose folded text contains the folded phrase.

The folded texts lie end to end, a line feed after each (white space is folded away, so none is inside, and no
phrase crosses from one paragraph into the next). A suffix array (``suffixes``) gives all places of a phrase
as one stretch, and beside it the paragraph of each place, so that counting needs neither text nor search.
Occurrences are counted from left to right without overlap, as a reader counts them: …… holds two ….
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np

from search.text.folding import Folded, fold_literally, fold_literally_with_places

from .suffixes import SUFFIXES, Suffixes, mapped, write_suffixes

ROWS, PLACES = "literal.rows", "literal.places"
END = "\n"
AT_ONCE = 1 << 20  # places
STRETCHES, SHORT = 8192, 40  # phrases whose places are remembered, the characters of the longest of them


@dataclass(frozen=True)
class Occurrences:
    """Where a phrase occurs. ``rows`` are the paragraphs as rows of the index, in order; ``counts`` how often
    it stands in each.
    """

    rows: np.ndarray
    counts: np.ndarray
    index: LiteralIndex

    @property
    def total(self) -> int:
        return int(self.counts.sum())

    @property
    def paragraphs(self) -> int:
        return len(self.rows)

    @cached_property
    def documents(self) -> int:
        return self.index.documents_of(self.rows)

    @cached_property
    def by_paragraph(self) -> Mapping[int, int]:
        """Paragraph id → how often."""
        ids = self.index.ids[self.rows]
        return dict(zip(ids.tolist(), self.counts.tolist(), strict=True))


def write_literal_index(directory: Path, paragraphs: Iterable[tuple[int, int, str]]) -> int:
    """Write the files of an index over ``(id, document, text)``; returns the number of paragraphs."""
    ids, documents, sizes = array("q"), array("q"), array("q")

    def lines() -> Iterator[str]:
        for paragraph, document, text in paragraphs:
            line = fold_literally(text) + END
            ids.append(paragraph)
            documents.append(document)
            sizes.append(len(line))
            yield line

    write_suffixes(directory, lines())
    starts = np.cumsum([0, *sizes[:-1]], dtype=np.int64)[: len(ids)]
    _write_rows(directory, starts)
    with (directory / PLACES).open("wb") as file:
        for column in (ids, documents, starts):
            column.tofile(file)
    return len(ids)


def _write_rows(directory: Path, starts: np.ndarray) -> None:
    """Write the row of each place of the suffix array, some at a time."""
    with (directory / SUFFIXES).open("rb") as places, (directory / ROWS).open("wb") as file:
        while len(some := np.fromfile(places, "<i4", AT_ONCE)):
            (np.searchsorted(starts, some, side="right") - 1).astype("<i4").tofile(file)


class LiteralIndex:
    """An index on disk, open for reading. Usable by several threads at once."""

    def __init__(self, directory: Path) -> None:
        """Raises OSError or ValueError where the files are missing or damaged."""
        self.ids, self.documents, self.starts = mapped(directory / PLACES, "<i8").reshape(3, -1)
        self.suffixes = Suffixes(directory)
        self.rows = mapped(directory / ROWS, "<i4")
        if len(self.rows) != len(self.suffixes) or (len(self.ids) == 0) != (len(self.rows) == 0):
            raise ValueError("the parts of the literal index do not fit each other")
        if len(self.starts) and self.starts[-1] >= len(self.rows):
            raise ValueError("the text of the literal index does not fit its places")

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def ends(self) -> np.ndarray:
        """Where the text of each row ends; its line feed stands there."""
        return np.append(self.starts[1:], self.suffixes.size)[: len(self.ids)] - 1

    def text(self, row: int) -> str:
        """The folded text of a row."""
        return self.suffixes.text(int(self.starts[row]), int(self.ends[row]))

    def find(self, phrase: str) -> Occurrences:
        """All occurrences of ``phrase`` after folding. A phrase of which nothing is left occurs nowhere."""
        needle = folded(phrase)
        first, last = self.stretch(needle) if needle else (0, 0)
        if overlapping(needle):
            rows = self.rows_at(apart(self.suffixes.places[first:last], len(needle)))
        else:
            rows = self.rows[first:last]
        if len(rows) < 2:
            return Occurrences(rows, np.ones(len(rows), np.int64), self)
        if len(rows) * 20 < len(self.ids):
            return Occurrences(*np.unique(rows, return_counts=True), self)
        counts = np.bincount(rows, minlength=len(self.ids))
        held = np.flatnonzero(counts > 0)
        return Occurrences(held.astype(np.int32), counts[held], self)

    def stretch(self, needle: str) -> tuple[int, int]:
        """Where ``needle`` lies in the suffix array; a search asks for the same names again and again."""
        return (self._known if len(needle) <= SHORT else self._found)(needle)

    @cached_property
    def _known(self) -> Callable[[str], tuple[int, int]]:
        return lru_cache(maxsize=STRETCHES)(self._found)

    def _found(self, needle: str) -> tuple[int, int]:
        within = self._beginning(needle[0])
        return self.suffixes.find(needle, within) if len(needle) > 1 else within

    @cached_property
    def _beginning(self) -> Callable[[str], tuple[int, int]]:
        """Where all that begins with one character lies: a few thousand characters begin everything."""
        return lru_cache(maxsize=STRETCHES)(self.suffixes.find)

    @cached_property
    def _grouped(self) -> np.ndarray | None:
        """A number for the document of each row, where the rows lie in the order of their documents."""
        steps = np.diff(self.documents, prepend=self.documents[:1])
        return np.cumsum(steps > 0, dtype=np.int32) if (steps >= 0).all() else None

    def distinct(self, rows: np.ndarray) -> np.ndarray:
        """Each of ``rows`` once, in rising order."""
        held = np.zeros(len(self.ids), np.bool_)
        held[rows] = True
        return np.flatnonzero(held)

    def documents_of(self, rows: np.ndarray) -> int:
        """In how many documents ``rows`` lie, which are in rising order."""
        if self._grouped is None:
            return len(np.unique(self.documents[rows]))
        held = self._grouped[rows]
        return int(np.count_nonzero(held[1:] != held[:-1])) + 1 if len(held) else 0

    def count(self, phrase: str) -> int:
        """How often ``phrase`` occurs; costs no more for a frequent phrase than for a rare one."""
        needle = folded(phrase)
        if not needle:
            return 0
        first, last = self.stretch(needle)
        places = self.suffixes.places[first:last]
        return len(apart(places, len(needle))) if overlapping(needle) else last - first

    def occurs(self, phrase: str) -> bool:
        """Whether ``phrase`` occurs at all."""
        needle = folded(phrase)
        first, last = self.stretch(needle) if needle else (0, 0)
        return first < last

    def rows_at(self, places: np.ndarray) -> np.ndarray:
        """The rows of the paragraphs in which ``places`` lie."""
        return (np.searchsorted(self.starts, places, side="right") - 1).astype(np.int32)

    def in_text_order(self, places: np.ndarray) -> np.ndarray:
        """``places``, which rise, in the order of their rows."""
        return places


def overlapping(needle: str) -> bool:
    """Whether two occurrences of ``needle`` may share characters: its end is its beginning."""
    return _period(needle) < len(needle)


def _period(needle: str) -> int:
    """By how much ``needle`` must be moved to lie on itself: its length, unless its end is its beginning."""
    if needle[:1] not in needle[1:]:
        return len(needle)
    borders = [0] * len(needle)
    for place in range(1, len(needle)):
        border = borders[place - 1]
        while border and needle[border] != needle[place]:
            border = borders[border - 1]
        borders[place] = border + (needle[border] == needle[place])
    return len(needle) - (borders[-1] if borders else 0)


def apart(places: np.ndarray, size: int) -> np.ndarray:
    """The places from left to right, those left out that begin inside the one before."""
    places = np.sort(places)
    if not (np.diff(places) < size).any():
        return places
    kept, free = [], -1
    for place in places.tolist():
        if place >= free:
            kept.append(place)
            free = place + size
    return np.array(kept, places.dtype)


@lru_cache(maxsize=512)
def _folded_whole(text: str) -> Folded:
    """A hit is looked at for every phrase."""
    return fold_literally_with_places(text)


_needle = lru_cache(maxsize=STRETCHES)(fold_literally)  # of each phrase for every hit


def folded(phrase: str) -> str:
    """``phrase`` as the index has it."""
    return _needle(phrase) if len(phrase) <= SHORT else fold_literally(phrase)


def places_of(phrase: str, text: str) -> list[tuple[int, int]]:
    """Where ``phrase`` stands in ``text``, as offsets of ``text``, by the same rules as
    ``LiteralIndex.find``.
    """
    needle = folded(phrase)
    if not needle:
        return []
    whole = _folded_whole(text)
    found, at = [], whole.text.find(needle)
    while at >= 0:
        found.append(whole.span(at, at + len(needle)))
        at = whole.text.find(needle, at + len(needle))
    return found
