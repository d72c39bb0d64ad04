"""MARCXML as the UN's library exports it.

Symbol 191 $a $z and 791 $a, title 245, date 269 $a (else 260 $c), author 110, 710, 700, agenda 991, subjects
6xx, links 856 $u with $3 or $y.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit
from xml.sax import SAXParseException, make_parser
from xml.sax.handler import (
    LexicalHandler,
    feature_external_ges,
    feature_external_pes,
    feature_namespaces,
    property_lexical_handler,
)

from pymarc import Field
from pymarc import Record as MarcRecord
from pymarc.exceptions import PymarcException
from pymarc.marcxml import XmlHandler

from archive.text.symbols.symbol import parsed_symbol
from archive.text.typography import invisible_of

_AT_ONCE = 1 << 16
_WRONG = (PymarcException, KeyError, ValueError, TypeError, AttributeError, IndexError)


class BadFileError(ValueError):
    """A file that is no MARCXML from some place on; ``line`` says where."""

    def __init__(self, line: int | None, reason: str) -> None:
        super().__init__(reason)
        self.line, self.reason = line, reason


class _NoDocumentType(LexicalHandler):
    """Refuses document types: MARCXML has none, and bombs are made of them."""

    def startDTD(self, *_args: object) -> None:  # noqa: N802 - a name of SAX
        raise BadFileError(None, "DOCTYPE")


def read_marcxml(content: bytes) -> Iterator[Record | BadRecordError]:
    """Generates each record, or its error. Raises BadFileError where the XML breaks off."""
    handler = XmlHandler()
    parser: Any = make_parser()  # noqa: S317 - no document type, so no entities
    parser.setFeature(feature_namespaces, True)
    parser.setFeature(feature_external_ges, False)
    parser.setFeature(feature_external_pes, False)
    parser.setContentHandler(handler)
    parser.setProperty(property_lexical_handler, _NoDocumentType())
    stream, broken = BytesIO(content), None
    while broken is None and (chunk := stream.read(_AT_ONCE)):
        try:
            parser.feed(chunk)
        except SAXParseException as error:
            broken = BadFileError(error.getLineNumber(), error.getMessage())
        except BadFileError as error:
            broken = error
        except _WRONG as error:  # a field without tag, or a subfield without code
            broken = BadFileError(parser.getLineNumber(), f"{type(error).__name__}: {error}")
        yield from _parsed_records(handler)
    if broken is None:
        try:
            parser.close()
        except SAXParseException as error:
            broken = BadFileError(error.getLineNumber(), error.getMessage())
        yield from _parsed_records(handler)
    if broken:
        raise broken


def _parsed_records(handler: XmlHandler) -> Iterator[Record | BadRecordError]:
    records, handler.records = handler.records, []
    for record in records:
        try:
            yield _record(record)
        except BadRecordError as error:
            yield error


def _record(record: MarcRecord) -> Record:
    def values(codes: str, *tags: str) -> list[str]:
        return [value for field in record.get_fields(*tags) for value in field.get_subfields(*codes)]

    number = next((field.data for field in record.get_fields("001") if field.data), "")
    try:
        return record_of(
            symbols=[*values("az", "191"), *values("a", "791")],
            title=" ".join(values("abcnp", "245")),
            date=next(iter([*values("a", "269"), *values("c", "260")]), ""),
            authors=[_joined(field) for field in record.get_fields("110", "700", "710", "100")],
            agenda=[_joined(field) for field in record.get_fields("991")],
            subjects=[_joined(field) for field in record.fields if field.tag.startswith("6")],
            links=[
                (address, " ".join(field.get_subfields("3", "y")))
                for field in record.get_fields("856")
                for address in field.get_subfields("u")
            ],
            number=number,
        )
    except BadRecordError as error:
        raise BadRecordError(error.code, " ".join(filter(None, (number, error.detail)))) from error


def _joined(field: Field) -> str:
    """Returns the words of a field, without subfields that are codes (digits, $2 and $0 above all)."""
    return " ".join(
        part.value.strip() for part in field.subfields if part.code.isalpha() and part.code != "z"
    )


# One catalogue record as values, checked.

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
    """Builds a record from a file's values. Raises BadRecordError where it names no document, or is empty."""
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
    """Returns the canonical symbols of a text that is one symbol, single or double; else none."""
    parsed = parsed_symbol(text)
    return [str(part) for part in parsed.parts] if parsed else []


def plain(value: str) -> str:
    """Returns ``value`` on one line, without signs that nobody sees."""
    hidden = set(invisible_of(value))
    return " ".join("".join(" " if char in hidden else char for char in value).split())


def is_link(address: str) -> bool:
    """Returns True if the address is an absolute http or https URL of admissible length."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and len(address) <= LONGEST


def _listed(values: Iterable[str]) -> tuple[str, ...]:
    stripped = (_TRAILING.sub("", plain(value)) for value in values)
    return tuple(dict.fromkeys(value for value in stripped if value))[:MOST]
