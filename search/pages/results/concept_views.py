"""``/concepts/<slug>``: a concept of the thesaurus, its terms, its neighbours, and who uses it.

Which paragraphs use a concept is certain, not ranked: those in which one of its Chinese terms stands
literally. The link to them is a search of the quoted terms, so that what it finds is what was counted here.
"""

from __future__ import annotations

import logging
from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from archive.models import ThesaurusConcept
from archive.site.cache.freshness import archive_state
from archive.site.presenters.concepts import ConceptLine, branch_name, neighbours, terms_by_kind
from archive.site.views.concepts import skos_response
from archive.site.views.fallback import not_found
from archive.site.views.respond import ending, json_response, led_on, moved
from archive.store.addresses.paths import concept_path
from archive.store.values import Counted, Schema, answers
from search.engine.index.coverage import Corpus
from search.engine.index.generations import IndexUnavailableError
from search.engine.live.index import live_index
from search.engine.protocol import Index, Question
from search.pages.http.addresses import search_address
from search.pages.http.serving import search_page
from search.query.language.ast import Or, Phrase
from search.query.language.conditions import AnyOf, Contains
from search.query.language.request import Asked
from search.query.language.unparse import unparse
from search.query.text.segmenter import HAN_WORD

from .answer import Hit, hits_of
from .execution import understand
from .values import ConceptLink


class ConceptNeighbours(Schema, frozen=True, kw_only=True):
    """The concepts around one."""

    broader: list[ConceptLink]
    narrower: list[ConceptLink]
    related: list[ConceptLink]


class ConceptUsage(Schema, frozen=True, kw_only=True):
    """The paragraphs that use a concept: all counted, by term, and the first of them."""

    query: str
    url: str
    paragraphs: int
    documents: int
    terms: list[Counted]
    results: list[Hit]

    index: ClassVar[Index]


class Concept(ConceptLine, frozen=True, kw_only=True):
    """A concept; ``used`` and ``corpus`` are null where the index is out of order."""

    branch_name: str
    neighbours: ConceptNeighbours
    used: ConceptUsage | None
    corpus: Corpus | None


log = logging.getLogger(__name__)
HITS_SHOWN = 10
# Kinds whose terms stand in texts as written; what is said colloquially does not, and a short Latin
# abbreviation stands by chance in longer words.
COUNTED = ("variants", "abbreviations", "taiwan", "hongkong", "singapore")


@answers(Concept)
@search_page(archive_state)
def page(request: HttpRequest, slug: str, twin: bool | str = False) -> HttpResponse:
    """Shows a concept in use; of a retired one, where its address leads now, or that it was retired (410)."""
    concept = ThesaurusConcept.objects.filter(slug=slug).first()
    if concept is None:
        return _as_typed(request, slug, twin) or not_found(request, Http404(_("没有这个概念。")))
    if concept.retired:
        return _retired(request, concept, twin)
    if twin == "jsonld":
        return skos_response(request, [concept], slug)
    around = neighbours(concept, list(ThesaurusConcept.objects.around(concept)))
    used = _usage_where_known(concept)
    if twin:
        return json_response(_as_json(concept, around, used))
    return render(request, "search/concept.html", _context(concept, around, used))


def counted_terms(concept: ThesaurusConcept) -> list[str]:
    """Returns the terms to look up in texts: in Chinese, of two characters or more, each once."""
    words = [concept.name, *(word for kind in COUNTED for word in getattr(concept, kind))]
    return [word for word in dict.fromkeys(words) if len(word) > 1 and HAN_WORD.search(word)]


def usage_query(concept: ThesaurusConcept) -> str:
    """Returns the search that finds the paragraphs which use a concept: its terms, quoted, any of them."""
    phrases = tuple(map(Phrase, counted_terms(concept)))
    return unparse(phrases[0] if len(phrases) == 1 else Or(phrases)) if phrases else ""


def usage(concept: ThesaurusConcept, index: Index) -> ConceptUsage:
    """Returns the paragraphs of ``index`` that use a concept, the first of them as hits."""
    asked = Asked(usage_query(concept), variants=False)
    understood = understand(asked, index)
    terms = counted_terms(concept)
    node, conditions = understood.plan.node or AnyOf(()), tuple(map(Contains, terms))
    found = index.slice(Question(node, size=HITS_SHOWN, facets=(), counted=conditions))
    return ConceptUsage(
        query=asked.q,
        url=search_address(asked.q),
        paragraphs=found.paragraphs,
        documents=found.documents,
        terms=list(zip(terms, found.counted, strict=True)),
        results=hits_of(found.hits, understood.plan),
    ).carrying(index=index)


def _usage_where_known(concept: ThesaurusConcept) -> ConceptUsage | None:
    """Returns the usage of a concept; None without an index: the thesaurus entry is shown all the same."""
    try:
        return usage(concept, live_index())
    except IndexUnavailableError:
        log.exception("the search index cannot be read")
        return None


def _as_typed(request: HttpRequest, typed: str, twin: bool | str) -> HttpResponse | None:
    """Redirects a slug in capitals (301), or the preferred term of a concept, which may change (302)."""
    every = ThesaurusConcept.objects.order_by("slug").values_list("slug", flat=True)
    if slugs := list(every.filter(slug=typed.lower())):
        return moved(request, concept_path(slugs[0]) + ending(twin))
    slugs = list(every.filter(name=typed, retired=False)[:2])
    return led_on(request, concept_path(slugs[0]) + ending(twin)) if len(slugs) == 1 else None


def _retired(request: HttpRequest, concept: ThesaurusConcept, twin: bool | str) -> HttpResponse:
    if concept.successor:
        return moved(request, concept_path(concept.successor) + ending(twin))
    message = _("概念“%(name)s”已经停用，没有由别的概念代替。") % {"name": concept.name}
    if twin:
        return json_response({"error": message}, 410)
    context = {
        "concept": concept,
        "message": message,
        "search": search_address(concept.name),
        "no_twins": True,
    }
    return render(request, "search/concept_retired.html", context, status=410)


def _context(concept: ThesaurusConcept, around: dict[str, list], used: ConceptUsage | None) -> dict[str, Any]:
    counts = dict(used.terms) if used else {}
    return {
        "concept": concept,
        "branch": branch_name(concept.branch),
        "kinds": [
            (terms, [(word, counts.get(word), search_address(f"“{word}”")) for word in terms.words])
            for terms in terms_by_kind(concept)
        ],
        "name_count": counts.get(concept.name),
        "name_search": search_address(f"“{concept.name}”"),
        "relations": _relations(around),
        "used": used,
        "results": used.url if used else "",
        "words": search_address(concept.name),
        "lines": f"{reverse('concordance')}?q={concept.name}",
        "coverage": used.index.coverage if used else None,
    }


def _relations(around: dict[str, list]) -> list[tuple[str, list[ThesaurusConcept]]]:
    labels = {"broader": _("上位概念"), "narrower": _("下位概念"), "related": _("相关概念")}
    return [(labels[name], found) for name, found in around.items() if found]


def _as_json(concept: ThesaurusConcept, around: dict[str, list], used: ConceptUsage | None) -> Concept:
    return Concept.of(
        concept,
        branch_name=branch_name(concept.branch),
        neighbours=ConceptNeighbours(
            **{
                name: [ConceptLink(slug=one.slug, name=one.name, url=concept_path(one.slug)) for one in found]
                for name, found in around.items()
            }
        ),
        used=used,
        corpus=used.index.corpus if used else None,
    )
