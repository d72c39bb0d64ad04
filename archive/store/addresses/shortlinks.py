"""Short codes for print: ``/c/7k3m9x2q`` stands for one text under one anchor, for ever.

A code is the first 40 bits of SHA-256 over symbol, language, anchor and fingerprint, one to a line, written
in Crockford's base 32 (https://www.crockford.com/base32.html): no I, L, O, U, so that it can be read from
paper and typed. It is derived, so the same text gets the same code in every copy of the archive. Where
another text already has it, a line ``2`` is added, then ``3`` and so on: whoever was issued first keeps the
plain code. A code that was given out is never changed or taken back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from archive.models import Document, IssuedText, MovedAnchor, Paragraph, ShortLink
from archive.models.querysets.languages import CHINESE, text_language
from archive.store.database.bulk import insert_rows
from archive.text.fingerprint import normal_form

DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 8
AT_ONCE = 500  # a database takes only so many values in one query
_MISREAD = str.maketrans({"o": "0", "i": "1", "l": "1"})


class CitedText(NamedTuple):
    """The text to which a short code refers."""

    symbol: str
    language: str
    anchor: str
    fingerprint: str


def derive(cited: CitedText, attempt: int = 1) -> str:
    """Returns the code of ``cited``; ``attempt`` counts from 1 and grows where the code is another text's."""
    lines = [*cited, str(attempt)] if attempt > 1 else [*cited]
    return encode(int.from_bytes(sha256("\n".join(lines).encode()).digest()[:5], "big"))


def encode(number: int) -> str:
    """Returns a number of 40 bits in eight digits."""
    if not 0 <= number < 32**LENGTH:
        raise ValueError("not a number of 40 bits")
    return "".join(DIGITS[number >> shift & 31] for shift in range(5 * (LENGTH - 1), -1, -5))


def read(typed: str) -> str | None:
    """Normalises a typed code, or None: case, spaces and hyphens do not matter, O is 0, I and L are 1."""
    code = re.sub(r"[\s-]", "", typed[:40]).lower().translate(_MISREAD)
    return code if len(code) == LENGTH and all(digit in DIGITS for digit in code) else None


def find(code: str) -> ShortLink | None:
    return ShortLink.objects.filter(code=code).first()


def code_of(symbol: str, anchor: str, fingerprint: str, language: str = "") -> str:
    """Returns the code that was given to a text; empty where none was."""
    given = ShortLink.objects.filter(
        symbol=symbol, language=language or text_language(), anchor=anchor, fingerprint=fingerprint
    ).values_list("code", flat=True)
    return given.first() or ""


def codes_of_paragraphs(document: Document, rows: Sequence[Paragraph]) -> dict[int, str]:
    """Returns primary key → code for those ``rows``, paragraphs of ``document``, whose words have one; one
    query.
    """
    given = ShortLink.objects.filter(
        symbol=document.symbol, language=document.language, anchor__in=[row.anchor for row in rows]
    ).values_list("anchor", "fingerprint", "code")
    codes = {(anchor, fingerprint): code for anchor, fingerprint, code in given}
    found = {row.pk: codes.get((row.anchor, row.fingerprint)) for row in rows}
    return {key: code for key, code in found.items() if code}


def give_codes(symbol: str | None = None, language: str = CHINESE) -> int:
    """Gives a code to every issued text that has none, of one document or of all; tells how many it gave."""
    theirs = ShortLink.objects.filter(**{name: OuterRef(name) for name in CitedText._fields})
    without = IssuedText.objects.filter(~Exists(theirs)).order_by("pk")
    if symbol is not None:
        without = without.filter(symbol=symbol, language=language)
    wanted = list(dict.fromkeys(CitedText(*row) for row in without.values_list(*CitedText._fields)))
    _give(wanted)
    return len(wanted)


def give_first_codes(symbol: str, language: str, paragraphs: Iterable[Paragraph]) -> None:
    """Does as ``give_codes`` for a document whose ``paragraphs`` are all that was ever issued of it."""
    had = set(ShortLink.objects.filter(symbol=symbol, language=language).values_list("anchor", "fingerprint"))
    issued = ((paragraph.anchor, paragraph.fingerprint) for paragraph in paragraphs)
    _give([CitedText(symbol, language, *text) for text in issued if text not in had])


def _give(wanted: Sequence[CitedText]) -> None:
    for start in range(0, len(wanted), AT_ONCE):
        insert_rows(ShortLink, ("code", *CitedText._fields), _free_codes(wanted[start : start + AT_ONCE]))


def _free_codes(texts: Sequence[CitedText]) -> list[tuple[str, ...]]:
    """Returns a row for each text, its code free in the archive and among themselves."""
    first = [derive(text) for text in texts]
    taken = set(ShortLink.objects.filter(code__in=first).values_list("code", flat=True))
    rows: list[tuple[str, ...]] = []
    for text, code in zip(texts, first, strict=True):
        attempt = 1
        while code in taken:
            attempt += 1
            code = derive(text, attempt)
            if ShortLink.objects.filter(code=code).exists():
                taken.add(code)
        taken.add(code)
        rows.append((code, *text))
    return rows


# A basket of cited paragraphs: an address that names them by their short codes. Nothing of it is stored.

MOST = 100
LONGEST = 4000  # characters that are read of one value
_SHORT_LINK = re.compile(r"^.*/c/([^/?#]+).*$", re.DOTALL)


