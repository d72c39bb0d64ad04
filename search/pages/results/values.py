"""Values of ``/search.json``: DESIGN.md section 7, with more keys."""

from __future__ import annotations

import msgspec

from archive.store.addresses.paths import concept_path
from archive.store.values import Counted, Schema
from search.engine.index.coverage import Corpus
from search.engine.protocol import FACETS, Slice
from search.pages.suggest.corrections import OtherWriting
from search.pages.suggest.views import AbsentPart
from search.query.language.messages import message_of
from search.query.language.unparse import unparse

from .additions import Expansion, NamedEntity, additions, named_concepts, things
from .answer import Answer, Hit, HitsOfDocument
from .presenter import Jump, jump_link, only_otherwise


class ConceptLink(Schema, frozen=True, kw_only=True):
    """A concept of the thesaurus."""

    slug: str
    name: str
    url: str


class SearchTotal(Schema, frozen=True, kw_only=True):
    """Totals of a search. ``occurrences`` is null for words, ``all_words`` counts the paragraphs with all of
    them, ``as_typed`` those without the terms that were added.
    """

    occurrences: int | None
    paragraphs: int
    documents: int
    all_words: int | None
    as_typed: int


class Facets(Schema, frozen=True, kw_only=True):
    """Values and how many paragraphs of the list have each."""

    year: list[Counted]
    cites: list[Counted]
    state: list[Counted]
    body: list[Counted]
    mentioned: list[Counted]
    document_type: list[Counted]
    language: list[Counted]


class AsTyped(Schema, frozen=True, kw_only=True):
    """Totals and facets without the terms that were added."""

    paragraphs: int
    documents: int
    facets: Facets


class QueryProblem(Schema, frozen=True, kw_only=True):
    """A part of the query that could not be understood; ``at``: its position, in code points of the query."""

    code: str
    at: int
    text: str
    message: str


class Search(Schema, frozen=True, kw_only=True):
    """The results of a search, and its interpretation. ``groups`` where results are grouped by document;
    ``variants``, ``corrections``, ``nearby``: other words with their occurrences. ``near``: the number of
    results found by semantic search alone; where words find nothing, these are the list.
    """

    query: str
    understood: str
    mode: str
    tokens: list[str]
    asking: list[str]
    expansions: list[Expansion]
    concepts: list[ConceptLink]
    added: dict[str, list[str]]
    without: list[str]
    total: SearchTotal
    as_typed: AsTyped | None
    literal: int | None
    near: int
    results: list[Hit]
    groups: list[HitsOfDocument] | None
    facets: Facets
    filters: dict[str, list[str]]
    sort: str
    page: int
    pages: int
    next: str | None
    jump: Jump | None
    entities: list[NamedEntity]
    variants: list[Counted]
    otherwise: list[OtherWriting]
    written: str | None
    corrections: list[tuple[str, str, int]]
    absent: list[AbsentPart]
    nearby: list[Counted]
    corpus: Corpus
    errors: list[QueryProblem]


# What the whole has no use for.
PAGED = frozenset(("results", "near", "groups", "page", "pages", "next"))
WholeSearch = msgspec.defstruct(
    "WholeSearch",
    [
        *((row.name, row.type) for row in msgspec.structs.fields(Search) if row.name not in PAGED),
        ("results", list[Hit]),
    ],
    bases=(Schema,),
    namespace={"__doc__": "All results of a search, the same but for what belongs to pages."},
    module=__name__,
    kw_only=True,
)


def search_value(answer: Answer, following: str | None = None) -> Search:
    """Returns the machine twin of the results page. ``following`` is the address of the next page."""
    found = answer.found
    return Search(
        query=answer.query.text,
        understood=unparse(answer.query.root),
        mode=answer.mode,
        tokens=answer.plan.tokens,
        asking=answer.plan.asking,
        expansions=additions(answer),
        concepts=[
            ConceptLink(slug=one.slug, name=one.name, url=concept_path(one.slug))
            for one in named_concepts(answer)
        ],
        added={text: [one.term for one in found] for text, found in answer.added.items()},
        without=list(answer.asked.without),
        total=SearchTotal(
            occurrences=_occurrences(answer),
            paragraphs=found.paragraphs if found else 0,
            documents=found.documents if found else 0,
            all_words=found.all_terms_count if found and answer.plan.concepts else None,
            as_typed=answer.typed.paragraphs if answer.typed else found.paragraphs if found else 0,
        ),
        as_typed=_as_typed(answer.typed),
        literal=answer.literal_count,
        near=found.extra if found else 0,
        results=answer.hits,
        groups=answer.groups,
        facets=_facets(found),
        filters={name: list(values) for name, values in answer.asked.filters.items()},
        sort=answer.asked.sort,
        page=answer.asked.page,
        pages=answer.pages,
        next=following,
        jump=jump_link(answer),
        entities=things(answer),
        variants=[(variant.text, variant.count) for variant in answer.variants],
        otherwise=only_otherwise(answer),
        written=answer.written or None,
        corrections=[(c.piece, c.meant, c.count) for c in answer.corrections],
        absent=list(answer.absent),
        nearby=list(answer.nearby),
        corpus=answer.corpus,
        errors=[
            QueryProblem(
                code=str(problem.code), at=problem.at, text=problem.text, message=message_of(problem)
            )
            for problem in answer.plan.problems
        ],
    )


def _as_typed(typed: Slice | None) -> AsTyped | None:
    """Builds totals and facets without the added terms; None where there are none."""
    if typed is None:
        return None
    return AsTyped(paragraphs=typed.paragraphs, documents=typed.documents, facets=_facets(typed))


def _facets(found: Slice | None) -> Facets:
    return Facets(**{name: found.facets[name] if found else [] for name in FACETS})


def _occurrences(answer: Answer) -> int | None:
    """Returns the occurrences of a quoted query; None for words, whose occurrences nobody counts."""
    return answer.found.occurrences if answer.found and answer.mode in ("literal", "mixed") else None
