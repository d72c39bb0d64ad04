"""``/…/p/14/similar``: paragraphs similar to one. ``/similar``: to a text that is pasted, and not kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.site.cache.freshness import archive_state
from archive.site.views.respond import json_response
from archive.store.addresses.paths import paragraph_path
from archive.store.links.permalinks import find_paragraph
from archive.store.reading.queries import find_document
from archive.store.values import Day, Schema, Span, answers
from archive.text.folding import folded_length
from search.engine.highlight import Snippet, find_marks, snippet
from search.engine.index.coverage import ComparedCorpus
from search.engine.live.index import live_index
from search.engine.protocol import Index, Stored
from search.engine.slices.similar import MOST_SHOWN, MOST_TERMS, SharedWord, find_similar
from search.pages.http.addresses import search_address
from search.pages.http.posted import FORMS, PostedText, PostedTextEndpoint, RefusedError, text_in_json
from search.pages.http.serving import search_page
from search.pages.labels import Dates, dates_of, path_of, place_of, who_of
from search.query.expansion.forms import Marks
from search.query.text.analyzer import analyze


class SimilarParagraph(Schema, frozen=True, kw_only=True):
    """A similar paragraph, with the words in common and their places; ``also``: paragraphs of equal text."""

    url: str
    symbol: str
    anchor: str
    place: str
    title: str
    date: Day | None
    communication_date: Day | None
    meeting_date: Day | None
    who: str | None
    kind: str
    ocr_confidence: int | None
    text: str
    shared: list[str]
    highlights: list[Span]
    repeats: bool
    also: list[str]

    dates: ClassVar[Dates]
    cut: ClassVar[Snippet]
    repeated: ClassVar[list[tuple[str, str, str]]]  # symbol, place and address of each that is ``also``


class Similar(Schema, frozen=True, kw_only=True):
    """The words that were compared, heaviest first, and the paragraphs that share them."""

    words: list[SharedWord]
    results: list[SimilarParagraph]
    corpus: ComparedCorpus

    left_out: ClassVar[int]  # paragraphs that repeat the one that is compared
    place: ClassVar[str]  # of that one


class SimilarToParagraph(Schema, frozen=True, kw_only=True):
    """The paragraphs that share most words with one; ``indexed``: the index knows it."""

    url: str
    ocr_confidence: int | None
    text: str
    indexed: bool
    words: list[SharedWord]
    results: list[SimilarParagraph]
    corpus: ComparedCorpus
    repeats_left_out: int
    parallels: str


class SimilarLimits(Schema, frozen=True, kw_only=True):
    """The longest text, the most words compared, the most results."""

    characters: int
    words: int
    results: int


class SimilarExplained(Schema, frozen=True, kw_only=True):
    """The fields to post, by media type; nothing is stored."""

    post: dict[str, PostedText | str]
    limits: SimilarLimits
    stored: bool


LONGEST = 5_000  # characters of a text that is pasted
LONGEST_SNIPPET = 220


@answers(SimilarToParagraph)
@search_page(archive_state)
def of_paragraph(request: HttpRequest, symbol: str, anchor: str, twin: bool = False) -> HttpResponse:
    """Shows the paragraphs similar to one; redirects to the paragraph's own address where it is not found."""
    held = find_document(symbol)
    focus = find_paragraph(held, anchor) if held and held.symbol == symbol else None
    if held is None or focus is None:
        return HttpResponseRedirect(paragraph_path(symbol, anchor) + (".json" if twin else ""))
    index = live_index()
    found = similar_to_paragraph(index, focus.pk)
    told = found or Similar(words=[], results=[], corpus=_corpus(index))
    address = paragraph_path(held.symbol, focus.anchor)
    if twin:
        return json_response(
            SimilarToParagraph.from_row(
                told,
                url=address,
                ocr_confidence=focus.ocr_confidence,
                text=focus.text,
                indexed=found is not None,
                repeats_left_out=found.left_out if found else 0,
                parallels=f"{address}/parallels.json",
            )
        )
    context = {
        "document": held,
        "address": address,
        "name": found.place if found else focus.anchor,
        "text": focus.text,
        "ocr_confidence": focus.ocr_confidence,
        "found": found,
        **_context(told, index),
    }
    return render(request, "search/similar.html", context)


def too_large(characters: int = 0) -> RefusedError:
    """Says that a text is too long, and how long one may be."""
    words = _("文字太长，一次最多%(most)s字；没有比较。请取其中要紧的一段。")
    return RefusedError(words % {"most": f"{LONGEST:,}"}, 413)