class LinkStatus(StrEnum):
    """The fate of the text to which a short code refers."""

    IDENTICAL = "identical"
    FORM = "identical_but_form"
    MOVED = "moved"
    EDITED = "edited"
    WITHDRAWN = "withdrawn"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Item:
    """A link in the basket, its status, and the ``paragraph`` that has its words now, with the document.

    Only where the words are the same as cited is there a paragraph: of all others no word is shown here.
    """

    link: ShortLink
    status: LinkStatus
    paragraph: Paragraph | None = None

    @property
    def code(self) -> str:
        return self.link.code


def codes_of(values: Iterable[str]) -> tuple[list[str], list[str]]:
    """Returns the codes that were given, each once, in order; and what is none, as it was typed.

    A value may hold several codes or short links, with white space or commas between them.
    """
    codes: dict[str, None] = {}
    wrong: dict[str, None] = {}
    for value in values:
        for typed in re.split(r"[\s,，、;；]+", value[:LONGEST]):
            code = read(_SHORT_LINK.sub(r"\1", typed))
            if code:
                codes[code] = None
            elif typed:
                wrong[typed[:60]] = None
    return list(codes), list(wrong)


def items_of(codes: Sequence[str]) -> tuple[list[Item], list[str]]:
    """Returns the items of a basket in the order of its ``codes``, and the codes that were never given out.

    A fixed number of queries. Two codes that lead to the same words now are two items.
    """
    links = {link.code: link for link in ShortLink.objects.filter(code__in=codes)}
    here = _paragraphs({(link.symbol, link.language, link.anchor) for link in links.values()})
    issued = _issued(links.values())
    there = _moved([link for link in links.values() if not _same(link, here.get(_place(link)))])
    found = [_item(links[code], here, there, issued) for code in codes if code in links]
    return found, [code for code in codes if code not in links]


def _place(link: ShortLink) -> tuple[str, str, str]:
    return (link.symbol, link.language, link.anchor)


def _same(link: ShortLink, paragraph: Paragraph | None) -> bool:
    return paragraph is not None and paragraph.fingerprint == link.fingerprint


Places = Mapping[tuple[str, str, str], Paragraph]


def _item(link: ShortLink, here: Places, there: Places, issued: dict) -> Item:
    texts = issued.get((*_place(link), link.fingerprint), [])
    now, moved = here.get(_place(link)), there.get(_place(link))
    if now and _same(link, now):
        others = [text for text in texts if text.text and text.text != now.text and not text.withheld]
        if not any(normal_form(text.text) != normal_form(now.text) for text in others):
            return Item(link, LinkStatus.FORM if others else LinkStatus.IDENTICAL, now)
    if any(text.withheld for text in texts):
        return Item(link, LinkStatus.WITHHELD)
    forms = {normal_form(text.text) for text in texts}
    if moved and _same(link, moved) and forms <= {normal_form(moved.text)}:
        return Item(link, LinkStatus.MOVED, moved)
    return Item(link, LinkStatus.EDITED if now or moved else LinkStatus.WITHDRAWN)


def _paragraphs(places: set[tuple[str, str, str]]) -> dict[tuple[str, str, str], Paragraph]:
    """Returns the current paragraphs at (symbol, language, anchor), each with its document; one query."""
    symbols, languages, anchors = (
        (set(column) for column in zip(*places, strict=True)) if places else ((),) * 3
    )
    rows = Paragraph.objects.filter(
        document__symbol__in=symbols, document__language__in=languages, anchor__in=anchors
    ).select_related(
        "state", "document", "document__state", "document__body", "document__organ_body", "document__source"
    )
    found = {(row.document.symbol, row.document.language, row.anchor): row for row in rows}
    return {place: row for place, row in found.items() if place in places}


def _issued(links: Iterable[ShortLink]) -> dict[tuple[str, str, str, str], list[IssuedText]]:
    """Returns all texts ever issued under the addresses and fingerprints of ``links``; one query."""
    rows = IssuedText.objects.filter(
        symbol__in={link.symbol for link in links},
        anchor__in={link.anchor for link in links},
        fingerprint__in={link.fingerprint for link in links},
    ).order_by("since_revision", "pk")
    found: dict[tuple[str, str, str, str], list[IssuedText]] = {}
    for row in rows:
        found.setdefault((row.symbol, row.language, row.anchor, row.fingerprint), []).append(row)
    return found


def _moved(links: Sequence[ShortLink]) -> dict[tuple[str, str, str], Paragraph]:
    """Returns the paragraphs to which the addresses of ``links`` lead now; two queries.

    Moves are followed inside the documents that are named; a chain through a third document ends there.
    """
    symbols = {link.symbol for link in links}
    moves = {
        (row.symbol, row.language, row.old_anchor): (
            row.new_symbol or row.symbol, row.language, row.new_anchor,
        )
        for row in MovedAnchor.objects.filter(symbol__in=symbols)
    }  # fmt: skip
    ends = {}
    for link in links:
        place, seen = _place(link), set()
        while place in moves and place not in seen:
            seen.add(place)
            place = moves[place]
        if place != _place(link):
            ends[_place(link)] = place
    standing = _paragraphs(set(ends.values()))
    return {start: standing[end] for start, end in ends.items() if end in standing}
