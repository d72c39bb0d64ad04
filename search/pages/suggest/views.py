"""``/suggest?q=``: suggestions for the search box as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from django.http import HttpRequest, HttpResponse, JsonResponse

from archive.site.http.parameters import LONGEST_TYPED
from archive.site.views.respond import json_response
from archive.store.values import Counted, Schema, answers
from archive.text import aligned_folding
from archive.text.folding import fold_words
from search.engine.protocol import Index, Slice, every_text, holding
from search.pages.http.addresses import plain_text
from search.pages.http.serving import search_page
from search.query.entities.names import Kind
from search.query.expansion.forms import Named, is_single
from search.query.language.ast import Phrase, SearchQuery, Words, phrases_of, without_fields, words_of
from search.query.language.conditions import Contains
from search.query.planning.planner import Plan, Understood
from search.query.text.analyzer import analyze
from search.query.text.quantities import writings
from search.query.text.segmenter import HAN, segmenter

from .completion import Suggestion, suggestions
from .corrections import Correction, Corrector, stands_as_words, written_in_texts


class Suggestions(Schema, frozen=True, kw_only=True):
    """Completions of the text typed so far."""

    query: str
    suggestions: list[Suggestion]


SUGGESTIONS = "application/x-suggestions+json"


@answers(Suggestions)
@search_page(max_age=60)
def suggest(request: HttpRequest) -> HttpResponse:
    """Serves ``{"query": …, "suggestions": [{"text", "kind", "label", "url", "count", "why"}]}``."""
    typed = plain_text(request.GET.get("q", ""), LONGEST_TYPED)
    return json_response(Suggestions(query=typed, suggestions=suggestions(typed)))


@search_page(max_age=60)
def opensearch(request: HttpRequest) -> HttpResponse:
    """Shows the completions as browsers read them (OpenSearch Suggestions 1.1): the typed text, and three
    lists of one length: completions, their kinds, their addresses.
    """
    typed = plain_text(request.GET.get("q", ""), LONGEST_TYPED)
    found = suggestions(typed)
    lists = [
        [suggestion.text for suggestion in found],
        [suggestion.why or "" for suggestion in found],
        [request.build_absolute_uri(suggestion.url) for suggestion in found],
    ]
    written = {"ensure_ascii": False}
    return JsonResponse([typed, *lists], safe=False, json_dumps_params=written, content_type=SUGGESTIONS)


# What is offered beside an answer: the literal count, other ways to write it, what may have been meant.

LONGEST = 60  # characters of a piece that is looked through
MOST_JOINED = 8  # words
MOST_PIECES, MOST_NEARBY = 4, 6
FEW = 3  # paragraphs: with fewer, what was typed may not be what was meant
MOST_CORRECTED = 3  # pieces of a query
MOST_LOOKED_AT = 500  # paragraphs in which a phrase is looked at
OF_WORDS = frozenset({Kind.BODY, Kind.TREATY, Kind.ORGANISATION})  # what is named by words
TELLING = re.compile(f"[{HAN}]{{2}}|(?=\\d*[^\\W\\d])\\w{{3}}")  # a piece worth offering


class AbsentPart(Schema, frozen=True):
    """A part of the query that occurs nowhere, with those of its pieces that do."""

    text: str
    pieces: list[Counted]
    inside: int  # how often its characters stand in a text, as parts of other words
    also: list[str]  # the same number in other digits, which stands nowhere either
    instead: list[str]  # the words of which it consists, where they were asked instead


def literal_count(query: SearchQuery, index: Index) -> int | None:
    """Counts a query of one piece, which could have been quoted, as a literal string; else None."""
    one = isinstance(query.root, Words) and query.root.text == query.text
    return index.sums([query.text])[0] if one else None


def absent_parts(plan: Plan, held: Sequence[int], index: Index) -> tuple[AbsentPart, ...]:
    """Returns the words and phrases of a query that match no paragraph; ``held``: the number of matches of
    each part.
    """
    absent = [part for (part, _), count in zip(plan.parts, held, strict=True) if not count]
    return tuple(
        AbsentPart(
            part,
            [] if part in plan.divided else list(pieces_of(part, index)),
            index.sums([part])[0],
            [one for one in writings(part).other if "," not in one],
            [*plan.divided.get(part, ())],
        )
        for part in dict.fromkeys(absent)
    )


def pieces_of(text: str, index: Index) -> tuple[tuple[str, int], ...]:
    """Returns the longest pieces of ``text`` that occur as words, with their occurrences: neighbouring words
    together, parts of a word, and words inside it, also across its cut (业界 of 企业界). In simplified
    characters where they occur so.
    """
    if (archive := every_text(index)) is None:
        return ()
    text = text[:LONGEST]
    tokens = analyze(text)
    places = {
        (first.start, last.end) for n, first in enumerate(tokens) for last in tokens[n : n + MOST_JOINED]
    }
    for token in tokens:
        if token.kind == "word":
            borders = sorted(at + token.start for at in segmenter().inner.borders([token.term]))
            places |= {(start, end) for start in borders for end in borders if start + 1 < end <= token.end}
            places |= {
                (start, end)
                for start in range(token.start, token.end)
                for end in range(start + 2, token.end + 1)
                if segmenter().knows(fold_words(text[start:end]))
            }
    kept: list[tuple[int, int]] = []
    pieces: dict[str, None] = {}
    for start, end in sorted(places, key=lambda place: (place[0] - place[1], place[0])):
        string = text[start:end]
        inside = any(first <= start and end <= last for first, last in kept)
        if inside or string == text or not TELLING.search(string):
            continue
        forms = dict.fromkeys((string, aligned_folding.fold(string)))
        if standing := next((form for form in forms if stands_as_words(archive, form)), None):
            kept.append((start, end))
            pieces[standing] = None
        if len(kept) == MOST_PIECES:
            break
    return tuple(zip(pieces, index.sums([*pieces]), strict=True))


def nearby(
    absent: Iterable[AbsentPart], named: Iterable[tuple[Named, int]], index: Index
) -> tuple[tuple[str, int], ...]:
    """Returns the pieces of absent parts that do occur, with their occurrences; also of the names of entities
    that no paragraph names: 各国议会 of 各国议会联盟.
    """
    pieces = [piece for one in absent for piece in one.pieces]
    unnamed = [one.entity.label for one, count in named if not count and one.entity.kind in OF_WORDS]
    pieces += [piece for label in dict.fromkeys(unnamed) for piece in pieces_of(label, index)]
    return tuple(dict.fromkeys(pieces))[:MOST_NEARBY]


def written_otherwise(
    understood: Understood, index: Index, shown: Sequence[str] = (), paragraphs: int = -1
) -> str:
    """Returns the texts' own writing of the one phrase of a query, where none writes it as typed; else empty.
    The texts ``shown``, of as many as were found (``paragraphs``), are at hand, and suffice in most cases.
    """
    root = without_fields(understood.query.root)
    if not isinstance(root, Phrase):
        return ""
    condition = understood.plan.phrases.get(root.text)
    if not isinstance(condition, Contains) or any(root.text in text for text in shown):
        return ""
    alone = root is understood.query.root and not understood.filters
    all_shown = alone and len(shown) == paragraphs
    return written_in_texts(root.text, shown if all_shown else _texts(condition, index))


def _texts(condition: Contains, index: Index) -> Iterator[str]:
    """Generates the texts with a string; none where these are many."""
    if index.counts([condition])[0] <= MOST_LOOKED_AT:
        found = holding(index, condition)
        yield from (found.stored(row)["text"] for row in found.rows.tolist())


def little(found: Slice, understood: Understood) -> bool:
    """Returns True if few paragraphs match; for words, if few have all, or one is a lone character, which
    most have: a slip leaves such.
    """
    if understood.mode == "words" and any(map(is_single, understood.plan.tokens)):
        return True
    return (found.all_terms_count if understood.mode == "words" else found.paragraphs) < FEW


def corrected(understood: Understood, absent: Iterable[AbsentPart], index: Index) -> tuple[Correction, ...]:
    """Returns spelling corrections of the query's pieces, and of their parts that occur nowhere."""
    root = understood.query.root
    patterns = understood.plan.marks.patterns  # what their asterisks stand for is no slip
    corrector = Corrector(index, understood.names, understood.thesaurus)
    right = {*patterns, *(one.text for one in understood.plan.named)}
    pieces = [piece for piece in (*phrases_of(root), *words_of(root)) if piece not in right]
    if len(pieces) > 1 and understood.query.text.isascii():  # a term of several words
        pieces.insert(0, understood.query.text)
    pieces = pieces[:MOST_CORRECTED]
    found = [one for piece in pieces for one in corrector.corrections(piece)]
    rest = [
        one.text
        for one in absent
        if one.text not in patterns and not any(one.text in other.piece for other in found)
    ]
    found += [one for piece in rest[:MOST_CORRECTED] for one in corrector.corrections(piece)]
    return tuple(one for one in dict.fromkeys(found) if not any(_more(one, other) for other in found))


def _more(one: Correction, other: Correction) -> bool:
    """Returns True if ``other`` corrects a longer piece in the same way."""
    return one.piece != other.piece and one.piece in other.piece and one.meant in other.meant
