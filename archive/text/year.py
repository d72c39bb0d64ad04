"""The year of a document, by its dates or else by its symbol."""

from __future__ import annotations

from .parsed import Facts
from .symbols import Symbol, SymbolError

FIRST_ASSEMBLY = 1945  # the Assembly's session n ends in the year after 1945 + n
COUNCIL_SINCE, COUNCIL_SESSIONS_A_YEAR = 2006, 3  # the Human Rights Council


def year_of(facts: Facts) -> int | None:
    """Year of issue, of the letter or of the meeting, else of the symbol; None where nothing tells.

    A/74/140 is of 2020 at the latest, A/HRC/52/30 of 2023.
    """
    if date := facts.date or facts.communication_date or facts.meeting_date:
        return int(date[:4])
    try:
        symbol = Symbol.parse(facts.symbol or "")
    except SymbolError:
        return None
    return symbol.year or _year_of_session(symbol)


def _year_of_session(symbol: Symbol) -> int | None:
    session = symbol.session or ""
    if not session.isdecimal():
        return None
    if symbol.organ_code == "A/HRC":
        return COUNCIL_SINCE + (int(session) - 1) // COUNCIL_SESSIONS_A_YEAR
    return FIRST_ASSEMBLY + int(session) + 1 if symbol.components[0] == "A" else None
