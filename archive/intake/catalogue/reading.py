"""Readers of files of catalogue records, chosen by content."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.models import CatalogueRecord, Document, Mention, RetiredDocument
from archive.readers import format_of
from archive.store.database.bulk import batched
from archive.text.errors import UnreadableSourceError
from archive.text.reader import decode_source

from .marc import BadFileError, BadRecordError, Record, read_marcxml, record_of

LARGEST = 100_000_000  # bytes
REASONS = {
    "no_symbol": gettext_lazy("没有文号"),
    "bad_symbol": gettext_lazy("文号认不出"),
    "too_long": gettext_lazy("某一项过长"),
    "says_nothing": gettext_lazy("除文号外什么也没有"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """A record that is left aside; ``number`` counts records from 1. ``fatal``: nothing after it is read."""

    number: int
    reason: str
    fatal: bool = False


def read_records(content: bytes) -> Iterator[Record | Problem]:
    """Generates the records of a MARCXML or CSV file, in its order, or the problem with each."""
    number = 0
    try:
        for number, found in enumerate(_reader(content)(content), start=1):
            yield _problem(number, found) if isinstance(found, BadRecordError) else found
    except BadFileError as error:
        yield Problem(number + 1, _file_problem(error), fatal=True)


def _reader(content: bytes):
    beginning = content[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \r\n\t").replace(b"\0", b"")
    if beginning.startswith(b"<"):
        return read_marcxml
    if (kind := format_of(content)) != "text":
        raise BadFileError(None, kind)
    return read_table


def _problem(number: int, error: BadRecordError) -> Problem:
    detail = f"（{error.detail}）" if error.detail else ""
    return Problem(number, f"{REASONS[error.code]}{detail}")


def _file_problem(error: BadFileError) -> str:
    if error.reason == "DOCTYPE":
        return _("文件里有DOCTYPE，MARCXML没有；不读。")
    if error.reason == "symbol":
        return _("第一行没有“symbol”（文号）一栏；可用的栏名见docs/editing.md。")
    if error.line is None:
        return _("这不是MARCXML，也不是CSV（%(kind)s）。") % {"kind": error.reason}
    return _("第%(line)d行起读不下去：%(reason)s。") % {
        "line": error.line,
        "reason": error.reason.rstrip("。."),
    }


# CSV with a first line of names: our own, those that exports use (``resolution`` in the Digital Library's
# tables of votes, which have no column of symbols), or MARC fields (191__a, 245$a).

NAMES: dict[str, list[str]] = json.loads(Path(__file__).with_name("columns.json").read_text("utf-8"))
LISTS = ("symbols", "authors", "agenda", "subjects", "links")
_MARC = re.compile(r"(\d{3})[_ ]{0,3}[$|]?([a-z0-9])?", re.I)
_LINK_CODES = ("", "u")


def read_table(content: bytes) -> Iterator[Record | BadRecordError]:
    """Generates each row's record, or its error. Raises BadFileError where the header has no symbol."""
    try:
        text = decode_source("csv", content).text
    except UnreadableSourceError as error:
        raise BadFileError(1, str(error)) from error
    first = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    try:
        columns = [_field_of(name) for name in next(rows, [])]
        if "symbols" not in columns:
            columns = ["symbols" if name == "resolutions" else name for name in columns]
        if "symbols" not in columns:
            raise BadFileError(1, "symbol")
        for row in rows:
            if any(cell.strip() for cell in row):
                yield _record(columns, row, rows.line_num)
    except csv.Error as error:
        raise BadFileError(rows.line_num, str(error)) from error


def _record(columns: list[str | None], row: list[str], line: int) -> Record | BadRecordError:
    values: dict[str, list[str]] = {}
    for field, cell in zip(columns, row, strict=False):
        if field and cell.strip():
            values.setdefault(field, []).extend(re.split(r"[|\n]", cell) if field in LISTS else [cell])
    try:
        return record_of(
            symbols=values.get("symbols", ()),
            title=" ".join(values.get("title", ())),
            date=next(iter(values.get("date", ())), ""),
            authors=values.get("authors", ()),
            agenda=values.get("agenda", ()),
            subjects=values.get("subjects", ()),
            links=[(address.strip(), "") for address in values.get("links", ())],
            number=next(iter(values.get("number", ())), ""),
        )
    except BadRecordError as error:
        return BadRecordError(error.code, f"{line}: {error.detail}" if error.detail else str(line))


def _field_of(name: str) -> str | None:
    plain = " ".join(name.strip().lower().replace("_", " ").split())
    field = next((field for field, names in NAMES.items() if plain in names), None)
    marc = _MARC.fullmatch(name.strip())
    if field is None and marc:
        field = next((field for field, names in NAMES.items() if marc[1] in names), None)
        if field == "links" and (marc[2] or "").lower() not in _LINK_CODES:
            return None
    return field


# Writes catalogue records: a row for each symbol, the newest file's in place of an older one.

FIELDS = ("title", "date", "authors", "agenda", "subjects", "links", "record")


@dataclass(slots=True)
class Stored:
    """The numbers of stored catalogue rows by outcome, and of those cited but not held, and held."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    cited: int = 0
    held: int = 0


def store_records(records: Iterable[Record], source: str, *, dry_run: bool = False) -> Stored:
    """Writes ``records`` of the file ``source``, all or none of them; the last of equal symbols counts.

    Of documents that are withheld nothing is written: their titles stand in the catalogue too.
    """
    withheld = set(
        RetiredDocument.objects.filter(withheld=True, lifted=None).values_list("symbol", flat=True)
    )
    rows = {
        symbol: _row(symbol, record, source)
        for record in records
        for symbol in record.symbols
        if symbol not in withheld
    }
    stored = Stored()
    with transaction.atomic():
        for symbols in batched(rows):
            _store(symbols, rows, stored)
        if dry_run:
            transaction.set_rollback(True)
    return stored


def _store(symbols: list[str], rows: dict[str, CatalogueRecord], stored: Stored) -> None:
    known = {row.symbol: row for row in CatalogueRecord.objects.filter(symbol__in=symbols)}
    new = [rows[symbol] for symbol in symbols if symbol not in known]
    changed = [row for symbol, row in known.items() if _take_over(row, rows[symbol])]
    CatalogueRecord.objects.bulk_create(new)
    CatalogueRecord.objects.bulk_update(changed, (*FIELDS, "source", "imported"))
    stored.created += len(new)
    stored.updated += len(changed)
    stored.unchanged += len(known) - len(changed)
    stored.held += Document.objects.filter(symbol__in=symbols).count()
    cited = Mention.objects.not_held().filter(symbol__in=symbols, certain=True)
    stored.cited += cited.order_by().values("symbol").distinct().count()


def _row(symbol: str, record: Record, source: str) -> CatalogueRecord:
    return CatalogueRecord(
        symbol=symbol,
        title=record.title,
        date=record.date,
        authors=list(record.authors),
        agenda=list(record.agenda),
        subjects=list(record.subjects),
        links=[list(link) for link in record.links],
        record=record.number,
        source=source[-255:],
        imported=timezone.now(),
    )


def _take_over(row: CatalogueRecord, new: CatalogueRecord) -> bool:
    """Copies ``new`` into ``row``; returns False if the two are equal already."""
    if all(getattr(row, name) == getattr(new, name) for name in FIELDS):
        return False
    for name in (*FIELDS, "source", "imported"):
        setattr(row, name, getattr(new, name))
    return True
