"""Literal search: certain. Finds exactly the paragraphs whose folded text contains the folded phrase.

The folded texts lie end to end, a line feed after each (white space is folded away, so none is inside, and no
phrase crosses from one paragraph into the next). A suffix array (``suffixes``) gives all places of a phrase
as one stretch, and beside it the paragraph of each place, so that counting needs neither text nor search.
Occurrences are counted from left to right without overlap, as a reader counts them: …… holds two ….
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from archive.text.folding import fold_literally
from search.query.language.conditions import NearBy
from search.query.text.marked_words import ENDING, GAP, SHORT, STRETCHES, folded, pieces_of

from .arrangement import Arrangement, merged
from .suffixes import SUFFIXES, Suffixes, mapped, write_suffixes

ROWS, PLACES = "literal.rows", "literal.places"
END = "\n"
AT_ONCE = 1 << 20  # places
Number = Any  # a number, or an array of them
MOST_PLACES = 50_000  # of the longer side of a gap


@dataclass(frozen=True)
class Occurrences:
    """The occurrences of a phrase. ``rows`` are the matching rows of the index, in order; ``counts`` the
    number of occurrences in each.
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


def write_literal_index(directory: Path, paragraphs: Iterable[tuple[int, int, str]]) -> int:
    """Writes the files of an index over ``(id, document, text)``; returns the number of paragraphs."""
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
    """Writes the row of each place of the suffix array, some at a time."""
    with (directory / SUFFIXES).open("rb") as places, (directory / ROWS).open("wb") as file:
        while len(some := np.fromfile(places, "<i4", AT_ONCE)):
            (np.searchsorted(starts, some, side="right") - 1).astype("<i4").tofile(file)


class LiteralSegment:
    """The texts of one segment on disk, open for reading. Usable by several threads at once."""

    def __init__(self, directory: Path) -> None:
        """Raises OSError or ValueError where the files are missing or damaged."""
        self.ids, self.documents, self.starts = mapped(directory / PLACES, "<i8").reshape(3, -1)
        self.suffixes = Suffixes(directory)
        self.rows = mapped(directory / ROWS, "<i4")
        if len(self.rows) != len(self.suffixes) or (len(self.ids) == 0) != (len(self.rows) == 0):
            raise ValueError("the parts of the literal index do not fit each other")
        if len(self.starts) and self.starts[-1] >= len(self.rows):
            raise ValueError("the text of the literal index does not fit its places")

    @cached_property
    def ends(self) -> np.ndarray:
        """The end offset of each row's text, where its line feed is."""
        return np.append(self.starts[1:], len(self.suffixes))[: len(self.ids)] - 1

    @cached_property
    def sentence_ends(self) -> np.ndarray:
        """The places right behind a mark that ends a sentence, in rising order."""
        marks = [self.suffixes.places[slice(*self.stretch(mark))] for mark in ENDING]
        return np.sort(np.concatenate(marks)) + np.int64(1)

    def find(self, needle: str) -> tuple[np.ndarray, np.ndarray]:
        """Returns the rows that contain a folded string, and the number of its occurrences in each."""
        first, last = self.stretch(needle) if needle else (0, 0)
        if overlapping(needle):
            rows = self.rows_at(apart(self.suffixes.places[first:last], len(needle)))
        else:
            rows = self.rows[first:last]
        if len(rows) < 2:
            return rows, np.ones(len(rows), np.int64)
        if len(rows) * 20 < len(self.ids):
            return np.unique(rows, return_counts=True)
        counts = np.bincount(rows, minlength=len(self.ids))
        held = np.flatnonzero(counts > 0)
        return held.astype(np.int32), counts[held]

    def stretch(self, needle: str) -> tuple[int, int]:
        """Returns the suffix-array interval of the suffixes that begin with ``needle``, cached."""
        return (self._known if len(needle) <= SHORT else self._found)(needle)

    @cached_property
    def _known(self) -> Callable[[str], tuple[int, int]]:
        return lru_cache(maxsize=STRETCHES)(self._found)

    def _found(self, needle: str) -> tuple[int, int]:
        return self.suffixes.find(needle, self._known(needle[0]) if len(needle) > 1 else None)

    def rows_at(self, places: np.ndarray) -> np.ndarray:
        """Returns the rows of the paragraphs in which ``places`` lie."""
        return (np.searchsorted(self.starts, places, side="right") - 1).astype(np.int32)


