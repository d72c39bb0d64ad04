"""``/…/p/14/similar``: paragraphs similar to one. ``/similar``: to a text that is pasted, and not kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from math import log
from typing import Any, ClassVar

import numpy as np
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from rapidfuzz.distance import Indel

from archive.models import Paragraph
from archive.site.views.respond import json_response
from archive.store.addresses.paths import paragraph_path
from archive.store.links.permalinks import find_paragraph
from archive.store.reading.queries import find_document
from archive.store.values import Day, Schema, Span, answers
from archive.text.folding import folded_length
from search.engine.index.coverage import ComparedCorpus
from search.engine.live.index import OpenIndex, live_index
from search.pages.http.addresses import search_address
from search.pages.http.posted import FORMS, PostedText, PostedTextEndpoint, RefusedError, text_in_json
from search.pages.http.serving import answering_with_archive
from search.pages.labels import Dates, dates_of, place_of, who_of
from search.pages.results.highlight import Snippet, find_marks, snippet
from search.query.expansion.forms import Marks
from search.query.language.conditions import TEXT
from search.query.language.vocabulary import inverse_frequency
from search.query.text.analyzer import Token, analyze
from search.query.text.folding import fold_literally
from search.query.text.marked_words import is_character, only_asks


class SharedWord(Schema, frozen=True, kw_only=True):
    """A compared word, and its document frequency."""

    word: str
    paragraphs: int

    term: ClassVar[str]
    weight: ClassVar[float]  # how often it stands in the text


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
MOST_TERMS = 25
MOST_SHOWN = 20
LOOKED_AT = 200  # paragraphs, best first, among which repeats are told from others
LEAST_SHARED = 2  # words; of a text of one telling word, that one
TELLING = 0.5  # the least rarity of a telling word: about three paragraphs in five hold one that is less rare
REPEATED = 0.8  # so much of two texts is the same where one repeats the other
FRAME = frozenset({Paragraph.Kind.HEADING, Paragraph.Kind.SIGNATURE, Paragraph.Kind.CLOSING})


@answers(SimilarToParagraph)
@require_safe
@cache_control(no_cache=True)
@answering_with_archive
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


def _context(told: Similar, index: OpenIndex) -> dict[str, Any]:
    return {
        "words": [(one, search_address(f"“{one.word}”")) for one in told.words],
        "lines": told.results,
        "most": MOST_SHOWN,
        "corpus": len(index.literal),
        "coverage": index.coverage,
    }


# By telling words in common, by tf·idf and BM25, as in "more like this" of Lucene. Of the words of the text
# the few are taken that say most: often here, seldom in the archive. Paragraphs are ranked by the BM25 of
# these; equal texts are listed once, near-duplicates of a given paragraph left out. The cost is bounded
# whatever the text: so many words, so many paragraphs looked at. Only words in common make paragraphs similar
# here, not what they mean.


def similar_to_paragraph(index: OpenIndex, paragraph: int) -> Similar | None:
    """Returns paragraphs similar to the one with this key, without those that repeat it; None where the index
    does not have it.
    """
    rows = np.flatnonzero(index.literal.ids == paragraph)
    if not len(rows):
        return None
    row = int(rows[0])
    stored = index.columns.stored(row)
    return _similar(index, stored["text"], row).carrying(place=place_of(stored))


def similar_to_text(index: OpenIndex, text: str) -> Similar:
    """Returns paragraphs similar to ``text``; those that repeat it are marked, not left out."""
    return _similar(index, text, None)


def _corpus(index: OpenIndex) -> ComparedCorpus:
    return ComparedCorpus(paragraphs=len(index.literal), **index.coverage.facts())


def telling_words(index: OpenIndex, text: str, least: int) -> list[SharedWord]:
    """Returns the words of ``text`` that say most, heaviest first: at most ``MOST_TERMS``, each held by
    ``least`` paragraphs or more.
    """
    tokens = [token for token in analyze(text) if _says_something(token)]
    often = Counter(token.term for token in tokens)
    written = {token.term: text[token.start : token.end] for token in reversed(tokens)}
    size = len(index.literal)
    words = []
    for term, times in often.items():
        held = index.reader.frequency(TEXT, term)
        rarity = inverse_frequency(size, held)
        if held >= least and (rarity >= TELLING or size < 10):
            word = SharedWord(word=written[term], paragraphs=held)
            weight = 1 + log(times)
            words.append((rarity * weight, word.carrying(term=term, weight=weight)))
    words.sort(key=lambda pair: (-pair[0], pair[1].term))
    return [word for _weight, word in words[:MOST_TERMS]]


def _says_something(token: Token) -> bool:
    return token.kind in ("word", "symbol") and not is_character(token) and not only_asks(token)


def _similar(index: OpenIndex, text: str, own: int | None) -> Similar:
    words = telling_words(index, text, 1 if own is None else 2)  # a word that stands here alone is not shared
    left_out, listed = 0, list[tuple[int, str, bool]]()
    folded = fold_literally(text)
    same: dict[str, list[dict]] = {}
    for row in _ranked(index, words, own):
        theirs = index.literal.text(row)
        if theirs in same:
            same[theirs].append(index.columns.stored(row))
            continue
        repeats = Indel.normalized_similarity(folded, theirs, score_cutoff=REPEATED) > 0
        if repeats and own is not None:
            left_out += 1
        elif len(listed) < MOST_SHOWN:
            same[theirs] = []
            listed.append((row, theirs, repeats))
    return Similar(
        words=words,
        results=[_shown(index, row, words, repeats, same[theirs]) for row, theirs, repeats in listed],
        corpus=_corpus(index),
    ).carrying(left_out=left_out)


def _ranked(index: OpenIndex, words: Sequence[SharedWord], own: int | None) -> Iterator[int]:
    """Generates the rows that share enough of ``words``, best first, so many as are looked at."""
    total, holding = np.zeros(len(index.literal)), np.zeros(len(index.literal), np.int16)
    for word in words:
        rows, scores = index.reader.term(TEXT, word.term)
        total[rows] += scores * word.weight
        holding[rows] += 1
    enough = holding >= min(LEAST_SHARED, max(len(words), 1))
    kinds = index.columns["kind"]
    enough[kinds.rows(FRAME)] = False
    if own is not None:
        enough[own] = False
    rows = np.flatnonzero(enough)
    yield from rows[np.lexsort((rows, -total[rows]))][:LOOKED_AT].tolist()


def _shown(
    index: OpenIndex, row: int, words: Sequence[SharedWord], repeats: bool, also: Sequence[dict]
) -> SimilarParagraph:
    stored = index.columns.stored(row)
    held = {term for token in analyze(stored["text"]) for term in token.terms}
    shared = [word for word in words if word.term in held]
    marks = find_marks(stored["text"], Marks(frozenset(word.term for word in shared)), stored["mentions"])
    others = [paragraph_path(other["symbol"], other["anchor"]) for other in also]
    return SimilarParagraph.from_row(
        stored,
        url=paragraph_path(stored["symbol"], stored["anchor"]),
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
