"""The archive's revision: read it, or be the only one to raise it.

Everything that is cached, certified, counted or fed says which revision it speaks of. What rests on a clock
is wrong as soon as a clock stands wrong, or two acts fall into one moment.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Max

from archive.models.history import REFERENCE_DATA, DocumentRevision, Revision


class RevisionMark(NamedTuple):
    """A revision of the archive, or of one document in it; two are the same where both parts are equal."""

    number: int
    token: str

    def __str__(self) -> str:
        return f"{self.number}-{self.token}"


# Of an archive into which nothing was ever written.
NO_REVISION = RevisionMark(0, "")
READ = f'SELECT number, token FROM "{Revision._meta.db_table}" ORDER BY id'  # noqa: S608  its only row


def current_revision() -> RevisionMark:
    """Returns the present revision of the archive, in one query."""
    with connection.cursor() as cursor:  # asked by every request: without building the query anew
        cursor.execute(READ)
        found = cursor.fetchone()
    return RevisionMark(*found) if found else NO_REVISION


def document_revisions() -> dict[int, str]:
    """The revision at which each document last changed, ``number-token`` by the key of the document, in one
    query. Also of documents that are held no more; under 0 (``REFERENCE_DATA``), of the reference data."""
    rows = DocumentRevision.objects.values_list("document_id", "number", "token")
    return {document: f"{number}-{token}" for document, number, token in rows.iterator(chunk_size=5000)}


def indexed_revisions() -> dict[int, str]:
    """Returns, by document key, the revision at which its indexed values last changed; one query. Also for
    deleted documents.
    """
    return dict(DocumentRevision.objects.values_list("document_id", "indexed").iterator(chunk_size=5000))


def reference_revision() -> RevisionMark:
    """The revision at which the reference data (States, bodies, resolutions, series, treaties, themes,
    concepts) last changed, in one query; ``NO_REVISION`` where nothing tells."""
    found = DocumentRevision.objects.filter(document_id=REFERENCE_DATA).values_list("number", "token").first()
    return RevisionMark(*found) if found else NO_REVISION


def revision_of(document: int) -> int | None:
    """Returns the revision number at which this document last changed; None of an unknown one."""
    return DocumentRevision.objects.filter(document_id=document).values_list("number", flat=True).first()


def lock_revision() -> int:
    """Takes the writer's lock; returns the number of the revision that this act will make.

    To be called first in a transaction that writes: until that ends, no other can write (PostgreSQL locks the
    row; SQLite has locked the database when the transaction began). So two imports that overlap see each
    other's documents, and none waits for a row of one that waits for it. The first row that is written raises
    the revision to that number; an act that finds nothing to write leaves it as it was.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("the revision is locked inside a transaction")
    locked = Revision.objects.select_for_update().values_list("number", flat=True)
    while (number := locked.first()) is None:
        last = DocumentRevision.objects.aggregate(last=Max("number"))["last"]
        Revision.objects.bulk_create([Revision(pk=1, number=last or 0)], ignore_conflicts=True)
    return number + 1


@contextmanager
def one_act(part_of: int | None = None) -> Iterator[int]:
    """A transaction that writes, alone: yields the number of the revision that it will make. Within another
    act, whose number is given, it is a part of that.
    """
    with transaction.atomic():
        yield part_of or lock_revision()


def leave_behind(number: int) -> None:
    """Raises the revision above ``number``, which a history that came from elsewhere has reached."""
    Revision.objects.filter(pk=1, number__lte=number).update(number=number + 1, token=secrets.token_hex(8))