class _Kept:
    """The places of a suffix array without those of paragraphs that are left out of a segment."""

    def __init__(self, segment: LiteralSegment, to: np.ndarray, whole: bool) -> None:
        self._rows, self._to, self._whole = segment.rows, to, whole

    @cached_property
    def _gone(self) -> np.ndarray:
        """The numbers of the others, rising; looked up when first asked for, some at a time."""
        found = [
            np.flatnonzero(self._to[self._rows[first : first + AT_ONCE]] < 0) + first
            for first in range(0, 0 if self._whole else len(self._rows), AT_ONCE)
        ]
        return np.concatenate([np.empty(0, np.int64), *found])

    @cached_property
    def _steps(self) -> np.ndarray:
        """For each of the others how many that are kept lie before it."""
        return self._gone - np.arange(len(self._gone))

    def within(self, first: Number, last: Number) -> Number:
        """Returns the number of kept suffixes between two indexes of the array."""
        if self._whole:
            return last - first
        return last - first - (self._gone.searchsorted(last) - self._gone.searchsorted(first))

    def beside(self, number: int) -> Iterator[int]:
        """Generates the number of the one before ``number``, and of the one from there on."""
        before = number - int(self._gone.searchsorted(number))
        for near in (before - 1, before):
            if 0 <= near < len(self._rows) - len(self._gone):
                yield near + int(self._steps.searchsorted(near, side="right"))


