"""``/…/p/14/parallels``: the parallel passages of a paragraph, and its JSON twin."""

from __future__ import annotations

from typing import ClassVar
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString

from archive.models import BodyMention, Document, Mention, Paragraph, Resolution, TreatyMention
from archive.site.cache.freshness import archive_state
from archive.site.http.paging import ListPage, paginate
from archive.site.presenters.diff import Change, Difference, compare
from archive.site.presenters.occurrences import Excerpt
from archive.site.presenters.reading import Reader
from archive.site.views.respond import json_response
from archive.store.addresses.paths import paragraph_path
from archive.store.links.permalinks import find_paragraph
from archive.store.reading.queries import ancestors, find_document
from archive.store.values import Day, Schema, Span, answers
from search.engine.index.coverage import ComparedCorpus
from search.engine.live.index import live_index
from search.pages.http.serving import search_page
from search.pages.labels import NONE, PRINTED, Dates, FoundParagraph, dates_of, path_of, place_of

from . import passages
from .passages import LEAST, Piece, Step, clause_through, lineage, parallels


class Parallel(FoundParagraph, frozen=True, kw_only=True):
    """A paragraph with the same run of words: how many characters, and where in either text."""

    text: str
    shared: int
    here: list[Span]
    there: list[Span]

    compare: ClassVar[str]
    html: ClassVar[SafeString]
    same: ClassVar[bool]
    difference: ClassVar[Difference | None]


class FirstAppearance(Schema, frozen=True, kw_only=True):
    """A piece of the text, and its first occurrence; ``url`` is null where that is here."""

    start: int
    end: int
    url: str | None
    date: Day | None
    communication_date: Day | None
    meeting_date: Day | None
    ocr_confidence: int | None

    words: ClassVar[str]
    symbol: ClassVar[str]
    dates: ClassVar[Dates]
    place: ClassVar[str]


class ClauseOfResolution(FoundParagraph, frozen=True, kw_only=True):
    """The same clause in a resolution of the family; ``changes`` from the one before, null in the first."""

    text: str
    changes: list[Change] | None

    here: ClassVar[bool]
    struck: ClassVar[list[str]]
    html: ClassVar[SafeString]


class Parallels(Schema, frozen=True, kw_only=True):
    """The paragraphs that share a run of at least ``least`` characters with one."""

    url: str
    ocr_confidence: int | None
    text: str
    indexed: bool
    least: int
    total: int
    parallels: list[Parallel]
    first_appearances: list[FirstAppearance]
    through_resolutions: list[ClauseOfResolution]
    page: ListPage
    corpus: ComparedCorpus


PER_PAGE = 20
# A character diff is shown where the passages are mostly the same, and short enough to be read.
MOSTLY = 0.5
LONGEST_DIFF = 2_000


@answers(Parallels)
@search_page(archive_state)
def page(request: HttpRequest, symbol: str, anchor: str, twin: bool = False) -> HttpResponse:
    """Shows the paragraphs that share a run of words with one; what is not there is explained elsewhere."""
    held = find_document(symbol)
    focus = find_paragraph(held, anchor) if held and held.symbol == symbol else None
    if held is None or focus is None:
        return HttpResponseRedirect(paragraph_path(symbol, anchor) + (".json" if twin else ""))
    index = live_index()
    found = parallels(index, focus.pk, _names(focus))
    if found is not None and found.text != focus.text:
        found = None  # the index has not followed the last import yet
    listing = paginate(request, found or (), PER_PAGE)
    family = _family()
    told = Parallels(
        url=paragraph_path(held.symbol, focus.anchor),
        ocr_confidence=focus.ocr_confidence,
        text=focus.text,
        indexed=found is not None,
        least=LEAST,
        total=len(found) if found is not None else 0,
        parallels=[_line(held, focus, parallel) for parallel in listing.items],
        first_appearances=[_piece(focus, piece) for piece in lineage(found)] if found else [],
        through_resolutions=[_step(step, found.row) for step in clause_through(found, family.keys())]
        if found
        else [],
        page=listing,
        corpus=ComparedCorpus(paragraphs=index.size, **index.coverage.facts()),
    )
    if twin:
        return json_response(told)
    context = {
        "document": held,
        "anchor": focus.anchor,
        "address": told.url,
        "name": Reader(held, [focus], ancestors([focus])).name_of(focus),
        "text": focus.text,
        "ocr_confidence": focus.ocr_confidence,
        "found": found,
        "lines": told.parallels,
        # Where no wording stands elsewhere first there is nothing to tell.
        "pieces": told.first_appearances if any(one.url for one in told.first_appearances) else [],
        "steps": told.through_resolutions,
        "missing": [symbol for symbol, is_held in family.items() if not is_held]
        if held.symbol in family
        else [],
        "listing": listing,
        "least": LEAST,
        "corpus": index.size,
        "coverage": index.coverage,
        # Where nothing is found: the paragraph to set beside another.
        "compare": compare_path(told.url[1:], ""),
    }
    return render(request, "search/parallels.html", context)


