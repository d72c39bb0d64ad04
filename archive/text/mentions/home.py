"""Whose numbers a document cites without saying so: its organ, as the symbol tells it, and its year."""

from __future__ import annotations

from archive.text.dates import year_of

from ..parsed import Facts
from ..symbols import Symbol
from .organs import Home, Organ

# Beginnings of symbols → organ, the longest first. Boards of funds and programmes number their decisions by
# year as the Economic and Social Council does.
_SERIES = (
    ("A/HRC", Organ.HUMAN_RIGHTS_COUNCIL),
    ("E/ICEF", Organ.BOARD),
    ("E/CN.4", Organ.COMMISSION_ON_HUMAN_RIGHTS),
    ("E/CN.7", Organ.NARCOTICS_COMMISSION),
    ("A", Organ.ASSEMBLY),
    ("S", Organ.COUNCIL),
    ("E", Organ.ECOSOC),
    ("DP", Organ.BOARD),
    ("WFP", Organ.BOARD),
    ("UNW", Organ.BOARD),
    ("UNICEF", Organ.BOARD),
)


def home_of(symbol: Symbol | None, facts: Facts) -> Home:
    """The organ and year of a document by its symbol and dates."""
    if symbol is None:
        return Home(year=year_of(facts))
    code = symbol.organ_code
    first = f"{symbol.components[0]}/{symbol.components[1]}" if len(symbol.components) > 1 else code
    organ = next((organ for series, organ in _SERIES if series in (code, first, symbol.components[0])), None)
    commission = organ is Organ.ECOSOC and symbol.components[1].startswith(("CN.", "C.", "ES"))
    return Home(organ, year_of(facts), commission)
