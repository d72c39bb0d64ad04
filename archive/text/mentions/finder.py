"""Mentions: the places in a text that name a resolution, decision, document or act."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive.text.aligned_folding import fold

from ..language import WITHOUT_BLANKS
from ..parsed import DocumentType, Facts, Kind, ParsedMention, ParsedParagraph
from ..pinpoints.grammar import pinpoint_after, pinpoints_of_each
from ..pinpoints.value import english_pinpoint_beside
from ..reference import Reference
from ..symbols.grammar import SymbolKind
from ..symbols.symbol import Symbol, parsed_symbol
from .documents import find_documents
from .lists import NumberList, number_lists
from .organs import DATE, FOREIGN, Organ, Organs, home_of
from .own import References
from .resolutions import CouncilNumbers, council_symbol, eu_symbol, lettered, roman_symbol, session_symbol
from .serials import assembly_session, council_year
from .tokens import Found, Shape, Token, tokens
from .worded import find_worded


def find_mentions(
    paragraphs: Sequence[ParsedParagraph], facts: Facts, reference: Reference
) -> tuple[ParsedMention, ...]:
    """Every mention in ``paragraphs``, in order, with offsets, canonical symbol and pinpoint.

    A number without year (第1540号决议) is completed from ``reference`` or from elsewhere in the document,
    else reported as not certain; so are 本决议 and 该决议 where it is clear what they mean. ``facts`` tell
    the organ of the document, whose own numbers need no organ. What only looks like a mention is left out:
    meetings, laws, treaty volumes, bodies such as 1540委员会, resolutions of other organizations, addresses.
    """
    return _Reader(facts, reference).read(paragraphs)


@dataclass(frozen=True, slots=True)
class Scan:
    """A paragraph's folded text, its tokens, and the lists that they form."""

    folded: str
    tokens: list[Token]
    lists: list[NumberList]


def _scan(folded: str) -> Scan:
    found = list(tokens(folded))
    return Scan(folded, found, list(number_lists(folded, found)))


