"""What was asked of the UN, and what its catalogue says, as values for machines."""

from __future__ import annotations

from django.utils.translation import gettext as _

from archive.models import CatalogueRecord, Document, FetchAttempt, Resolution
from archive.values import Instant, Schema


class Attempt(Schema, frozen=True, kw_only=True):
    """The last attempt to get a document from the UN."""

    outcome: str
    meaning: str
    reason: str | None
    language: str
    at: Instant


class CatalogueLink(Schema, frozen=True, kw_only=True):
    """A link of a record of the UN's catalogue."""

    url: str
    note: str | None


class CatalogueFacts(Schema, frozen=True, kw_only=True):
    """What the UN's catalogue says of a document that is not held."""

    title: str | None
    date: str | None
    authors: list[str]
    agenda: list[str]
    subjects: list[str]
    links: list[CatalogueLink]
    record: str | None
    source: str
    imported: Instant


def attempt_as_json(row: FetchAttempt | None) -> Attempt | None:
    """The last attempt to get a document from the UN; None where there was none."""
    if row is None or row.asked is None:
        return None
    return Attempt.from_row(row, meaning=str(row.get_outcome_display()), at=row.asked)


def catalogue_as_json(row: CatalogueRecord | None) -> CatalogueFacts | None:
    """The catalogue's facts, and where they come from; None where there is no record."""
    if row is None:
        return None
    links = [CatalogueLink(url=address, note=note or None) for address, note in row.links]
    return CatalogueFacts.from_row(row, links=links)


# What an archive that holds none of the resolutions that it is about says to whoever runs it.


def advice_on_resolutions() -> str:
    """How to get the resolutions; empty where the archive holds any. One query."""
    family = Resolution.objects.filter(family=True).order_by().values("symbol")
    if Document.objects.filter(symbol__in=family).exists():
        return ""
    return _(
        "本库还没有1540系列各决议的文本，可以用命令收入（见README）："
        "import_corpus 文件 --family 1540，或fetch_documents --family 1540。"
    )
