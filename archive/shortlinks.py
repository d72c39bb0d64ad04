"""Short codes for print: ``/c/7k3m9x2q`` stands for one text under one anchor, for ever.

A code is the first 40 bits of SHA-256 over symbol, language, anchor and fingerprint, one to a line, written
in Crockford's base 32 (https://www.crockford.com/base32.html): no I, L, O, U, so that it can be read from
paper and typed. It is derived, so the same text gets the same code in every copy of the archive. Where
another text already has it, a line ``2`` is added, then ``3`` and so on: whoever was issued first keeps the
plain code. A code that was given out is never changed or taken back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from archive.bulk import insert_rows
from archive.models import Document, IssuedText, Paragraph, ShortLink

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


def decode(code: str) -> int:
    """Returns the number that a code, as returned by ``read``, encodes."""
    number = 0
    for digit in code:
        number = number << 5 | DIGITS.index(digit)
    return number


def read(typed: str) -> str | None:
    """Normalises a typed code, or None: case, spaces and hyphens do not matter, O is 0, I and L are 1."""
    code = re.sub(r"[\s-]", "", typed[:40]).lower().translate(_MISREAD)
    return code if len(code) == LENGTH and all(digit in DIGITS for digit in code) else None


def find(code: str) -> ShortLink | None:
    return ShortLink.objects.filter(code=code).first()


def code_of(symbol: str, anchor: str, fingerprint: str, language: str = "zh") -> str:
    """Returns the code that was given to a text; empty where none was."""
    given = ShortLink.objects.filter(
        symbol=symbol, language=language, anchor=anchor, fingerprint=fingerprint
    ).values_list("code", flat=True)
    return given.first() or ""


def codes_of_paragraphs(document: Document, rows: Sequence[Paragraph]) -> dict[int, str]:
    """Returns primary key → code for those ``rows``, paragraphs of ``document``, whose words have one; one
    query.
    """
    given = ShortLink.objects.filter(
        symbol=document.symbol,
        language=document.language,
        anchor__in=[row.anchor for row in rows],
    ).values_list("anchor", "fingerprint", "code")
    codes = {(anchor, fingerprint): code for anchor, fingerprint, code in given}
    found = {row.pk: codes.get((row.anchor, row.fingerprint)) for row in rows}
    return {key: code for key, code in found.items() if code}


def give_codes(symbol: str | None = None, language: str = "zh") -> int:
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
