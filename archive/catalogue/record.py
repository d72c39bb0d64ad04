"""One catalogue record as values, checked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from archive.text.symbols import Symbol, SymbolError
from archive.text.typography import invisible_of

LONGEST = 2000  # characters of a value
LONGEST_SYMBOL = 100
MOST = 100  # values of a field
_TRAILING = re.compile(r"[\s/:;,=]+$")  # marks by which MARC divides fields (ISBD)


class BadRecordError(ValueError):
    """A record that cannot be taken in; ``code`` says why, ``detail`` where."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code, self.detail = code, detail


@dataclass(frozen=True, slots=True)
class Record:
    """``symbols`` are canonical, ``links`` pairs of address and note; ``number`` is the catalogue's own."""

    symbols: tuple[str, ...]
    title: str = ""
    date: str = ""
    authors: tuple[str, ...] = ()
    agenda: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    number: str = ""


def record_of(
    symbols: Iterable[str],
    title: str = "",
    date: str = "",
    authors: Iterable[str] = (),
    agenda: Iterable[str] = (),
    subjects: Iterable[str] = (),
    links: Iterable[tuple[str, str]] = (),
    number: str = "",
) -> Record:
    """A record from what a file states. Raises BadRecordError where it names no document, or says nothing."""
    named = [symbol for symbol in map(plain, symbols) if symbol]
    if not named:
        raise BadRecordError("no_symbol")
    found = (one for symbol in named for one in symbols_in(symbol) if len(one) <= LONGEST_SYMBOL)
    known = list(dict.fromkeys(found))
    if not known:
        raise BadRecordError("bad_symbol", named[0][:80])
    values = [title, date, *authors, *agenda, *subjects]
    if long := next((value for value in values if len(value) > LONGEST), None):
        raise BadRecordError("too_long", long[:80])
    record = Record(
        symbols=tuple(known[:MOST]),
        title=_TRAILING.sub("", plain(title)),
        date=plain(date)[:40],
        authors=_listed(authors),
        agenda=_listed(agenda),
        subjects=_listed(subjects),
        links=tuple(dict.fromkeys((address, plain(note)) for address, note in links if is_link(address)))[
            :MOST
        ],
        number=plain(number)[:60],
    )
    if not any((record.title, record.date, record.authors, record.agenda, record.subjects, record.links)):
        raise BadRecordError("says_nothing", known[0])
    return record


def symbols_in(text: str) -> list[str]:
    """The canonical symbols of a text that is one symbol, single or double; none of any other text."""
    try:
        return [str(part) for part in Symbol.parse(text).parts]
    except SymbolError:
        return []


def plain(value: str) -> str:
    """``value`` on one line, without signs that nobody sees."""
    hidden = set(invisible_of(value))
    return " ".join("".join(" " if char in hidden else char for char in value).split())


def is_link(address: str) -> bool:
    """Whether a reader can be led there."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and len(address) <= LONGEST


def _listed(values: Iterable[str]) -> tuple[str, ...]:
    stripped = (_TRAILING.sub("", plain(value)) for value in values)
    return tuple(dict.fromkeys(value for value in stripped if value))[:MOST]
