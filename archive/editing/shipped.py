"""What the program brings beside what a person decided: shown as a difference, taken or dismissed once."""

from __future__ import annotations

from collections.abc import Iterator

from archive import reference_data
from archive.importing import bundled
from archive.models import Mention, Resolution, ShippedRecord
from archive.models.references import NaturalKeyModel


def wordings(record: ShippedRecord) -> Iterator[tuple[str, str, str]]:
    """What differs of what is ``offered``: paragraph or field, the words that stand, the words offered."""
    if not record.offered:
        return
    if record.kind == bundled.KIND:
        yield from bundled.wordings(record)
    else:
        yield from reference_data.wordings(record)


def take_or_dismiss(record: ShippedRecord, take: bool) -> None:
    """Take what is ``offered`` in place of what a person decided, or offer it no more. Raises RefusedError
    where it cannot be taken.
    """
    room = bundled if record.kind == bundled.KIND else reference_data
    room.take_or_dismiss(record, take)


def is_needed(row: NaturalKeyModel) -> bool:
    """Whether the program brings ``row``, or something in the archive refers to it."""
    if ShippedRecord.objects.filter(kind=reference_data.kind_of(type(row)), key=row.key).exists():
        return True
    if isinstance(row, Resolution) and Mention.objects.filter(symbol=row.symbol).exists():
        return True
    return any(
        relation.related_model._default_manager.filter(**{relation.field.name: row}).exists()
        for relation in row._meta.related_objects
    )
