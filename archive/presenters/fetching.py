"""What was asked of the UN, and what its catalogue says, as values for machines."""

from __future__ import annotations

from archive.models import CatalogueRecord, FetchAttempt
from archive.schemas import lists, passages


def attempt_as_json(row: FetchAttempt | None) -> lists.Attempt | None:
    """The last attempt to get a document from the UN; None where there was none."""
    if row is None or row.asked is None:
        return None
    return lists.Attempt(
        outcome=row.outcome,
        meaning=str(row.get_outcome_display()),
        reason=row.reason or None,
        language=row.language,
        at=row.asked,
    )


def catalogue_as_json(row: CatalogueRecord | None) -> passages.CatalogueFacts | None:
    """The catalogue's facts, and where they come from; None where there is no record."""
    if row is None:
        return None
    return passages.CatalogueFacts(
        title=row.title or None,
        date=row.date or None,
        authors=row.authors,
        agenda=row.agenda,
        subjects=row.subjects,
        links=[passages.CatalogueLink(url=address, note=note or None) for address, note in row.links],
        record=row.record or None,
        source=row.source,
        imported=row.imported,
    )
