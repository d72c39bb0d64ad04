"""The documents that the program brings: which of their files are read, and which a person decided against.

A file that was read once is not read again. Where a document was withdrawn, merged or given another text, it
stays so; where a release brings other bytes of its file, that is a difference, to be taken or dismissed once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from archive.models import Document, ShippedRecord, SourceFile
from archive.store.ingest.facts import find_withdrawn, leave_out
from archive.store.ingest.symbols import refuse_retired
from archive.store.ingest.values import RefusedError, Source
from archive.store.revision import lock_revision
from archive.text.formats import SUFFIXES
from archive.text.parsed import ParsedDocument

from .files import read_source
from .run import ImportBatch, Status, parse_source

KIND = "documents"
BUNDLED = settings.BASE_DIR / "fixtures" / "documents"
Origin = ShippedRecord.Origin


@dataclass(frozen=True, slots=True)
class Shipped:
    """A bundled file. ``told`` says what a person decided otherwise; empty where the file is to be read."""

    path: Path
    record: ShippedRecord
    told: str = ""


def bundled_files() -> list[Shipped]:
    """Each bundled file, compared with what is held; remembers what differs."""
    paths = sorted(path for path in BUNDLED.iterdir() if path.suffix in SUFFIXES)
    with transaction.atomic():
        lock_revision()  # of two hosts that start at once, the second finds what the first wrote
        known = ShippedRecord.objects.filter(kind=KIND)
        records = {record.key: record for record in known}
        known.exclude(key__in=[path.name for path in paths]).delete()
        found = [
            _compared(path, records.get(path.name) or ShippedRecord(kind=KIND, key=path.name))
            for path in paths
        ]
        for shipped in found:
            shipped.record.save()
    return found


def _compared(path: Path, record: ShippedRecord) -> Shipped:
    record.offered = {}
    try:
        source = read_source(path)
        mine = {"sha256": _digest(source)}
        if Document.objects.filter(source__sha256=source.sha256, source__sidecar=source.sidecar).exists():
            record.origin, record.taken = Origin.SHIPPED, mine
            return Shipped(path, record)
        parsed = parse_source(source)
    except ValueError:
        return Shipped(path, record)  # whoever reads it says what is wrong
    try:
        refuse_retired(parsed.facts)
    except RefusedError as error:
        record.origin = Origin.RETIRED
        return Shipped(path, record, str(error))
    document = _document_of(parsed)
    if document is None or record.taken == {"sha256": _digest(document.source)}:  # nobody gave it other words
        record.origin = Origin.SHIPPED
        return Shipped(path, record)
    record.origin = Origin.EDITED
    if SourceFile.objects.filter(sha256=source.sha256, sidecar=source.sidecar).exists():  # it was read once
        record.taken = mine
    if record.taken == mine:
        told = _("库中%(symbol)s的文字是编者的，保留，随附的不再读入。")
    else:
        record.offered = mine
        told = _(
            "库中%(symbol)s的文字是编者的，保留；本版随附的与它不同，可在编辑台“随附资料”里对照取舍，"
            "或运行 manage.py import_documents %(file)s 采用随附的。"
        )
    return Shipped(path, record, told % {"symbol": document.symbol, "file": path})


def take_or_dismiss(record: ShippedRecord, take: bool) -> None:
    """Import a bundled file over the text of a person, or offer it no more. Raises RefusedError."""
    path = BUNDLED / record.key
    if take:
        batch = ImportBatch()
        report = batch.import_path(path)
        batch.finish()
        if report.status not in (Status.UPDATED, Status.UNCHANGED):
            raise RefusedError(report.reason)
    record.taken, record.offered = record.offered, {}
    record.origin = Origin.SHIPPED if take else Origin.EDITED
    record.save()


def wordings(record: ShippedRecord) -> Iterator[tuple[str, str, str]]:
    """Each paragraph in which a bundled file differs from the document that is held: anchor, words, words of
    the file. What was withdrawn is left out.
    """
    parsed = parse_source(read_source(BUNDLED / record.key))
    document = _document_of(parsed)
    held = dict(document.paragraphs.order_by("position").values_list("anchor", "text")) if document else {}
    parsed = leave_out(parsed, find_withdrawn(document, parsed))
    brought = {block.anchor: block.text for block in parsed.paragraphs}
    for anchor in dict.fromkeys((*held, *brought)):
        pair = held.get(anchor, ""), brought.get(anchor, "")
        if pair[0] != pair[1]:
            yield anchor, *pair


def _document_of(parsed: ParsedDocument) -> Document | None:
    facts = parsed.facts
    named = Q(symbol=facts.symbol) | Q(aliases__symbol=facts.symbol)
    return Document.objects.filter(named, language=facts.language).select_related("source").first()


def _digest(source: Source | SourceFile) -> str:
    """Of the bytes and the sidecar, which tells facts of the document, too."""
    return hashlib.sha256(f"{source.sha256}\0{source.sidecar}".encode()).hexdigest()
