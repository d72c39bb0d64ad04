"""The suffix array of a base and of what came since, as one: no entry is moved, none is copied.

The array of the base stays mapped. Beside it lie the entries of masked paragraphs (``masked``, rising places
of that array), and for each character of the later texts how many suffixes of the base are smaller
(``ranks``). From both, whichever entry of the whole array is asked for is found by halving. The later texts
lie behind that of the base; a phrase crosses no border of a paragraph, so none crosses this one.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from functools import cached_property, partial

import numpy as np

from .suffixes import Suffixes

AT_ONCE = 1 << 20  # entries

Wanted = int | slice | np.ndarray


class Kept:
    """The entries of an array without those ``masked``, which are rising places of it.

    They are kept in the width of the numbers that are sought in them: else numpy copies all for each search.
    """

    def __init__(self, size: int, masked: np.ndarray) -> None:
        self.masked, self.size = masked.astype(np.int64), size - len(masked)
        self._steps = self.masked - np.arange(len(masked))

    def before(self, places: np.ndarray | int) -> np.ndarray:
        """How many kept entries lie before each of ``places``."""
        return places - np.searchsorted(self.masked, places)

    def within(self, first: int, last: int) -> int:
        """How many kept entries lie between two places."""
        if first == last or not len(self.masked):
            return last - first
        low, high = self.masked.searchsorted((first, last)).tolist()
        return last - first - (high - low)

    def at(self, numbers: np.ndarray | int) -> np.ndarray:
        """The place of each kept entry by its number among them."""
        return numbers + np.searchsorted(self._steps, numbers, side="right")

    def stretch(self, first: int, last: int) -> tuple[int, int]:
        """The places in which the kept entries from ``first`` up to ``last`` lie, the masked between them."""
        low = int(self.at(first))
        return low, int(self.at(last - 1)) + 1 if last > first else low

    def chosen(self, array: np.ndarray, first: int, last: int) -> np.ndarray:
        """Of ``array`` what the kept entries from ``first`` up to ``last`` have."""
        low, high = self.stretch(first, last)
        between = self.masked[slice(*np.searchsorted(self.masked, [low, high]))]
        found = array[low:high]
        return np.delete(found, between - low) if len(between) else found


class Interleaved:
    """The order of the entries of two arrays as one. ``ranks`` says for each entry of the second, in its
    order, before which place of the first it stands.
    """

    def __init__(self, kept: tuple[Kept, ...], ranks: np.ndarray) -> None:
        self.base, self.later = kept if len(kept) > 1 else (kept[0], Kept(0, np.empty(0, np.int64)))
        own = ranks[self.later.at(np.arange(self.later.size))]
        self.inserted = np.arange(self.later.size) + self.base.before(own.astype(np.int64))
        self.ranks = ranks.astype(np.int64)
        self.size = self.base.size + self.later.size

    def divided(self, low: int, high: int) -> tuple[tuple[int, int], tuple[int, int]]:
        """A stretch of the whole as stretches of kept entries of both."""
        first, last = np.searchsorted(self.inserted, [low, high]).tolist()
        return (low - first, high - last), (first, last)


class Entries:
    """An array over both, read like one of numpy: by number, slice or numbers. ``shown`` says what an entry
    of each stands for.
    """

    def __init__(
        self,
        order: Interleaved,
        arrays: tuple[np.ndarray, ...],
        shown: tuple[Callable[[np.ndarray], np.ndarray], ...],
    ) -> None:
        self._order, self._arrays, self._shown = order, arrays, shown

    def __len__(self) -> int:
        return self._order.size

    def __getitem__(self, wanted: Wanted) -> np.ndarray:
        if isinstance(wanted, slice):
            first, last, step = wanted.indices(len(self))
            if step != 1:
                return self._taken(np.arange(first, last, step))
            return self._stretch(first, max(first, last))
        if isinstance(wanted, np.ndarray):
            return self._taken(wanted)
        if not -len(self) <= wanted < len(self):
            raise IndexError(wanted)
        return self._taken(np.array([wanted % len(self)]))[0]

    def __array__(self, dtype=None, copy=None) -> np.ndarray:
        return self[:] if dtype is None else self[:].astype(dtype)

    def _stretch(self, first: int, last: int) -> np.ndarray:
        ours, theirs = self._order.divided(first, last)
        found = self._shown[0](self._order.base.chosen(self._arrays[0], *ours))
        if theirs[0] == theirs[1]:
            return found
        later = self._shown[1](self._order.later.chosen(self._arrays[1], *theirs))
        at = self._order.inserted[slice(*theirs)] - first - np.arange(theirs[1] - theirs[0])
        return np.insert(found, at, later)

    def _taken(self, wanted: np.ndarray) -> np.ndarray:
        order = self._order
        numbers = np.searchsorted(order.inserted, wanted)
        there = np.minimum(numbers, len(order.inserted) - 1)
        later = (order.inserted[there] == wanted) if len(order.inserted) else np.zeros(wanted.shape, np.bool_)
        places = order.base.at(wanted - numbers)
        found = self._shown[0](self._arrays[0][np.minimum(places, len(self._arrays[0]) - 1)])
        if later.any():
            found[later] = self._shown[1](self._arrays[1][order.later.at(numbers[later])])
        return found


class Characters:
    """The characters of both texts, the later behind those of the base."""

    def __init__(self, base: np.ndarray, later: np.ndarray) -> None:
        self._base, self._later = base, later

    def __len__(self) -> int:
        return len(self._base) + len(self._later)

    def __getitem__(self, wanted: Wanted) -> np.ndarray:
        size = len(self._base)
        if isinstance(wanted, slice):
            first, last, step = wanted.indices(len(self))
            ends = (
                self._base[first:last:step],
                self._later[max(0, first - size) : max(0, last - size) : step],
            )
            return ends[0] if last <= size else ends[1] if first >= size else np.concatenate(ends)
        if not isinstance(wanted, np.ndarray):
            return self._base[wanted] if wanted < size else self._later[wanted - size]
        found = self._base[np.minimum(wanted, size - 1)]
        later = wanted >= size
        if later.any():
            found[later] = self._later[wanted[later] - size]
        return found


class ComposedSuffixes(Suffixes):
    """The suffix array of ``parts``, the base first, as one; ``masked`` are the masked places of each array,
    ``ranks`` says for each character of the later text how many suffixes of the base are smaller.
    """

    def __init__(
        self, parts: tuple[Suffixes, ...], masked: tuple[np.ndarray, ...], ranks: np.ndarray
    ) -> None:
        self.parts = parts
        kept = tuple(Kept(len(part), gone) for part, gone in zip(parts, masked, strict=True))
        in_order = ranks[parts[1].places] if len(parts) > 1 else np.empty(0, np.int64)
        self.order = Interleaved(kept, in_order)
        self.border = parts[0].size
        self.places = Entries(  # type: ignore[assignment]
            self.order,
            tuple(part.places for part in parts),
            (lambda places: places, lambda places: places + np.int32(self.border)),
        )
        self.characters = parts[0].characters
        if len(parts) > 1:  # read like an array
            self.characters = Characters(*(part.characters for part in parts))  # type: ignore[assignment]

    @cached_property
    def _last(self) -> Suffixes:
        return self.parts[-1]

    def text(self, start: int, end: int) -> str:
        """The text from one place to another."""
        if end <= self.border or len(self.parts) == 1:
            return self.parts[0].text(start, end)
        if start >= self.border:
            return self.parts[1].text(start - self.border, end - self.border)
        return self.parts[0].text(start, self.border) + self.parts[1].text(0, end - self.border)

    def nearest(self, text: str) -> list[int]:
        size, found, numbers = len(text), [], None
        for part, kept, border in zip(
            self.parts, (self.order.base, self.order.later), (0, self.border), strict=False
        ):
            low, high = numbers or (0, len(part))
            number = bisect_left(part.places, text, low, high, key=partial(_read, part, size))
            before = int(kept.before(number))
            places = (int(kept.at(near)) for near in (before - 1, before) if 0 <= near < kept.size)
            found += [int(part.places[place]) + border for place in places]
            numbers = (
                int(np.searchsorted(self.order.ranks, number)),
                int(np.searchsorted(self.order.ranks, number, side="right")),
            )
        return found

    def find(self, phrase: str, within: tuple[int, int] | None = None) -> tuple[int, int]:
        """The stretch of ``places`` at which ``phrase`` stands; ``within``: a stretch that holds it."""
        ours = theirs = None
        if within:
            kept, later = self.order.divided(*within)
            ours, theirs = self.order.base.stretch(*kept), self.order.later.stretch(*later)
        base = self.parts[0].find(phrase, ours)
        later = self.found_later(phrase, base, theirs)
        return self.whole(base, later)

    def found_later(
        self, phrase: str, base: tuple[int, int], within: tuple[int, int] | None = None
    ) -> tuple[int, int]:
        """The stretch of the later array at which ``phrase`` stands, which in the base stands at ``base``."""
        return self.parts[1].find(phrase, within) if len(self.parts) > 1 else (0, 0)

    def whole(self, base: tuple, later: tuple) -> tuple:
        """Bounds in both arrays as bounds in the whole one."""
        ours, theirs = self.order.base, self.order.later
        low, high = (ours.before(a) + theirs.before(b) for a, b in zip(base, later, strict=True))
        return (int(low), int(high)) if np.ndim(low) == 0 else (low, high)


def _read(part: Suffixes, size: int, place: int) -> str:
    return part.text(int(place), int(place) + size)


def masked_places(rows: np.ndarray, masked: np.ndarray, size: int) -> np.ndarray:
    """The places of a suffix array at which ``rows`` (the row of each place) holds one of the rows
    ``masked``; ``size`` is the number of rows.
    """
    gone = np.zeros(size, np.bool_)
    gone[masked] = True
    found = [
        np.flatnonzero(gone[rows[first : first + AT_ONCE]]) + first for first in range(0, len(rows), AT_ONCE)
    ]
    return np.concatenate(found).astype(np.int32) if found else np.empty(0, np.int32)
