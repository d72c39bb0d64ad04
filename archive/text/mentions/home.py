"""Whose numbers a document cites without saying so: its organ, as the symbol tells it, and its year."""

from __future__ import annotations

from ..parsed import Facts
from ..symbols import Symbol
from .organs import Home, Organ
from .resolutions import COUNCIL_SESSIONS_A_YEAR, COUNCIL_SINCE

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
_FIRST_ASSEMBLY = 1945  # its session n ends in the year after 1945 + n


def home_of(symbol: Symbol | None, facts: Facts) -> Home:
    """The organ and year of a document by its symbol and dates."""
    if symbol is None:
        return Home(year=_year_of_dates(facts))
    code = symbol.organ_code
    first = f"{symbol.components[0]}/{symbol.components[1]}" if len(symbol.components) > 1 else code
    organ = next((organ for series, organ in _SERIES if series in (code, first, symbol.components[0])), None)
    commission = organ is Organ.ECOSOC and symbol.components[1].startswith(("CN.", "C.", "ES"))
    return Home(organ, _year_of_dates(facts) or symbol.year or _year_of_session(symbol, organ), commission)


def _year_of_dates(facts: Facts) -> int | None:
    date = facts.date or facts.communication_date or facts.meeting_date
    return int(date[:4]) if date else None


def _year_of_session(symbol: Symbol, organ: Organ | None) -> int | None:
    """The last year of the session in a symbol: A/74/140 is of 2020 at the latest, A/HRC/52/30 of 2023."""
    session = symbol.session or ""
    if not session.isdecimal():
        return None
    if organ is Organ.HUMAN_RIGHTS_COUNCIL:
        return COUNCIL_SINCE + (int(session) - 1) // COUNCIL_SESSIONS_A_YEAR
    return _FIRST_ASSEMBLY + int(session) + 1 if organ is Organ.ASSEMBLY else None
