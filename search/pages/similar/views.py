"""``/…/p/14/similar``: the paragraphs that share the telling words of one."""

from __future__ import annotations

from typing import ClassVar

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from archive.site.cache.freshness import archive_state
from archive.site.views.respond import json_response
from archive.store.addresses.paths import paragraph_path
from archive.store.links.permalinks import find_paragraph
from archive.store.reading.queries import find_document
from archive.store.values import Schema, Span, answers
from search.engine.highlight import Snippet, find_marks, snippet
from search.engine.index.coverage import ComparedCorpus
from search.engine.live.index import live_index
from search.engine.slices.similar import MOST_SHOWN, Alike, SharedWord, find_similar
from search.pages.http.addresses import search_address
from search.pages.http.serving import search_page
from search.pages.labels import FoundParagraph, path_of, place_of
from search.query.expansion.forms import Marks
from search.query.text.analyzer import analyze


class SimilarParagraph(FoundParagraph, frozen=True, kw_only=True):
    """A similar paragraph, with the words in common and their places; ``also``: paragraphs of equal text."""

    kind: str
    text: str
    shared: list[str]
    highlights: list[Span]
    also: list[str]

    cut: ClassVar[Snippet]
    repeated: ClassVar[list[tuple[str, str, str]]]  # symbol, place and address of each that is ``also``


class SimilarToParagraph(Schema, frozen=True, kw_only=True):
    """The words of a paragraph that were compared, heaviest first, and the paragraphs that share most of
    them; ``indexed``: the index knows it.
    """

    url: str
    ocr_confidence: int | None
    text: str
    indexed: bool
    words: list[SharedWord]
    results: list[SimilarParagraph]
    corpus: ComparedCorpus
    repeats_left_out: int
    parallels: str


LONGEST_SNIPPET = 220


@answers(SimilarToParagraph)
@search_page(archive_state)
def of_paragraph(request: HttpRequest, symbol: str, anchor: str, twin: bool = False) -> HttpResponse:
    """Shows the paragraphs similar to one; redirects to the paragraph's own address where it is not found."""
    held = find_document(symbol)
    focus = find_paragraph(held, anchor) if held and held.symbol == symbol else None
    if held is None or focus is None:
        return HttpResponseRedirect(paragraph_path(symbol, anchor) + (".json" if twin else ""))
    index, address = live_index(), paragraph_path(held.symbol, focus.anchor)
    own = index.stored([focus.pk])  # nothing, where the index does not have it
    found = find_similar(index, own[0]["text"], focus.pk) if own else None
    told = SimilarToParagraph(
        url=address,
        ocr_confidence=focus.ocr_confidence,
        text=focus.text,
        indexed=found is not None,
        words=found.words if found else [],
        results=[_similar_paragraph(row, found) for row in found.rows] if found else [],
        corpus=ComparedCorpus(paragraphs=index.size, **index.coverage.facts()),
        repeats_left_out=found.left_out if found else 0,
        parallels=f"{address}/parallels.json",
    )
    if twin:
        return json_response(told)
    context = {
        "document": held,
        "told": told,
        "name": place_of(own[0]) if own else focus.anchor,
        "words": [(one, search_address(f"“{one.word}”")) for one in told.words],
        "most": MOST_SHOWN,
        "coverage": index.coverage,
    }
    return render(request, "search/similar.html", context)


def _similar_paragraph(row: int, found: Alike) -> SimilarParagraph:
    stored, also = found.found.stored(row), [found.found.stored(same) for same in found.same[row]]
    held = {term for token in analyze(stored["text"]) for term in token.terms}
    shared = [word for word in found.words if word.term in held]
    marks = find_marks(stored["text"], Marks(frozenset(word.term for word in shared)), stored["mentions"])
    others = [path_of(other) for other in also]
    return SimilarParagraph.of(
        stored,
        shared=[word.word for word in shared],
        highlights=marks,
        also=others,
    ).carrying(
        cut=snippet(stored["text"], marks, LONGEST_SNIPPET),
        repeated=[(other["symbol"], place_of(other), url) for other, url in zip(also, others, strict=True)],
    )
