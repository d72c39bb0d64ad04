"""What the finders hand on: a place and what it names."""

from __future__ import annotations

from dataclasses import dataclass

from ..symbols import Symbol, SymbolError


@dataclass(frozen=True, slots=True)
class Found:
    """A mention before its pinpoint and surface are read."""

    start: int
    end: int
    symbol: Symbol
    certain: bool = True


def parsed_symbol(text: str) -> Symbol | None:
    """The symbol that ``text`` spells, or None."""
    try:
        return Symbol.parse(text)
    except SymbolError:
        return None
