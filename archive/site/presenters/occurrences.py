"""Long lists of paragraphs that have something in common: filters by year and document, pages, figures."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from django.db.models import F
from django.http import HttpRequest
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from archive.models import Document, Paragraph
from archive.models.querysets.paragraphs import ParagraphQuerySet
from archive.site.http.paging import ListPage, paginate, text_parameter, year_parameter
from archive.store.addresses.locations import printed_number
from archive.store.addresses.paths import paragraph_path
from archive.store.reading import queries as reads
from archive.store.reading.queries import DocumentRow, Spread, YearRow, spread_of
from archive.store.values import UNSET, Counted, CountOfYear, Schema, Span, UnsetType
from archive.text.typed_places import read_symbol

from .wording import paragraph_name, recognized_in_words, who_speaks


class Told(Protocol):
    """A function from paragraphs to remarks on each, by key."""

    def __call__(self, shown: Sequence[Paragraph], /) -> dict: ...


class ListedParagraph(Schema, frozen=True, kw_only=True):
    """A paragraph in a list; ``highlights`` are offsets in ``text``, in code points."""

    url: str
    symbol: str
    anchor: str
    name: str
    title: str
    year: int | None
    speaker: str | None
    text: str
    excerpt: str
    highlights: list[Span]
    remarks: list[str] | UnsetType = UNSET

    paragraph: ClassVar[Paragraph]
    number: ClassVar[str]
    cut: ClassVar[Excerpt]

    @property
    def document(self) -> Document:
        return self.paragraph.document


class PlaceFilters(Schema, frozen=True, kw_only=True):
    """The year and the document to which a list is narrowed."""

    year: int | None
    document: str | None


class ParagraphCount(Schema, frozen=True, kw_only=True):
    """The numbers of paragraphs, and of their documents."""

    paragraphs: int
    documents: int


class Occurrences(Schema, frozen=True, kw_only=True):
    """A list of paragraphs; ``total`` before, ``page`` after it is narrowed by ``filters``."""

    total: ParagraphCount
    by_year: list[CountOfYear]
    by_document: list[Counted]
    filters: PlaceFilters
    page: ListPage
    paragraphs: list[ListedParagraph]

    # ``rows`` are all that pass the filters, in order, ``spread`` these counted; ``choices`` the documents as
    # far as the year narrows them; ``places`` tells where stands what they are listed for, ``remarks`` what
    # is said of them.
    years: ClassVar[list[YearRow]]
    documents: ClassVar[list[DocumentRow]]
    choices: ClassVar[list[DocumentRow]]
    listing: ClassVar[ListPage]
    rows: ClassVar[ParagraphQuerySet]
    spread: ClassVar[Spread]
    places: ClassVar[Told]
    remarks: ClassVar[Told]

    @property
    def filtered(self) -> bool:
        return bool(self.filters.year or self.filters.document)


PER_PAGE = 50


def occurrences(
    request: HttpRequest,
    paragraphs: ParagraphQuerySet,
    places: Told,
    since: int | None = None,
    remarks: Told = lambda _shown: {},
    silent: Collection[str] = (),
) -> Occurrences:
    """Returns a page of ``paragraphs``, filtered by ``?year=`` and ``?document=``; years from ``since``.

    ``places`` tells where, in given paragraphs, stands what they are listed for, ``remarks`` what is said of
    each paragraph shown; documents of the types ``silent`` have none. Raises BadRequestError.
    """
    year, asked = year_parameter(request), text_parameter(request, "document")
    symbol = read_symbol(asked) or asked
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
    years, documents = spread.years(since, silent), spread.documents
    return Occurrences(
        total=ParagraphCount(paragraphs=spread.total, documents=len(documents)),
        by_year=[(row.year, row.paragraphs) for row in years if row.held],
        by_document=[(row.symbol, row.paragraphs) for row in documents],
        filters=PlaceFilters(year=year, document=symbol or None),
        page=listing,
        paragraphs=hits(shown, reads.ancestors(shown), places(shown), remarks(shown)),
    ).carrying(
        years=years,
        documents=documents,
        choices=spread.within(year, "").documents,
        listing=listing,
        rows=rows,
        spread=within,
        places=places,
        remarks=remarks,
    )


def in_order(paragraphs: ParagraphQuerySet) -> ParagraphQuerySet:
    """Orders by document, newest first, then by position."""
    return paragraphs.select_related("document").order_by(
        F("document__sort_date").desc(nulls_last=True), "document__symbol", "document_id", "position"
    )


# Paragraphs in lists: their address, name, circumstances, and the sentence a reader came for.


@dataclass(frozen=True, slots=True)
class Remarks:
    """Remarks on a paragraph in a list, and the spans of the words that they are based on."""

    words: tuple[str, ...] = ()
    places: tuple[tuple[int, int], ...] = ()


NOTHING = Remarks()


def hits(
    paragraphs: Sequence[Paragraph],
    above: Iterable[Paragraph],
    places: Mapping[int, Sequence] | None = None,
    remarks: Mapping[int, Remarks] | None = None,
) -> list[ListedParagraph]:
    """Returns a line for each paragraph, its document loaded; ``above`` are the blocks that name sections.

    ``places`` tell where in each stands what it is listed for, ``remarks`` what is said of it.
    """
    by_id = {paragraph.pk: paragraph for paragraph in [*above, *paragraphs]}
    places, said = places or {}, remarks or {}
    return [
        _listed(
            paragraph,
            paragraph_name(paragraph, lambda block: by_id.get(block.parent_id or 0)),
            places.get(paragraph.pk, ()),
            said.get(paragraph.pk, NOTHING),
        )
        for paragraph in paragraphs
    ]


def _listed(paragraph: Paragraph, name: str, places: Sequence, said: Remarks) -> ListedParagraph:
    document, cut = paragraph.document, excerpt(paragraph.text, places, said.places)
    return ListedParagraph.from_row(
        paragraph,
        url=paragraph_path(document.symbol, paragraph.anchor, language=document.language),
        symbol=document.symbol,
        name=name,
        title=document.title,
        year=document.year,
        speaker=who_speaks(paragraph) or None,
        excerpt=cut.words,
        highlights=list(cut.marks),
        remarks=[*said.words, *_passed_on(paragraph), *_recognized(paragraph)] or UNSET,
    ).carrying(paragraph=paragraph, number=printed_number(paragraph), cut=cut)


def _passed_on(paragraph: Paragraph) -> tuple[str, ...]:
    """Returns the remark that a text is only transmitted by its sender."""
    return (_("转递的文字"),) if paragraph.transmitted else ()


def _recognized(paragraph: Paragraph) -> tuple[str, ...]:
    mark = recognized_in_words(paragraph.ocr_confidence)
    return (mark,) if mark else ()


# Cuts the sentence out of a paragraph that a reader came for, with the place marked.

SENTENCE_END = re.compile(r"[。！？；\n]['”’」』》）)]*|(?<=[^\d\s])[;!?](?=\D)")
CLAUSE_END = re.compile(r"[，、：,:]")
LONGEST = 140


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A stretch of a text and the marked stretches in it, as offsets of the whole text.

    ``verbs`` are the words that say how something is cited, marked apart from what is cited.
    """

    text: str
    start: int
    end: int
    marks: tuple[tuple[int, int], ...]
    verbs: tuple[tuple[int, int], ...] = ()

    @property
    def cut_before(self) -> bool:
        return self.start > 0

    @property
    def cut_after(self) -> bool:
        return self.end < len(self.text)

    @property
    def words(self) -> str:
        return self.text[self.start : self.end]

    @property
    def html(self) -> SafeString:
        """The words, escaped, with ``<mark>`` around each marked stretch."""
        pieces, at = [], self.start
        opening = dict.fromkeys(self.verbs, '<mark class="verb">') | dict.fromkeys(self.marks, "<mark>")
        for (start, end), tag in sorted(opening.items()):
            pieces += [escape(self.text[at:start]), tag, escape(self.text[start:end]), "</mark>"]
            at = end
        pieces.append(escape(self.text[at : self.end]))
        return mark_safe("".join(pieces))  # noqa: S308  every piece is escaped


