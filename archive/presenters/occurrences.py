"""Long lists of paragraphs that have something in common: filters by year and document, pages, figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import gettext as _

from archive.http.addresses import paragraph_path
from archive.http.paging import Listing, paginate, text_parameter, year_parameter
from archive.locations import printed_number
from archive.models import Document, Paragraph
from archive.models.querysets import ParagraphQuerySet
from archive.reading import queries as reads
from archive.reading.distribution import DocumentRow, Spread, YearRow, spread_of
from archive.schemas import citing
from archive.schemas.base import UNSET

from .excerpts import Excerpt, excerpt
from .recognition import recognized_in_words
from .wording import paragraph_name, who_speaks

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


# Paragraphs in lists: their address, name, circumstances, and the sentence a reader came for.


@dataclass(frozen=True, slots=True)
class Remarks:
    """What is said of a paragraph in a list, and the places of the words that say so."""

    words: tuple[str, ...] = ()
    places: tuple[tuple[int, int], ...] = ()


NOTHING = Remarks()


@dataclass(frozen=True, slots=True)
class Hit:
    """One paragraph in a list."""

    paragraph: Paragraph
    name: str
    number: str
    address: str
    excerpt: Excerpt
    who: str
    remarks: tuple[str, ...] = ()

    @property
    def document(self) -> Document:
        return self.paragraph.document

    def as_json(self) -> citing.ListedParagraph:
        """The twin of a line of a list; offsets of ``highlights`` are those of the whole paragraph."""
        return citing.ListedParagraph(
            url=self.address,
            symbol=self.document.symbol,
            anchor=self.paragraph.anchor,
            name=self.name,
            title=self.document.title,
            year=self.document.year,
            speaker=self.who or None,
            text=self.paragraph.text,
            excerpt=self.excerpt.words,
            highlights=list(self.excerpt.marks),
            remarks=list(self.remarks) or UNSET,
        )


def hits(
    paragraphs: Sequence[Paragraph],
    above: Iterable[Paragraph],
    places: Mapping[int, Sequence] | None = None,
    remarks: Mapping[int, Remarks] | None = None,
) -> list[Hit]:
    """A hit for each paragraph, its document loaded; ``above`` are the blocks that name sections.

    ``places`` tell where in each stands what it is listed for, ``remarks`` what is said of it.
    """
    by_id = {paragraph.pk: paragraph for paragraph in [*above, *paragraphs]}
    places, said = places or {}, remarks or {}
    return [
        Hit(
            paragraph,
            paragraph_name(paragraph, lambda block: by_id.get(block.parent_id or 0)),
            printed_number(paragraph),
            paragraph_path(paragraph.document.symbol, paragraph.anchor),
            excerpt(paragraph.text, places.get(paragraph.pk, ()), said.get(paragraph.pk, NOTHING).places),
            who_speaks(paragraph),
            (*said.get(paragraph.pk, NOTHING).words, *_passed_on(paragraph), *_recognized(paragraph)),
        )
        for paragraph in paragraphs
    ]


def _passed_on(paragraph: Paragraph) -> tuple[str, ...]:
    """Of a text that its sender only passes on, that it is so."""
    return (_("转递的文字"),) if paragraph.transmitted else ()


def _recognized(paragraph: Paragraph) -> tuple[str, ...]:
    mark = recognized_in_words(paragraph.ocr_confidence)
    return (mark,) if mark else ()
