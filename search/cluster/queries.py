"""Conditions as queries of OpenSearch: the same paragraphs, scored so that the likely ones come first.

The order of a list is made of signals (``engine.signals``); a score here only chooses the candidates.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from search.engine.bm25 import FACTOR
from search.query.conditions import (
    CONTEXT,
    TEXT,
    AllOf,
    AnyNode,
    AnyOf,
    Concept,
    Contains,
    Everything,
    Filter,
    Form,
    NearBy,
    Pattern,
    Ranked,
    Term,
    Without,
)

from . import literal
from .literal import NOTHING, Query

ALL: Query = {"match_all": {}}


def scored(node: AnyNode) -> Query:
    """The paragraphs of ``node``, with scores."""
    match node:
        case Term(name, value) if name in (TEXT, CONTEXT):
            return {"term": {name: {"value": value, "boost": FACTOR}}} if value else NOTHING
        case Term(name, value):
            return _constant({"term": {name: value}}, 0)
        case Filter(name, values):
            return _constant({"terms": {name: sorted(values)}}, 0)
        case Everything():
            return _constant(ALL, 0)
        case Contains() | Pattern() | NearBy():
            return literal.scored(node)
        case AnyOf(nodes):
            return _any(map(scored, nodes))
        case AllOf(nodes):
            return {"bool": {"must": [*map(scored, nodes)]}} if nodes else NOTHING
        case Without(inner, excluded):
            return {"bool": {"must": [scored(inner)], "must_not": [scored(excluded)]}}
        case Concept():
            return _best([*_forms(node.typed), *_forms(node.same)])
        case Ranked(concepts):
            return _ranked(concepts)


def _ranked(concepts: Sequence[Concept]) -> Query:
    found = _any(_best([*_forms(one.typed), *_forms(one.same), *_forms(one.narrower)]) for one in concepts)
    if found == NOTHING:
        return NOTHING
    raising = [
        _best(
            [
                *(
                    query
                    for forms in (one.typed, one.same, one.narrower, one.beside)
                    for query in _forms(forms)
                ),
                *(_constant(scored(form.node), form.weight) for form in one.context),
            ]
        )
        for one in concepts
    ]
    return {"bool": {"filter": [found], "should": raising}}


def _forms(forms: Iterable[Form]) -> Iterable[Query]:
    """Words by BM25, what else is found as a word that is somewhat rare."""
    for form in forms:
        query = scored(form.node)
        if isinstance(form.node, Term) and form.node.field == TEXT:
            yield {"bool": {"must": [query], "boost": form.weight}} if query != NOTHING else NOTHING
        else:
            yield _constant(query, FACTOR * form.weight)


def holding_all(concepts: Iterable[Concept]) -> Query:
    """The paragraphs in which every one of ``concepts`` stands, or in the headings above."""
    held = [_any([scored(one), *(scored(form.node) for form in one.context)]) for one in concepts]
    return {"bool": {"filter": held}}


def _constant(query: Query, score: float) -> Query:
    return query if query == NOTHING else {"constant_score": {"filter": query, "boost": score}}


def _best(queries: Iterable[Query]) -> Query:
    held = [query for query in queries if query != NOTHING]
    return held[0] if len(held) == 1 else {"dis_max": {"queries": held}} if held else NOTHING


def _any(queries: Iterable[Query]) -> Query:
    held = [query for query in queries if query != NOTHING]
    if len(held) < 2:
        return held[0] if held else NOTHING
    return {"bool": {"should": held, "minimum_should_match": 1}}
