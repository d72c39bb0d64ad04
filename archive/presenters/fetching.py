"""What was asked of the UN, and what its catalogue says, as values for machines."""

from __future__ import annotations

from archive.models import CatalogueRecord, FetchAttempt
from archive.schemas import lists, passages


def attempt_as_json(row: FetchAttempt | None) -> lists.Attempt | None:
    """The last attempt to get a document from the UN; None where there was none."""
    if row is None or row.asked is None:
        return None
    return lists.Attempt.of(row, meaning=str(row.get_outcome_display()), at=row.asked)


def catalogue_as_json(row: CatalogueRecord | None) -> passages.CatalogueFacts | None:
    """The catalogue's facts, and where they come from; None where there is no record."""
    if row is None:
        return None
    links = [passages.CatalogueLink(url=address, note=note or None) for address, note in row.links]
    return passages.CatalogueFacts.of(row, links=links)
