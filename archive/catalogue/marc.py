"""MARCXML as the UN's library exports it.

Symbol 191 $a $z and 791 $a, title 245, date 269 $a (else 260 $c), author 110, 710, 700, agenda 991, subjects
6xx, links 856 $u with $3 or $y.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any
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

from .record import BadRecordError, Record, record_of

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
    """Each record, or why it is none. Raises BadFileError where the XML breaks off."""
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
        yield from _taken(handler)
    if broken is None:
        try:
            parser.close()
        except SAXParseException as error:
            broken = BadFileError(error.getLineNumber(), error.getMessage())
        yield from _taken(handler)
    if broken:
        raise broken


def _taken(handler: XmlHandler) -> Iterator[Record | BadRecordError]:
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
    """The words of a field; subfields that are codes (digits, and $2 and $0 above all) are left out."""
    return " ".join(
        part.value.strip() for part in field.subfields if part.code.isalpha() and part.code != "z"
    )
