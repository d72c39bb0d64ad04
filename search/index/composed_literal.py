"""Literal search over a base and what came since: exactly what one index over both would find."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .arrangement import Arrangement, merged
from .composed_suffixes import ComposedSuffixes, Entries
from .literal import LiteralIndex, Occurrences, folded, overlapping


class ComposedLiteral(LiteralIndex):
    """The literal indexes of ``parts``, the base first, as one with the rows of ``arrangement``. For
    ``masked`` and ``ranks`` see ``ComposedSuffixes``. Places are those of the texts end to end: they rise
    with the rows inside each part only.
    """

    def __init__(
        self,
        parts: tuple[LiteralIndex, ...],
        arrangement: Arrangement,
        masked: tuple[np.ndarray, ...],
        ranks: np.ndarray,
    ) -> None:
        self.parts, self.arrangement = parts, arrangement
        self.suffixes = self._composed = ComposedSuffixes(
            tuple(part.suffixes for part in parts), masked, ranks
        )
        self.ids = arrangement.of_rows([part.ids for part in parts])
        self.documents = arrangement.of_rows([part.documents for part in parts])
        borders = (0, self._composed.border)
        self.starts = arrangement.of_rows(
            [part.starts + border for part, border in zip(parts, borders, strict=False)]
        )
        self.ends = arrangement.of_rows(
            [part.ends + border for part, border in zip(parts, borders, strict=False)]
        )
        shown: tuple[Callable[[np.ndarray], np.ndarray], ...] = tuple(
            _as_they_are if in_step else to.__getitem__
            for to, in_step in zip(arrangement.rows, arrangement.in_step, strict=True)
        )
        self.rows = Entries(  # type: ignore[assignment]  # read like an array
            self._composed.order, tuple(part.rows for part in parts), shown
        )

    def find(self, phrase: str) -> Occurrences:
        return Occurrences(
            *merged(*map(self._in_part, range(len(self.parts)), [phrase] * len(self.parts))), self
        )

    def _in_part(self, number: int, phrase: str) -> tuple[np.ndarray, np.ndarray]:
        found = self.parts[number].find(phrase)
        rows, gone = self.arrangement.mapped(number, found.rows)
        return rows, found.counts if gone is None else np.delete(found.counts, gone)

    def count(self, phrase: str) -> int:
        needle = folded(phrase)
        if not needle:
            return 0
        if overlapping(needle):
            return self.find(phrase).total
        kept = (self._composed.order.base, self._composed.order.later)
        return sum(own.within(*part.stretch(needle)) for own, part in zip(kept, self.parts, strict=False))

    def stretch(self, needle: str) -> tuple[int, int]:
        base, *later = (part.stretch(needle) for part in self.parts)
        return self._composed.whole(base, later[0] if later else (0, 0))

    def rows_at(self, places: np.ndarray) -> np.ndarray:
        if len(self.parts) == 1:
            return self.arrangement.rows[0][self.parts[0].rows_at(places)]
        border = self._composed.border
        found = self.arrangement.rows[0][self.parts[0].rows_at(np.minimum(places, border - 1))]
        later = places >= border
        if later.any():
            found[later] = self.arrangement.rows[1][self.parts[1].rows_at(places[later] - border)]
        return found

    def in_text_order(self, places: np.ndarray) -> np.ndarray:
        if not self.arrangement.interleaved:
            return places
        return places[np.argsort(self.rows_at(places), kind="stable")]


def _as_they_are(rows: np.ndarray) -> np.ndarray:
    return rows