def excerpt(
    text: str, places: Sequence[tuple[int, int]] = (), verbs: Sequence[tuple[int, int]] = ()
) -> Excerpt:
    """Returns the sentence of ``text`` around the first of ``places``; the beginning where there is none.

    A sentence over 140 characters is cut further, at commas. Marks are the places inside the excerpt, joined
    where they overlap; so are the ``verbs`` that no mark overlaps.
    """
    cut = ((max(start, 0), min(end, len(text))) for start, end in places)
    places = sorted((start, end) for start, end in cut if start < end)
    first, last = places[0] if places else (0, 0)
    start, end = _sentence(text, first, last)
    if end - start > LONGEST:
        start, end = _clauses(text, start, end, first, last)
    inside = [(a, b) for a, b in places if a >= start and b <= end]
    marks = _joined(inside)
    said = [
        (a, b)
        for a, b in sorted(set(verbs))
        if a >= start and b <= end and all(b <= mark[0] or a >= mark[1] for mark in marks)
    ]
    return Excerpt(text, start, end, marks, _joined(said))


def last_sentence(text: str) -> Excerpt:
    """Returns the end of a text, as shown of the paragraph before the one in focus."""
    found = excerpt(text, [(len(text) - 1, len(text))])
    return Excerpt(text, found.start, found.end, ())


def _sentence(text: str, first: int, last: int) -> tuple[int, int]:
    start = 0
    for match in SENTENCE_END.finditer(text):
        if match.end() <= first:
            start = match.end()
        elif match.end() >= last:
            return start, match.end()
    return start, len(text)


def _clauses(text: str, start: int, end: int, first: int, last: int) -> tuple[int, int]:
    room = max((LONGEST - (last - first)) // 2, 20)
    left, right = max(start, first - room), min(end, last + room)
    if left > start:
        left = next((m.end() for m in CLAUSE_END.finditer(text, left, first)), left)
    if right < end:
        ends = [m.end() for m in CLAUSE_END.finditer(text, last, right)]
        right = ends[-1] if ends else right
    return left, right


def _joined(places: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    joined: list[tuple[int, int]] = []
    for start, end in places:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple(joined)
