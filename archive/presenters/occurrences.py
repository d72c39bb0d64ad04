"""Long lists of paragraphs that have something in common: filters by year and document, pages, figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import F
from django.http import HttpRequest

from archive.http.paging import Listing, paginate, text_parameter, year_parameter
from archive.models import Paragraph
from archive.models.querysets import ParagraphQuerySet
from archive.presenters.hits import Hit, hits
from archive.reading import queries as reads
from archive.reading.distribution import DocumentRow, Spread, YearRow, spread_of
from archive.schemas import citing

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Occurrences:
    """A filtered page of paragraphs, and how all of them spread over years and documents.

    ``rows`` are all that pass the filters, in order, ``spread`` these counted; ``choices`` the documents as
    far as the year narrows them; ``places`` tells where stands what they are listed for, ``remarks``
    what is said of them.
    """

    total: int
    years: list[YearRow]
    documents: list[DocumentRow]
    choices: list[DocumentRow]
    listing: Listing
    hits: list[Hit]
    year: int | None
    document: str
    rows: ParagraphQuerySet
    spread: Spread
    places: Callable[[Sequence[Paragraph]], dict]
    remarks: Callable[[Sequence[Paragraph]], dict]

    @property
    def filtered(self) -> bool:
        return bool(self.year or self.document)

    def as_json(self) -> citing.Occurrences:
        return citing.Occurrences(
            total=citing.ParagraphCount(paragraphs=self.total, documents=len(self.documents)),
            by_year=[(row.year, row.paragraphs) for row in self.years if row.held],
            by_document=[(row.symbol, row.paragraphs) for row in self.documents],
            filters=citing.PlaceFilters(year=self.year, document=self.document or None),
            page=self.listing.as_json(),
            paragraphs=[hit.as_json() for hit in self.hits],
        )


def occurrences(
    request: HttpRequest,
    paragraphs: ParagraphQuerySet,
    places: Callable[[Sequence[Paragraph]], dict],
    since: int | None = None,
    remarks: Callable[[Sequence[Paragraph]], dict] = lambda _shown: {},
) -> Occurrences:
    """One page of ``paragraphs``, filtered by ``?year=`` and ``?document=``; years are shown from ``since``.

    ``places`` tells where, in given paragraphs, stands what they are listed for, ``remarks`` what is said
    of each paragraph shown. Raises BadRequestError.
    """
    year, asked = year_parameter(request), text_parameter(request, "document")
    symbol = reads.canonical(asked) or asked
    spread = spread_of(paragraphs)
    chosen = paragraphs
    if year:
        chosen = chosen.filter(document__year=year)
    if symbol:
        chosen = chosen.filter(document__symbol=symbol)
    rows = in_order(chosen)
    within = spread.within(year, symbol)
    listing = paginate(request, rows, PER_PAGE, total=within.total)
    shown = list(listing.items)
    return Occurrences(
        total=spread.total,
        years=spread.years(since),
        documents=spread.documents,
        choices=spread.within(year, "").documents,
        listing=listing,
        hits=hits(shown, reads.ancestors(shown), places(shown), remarks(shown)),
        year=year,
        document=symbol,
        rows=rows,
        spread=within,
        places=places,
        remarks=remarks,
    )


def in_order(paragraphs: ParagraphQuerySet) -> ParagraphQuerySet:
    """Newest documents first, the paragraphs of each as they stand in it."""
    return paragraphs.select_related("document").order_by(
        F("document__sort_date").desc(nulls_last=True), "document__symbol", "document_id", "position"
    )
