"""Words that stand for a resolution: 本决议 for the document itself, 该决议 for the one named before.

They are reported as not certain, and only where it is clear what they mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ..symbols import Symbol, SymbolKind
from .found import Found

_SELF = re.compile(r"本(?P<noun>决议|决定)(?!草案)")
_BEFORE = re.compile(r"(?:该|这项|该项|上述|前述|同一|此项|这一)(?P<noun>决议|决定)(?!草案)")
_KINDS = {
    "决议": frozenset({SymbolKind.RESOLUTION}),
    "决定": frozenset({SymbolKind.DECISION, SymbolKind.EU_ACT}),
}


class References:
    """The references inside one paragraph. ``own`` is the resolution that it is part of."""

    def __init__(self, folded: str, own: Symbol | None) -> None:
        self._text = folded
        self._own = own

    def found(self, named: Iterable[Found]) -> list[Found]:
        """本决议 and 该决议 with what they mean, given the mentions by number in the same paragraph."""
        named = sorted(named, key=lambda place: place.start)
        return [*self._to_itself(), *self._to_what_was_named(named)]

    def _to_itself(self) -> Iterator[Found]:
        if self._own is not None:
            for match in _SELF.finditer(self._text):
                if self._own.kind in _KINDS[match["noun"]]:
                    yield Found(match.start(), match.end(), self._own, certain=False)

    def _to_what_was_named(self, named: list[Found]) -> Iterator[Found]:
        """该决议 is clear where one resolution only was named before it in the paragraph."""
        position = 0
        symbols: dict[str, set[Symbol]] = {"决议": set(), "决定": set()}
        for match in _BEFORE.finditer(self._text):
            while position < len(named) and named[position].end <= match.start():
                symbol = named[position].symbol
                for noun, kinds in _KINDS.items():
                    if symbol.kind in kinds:
                        symbols[noun].add(symbol)
                position += 1
            meant = symbols[match["noun"]]
            if len(meant) == 1:
                yield Found(match.start(), match.end(), next(iter(meant)), certain=False)
