"""From a number in a list to the resolution or decision that it names."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..numerals import number_of, number_of_roman
from ..symbols import Symbol
from .found import parsed_symbol
from .owners import FOREIGN, Owner, Owners
from .serials import COUNCIL_YEARS
from .tokens import Token

# Sessions whose numbering with a slash an organ can have had by now, generously.
ASSEMBLY_SESSIONS = range(31, 140)
COUNCIL_SESSIONS = range(1, 90)
# The Human Rights Council's session 64 is in 2027; a higher number is the Assembly's.
COUNCIL_SESSIONS_BY_NOW = range(1, 65)
LAST_ROMAN_OF_ASSEMBLY = 30
LAST_ROMAN_OF_ECOSOC = 63
# The Assembly adopted 50 to 120 resolutions a session in the roman numbering, the Economic and Social Council
# 5 to 40: 181(II), 2625(XXV) against 11(II), 1147(XLI). In the first session both are possible.
MANY_A_SESSION = 50


@dataclass(slots=True)
class CouncilNumbers:
    """The Security Council's resolutions whose year is known: from the reference table or from the document.

    Numbers never decrease with the years, which shows a year that cannot be right (第5(2010)号决议).
    """

    reference: Mapping[int, str]
    in_document: dict[int, set[int]] = field(default_factory=dict)
    _years: list[tuple[int, int]] = field(init=False)

    def __post_init__(self) -> None:
        known = (Symbol.parse(symbol) for symbol in self.reference.values())
        edges = {(number, year) for year, ends in COUNCIL_YEARS.items() for number in ends}
        self._years = sorted(edges | {(symbol.number, symbol.year) for symbol in known})

    def learn(self, symbol: Symbol) -> None:
        """Keep the year that the document gives, unless it cannot be right."""
        if symbol.year is not None and self.possible(symbol.number, symbol.year):
            self.in_document.setdefault(symbol.number, set()).add(symbol.year)

    def in_reference(self, symbol: Symbol) -> bool:
        return self.reference.get(symbol.number) == str(symbol)

    def is_known(self, symbol: Symbol) -> bool:
        return self.in_reference(symbol) or symbol.year in self.in_document.get(symbol.number, ())

    def year_of(self, number: int) -> int | None:
        """The year of a bare number, where one year only is known."""
        if number in self.reference:
            return Symbol.parse(self.reference[number]).year
        years = self.in_document.get(number, set())
        return next(iter(years)) if len(years) == 1 else None

    def possible(self, number: int, year: int) -> bool:
        place = bisect_left(self._years, (number, 0))
        if place < len(self._years) and self._years[place][0] == number:
            return self._years[place][1] == year
        before = self._years[place - 1][1] if place else 1946
        after = self._years[place][1] if place < len(self._years) else 2100
        return before <= year <= after


def council_symbol(token: Token) -> Symbol | None:
    """``1540 (2004)`` → S/RES/1540(2004)."""
    number, year = re.findall("[0-9]+", token.text)
    return parsed_symbol(f"S/RES/{number}({year})")


def session_symbol(
    token: Token, noun: str, place: int, owners: Owners, *, own_first: bool
) -> tuple[Symbol, bool] | None:
    """The resolution or decision of ``73/55``, and whether that is certain; None where another body's.

    ``place`` is where the list begins before which the organ stands; ``own_first`` says that 其 (its) means
    the document's own organ, as in a resolution.
    """
    beside = owners.beside(place)
    if beside in FOREIGN:
        return None
    its = owners.own_before(place)
    if its and own_first and owners.own is not None and _possible(owners.own, token.text):
        return _named(owners.own, token, noun)
    if its and owners.subject(place) in FOREIGN:
        return None
    near = (beside, owners.subject(place) if its else None)
    if owner := next((owner for owner in near if owner and _possible(owner, token.text)), None):
        return _named(owner, token, noun)
    far = (*owners.before(place), owners.own)
    if owner := next((owner for owner in far if owner and _likely(owner, token.text)), None):
        return _named(owner, token, noun)
    return _by_shape_alone(token, noun, some_council=beside is Owner.SOME_COUNCIL)


def eu_symbol(token: Token, noun: str, place: int, owners: Owners) -> Symbol | None:
    """The act of 欧盟第428/2009号条例, whose type is not given; None unless the Union stands before it."""
    if noun not in ("条例", "决定") or owners.beside(place) is not Owner.EUROPEAN_UNION:
        return None
    return parsed_symbol(f"EU:{token.text}")


def _named(owner: Owner, token: Token, noun: str) -> tuple[Symbol, bool] | None:
    symbol = _in_series(owner, token.text, noun)
    return (symbol, True) if symbol else None


def _by_shape_alone(token: Token, noun: str, *, some_council: bool) -> tuple[Symbol, bool] | None:
    """No organ is named anywhere: 78/241 is too late for any other body than the Assembly, 49/6 is not."""
    council = Owner.HUMAN_RIGHTS_COUNCIL
    owners = (Owner.ECOSOC, council) if some_council else (Owner.ASSEMBLY, Owner.ECOSOC)
    for owner in owners:
        if _likely(owner, token.text):
            symbol = _in_series(owner, token.text, noun)
            certain = not some_council and (owner is Owner.ECOSOC or not _likely(council, token.text))
            return (symbol, certain) if symbol else None
    return None


def _likely(owner: Owner, text: str) -> bool:
    """Whether an organ named somewhere before can be meant: councils have not come so far as the Assembly."""
    session = text.partition("/")[0]
    if owner in (Owner.HUMAN_RIGHTS_COUNCIL, Owner.NARCOTICS_COMMISSION) and session.isdecimal():
        return int(session) in COUNCIL_SESSIONS_BY_NOW
    return _possible(owner, text)


def _possible(owner: Owner, text: str) -> bool:
    """Whether the organ numbers its resolutions like this, and has come so far."""
    session = text.partition("/")[0]
    if session.startswith("ES-"):
        return owner is Owner.ASSEMBLY
    if session.startswith("S-"):
        return owner in (Owner.ASSEMBLY, Owner.HUMAN_RIGHTS_COUNCIL)
    number = int(session)
    match owner:
        case Owner.ASSEMBLY:
            return number in ASSEMBLY_SESSIONS
        case Owner.ECOSOC:
            return 1978 <= number < 2100
        case Owner.COMMISSION_ON_HUMAN_RIGHTS:
            return 1978 <= number <= 2006
        case Owner.HUMAN_RIGHTS_COUNCIL | Owner.NARCOTICS_COMMISSION:
            return number in COUNCIL_SESSIONS
    return False


def _in_series(owner: Owner, text: str, noun: str) -> Symbol | None:
    nature = "DEC" if noun.startswith("决定") else "RES"
    return parsed_symbol(f"{owner}/{nature}/{text}")


def roman_symbol(token: Token, noun: str | None, place: int, owners: Owners) -> tuple[Symbol, bool] | None:
    """The resolution of ``2625(XXV)``, and whether that is certain; None where it is another body's.

    Assembly, Economic and Social Council and regional commissions share the form: the organ that is named
    decides, else how far a session's numbers go.
    """
    beside = owners.beside(place)
    if beside in FOREIGN:
        return None
    own = owners.subject(place) if owners.own_before(place) else None
    possible = [owner for owner in (Owner.ASSEMBLY, Owner.ECOSOC) if _possible_roman(owner, token.text)]
    for owner in (beside, own):
        if owner in possible:
            return _named(owner, token, noun or "决议")
    if not possible:
        return None
    likely = _likely_by_number(token.text)
    if likely in possible and likely is Owner.ASSEMBLY:
        return _named(likely, token, noun or "决议")
    named = next((owner for owner in (*owners.before(place), owners.own) if owner in possible), None)
    owner = named or (likely if likely in possible else possible[0])
    symbol = _in_series(owner, token.text, noun or "决议")
    return (symbol, named is not None and named is (likely or named)) if symbol else None


def _roman_session(text: str) -> str:
    return text[text.index("(") + 1 : text.index(")")].strip()


def _possible_roman(owner: Owner, text: str) -> bool:
    session = _roman_session(text)
    if session.startswith(("S-", "ES-")):
        return owner is Owner.ASSEMBLY
    number = number_of_roman(session)
    last = LAST_ROMAN_OF_ASSEMBLY if owner is Owner.ASSEMBLY else LAST_ROMAN_OF_ECOSOC
    return number is not None and number <= last


def _likely_by_number(text: str) -> Owner | None:
    session = number_of_roman(_roman_session(text))
    number = number_of(text[: len(text) - len(text.lstrip("0123456789"))])
    if not session or session < 2 or not number:
        return Owner.ASSEMBLY if session is None else None
    return Owner.ASSEMBLY if number / session >= MANY_A_SESSION else Owner.ECOSOC


def lettered(previous: Symbol, letter: str) -> Symbol | None:
    """The B of 第73/262 A和B号决议: the part beside the one before."""
    text = str(previous)
    return parsed_symbol(text[:-1] + letter) if text[-1].isalpha() and text[-1].isupper() else None
