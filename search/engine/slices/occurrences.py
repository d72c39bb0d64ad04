"""The places of a phrase, one by one: what a concordance shows, in the order it is asked for.

By what stands beside them they lie as readers know it, by pronunciation: GB 18030 keeps from GB 2312 the
order of the 3755 common characters by their pinyin; the rest follows by radical.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from archive.text.folding import fold_literally
from search.engine.index.literal import LiteralIndex, apart

CONTEXT = 40
LOOKED_AT = 12  # characters beside the phrase
RANKS_IN_ONE = 4
AT_ONCE = 8192  # places: what is read beside them stays in the processor's cache from step to step
PLANE = 0x10000
BORDER = 0  # of the paragraph: before every character


@dataclass(frozen=True, slots=True)
class Place:
    """One occurrence. ``offset`` counts characters of the folded text of the paragraph, as do ``before``,
    ``match`` and ``after``; ``folding.fold_literally_with_places(text).span(offset, offset + len(match))``
    is the place in the text itself. ``row`` is the paragraph's row of the index.
    """

    paragraph: int
    document: int
    row: int
    offset: int
    match: str
    before: str
    after: str


class Places:
    """A sequence of occurrences; ``places[20:40]`` reads only those. ``rows`` are their paragraphs' rows."""

    def __init__(self, index: LiteralIndex, match: str, starts: np.ndarray, rows: np.ndarray) -> None:
        self.index, self.match, self.starts, self.rows = index, match, starts, rows

    def __len__(self) -> int:
        return len(self.starts)

    def __iter__(self) -> Iterator[Place]:
        return map(self.place, range(len(self)))

    def __getitem__(self, wanted: slice) -> list[Place]:
        return [self.place(number) for number in range(*wanted.indices(len(self)))]

    def in_rows(self, rows: np.ndarray) -> Places:
        """Returns the places that lie in the given rows, in the same order."""
        held = np.zeros(len(self.index), np.bool_)
        held[rows] = True
        inside = held[self.rows]
        return self if inside.all() else self.in_order(np.flatnonzero(inside))

    def in_order(self, order: np.ndarray) -> Places:
        """Returns the places with the numbers ``order``, in that order."""
        return Places(self.index, self.match, self.starts[order], self.rows[order])

    def by_rows(self, rows: np.ndarray) -> Places:
        """Returns the places in the order of ``rows``, which are all of theirs, then by offset."""
        rank = np.zeros(len(self.index), np.int64)
        rank[rows] = np.arange(len(rows))
        return self.in_order(np.lexsort((self.starts, rank[self.rows])))

    def place(self, number: int) -> Place:
        """Returns occurrence ``number``, from 0."""
        index, start, row = self.index, int(self.starts[number]), int(self.rows[number])
        first, end = int(index.starts[row]), start + len(self.match)
        last = int(index.ends[row])
        text = index.text_at
        return Place(
            int(index.ids[row]),
            int(index.documents[row]),
            row,
            start - first,
            self.match,
            text(max(first, start - CONTEXT), start),
            text(end, min(last, end + CONTEXT)),
        )


def occurrences(
    index: LiteralIndex, phrase: str, not_before: Iterable[str] = (), not_after: Iterable[str] = ()
) -> Places:
    """Returns every place of ``phrase`` after folding, in the order of the rows and of the text: a sequence
    that is cut into pages and read lazily.

    Left out are places with one of ``not_before`` right before the phrase, or one of ``not_after`` right
    behind it.
    """
    phrase = fold_literally(phrase)
    starts = apart(index.places(phrase), len(phrase))
    for string in _folded(not_after):
        starts = np.setdiff1d(starts, index.places(phrase + string), assume_unique=True)
    for string in _folded(not_before):
        starts = np.setdiff1d(starts, index.places(string + phrase) + len(string), assume_unique=True)
    rows = index.rows_at(starts)
    order = np.argsort(rows, kind="stable")
    return Places(index, phrase, starts[order], rows[order])