def _family() -> dict[str, bool]:
    """Returns the resolutions of the family in order, with True for those stored."""
    rows = Resolution.objects.filter(family=True).order_by("number")
    symbols = list(rows.values_list("symbol", flat=True))
    held = set(Document.objects.filter(symbol__in=symbols).values_list("symbol", flat=True))
    return {symbol: symbol in held for symbol in symbols}


def compare_path(here: str, there: str) -> str:
    """Returns the address of two passages side by side; each is an address of ours."""
    return f"{reverse('compare')}?{urlencode({'a': here, 'b': there}, safe='/()')}"


def _names(focus: Paragraph) -> list[Span]:
    """Returns the spans of resolutions, bodies and treaties, which all documents write alike."""
    named: list[Mention | BodyMention | TreatyMention] = [
        *focus.mentions_in_order,
        *focus.body_mentions_in_order,
        *focus.treaty_mentions_in_order,
    ]
    return [(mention.start, mention.end) for mention in named]


def _line(held: Document, focus: Paragraph, parallel: passages.Parallel) -> Parallel:
    stored, text = parallel.stored, focus.text
    theirs = stored["text"]
    here = paragraph_path(held.symbol, focus.anchor)
    there = path_of(stored)
    alike = parallel.shared / max(len(text), len(theirs))
    return Parallel.of(
        stored, shared=parallel.shared, here=list(parallel.here), there=list(parallel.there)
    ).carrying(
        compare=compare_path(here[1:], there[1:]),
        html=Excerpt(theirs, 0, len(theirs), parallel.there).html,
        same=theirs == text,
        difference=compare(text, theirs, figures=True)
        if theirs != text and alike >= MOSTLY and max(len(text), len(theirs)) <= LONGEST_DIFF
        else None,
    )


def _piece(focus: Paragraph, piece: Piece) -> FirstAppearance:
    here = {**dict.fromkeys(PRINTED), "ocr_confidence": focus.ocr_confidence}
    stored, url = piece.stored, None
    if stored:
        url = path_of(stored)
    told = FirstAppearance.from_row(stored or here, start=piece.start, end=piece.end, url=url)
    return told.carrying(
        words=focus.text[piece.start : piece.end],
        symbol=stored["symbol"] if stored else "",
        dates=dates_of(stored) if stored else NONE,
        place=place_of(stored) if stored else "",
    )


def _step(step: Step, focus: int) -> ClauseOfResolution:
    stored, difference = step.stored, step.difference
    changes = difference.changes if difference else None
    return ClauseOfResolution.of(stored, changes=changes).carrying(
        here=step.row == focus,
        struck=[change.struck for change in difference.changes if change.struck] if difference else [],
        html=difference.now if difference else Excerpt(stored["text"], 0, len(stored["text"]), ()).html,
    )