class LiteralIndex:
    """The texts of all segments, with the rows of ``arrangement``. A place is a number of characters from the
    beginning of the first segment, their texts end to end; a phrase crosses no border of a paragraph, so none
    crosses that of a segment. Places rise with the rows inside each segment only.

    ``ids`` and ``documents`` are those of each row, ``starts`` and ``ends`` where its text lies.
    """

    def __init__(self, segments: Sequence[LiteralSegment], arrangement: Arrangement) -> None:
        self.segments, self.arrangement = tuple(segments), arrangement
        self.borders = np.cumsum([0, *(len(each.suffixes) for each in segments)])
        self._borders = self.borders.tolist()  # a page asks for hundreds of texts, one by one
        self.ids = arrangement.of_rows([each.ids for each in segments])
        self.documents = arrangement.of_rows([each.documents for each in segments])
        self.kept = tuple(map(_Kept, segments, arrangement.rows, arrangement.whole))

    @classmethod
    def of(cls, directory: Path) -> LiteralIndex:
        """Returns the index that is one segment, in ``directory``."""
        segment = LiteralSegment(directory)
        return cls([segment], Arrangement([segment.documents], [()]))

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def size(self) -> int:
        """The number of characters."""
        return int(self.borders[-1])

    @cached_property
    def starts(self) -> np.ndarray:
        """The start offset of each row's text."""
        return self._moved([each.starts for each in self.segments])

    @cached_property
    def ends(self) -> np.ndarray:
        """The end offset of each row's text, where its line feed is."""
        return self._moved([each.ends for each in self.segments])

    def _moved(self, places: Sequence[np.ndarray]) -> np.ndarray:
        each = zip(places, self.borders, strict=False)
        return self.arrangement.of_rows([own + border if border else own for own, border in each])

    def text(self, row: int) -> str:
        """Returns the folded text of a row."""
        return self.text_at(int(self.starts[row]), int(self.ends[row]))

    def text_at(self, start: int, end: int) -> str:
        """Returns the text from one place to another, as far as its segment goes."""
        number = bisect_right(self._borders, start) - 1
        border = self._borders[number]
        return self.segments[number].suffixes.text(start - border, end - border)

    def characters(self, places: np.ndarray) -> np.ndarray:
        """Returns the code points at ``places``."""
        return self._by_segment(places, lambda number, own: self.segments[number].suffixes.characters[own])

    def rows_at(self, places: np.ndarray) -> np.ndarray:
        """Returns the rows of the paragraphs in which ``places`` lie; −1 of those that are left out."""
        return self._by_segment(
            places, lambda number, own: self.arrangement.rows[number][self.segments[number].rows_at(own)]
        ).astype(np.int32, copy=False)

    def _by_segment(self, places: np.ndarray, at: Callable[[int, np.ndarray], np.ndarray]) -> np.ndarray:
        """Looks up ``places`` of the whole, each in the segment it belongs to, by ``at``."""
        if len(self.segments) == 1:
            return at(0, places)
        numbers = np.maximum(np.searchsorted(self.borders, places, side="right") - 1, 0)
        found = np.empty(len(places), np.int64)
        for number in np.unique(numbers).tolist():
            here = numbers == number
            found[here] = at(number, places[here] - self.borders[number])
        return found

    def find(self, phrase: str) -> Occurrences:
        """Returns the occurrences of ``phrase`` after folding; none if nothing of it is left."""
        needle = folded(phrase)
        found = [
            self.arrangement.mapped(number, *segment.find(needle))
            for number, segment in enumerate(self.segments)
        ]
        return Occurrences(*merged(found), self)

    def count(self, phrase: str) -> int:
        """Counts the occurrences of ``phrase``; as fast for a frequent phrase as for a rare one."""
        needle = folded(phrase)
        if not needle:
            return 0
        if overlapping(needle):
            return self.find(phrase).total
        each = zip(self.kept, self.segments, strict=True)
        return sum(int(kept.within(*segment.stretch(needle))) for kept, segment in each)

    def occurs(self, phrase: str) -> bool:
        """Returns True if ``phrase`` occurs at least once."""
        return self.count(phrase) > 0

    def places(self, needle: str) -> np.ndarray:
        """Returns every place of a string that is folded, those that overlap too, in rising order."""
        found = [np.empty(0, np.int64)]
        mapped_to = zip(self.arrangement.rows, self.arrangement.whole, strict=True)
        for segment, border, (to, whole) in zip(self.segments, self.borders, mapped_to, strict=False):
            part = slice(*segment.stretch(needle)) if needle else slice(0)
            held = segment.suffixes.places[part]
            found.append((held if whole else held[to[segment.rows[part]] >= 0]) + border)
        return np.sort(np.concatenate(found))

    def fillings(self, before: str, behind: str) -> Counter[str]:
        """Returns the strings that are ``before``, one letter or character, ``behind``, with their
        occurrences; none where too many begin so. Both are folded.
        """
        anchor, other, step = (
            (before, behind, len(before) + 1) if len(before) >= len(behind) else (behind, before, 0)
        )
        if not 0 < self.count(anchor) <= MOST_PLACES:
            return Counter()
        starts = self.places(anchor)
        gaps = starts + len(before) if step else starts - 1
        others = starts + step if step else starts - 1 - len(before)
        inside = (others >= 0) & (others + len(other) <= self.size) & (gaps >= 0) & (gaps < self.size)
        gaps, others = gaps[inside], others[inside]
        for offset, character in enumerate(other):
            same = self.characters(others + offset) == ord(character)
            gaps, others = gaps[same], others[same]
        codes, counts = np.unique(self.characters(gaps), return_counts=True)
        letters = zip(map(chr, codes.tolist()), counts.tolist(), strict=True)
        return Counter({before + one + behind: count for one, count in letters if one.isalpha()})

    def nearest(self, text: str) -> list[int]:
        """Returns the places whose text shares the longest prefixes with ``text``."""
        return [
            int(segment.suffixes.places[near] + border)
            for segment, kept, border in zip(self.segments, self.kept, self.borders, strict=False)
            for near in kept.beside(segment.suffixes.number_of(text))
        ]

    @cached_property
    def _by_id(self) -> np.ndarray | None:
        """The rows in the order of their ids; None where they lie so."""
        return None if (np.diff(self.ids) > 0).all() else np.argsort(self.ids).astype(np.int32)

    def rows_of(self, ids: Sequence[int]) -> np.ndarray:
        """Returns the rows of the paragraphs with these keys; −1 for one that it has not."""
        if not len(self.ids):
            return np.full(len(ids), -1)
        wanted = np.asarray(ids, np.int64)
        at = np.minimum(np.searchsorted(self.ids, wanted, sorter=self._by_id), len(self.ids) - 1)
        rows = at if self._by_id is None else self._by_id[at]
        return np.where(self.ids[rows] == wanted, rows, -1)


def overlapping(needle: str) -> bool:
    """Returns True if two occurrences of ``needle`` may overlap: its end equals its beginning."""
    return _period(needle) < len(needle)


def _period(needle: str) -> int:
    """Returns the least shift by which ``needle`` lies on itself: its length, unless end equals beginning."""
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
    """Returns the places from left to right, those left out that begin inside the one before."""
    places = np.sort(places)
    return _one_by_one(places, places + size)


# Proximity search: NEAR and THEN, and phrases with wildcards (rules in ``text.marked_words``), answered
# from the offsets in the literal index.


