"""Whose numbers a document cites without saying so: its organ, as the symbol tells it, and its year."""

from __future__ import annotations

from archive.text.dates import year_of

from ..parsed import Facts
from ..symbols import Symbol
from .organs import Home, Organ

_NUMBERED = ("A", "S", "E", "A/HRC", "E/CN.4", "E/CN.7")  # organs by the codes of their series
# Boards of funds and programmes number their decisions by year as the Economic and Social Council does.
_BOARDS = frozenset({"E/ICEF", "DP", "WFP", "UNW", "UNICEF"})


def home_of(symbol: Symbol | None, facts: Facts) -> Home:
    """The organ and year of a document by its symbol and dates."""
    if symbol is None:
        return Home(year=year_of(facts))
    codes = (symbol.organ_code, "/".join(symbol.components[:2]), symbol.components[0])
    organ = next((Organ(code) for code in codes if code in _NUMBERED), None)
    organ = organ if _BOARDS.isdisjoint(codes) else Organ.BOARD
    commission = organ is Organ.ECOSOC and symbol.components[1].startswith(("CN.", "C.", "ES"))
    return Home(organ, year_of(facts), commission)
