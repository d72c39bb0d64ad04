"""Long lists of paragraphs that have something in common: filters by year and document, pages, figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, QuerySet
from django.http import HttpRequest

from archive import reads
from archive.models import Document, Paragraph
from archive.paging import Listing, known_parameters, paginate, text_parameter, year_parameter
from archive.presenters.hits import Hit, hits
from archive.presenters.wording import year_ranges

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class YearRow:
    """A row of the table by years; ``held`` is False for years of which the archive holds no document."""

    label: str
    year: int | None
    paragraphs: int
    held: bool
    share: float


@dataclass(frozen=True, slots=True)
class DocumentRow:
    symbol: str
    title: str
    paragraphs: int


@dataclass(frozen=True, slots=True)
class Occurrences:
    """A filtered page of paragraphs, and how all of them spread over years and documents.

    ``rows`` are all that pass the filters, in order; ``places`` tells where stands what they are listed for.
    """

    total: int
    years: list[YearRow]
    documents: list[DocumentRow]
    listing: Listing
    hits: list[Hit]
    year: int | None
    document: str
    rows: QuerySet[Paragraph]
    places: Callable[[Sequence[Paragraph]], dict]

    @property
    def filtered(self) -> bool:
        return bool(self.year or self.document)

    def as_json(self) -> dict:
        return {
            "total": {"paragraphs": self.total, "documents": len(self.documents)},
            "by_year": [[row.year, row.paragraphs] for row in self.years if row.held],
            "by_document": [[row.symbol, row.paragraphs] for row in self.documents],
            "filters": {"year": self.year, "document": self.document or None},
            "page": self.listing.as_json(),
            "paragraphs": [hit.as_json() for hit in self.hits],
        }


def occurrences(
    request: HttpRequest,
    paragraphs: QuerySet[Paragraph],
    places: Callable[[Sequence[Paragraph]], dict],
    since: int | None = None,
    also: Sequence[str] = (),
    remarks: Callable[[Sequence[Paragraph]], dict] | None = None,
) -> Occurrences:
    """One page of ``paragraphs``, filtered by ``?year=`` and ``?document=``; years are shown from ``since``.

    ``places`` tells where, in given paragraphs, stands what they are listed for. ``also`` names further
    parameters that the page itself reads; ``remarks`` tells what is said of each paragraph shown. Raises
    BadRequestError.
    """
    known_parameters(request, "year", "document", *also)
    year, symbol = year_parameter(request), text_parameter(request, "document")
    documents = by_document(paragraphs)
    chosen = paragraphs
    if year:
        chosen = chosen.filter(document__year=year)
    if symbol:
        chosen = chosen.filter(document__symbol=reads.canonical(symbol) or symbol)
    rows = in_order(chosen)
    listing = paginate(request, rows, PER_PAGE)
    shown = list(listing.items)
    return Occurrences(
        total=sum(row.paragraphs for row in documents),
        years=by_year(paragraphs, since),
        documents=documents,
        listing=listing,
        hits=hits(shown, reads.ancestors(shown), places(shown), remarks(shown) if remarks else {}),
        year=year,
        document=symbol,
        rows=rows,
        places=places,
    )


def in_order(paragraphs: QuerySet[Paragraph]) -> QuerySet[Paragraph]:
    """Newest documents first, the paragraphs of each as they stand in it."""
    return paragraphs.select_related("document").order_by(
        F("document__sort_date").desc(nulls_last=True), "document__symbol", "document_id", "position"
    )


def by_document(paragraphs: QuerySet[Paragraph]) -> list[DocumentRow]:
    """How many of ``paragraphs`` stand in each document, newest documents first."""
    rows = (
        paragraphs.order_by()
        .values("document__symbol", "document__title", "document__sort_date")
        .annotate(paragraphs=Count("pk", distinct=True))
        .order_by(F("document__sort_date").desc(nulls_last=True), "document__symbol")
    )
    return [DocumentRow(row["document__symbol"], row["document__title"], row["paragraphs"]) for row in rows]


def by_year(paragraphs: QuerySet[Paragraph], since: int | None = None) -> list[YearRow]:
    """How many of ``paragraphs`` stand in documents of each year, with the years of which nothing is held."""
    counted = paragraphs.order_by().values("document__year").annotate(paragraphs=Count("pk", distinct=True))
    counts = {row["document__year"]: row["paragraphs"] for row in counted}
    held = set(Document.objects.order_by().values_list("year", flat=True).distinct()) - {None}
    rows: list[YearRow] = []
    most = max(counts.values(), default=0)
    if held:
        first = min([*held, *([since] if since else [])])
        last = max(dt.datetime.now(dt.UTC).year, *held)
        for start, end, is_held in year_ranges(held, first, last):
            label = str(start) if start == end else f"{start}–{end}"
            count = counts.get(start, 0) if is_held else 0
            share = round(100 * count / most, 1) if most else 0
            rows.append(YearRow(label, start if is_held else None, count, is_held, share))
    if None in counts:
        rows.append(YearRow("", None, counts[None], True, round(100 * counts[None] / most, 1)))
    return rows