def near(literal: LiteralIndex, asked: NearBy) -> Occurrences:
    """Returns the paragraphs where strings of both sides are near each other, with the number of matches.

    Near: at most ``asked.within`` characters between the two, white space not counted; or, where it is None,
    no end of a sentence before the last character of the two. Either way round unless ``asked.ordered``.
    """
    held = [np.empty(0, np.int32)]
    others = [_places(literal, string) for string in asked.second]
    for string in asked.first:
        starts, ends = _places(literal, string)
        hit = np.zeros(len(starts), bool)
        for other_starts, other_ends in others:
            hit |= _followed(literal, starts, ends, other_starts, other_ends, asked.within)
            if not asked.ordered:
                hit |= _preceded(literal, starts, ends, other_starts, other_ends, asked.within)
        held.append(literal.rows_at(apart(starts[hit], len(fold_literally(string)))))
    rows, counts = np.unique(np.concatenate(held), return_counts=True)
    return Occurrences(rows.astype(np.int32), counts, literal)


def _places(literal: LiteralIndex, string: str) -> tuple[np.ndarray, np.ndarray]:
    """Returns the start and end offsets of a string in the whole folded text, in order, overlapping ones
    included.
    """
    needle = fold_literally(string)
    starts = literal.places(needle)
    return starts, starts + len(needle)


def sentence_ends(literal: LiteralIndex) -> np.ndarray:
    """Returns the places of all texts right behind a mark that ends a sentence, in rising order; those of
    what is left out among them, between which nothing is looked at.
    """
    each = zip(literal.segments, literal.borders, strict=False)
    return np.concatenate([segment.sentence_ends + border for segment, border in each])


def _followed(literal, starts, ends, other_starts, other_ends, within: int | None) -> np.ndarray:
    """Returns, for each occurrence, whether one of the others follows near enough."""
    if not len(other_starts):
        return np.zeros(len(ends), bool)
    number = np.searchsorted(other_starts, ends)
    there = np.minimum(number, len(other_starts) - 1)
    close = _close(literal, starts, ends, other_starts[there], other_ends[there], within)
    return (number < len(other_starts)) & close


def _preceded(literal, starts, ends, other_starts, other_ends, within: int | None) -> np.ndarray:
    """Returns, for each occurrence, whether one of the others precedes it near enough."""
    if not len(other_starts):
        return np.zeros(len(starts), bool)
    number = np.searchsorted(other_ends, starts, side="right") - 1
    there = np.maximum(number, 0)
    close = _close(literal, other_starts[there], other_ends[there], starts, ends, within)
    return (number >= 0) & close


def _close(literal, starts, ends, next_starts, next_ends, within: int | None) -> np.ndarray:
    """Returns, for each pair of successive matches, whether they are near enough in one paragraph."""
    same = literal.rows_at(starts) == literal.rows_at(next_starts)
    if within is not None:
        return same & (next_starts - ends <= within)
    marks = sentence_ends(literal)
    return same & (np.searchsorted(marks, starts, "right") == np.searchsorted(marks, next_ends, "left"))


# --- pieces of a phrase with asterisks between them ---


def find_pattern(literal: LiteralIndex, phrase: str) -> Occurrences:
    """Returns the occurrences of a phrase whose asterisks are wildcards."""
    starts, ends = _matches(literal, pieces_of(phrase))
    rows, counts = np.unique(literal.rows_at(_one_by_one(starts, ends)), return_counts=True)
    return Occurrences(rows.astype(np.int32), counts, literal)


def _matches(literal: LiteralIndex, pieces: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Returns the start offsets of all matches, in rising order, and the end of the shortest match from each.

    Works from the last piece to the first: an occurrence of a piece is kept where the next piece follows
    close behind in the same paragraph. The nearest of these is the one that ends first.
    """
    following: np.ndarray | None = None
    ends = np.empty(0, np.int64)
    for piece in reversed(pieces):
        places = literal.places(piece)
        behind = places + len(piece)
        if following is None:
            following, ends = places, behind
            continue
        if not len(following):
            return following, ends
        nearest = np.searchsorted(following, behind)
        there = np.minimum(nearest, len(following) - 1)
        close = (nearest < len(following)) & (following[there] - behind <= GAP)
        close &= literal.rows_at(following[there]) == literal.rows_at(places)
        following, ends = places[close], ends[there][close]
    return (np.empty(0, np.int64), ends) if following is None else (following, ends)


def _one_by_one(starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Returns the matches from left to right without overlaps, as readers count."""
    if not (starts[1:] < ends[:-1]).any():
        return starts
    kept, free = [], -1
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        if start >= free:
            kept.append(start)
            free = end
    return np.array(kept, starts.dtype)
