"""From a number in a list to the resolution or decision that it names."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..dates import COUNCIL_SESSIONS_A_YEAR, COUNCIL_SINCE
from ..numerals import number_of, number_of_roman
from ..symbols.symbol import Symbol, parsed_symbol
from .organs import FOREIGN, Organ, Organs
from .serials import COUNCIL_NUMBERS
from .tokens import Shape, Token

# Sessions whose numbering with a slash an organ can have had by now, generously.
ASSEMBLY_SESSIONS = range(31, 140)
COUNCIL_SESSIONS = range(1, 90)
# The Human Rights Council has held three sessions a year since 2006 and adopts less than a hundred
# resolutions in each, the Commission on Narcotic Drugs less than thirty; higher numbers are the Assembly's.
LATEST = 2027  # for a document whose year nothing tells
MOST_IN_SESSION = {"A/HRC": 99, "E/CN.7": 30}
# Other commissions number theirs in the same way (第60/2号决议 of the one on the status of women).
MOST_OF_COMMISSION = 30
# The Economic and Social Council's decisions are numbered from 100, 200 or 300 on in each year, those of the
# boards of funds and programmes from 1.
FIRST_ECOSOC_DECISION, ECOSOC_DECISIONS_SINCE = 100, 1982
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
        edges = {(number, year) for year, ends in COUNCIL_NUMBERS.items() for number in ends}
        years = {(one.number, one.year) for one in known if one.number is not None and one.year is not None}
        self._years = sorted(edges | years)

    def learn(self, symbol: Symbol) -> None:
        """Keep the year that the document gives, unless it cannot be right."""
        if (
            symbol.number is not None
            and symbol.year is not None
            and self.possible(symbol.number, symbol.year)
        ):
            self.in_document.setdefault(symbol.number, set()).add(symbol.year)

    def in_reference(self, symbol: Symbol) -> bool:
        return symbol.number is not None and self.reference.get(symbol.number) == str(symbol)

    def is_known(self, symbol: Symbol) -> bool:
        if symbol.number is None:
            return False
        return self.in_reference(symbol) or symbol.year in self.in_document.get(symbol.number, ())

    def year_of(self, number: int) -> int | None:
        """The year of a bare number, where one year only is known."""
        if number in self.reference:
            return Symbol.parse(self.reference[number]).year
        years = self.in_document.get(number, set())
        return next(iter(years)) if len(years) == 1 else None

    def possible(self, number: int | None, year: int | None) -> bool:
        """Whether a resolution of ``year`` can have ``number``; what is not known cannot."""
        if number is None or year is None:
            return False
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
    token: Token, noun: str, place: int, organs: Organs, *, own_first: bool
) -> tuple[Symbol, bool] | None:
    """The resolution or decision of ``73/55``, and whether that is certain; None where another body's.

    ``place`` is where the list begins before which the organ stands; ``own_first`` says that 其 (its) means
    the document's own organ, as in a resolution.
    """
    beside = organs.beside(place)
    if beside in FOREIGN:
        return None
    its = organs.own_before(place)
    if its and own_first and organs.own is not None and _possible(organs.own, token.text):
        return _named(organs.own, token, noun)
    if its and organs.subject(place) in FOREIGN:
        return None
    near = (beside, organs.subject(place) if its else None)
    if organ := next((organ for organ in near if organ and _possible(organ, token.text)), None):
        return _named(organ, token, noun)
    if _of_board(token.text, noun):
        return None
    far = (*organs.before(place), organs.own)
    if organ := next((organ for organ in far if organ and _likely(organ, token.text, organs.year)), None):
        return _named(organ, token, noun)
    return _by_shape_alone(token, noun, organs, some_council=beside is Organ.SOME_COUNCIL)


def _of_board(text: str, noun: str) -> bool:
    """Whether a decision has a number that boards of funds give and that Council does not."""
    year, _, number = text.partition("/")
    return (
        noun.startswith("决定")
        and year.isdecimal()
        and int(year) >= ECOSOC_DECISIONS_SINCE
        and _number(number) < FIRST_ECOSOC_DECISION
    )


def _number(text: str) -> int:
    """The number in ``262A`` or ``35 A``; 0 without one."""
    digits = re.match("[0-9]+", text.rpartition("/")[2])
    return int(digits[0]) if digits else 0


_EU_YEAR = re.compile("(?:19[5-9]|20[0-9])[0-9]/")


def eu_symbol(token: Token, noun: str, place: int, organs: Organs) -> Symbol | None:
    """The act of 欧盟第428/2009号条例, whose type is not given, where the Union was named last.

    Its numbers hold a year, so that 欧盟支持第72/513号决定 is none.
    """
    with_year = token.shape is Shape.EU_NUMBER or _EU_YEAR.match(token.text)
    if not with_year or noun not in ("条例", "决定") or organs.nearest(place) is not Organ.EUROPEAN_UNION:
        return None
    return parsed_symbol(f"EU:{token.text}")


def _named(organ: Organ, token: Token, noun: str) -> tuple[Symbol, bool] | None:
    symbol = _in_series(organ, token.text, noun)
    return (symbol, True) if symbol else None


def _by_shape_alone(
    token: Token, noun: str, organs: Organs, *, some_council: bool
) -> tuple[Symbol, bool] | None:
    """No organ is named anywhere: 60/288 is too high for any other body than the Assembly, 49/6 is not."""
    council = Organ.HUMAN_RIGHTS_COUNCIL
    for organ in (Organ.ECOSOC, council) if some_council else (Organ.ASSEMBLY, Organ.ECOSOC):
        if _likely(organ, token.text, organs.year):
            symbol = _in_series(organ, token.text, noun)
            others = _likely(council, token.text, organs.year) or (
                organs.own_commission and _number(token.text) <= MOST_OF_COMMISSION
            )
            certain = not some_council and (organ is Organ.ECOSOC or not others)
            return (symbol, certain) if symbol else None
    return None


def _likely(organ: Organ, text: str, year: int | None) -> bool:
    """Whether an organ named somewhere before can be meant by a document of ``year``: how far it has come."""
    session = text.partition("/")[0]
    if organ is Organ.HUMAN_RIGHTS_COUNCIL and session.isdecimal():
        last = COUNCIL_SESSIONS_A_YEAR * ((year or LATEST) - COUNCIL_SINCE + 1)
        return int(session) <= last and _possible(organ, text)
    return _possible(organ, text)


def _possible(organ: Organ, text: str) -> bool:
    """Whether the organ numbers its resolutions like this, and has come so far."""
    session = text.partition("/")[0]
    if session.startswith("ES-"):
        return organ is Organ.ASSEMBLY
    if session.startswith("S-"):
        return organ in (Organ.ASSEMBLY, Organ.HUMAN_RIGHTS_COUNCIL)
    number = int(session)
    match organ:
        case Organ.ASSEMBLY:
            return number in ASSEMBLY_SESSIONS
        case Organ.ECOSOC:
            return 1978 <= number < 2100
        case Organ.COMMISSION_ON_HUMAN_RIGHTS:
            return 1978 <= number <= 2006
        case Organ.HUMAN_RIGHTS_COUNCIL | Organ.NARCOTICS_COMMISSION:
            return number in COUNCIL_SESSIONS and _number(text) <= MOST_IN_SESSION[organ]
    return False


def _in_series(organ: Organ, text: str, noun: str) -> Symbol | None:
    nature = "DEC" if noun.startswith("决定") else "RES"
    return parsed_symbol(f"{organ}/{nature}/{text}")


def roman_symbol(token: Token, noun: str | None, place: int, organs: Organs) -> tuple[Symbol, bool] | None:
    """The resolution of ``2625(XXV)``, and whether that is certain; None where it is another body's.

    Assembly, Economic and Social Council and regional commissions share the form: the organ that is named
    decides, else how far a session's numbers go.
    """
    beside = organs.beside(place)
    if beside in FOREIGN:
        return None
    own = organs.subject(place) if organs.own_before(place) else None
    possible = [organ for organ in (Organ.ASSEMBLY, Organ.ECOSOC) if _possible_roman(organ, token.text)]
    for organ in (beside, own):
        if organ is Organ.SOME_COUNCIL:  # no other 理事会 that cites its own numbers so
            organ = Organ.ECOSOC
        if organ in possible:
            return _named(organ, token, noun or "决议")
    if not possible:
        return None
    likely = _likely_by_number(token.text)
    if likely in possible and likely is Organ.ASSEMBLY:
        return _named(likely, token, noun or "决议")
    named = next((organ for organ in (*organs.before(place), organs.own) if organ in possible), None)
    organ = named or (likely if likely in possible else possible[0])
    symbol = _in_series(organ, token.text, noun or "决议")
    return (symbol, named is not None and named is (likely or named)) if symbol else None


def _roman_session(text: str) -> str:
    return text[text.index("(") + 1 : text.index(")")].strip()


def _possible_roman(organ: Organ, text: str) -> bool:
    session = _roman_session(text)
    if session.startswith(("S-", "ES-")):
        return organ is Organ.ASSEMBLY
    number = number_of_roman(session)
    last = LAST_ROMAN_OF_ASSEMBLY if organ is Organ.ASSEMBLY else LAST_ROMAN_OF_ECOSOC
    return number is not None and number <= last


def _likely_by_number(text: str) -> Organ | None:
    session = number_of_roman(_roman_session(text))
    number = number_of(text[: len(text) - len(text.lstrip("0123456789"))])
    if not session or session < 2 or not number:
        return Organ.ASSEMBLY if session is None else None
    return Organ.ASSEMBLY if number / session >= MANY_A_SESSION else Organ.ECOSOC


def lettered(previous: Symbol, letter: str) -> Symbol | None:
    """The B of 第73/262 A和B号决议: the part beside the one before."""
    text = str(previous)
    return parsed_symbol(text[:-1] + letter) if text[-1].isalpha() and text[-1].isupper() else None
