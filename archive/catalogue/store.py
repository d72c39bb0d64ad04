"""Writes catalogue records: a row for each symbol, the newest file's in place of an older one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from archive.bulk import batched
from archive.models import CatalogueRecord, Document, Mention, RetiredDocument

from .marc import Record

FIELDS = ("title", "date", "authors", "agenda", "subjects", "links", "record")


@dataclass(slots=True)
class Stored:
    """Rows by what became of them; ``cited`` of all are cited and not held, ``held`` are held."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    cited: int = 0
    held: int = 0


def store_records(records: Iterable[Record], source: str, *, dry_run: bool = False) -> Stored:
    """Write ``records`` of the file ``source``, all or none of them; the last of equal symbols counts.

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
    """Whether ``new`` says anything else than ``row``, which then says it too."""
    if all(getattr(row, name) == getattr(new, name) for name in FIELDS):
        return False
    for name in (*FIELDS, "source", "imported"):
        setattr(row, name, getattr(new, name))
    return True
