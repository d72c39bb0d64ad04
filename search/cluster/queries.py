"""Conditions as queries of OpenSearch. The same paragraphs, and, where they are scored, the same scores, but
for what is added where all concepts are held: thousands would leave a single float no room for the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from search.engine.bm25 import FACTOR, K1, B
from search.query.conditions import (
    CONTEXT,
    TEXT,
    Added,
    AllOf,
    AnyNode,
    AnyOf,
    Best,
    Concept,
    Constant,
    Contains,
    Everything,
    Filter,
    First,
    NearBy,
    Once,
    Pattern,
    Ranked,
    Term,
    Weighted,
    Without,
)

from . import literal
from .literal import NOTHING, Query
from .mapping import LENGTH

ONCE = (
    "params.weight * (1 - 1 / (1 + 1 / (params.k1 * (1 - params.b + params.b *"
    f" doc['{LENGTH}'].value / params.average))))"
)
ALL: Query = {"match_all": {}}


@dataclass(frozen=True, slots=True)
class Queries:
    """Makes queries for one state of an index. ``average`` is the number of tokens in a paragraph that has
    any; ``first`` the ids of the paragraphs that each ``First`` keeps, as far as the cluster told them.
    """

    average: float
    first: Mapping[First, tuple[str, ...]] = field(default_factory=dict)

    def scored(self, node: AnyNode) -> Query:  # noqa: C901 - one line for each kind of condition
        """The paragraphs of ``node``, with scores."""
        match node:
            case Term(name, value, weight) if name in (TEXT, CONTEXT):
                return {"term": {name: {"value": value, "boost": FACTOR * weight}}} if value else NOTHING
            case Term(name, value):
                return _unscored({"term": {name: value}})
            case Filter(name, values):
                return _unscored({"terms": {name: sorted(values)}})
            case Everything():
                return _unscored(ALL)
            case Contains() | Pattern() | NearBy():
                return literal.scored(node)
            case Best(nodes):
                return _best(map(self.scored, nodes))
            case AnyOf(nodes):
                return _any(map(self._lowered, nodes))
            case AllOf(nodes):
                return {"bool": {"must": [*map(self.scored, nodes)]}} if nodes else NOTHING
            case Without(inner, excluded):
                return {"bool": {"must": [self.scored(inner)], "must_not": [self.scored(excluded)]}}
            case Weighted(inner, factor):
                return {"bool": {"must": [self.scored(inner)], "boost": factor}}
            case Constant(inner, score):
                return {"constant_score": {"filter": self.scored(inner), "boost": score}}
            case First(inner):
                ids = {"ids": {"values": [*self.first.get(node, ())]}}
                return {"bool": {"must": [self.scored(inner)], "filter": [ids]}}
            case Once(inner, rarity):
                params = {"weight": FACTOR * rarity, "k1": K1, "b": B, "average": self.average}
                script = {"source": ONCE, "params": params}
                return {"script_score": {"query": _unscored(self.scored(inner)), "script": script}}
            case Added(inner):
                return self.scored(inner)
            case Ranked():
                return self._lowered(node)

    def listed(self, node: AnyNode) -> tuple[Query, float]:
        """The same, and how much too high all scores are: a query adds nothing below 0, so that what takes
        away from some adds to all others.
        """
        match node:
            case Ranked(concepts, helping):
                return self._ranked(concepts, helping)
            case AllOf(nodes) if nodes:
                parts = [*map(self.listed, nodes)]
                return {"bool": {"must": [query for query, _ in parts]}}, sum(more for _, more in parts)
            case Without(inner, excluded):
                query, more = self.listed(inner)
                return {"bool": {"must": [query], "must_not": [self.scored(excluded)]}}, more
            case _:
                return self.scored(node), 0.0

    def _lowered(self, node: AnyNode) -> Query:
        """The same, where it stands among others: none of its scores is below 0."""
        query, more = self.listed(node)
        if not more:
            return query
        script = {"source": "Math.max(0, _score - params.more)", "params": {"more": more}}
        return {"script_score": {"query": query, "script": script}}

    def _ranked(self, concepts: tuple[Concept, ...], helping: tuple[AnyNode, ...]) -> tuple[Query, float]:
        raising = [
            _best(map(self.scored, (one.text, one.same, one.narrower, one.beside))) for one in concepts
        ]
        raising += [self.scored(one.context) for one in concepts]
        more = 0.0
        for node in helping:
            if isinstance(node, Constant) and node.score < 0:
                others = {"bool": {"must_not": [self.scored(node.node)]}}
                raising.append({"constant_score": {"filter": others, "boost": -node.score}})
                more -= node.score
            else:
                raising.append(self.scored(node))
        raising = [one for one in raising if one != NOTHING]
        found = self._found(concepts)
        if found == NOTHING:
            return NOTHING, 0.0
        return {"bool": {"filter": [found], "should": raising}}, more

    def _found(self, concepts: Iterable[Concept]) -> Query:
        return _any(self.scored(way) for one in concepts for way in (one.text, one.same, one.narrower))

    def complete(self, node: AnyNode) -> Query | None:
        """The paragraphs of ``node`` that hold all concepts of what it ranks; None where it ranks nothing."""
        match node:
            case Ranked(concepts):
                held = [
                    _any(self.scored(way) for way in (one.text, one.same, one.context)) for one in concepts
                ]
                return {"bool": {"filter": [self._found(concepts), *held]}}
            case AnyOf(nodes) | Best(nodes):
                ranking = [one for one in map(self.complete, nodes) if one is not None]
                return _any(ranking) if ranking else None
            case AllOf(nodes):
                ranking = [one for one in map(self.complete, nodes) if one is not None]
                return {"bool": {"filter": [self.scored(node), _any(ranking)]}} if ranking else None
            case Without(inner, excluded):
                below = self.complete(inner)
                without = {"bool": {"filter": [below], "must_not": [self.scored(excluded)]}}
                return without if below is not None else None
            case Weighted(inner) | First(inner) | Added(inner):
                below = self.complete(inner)
                return {"bool": {"filter": [self.scored(node), below]}} if below is not None else None
            case _:
                return None


def firsts(nodes: Iterable[Any]) -> list[First]:
    """All ``First`` in trees, those inside others before them."""
    found: dict[First, None] = {}
    for node in nodes:
        match node:
            case Best(inner) | AnyOf(inner) | AllOf(inner):
                found |= dict.fromkeys(firsts(inner))
            case Without(inner, excluded):
                found |= dict.fromkeys(firsts([inner, excluded]))
            case Ranked(concepts, helping):
                found |= dict.fromkeys(firsts([*concepts, *helping]))
            case Concept(text, context, same, narrower, beside):
                found |= dict.fromkeys(firsts([text, context, same, narrower, beside]))
            case Weighted(inner) | Constant(inner) | Once(inner) | Added(inner):
                found |= dict.fromkeys(firsts([inner]))
            case First(inner):
                found |= dict.fromkeys([*firsts([inner]), node])
    return [*found]


def _unscored(query: Query) -> Query:
    return {"constant_score": {"filter": query, "boost": 0}}


def _best(queries: Iterable[Query]) -> Query:
    held = [query for query in queries if query != NOTHING]
    return held[0] if len(held) == 1 else {"dis_max": {"queries": held}} if held else NOTHING


def _any(queries: Iterable[Query]) -> Query:
    held = [query for query in queries if query != NOTHING]
    if len(held) < 2:
        return held[0] if held else NOTHING
    return {"bool": {"should": held, "minimum_should_match": 1}}