def _folded(strings: Iterable[str]) -> list[str]:
    return [folded for string in strings if (folded := fold_literally(string))]


# --- by what stands beside them ---


def by_following(found: Places) -> Places:
    """Sorts ``found`` by right context; where that is equal, by left context."""
    return _sorted(found, _steps(found, following=True))


def by_preceding(found: Places) -> Places:
    """Sorts ``found`` by left context, read backwards; where that is equal, by right context."""
    return _sorted(found, _steps(found, following=False))


def beside(found: Places, number: int, following: bool) -> tuple[int, ...]:
    """Returns the sort key of occurrence ``number`` by its context: comparable between indexes."""
    steps, wanted = _steps(found, following), np.array([number])
    parts = range(0, len(steps), RANKS_IN_ONE)
    return tuple(int(_packed(found, wanted, steps[first : first + RANKS_IN_ONE])[0]) for first in parts)


def _steps(found: Places, following: bool) -> list[int]:
    """Returns the characters to look at, as steps from the place."""
    size = len(found.match)
    if following:
        return [*range(size, size + LOOKED_AT), *range(-1, -5, -1)]
    return [*range(-1, -LOOKED_AT - 1, -1), *range(size, size + 4)]


def _sorted(found: Places, steps: list[int]) -> Places:
    """Returns ``found`` by the characters at ``steps`` from the place, the first first; then as it was.

    Few steps settle the order of most places: the later ones are looked at only where the others are equal.
    """
    order = np.arange(len(found))
    # positions in the order that are not settled yet, and for each a number shared by those it equals
    tied, group = order.copy(), np.zeros(len(found), np.int64)
    for first in range(0, len(steps), RANKS_IN_ONE):
        keys = _packed(found, order[tied], steps[first : first + RANKS_IN_ONE])
        sorting = np.lexsort((keys, group)) if first else np.argsort(keys, kind="stable")
        order[tied], keys = order[tied[sorting]], keys[sorting]
        tied, group = _still_tied(tied, group, keys)
    return found.in_order(order)


def _still_tied(tied: np.ndarray, group: np.ndarray, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns those of ``tied`` whose group and key, which rise, others share, and the groups of these."""
    differs = np.ones(len(tied), np.bool_)
    differs[1:] = (keys[1:] != keys[:-1]) | (group[1:] != group[:-1])
    groups = np.cumsum(differs)
    shared = np.bincount(groups)[groups] > 1
    return tied[shared], groups[shared]


def _packed(found: Places, wanted: np.ndarray, steps: list[int]) -> np.ndarray:
    """Returns the ranks of characters at ``steps`` from ``wanted``, 16 bits each, in one number."""
    packed = np.zeros(len(wanted), np.uint64)
    for first in range(0, len(wanted), AT_ONCE):
        part = slice(first, first + AT_ONCE)
        _pack(found, wanted[part], steps, packed[part])
    return packed


def _pack(found: Places, wanted: np.ndarray, steps: list[int], packed: np.ndarray) -> None:
    index, starts, rows = found.index, found.starts[wanted].astype(np.int64), found.rows[wanted]
    low, high = index.starts[rows], index.ends[rows]
    for step in steps:
        at = starts + step
        inside = (low <= at) & (at < high)
        rank = _ranks().take(np.minimum(index.characters(np.where(inside, at, 0)), PLANE))
        rank[~inside] = BORDER
        packed <<= np.uint64(16)
        packed |= rank


@cache
def _ranks() -> np.ndarray:
    """Returns code point → rank in GB 18030, from 1; beyond the first plane all are equal."""
    codes = [code for code in range(PLANE) if not 0xD800 <= code < 0xE000]
    codes.sort(key=lambda code: chr(code).encode("gb18030"))
    ranks = np.full(PLANE + 1, len(codes) + 1, np.uint16)
    ranks[codes] = np.arange(1, len(codes) + 1)
    return ranks
