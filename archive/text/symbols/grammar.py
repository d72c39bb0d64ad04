"""How symbols are put together: series, session or year, number, suffixes, and the shapes of resolutions.

Source: the Dag Hammarskjöld Library's guide (research.un.org/zh/docs/symbols). All patterns see a plain
spelling of at most a hundred characters (``spelling.py``).
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from .agencies import agency_of, is_decision, is_resolution, number_in
from .errors import Reason, SymbolError
from .series import PRESS, SERIES, series_of
from .spelling import printed_case


class SymbolKind(StrEnum):
    """What a symbol by itself says about its document."""

    RESOLUTION = "resolution"
    DECISION = "decision"
    SUMMARY_RECORD = "summary_record"
    VERBATIM_RECORD = "verbatim_record"
    PRESIDENTIAL_STATEMENT = "presidential_statement"
    EU_ACT = "eu_act"
    DOCUMENT = "document"


class Pieces(NamedTuple):
    """What stands between the slashes of one symbol, the suffixes apart."""

    components: tuple[str, ...]
    suffixes: tuple[str, ...] = ()


# Suffixes that chain behind a symbol: Add.1, Corr.2, Rev.1, Amend.1, Summary
SUFFIX = re.compile(r"(?:Add|Amend|Corr|Rev)\.[0-9]+[A-Z]?|Summary")
# Letters, digits, points and groups in brackets: RES, AC.44, 1540(2004), (02), 217(III)A, GC(62), CONF.VIII
COMPONENT = re.compile(
    r"(?=.)(?:[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*)?"
    r"(?:\((?:[A-Za-z0-9]+(?:[.,-][A-Za-z0-9]+)*|Corr\.)\)(?:[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*)?)*"
)
# What follows a symbol in the archive's own addresses: as part of one it would have no address of its own.
OWN_PART = re.compile(r"P|OP|CITE|CITED-BY|DROPPED|HISTORY|PAGES|RANGE|SOURCE", re.IGNORECASE)
OWN_ENDING = re.compile(r"\.(?:JSON|TXT|CSV|XLSX|ATOM|RIS|BIB|XML)$", re.IGNORECASE)
# A second symbol behind a hyphen: …-S/2023/363; not C-I/DEC.10, where nothing stands before
SECOND = re.compile(r"-(?=([A-Za-z]+)(?:\([0-9]{1,3}\))?/)")
UNKNOWN_SERIES = re.compile(r"[A-Z]{2,8}(?:-[A-Z]{2,8})?(?:\.[0-9]+|\([0-9IVXLC]+\))?")
SESSION_NUMBER = re.compile(r"E?S-[0-9IVX]+", re.IGNORECASE)  # 第S-24/2号: special session, no series
JOB_NUMBER = re.compile(r"[0-9]{2}-[0-9]{5}(?:\([A-Z]\))?", re.IGNORECASE)
BODY_ONLY = re.compile(r"(?:AC|C|CN|CONF|GC|PC|SC|Sub|WG|COM|TC)\.[0-9IVX]+|E?S-[0-9]+")
YEAR = re.compile(r"(?:CONF\.)?(19[4-9][0-9]|20[0-9]{2})")
SESSION = re.compile(r"[1-9][0-9]{0,2}|E?S-[0-9IVX]+")

# The European Union's acts: (CFSP)2018/1939, (EU)No267/2012, 2010/413/CFSP
EU_TYPE = r"((?:CFSP|EU|EC|EEC|ECSC|JHA|PESC|EURATOM)(?:,(?:EURATOM|ECSC|EC|EU))*)"
EU_ACT = re.compile(rf"(?:EU:)?\({EU_TYPE}\)/?(?:NO\.?)?([0-9]{{1,4}}/[0-9]{{1,4}})", re.IGNORECASE)
EU_UNTYPED = re.compile(r"EU:([0-9]{1,4}/[0-9]{1,4})")  # 欧盟第428/2009号条例, whose type is not given
EU_OLD_ACT = re.compile(rf"(?:EU:)?([0-9]{{4}}/[0-9]{{1,4}})/{EU_TYPE}", re.IGNORECASE)

# Shapes of resolutions and decisions below A/RES, E/RES, S/RES …
COUNCIL = re.compile(r"([1-9][0-9]{0,3})(?:\(([0-9]+)\))?")  # 1540(2004)
IN_SESSION = re.compile(r"[1-9][0-9]{0,3}(?:[A-Z](?:-[A-Z])?)?")  # 55, 36L, 258A-B
OLD_NUMBER = re.compile(  # 2625(XXV), 217(III)A, 217A(III), 3201(S-VI), 2252(ES-V)
    r"([1-9][0-9]{0,3})([A-Z](?:-[A-Z])?)?(\((?:E?S-)?[IVXLC]+\))([A-Z](?:-[A-Z])?)?"
)


def split_double(plain: str) -> list[str]:
    """The symbols of one document: ``A/77/895-S/2023/363`` gives two; every other gives itself."""
    if agency_of(plain):  # AG/RES.1(XX-E/94)
        return [plain]
    for hyphen in SECOND.finditer(plain):
        if "/" in plain[: hyphen.start()] and hyphen[1].upper() in SERIES:
            return [plain[: hyphen.start()], *split_double(plain[hyphen.end() :])]
    return [plain]


def take_apart(plain: str, given: str) -> Pieces:
    """The pieces of one symbol in their one form. Raises SymbolError, naming ``given``, where it is none."""
    if act := _eu_act(plain):
        return act
    if agency_of(plain):
        return Pieces(tuple(printed_case(plain).split("/")))
    pieces = tuple(printed_case(plain).split("/"))
    _refuse_what_is_no_symbol(plain, pieces, given)
    end = len(pieces)
    while end > 2 and SUFFIX.fullmatch(pieces[end - 1]):
        end -= 1
    components, suffixes = pieces[:end], pieces[end:]
    if components[0] in ("A", "E", "S") and components[1] in ("RES", "DEC"):
        components = _resolution(components, given)
    elif BODY_ONLY.fullmatch(components[-1]) or not re.search("[0-9]", "".join(components[1:])):
        raise SymbolError(Reason.INCOMPLETE, given)
    return Pieces(components, suffixes)


def kind_of(components: tuple[str, ...]) -> SymbolKind:
    """What the components say: ``("S", "AC.44", "SR.74")`` is a summary record."""
    if components[0].startswith("EU:"):
        return SymbolKind.EU_ACT
    if is_resolution(whole := "/".join(components)):
        return SymbolKind.RESOLUTION
    if is_decision(whole):
        return SymbolKind.DECISION
    for component in components[1:]:
        match component.partition(".")[0]:
            case "RES":
                return SymbolKind.RESOLUTION
            case "DEC":
                return SymbolKind.DECISION
            case "PRST":
                return SymbolKind.PRESIDENTIAL_STATEMENT
    match components[-1].partition(".")[0]:
        case "SR":
            return SymbolKind.SUMMARY_RECORD
        case "PV":
            return SymbolKind.VERBATIM_RECORD
    return SymbolKind.DOCUMENT


def year_session_number(components: tuple[str, ...]) -> tuple[int | None, str | None, int | None]:
    """S/2010/52 → 2010, None, 52; A/74/140 → None, "74", 140; A/RES/2625(XXV) → None, "XXV", 2625."""
    if components[0].startswith("EU:"):
        return _eu_year_and_number(components)
    if number_at := number_in("/".join(components)):
        return None, None, number_at
    number = re.search("[0-9]+", components[-1])
    return *_year_and_session(components), int(number[0]) if number else None


def _eu_act(plain: str) -> Pieces | None:
    if match := EU_ACT.fullmatch(plain):
        first, _, second = match[2].partition("/")
        return Pieces((f"EU:({printed_case(match[1])}){first}", second))
    if EU_UNTYPED.fullmatch(plain):
        return Pieces(tuple(plain.split("/")))
    if match := EU_OLD_ACT.fullmatch(plain):
        return Pieces((*f"EU:{match[1]}".split("/"), printed_case(match[2])))
    return None


def _eu_year_and_number(components: tuple[str, ...]) -> tuple[int, None, int]:
    """(CFSP)2018/1939 and 2010/413/CFSP have the year first, (EU)267/2012 last."""
    first, second = (int(number) for number in re.findall("[0-9]+", "/".join(components)))
    return (first, None, second) if 1950 <= first < 2100 else (second, None, first)


def _refuse_what_is_no_symbol(plain: str, pieces: tuple[str, ...], given: str) -> None:
    first = pieces[0]
    if JOB_NUMBER.fullmatch(first):
        raise SymbolError(Reason.JOB_NUMBER, given)
    if SESSION_NUMBER.fullmatch(first):
        raise SymbolError(Reason.SESSION_NUMBER, given)
    if not re.match("[A-Z]", first):
        raise SymbolError(Reason.NO_SERIES, given)
    if not all(COMPONENT.fullmatch(piece) for piece in pieces):
        raise SymbolError(Reason.SHAPE, given)
    if any(map(OWN_PART.fullmatch, pieces[1:])) or OWN_ENDING.search(pieces[-1]):
        raise SymbolError(Reason.ADDRESS_OF_OURS, given)
    if _is_press_release(pieces):
        raise SymbolError(Reason.PRESS_RELEASE, given)
    known = series_of(first) in SERIES
    if len(pieces) == 1:
        raise SymbolError(Reason.INCOMPLETE if known else Reason.SHAPE, given)
    if not known and not (
        UNKNOWN_SERIES.fullmatch(plain.partition("/")[0]) and re.search("[0-9]", pieces[-1])
    ):
        raise SymbolError(Reason.UNKNOWN_SERIES, given)


def _is_press_release(pieces: tuple[str, ...]) -> bool:
    """SC/12628, GA/12000, SG/SM/18999."""
    if pieces[0] in ("SG", "DSG"):
        return True
    return pieces[0] in PRESS and len(pieces) == 2 and pieces[1].isdecimal()


def _resolution(components: tuple[str, ...], given: str) -> tuple[str, ...]:
    """The components of a resolution or decision of a principal organ in their one form."""
    organ, nature, *rest = components
    if not rest:
        raise SymbolError(Reason.INCOMPLETE, given)
    if organ == "S":
        match = COUNCIL.fullmatch(rest[0]) if len(rest) == 1 else None
        if not match:
            raise SymbolError(Reason.SHAPE, given)
        if match[2] and not (len(match[2]) == 4 and 1946 <= int(match[2]) < 2100):
            raise SymbolError(Reason.YEAR, given)
        return components
    if len(rest) == 1 and (old := OLD_NUMBER.fullmatch(rest[0])):
        return organ, nature, f"{old[1]}{old[3]}{old[2] or old[4] or ''}"
    if len(rest) == 1 and SESSION.fullmatch(rest[0]):
        raise SymbolError(Reason.INCOMPLETE, given)
    session = YEAR if organ == "E" else SESSION
    if len(rest) != 2 or not session.fullmatch(rest[0]) or not IN_SESSION.fullmatch(rest[1]):
        raise SymbolError(Reason.SHAPE, given)
    return components


def _year_and_session(components: tuple[str, ...]) -> tuple[int | None, str | None]:
    if components[:2] == ("S", "RES"):
        council = COUNCIL.fullmatch(components[2])
        return (int(council[2]) if council and council[2] else None), None
    if old := OLD_NUMBER.fullmatch(components[-1]):
        return None, old[3].strip("()")
    for component in components[1:-1]:
        if match := YEAR.fullmatch(component):
            return int(match[1]), None
        if components[0] == "A" and SESSION.fullmatch(component):
            return None, component
    return None, None