class _Reader:
    def __init__(self, facts: Facts, reference: Reference) -> None:
        self._own_symbol = parsed_symbol(facts.symbol or "")
        self._is_resolution = facts.document_type in (DocumentType.RESOLUTION, DocumentType.DECISION) or (
            self._own_symbol is not None and self._own_symbol.kind is SymbolKind.RESOLUTION
        )
        self._home = home_of(self._own_symbol, facts)
        self._council = CouncilNumbers(reference.resolutions)
        self._worded = facts.language not in WITHOUT_BLANKS  # nouns stand before their numbers

    def read(self, paragraphs: Sequence[ParsedParagraph]) -> tuple[ParsedMention, ...]:
        scanned = [_scan(fold(paragraph.text)) for paragraph in paragraphs]
        for scan in scanned:
            self._learn(scan)
        return tuple(
            mention
            for paragraph, scan in zip(paragraphs, scanned, strict=True)
            for mention in self._in_paragraph(paragraph, scan)
        )

    def _learn(self, scan: Scan) -> None:
        """The years of Council resolutions that the document itself gives."""
        for numbers in scan.lists:
            for token in numbers.tokens:
                named = token.shape is Shape.COUNCIL and (numbers.noun or token.framed)
                if named and not (numbers.law or numbers.other_act) and (symbol := council_symbol(token)):
                    self._council.learn(symbol)
        for token in scan.tokens:
            if (
                token.shape is Shape.SYMBOL
                and token.text.upper().startswith("S/RES/")
                and (symbol := parsed_symbol(token.text))
            ):
                self._council.learn(symbol)

    def _in_paragraph(self, paragraph: ParsedParagraph, scan: Scan) -> Iterator[ParsedMention]:
        folded = scan.folded
        places = list(find_documents(folded, scan.tokens, self._council.reference))
        if self._worded:
            places += find_worded(folded, self._council)
        elif scan.lists:
            organs = Organs(folded, self._home)
            places += [
                place for numbers in scan.lists for place in self._resolutions(folded, numbers, organs)
            ]
        places = [place for place in places if not self._is_own_heading(paragraph, place)]
        itself = self._own_symbol if self._is_resolution and paragraph.part == "main" else None
        places += References(folded, itself).found(places)
        each = dict(_pinpoints_of_members(scan, places))
        for place in sorted(places, key=lambda place: (place.start, place.end)):
            yield ParsedMention(
                anchor=paragraph.anchor,
                start=place.start,
                end=place.end,
                surface=paragraph.text[place.start : place.end],
                symbol=str(place.symbol),
                paragraph=each.get(place.start) or self._pinpoint(folded, place),
                certain=place.certain,
            )

    def _pinpoint(self, folded: str, place: Found) -> str | None:
        if self._worded:
            found = english_pinpoint_beside(folded[: place.start], folded[place.end :])
            return str(found) if found else None
        return pinpoint_after(folded, place.end)

    def _is_own_heading(self, paragraph: ParsedParagraph, place: Found) -> bool:
        """The document's own symbol in its title is metadata."""
        own = self._own_symbol
        return paragraph.kind is Kind.HEADING and own is not None and place.symbol in (own, *own.parts)

    # Resolutions and decisions, named by their numbers

    def _resolutions(self, folded: str, numbers: NumberList, organs: Organs) -> Iterator[Found]:
        if numbers.law:
            return
        place = numbers.start
        framed = False
        previous: Found | None = None
        for token in numbers.tokens:
            framed = framed or token.framed
            if previous and organs.names_between(previous.end, token.outer_start):
                place = token.outer_start
            last = token is numbers.tokens[-1]
            end = numbers.end if last else token.outer_end
            named = self._named(folded, token, numbers, place, organs, framed, previous)
            if named is None:
                previous = None if token.shape is not Shape.LETTER else previous
                continue
            symbol, certain = named
            alone = token is numbers.tokens[0] or place == token.outer_start
            sure = not numbers.is_draft and organs.surely(symbol.organ_code, place, alone=alone)
            previous = Found(token.outer_start, end, symbol, certain and sure)
            yield previous

    def _named(
        self,
        folded: str,
        token: Token,
        numbers: NumberList,
        place: int,
        organs: Organs,
        framed: bool,
        previous: Found | None,
    ) -> tuple[Symbol, bool] | None:
        match token.shape:
            case Shape.COUNCIL:
                return self._council_resolution(folded, token, numbers, place, organs, framed)
            case Shape.SESSION | Shape.EU_NUMBER if numbers.noun and (
                act := eu_symbol(token, numbers.noun, place, organs)
            ):
                return act, True
            case Shape.SESSION if numbers.noun and numbers.noun != "条例":
                return session_symbol(token, numbers.noun, place, organs, own_first=self._is_resolution)
            case Shape.ROMAN if framed or numbers.noun:
                return roman_symbol(token, numbers.noun, place, organs)
            case Shape.PLAIN if numbers.resolution_noun:
                found = self._bare_number(folded, token, numbers, place, organs)
                sure = found and (found[1] or numbers.of_council) and int(token.text) >= SMALL
                return found if framed or sure else None
            case Shape.LETTER if previous and (symbol := lettered(previous.symbol, token.text)):
                return symbol, previous.certain
        return None

    def _council_resolution(
        self, folded: str, token: Token, numbers: NumberList, place: int, organs: Organs, framed: bool
    ) -> tuple[Symbol, bool] | None:
        symbol = council_symbol(token)
        if symbol is None or (not framed and _BODY.match(folded, token.end)):
            return None
        if self._council.in_reference(symbol):
            return symbol, not numbers.other_act
        beside = organs.beside(place)
        if beside in FOREIGN:
            return None
        if not (framed or numbers.noun or beside is Organ.COUNCIL):
            return (symbol, True) if self._council.is_known(symbol) else None
        possible = self._council.possible(symbol.number, symbol.year)
        return (symbol, possible) if possible or numbers.resolution_noun else None

    def _bare_number(
        self, folded: str, token: Token, numbers: NumberList, place: int, organs: Organs
    ) -> tuple[Symbol, bool] | None:
        """第1540号决议: the Council's, if anybody's; certain by the reference table or this document only."""
        beside = Organ.COUNCIL if numbers.of_council else organs.beside(place)
        number = int(token.text)
        subject = organs.subject(place) if organs.own_before(place) else None
        if Organ.ASSEMBLY in (beside, beside or subject):
            return _old_assembly_resolution(number)
        if beside not in (None, Organ.COUNCIL, Organ.SOME_COUNCIL) or subject not in (None, Organ.COUNCIL):
            return None
        year = self._council.year_of(number)
        if year is not None:
            return Symbol.parse(f"S/RES/{number}({year})"), True
        year = _year_before(folded, token.outer_start)
        if year is not None and self._council.possible(number, year):
            return Symbol.parse(f"S/RES/{number}({year})"), beside is Organ.COUNCIL
        if beside is Organ.COUNCIL and (year := council_year(number)):
            return Symbol.parse(f"S/RES/{number}({year})"), False
        if beside is not Organ.COUNCIL and (number < SMALL or numbers.noun == "决议草案"):
            return None
        return Symbol.parse(f"S/RES/{number}"), False


def _old_assembly_resolution(number: int) -> tuple[Symbol, bool] | None:
    """联大第2758号决议: the running numbers give the session; no document says it, hence the doubt."""
    session = assembly_session(number)
    return (Symbol.parse(f"A/RES/{number}({session})"), False) if session else None


def _pinpoints_of_members(scan: Scan, places: Sequence[Found]) -> Iterator[tuple[int, str]]:
    """Start and pinpoint of the members of lists that say which paragraph of which: 分别在第3段和第4段."""
    starts = {place.start for place in places}
    for numbers in scan.lists:
        if scan.folded.startswith("分别", numbers.end):
            found = [token.outer_start for token in numbers.tokens if token.outer_start in starts]
            yield from zip(found, pinpoints_of_each(scan.folded, numbers.end, len(found)), strict=False)


# 第3号决议 of nobody named is some other body's: the Council was there in 1951.
SMALL = 100
# 1718(2006)委员会 names the body, as 1540委员会 does
_BODY = re.compile(r" ?(?:委员会|专家)")
_DATE_BEFORE = re.compile(rf"{DATE.pattern}(?:一致)?(?:通过的?|的)?(?:其)?$")


def _year_before(folded: str, place: int) -> int | None:
    """The year of the date directly before: 安理会2006年通过的第1718号决议."""
    match = _DATE_BEFORE.search(folded, max(0, place - 30), place)
    return int(match[1]) if match and match[1].isascii() and 1946 <= int(match[1]) < 2100 else None