ENDPOINT = PostedTextEndpoint(
    template="search/similar_text.html",
    context={"longest": f"{LONGEST:,}"},
    explanation=SimilarExplained(
        post={
            "application/json": PostedText(text="…"),
            "text/plain": "…",
            "multipart/form-data": PostedText(text="…"),
        },
        limits=SimilarLimits(characters=LONGEST, words=MOST_TERMS, results=MOST_SHOWN),
        stored=False,
    ),
    largest=100 * LONGEST,
    too_large=too_large,
    too_long=too_large,
    broken=gettext_lazy("本库出了故障，没有比较。文字没有留存。"),
    elsewhere=gettext_lazy("这份表单来自别的网站，没有比较。请在本页粘贴。"),
)


@answers(SimilarExplained, post=Similar)
@ENDPOINT.private
def of_text(request: HttpRequest, twin: bool = False) -> HttpResponse:
    """Shows the form, or the fields to send; and the paragraphs similar to a posted text."""
    text = _read(request)
    index = live_index()
    told = similar_to_text(index, text)
    if twin:
        return json_response(told)
    return render(
        request, ENDPOINT.template, {**ENDPOINT.context, "text": text, "found": told, **_context(told, index)}
    )


def _read(request: HttpRequest) -> str:
    """Returns the text of a form, of JSON (``{"text": …}``), or the body as plain text in UTF-8."""
    kind = request.content_type
    if kind == "application/json":
        text = text_in_json(request.body)
    elif kind == "text/plain":
        text = request.body.decode("utf-8", "replace")
    elif kind in FORMS:
        text = request.POST.get("text", "")
    else:
        raise RefusedError(_("文字请用JSON、纯文本或表单送来。"), 415)
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(text) > LONGEST or folded_length(text) > 2 * LONGEST:
        raise too_large()
    if not text:
        raise RefusedError(_("没有文字可以比较。请粘贴一段文字。"))
    return text


def _context(told: Similar, index: Index) -> dict[str, Any]:
    return {
        "words": [(one, search_address(f"“{one.word}”")) for one in told.words],
        "lines": told.results,
        "most": MOST_SHOWN,
        "corpus": index.size,
        "coverage": index.coverage,
    }


# By telling words in common, by tf·idf and BM25, as in "more like this" of Lucene. Of the words of the text
# the few are taken that say most: often here, seldom in the archive. Paragraphs are ranked by the BM25 of
# these; equal texts are listed once, near-duplicates of a given paragraph left out. The cost is bounded
# whatever the text: so many words, so many paragraphs looked at. Only words in common make paragraphs similar
# here, not what they mean.


def similar_to_paragraph(index: Index, paragraph: int) -> Similar | None:
    """Returns paragraphs similar to the one with this key, without those that repeat it; None where the index
    does not have it.
    """
    for stored in index.stored([paragraph]):
        return _similar(index, stored["text"], paragraph).carrying(place=place_of(stored))
    return None


def similar_to_text(index: Index, text: str) -> Similar:
    """Returns paragraphs similar to ``text``; those that repeat it are marked, not left out."""
    return _similar(index, text, None)


def _corpus(index: Index) -> ComparedCorpus:
    return ComparedCorpus(paragraphs=index.size, **index.coverage.facts())


def _similar(index: Index, text: str, own: int | None) -> Similar:
    found = find_similar(index, text, own)
    stored = found.found.stored
    return Similar(
        words=found.words,
        results=[
            _similar_paragraph(stored(row), found.words, repeats, list(map(stored, found.same[row])))
            for row, repeats in found.rows
        ],
        corpus=_corpus(index),
    ).carrying(left_out=found.left_out)


def _similar_paragraph(
    stored: Stored, words: Sequence[SharedWord], repeats: bool, also: Sequence[Stored]
) -> SimilarParagraph:
    held = {term for token in analyze(stored["text"]) for term in token.terms}
    shared = [word for word in words if word.term in held]
    marks = find_marks(stored["text"], Marks(frozenset(word.term for word in shared)), stored["mentions"])
    others = [path_of(other) for other in also]
    return SimilarParagraph.from_row(
        stored,
        url=path_of(stored),
        place=place_of(stored),
        who=who_of(stored) or None,
        shared=[word.word for word in shared],
        highlights=marks,
        repeats=repeats,
        also=others,
    ).carrying(
        dates=dates_of(stored),
        cut=snippet(stored["text"], marks, LONGEST_SNIPPET),
        repeated=[(other["symbol"], place_of(other), url) for other, url in zip(also, others, strict=True)],
    )
