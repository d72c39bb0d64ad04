"""The engine on a cluster: a whole question as searches that go over together, in two round trips at most,
and what is found made of their answers.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from search.engine.index.generations import IndexUnavailableError
from search.engine.protocol import LONGEST_LIST, NEWEST_FIRST, Numbers, Question, Slice
from search.engine.searcher.embedded import EmbeddedEngine
from search.engine.searcher.scoring import match_concept
from search.query.language.conditions import SINGLE, AnyNode, Concept, forms_of, with_concepts

from .connection import Access, ClusterRefusedError
from .mapping import DOCUMENT, POSITION, STORED
from .queries import NOTHING, Query, counting, holding_all, kept, scored

log = logging.getLogger(__name__)
MOST_VALUES = 60_000  # of a facet; below the 65,535 that a cluster gives in one answer
IN_ORDER = [{DOCUMENT: "asc"}, {POSITION: "asc"}]  # as the rows of an index lie

# Documents lie whole in one shard, so that numbers of different ones add up; no number but these is sent.
DOCUMENTS = {
    "scripted_metric": {
        "init_script": "state.held = new HashSet();",
        "map_script": f"state.held.add(doc['{DOCUMENT}'].value);",
        "combine_script": "return state.held.size();",
        "reduce_script": "int sum = 0; for (one in states) { if (one != null) { sum += one; } } return sum;",
    }
}
SUM = {"sum": {"script": {"source": "_score"}}}


class Asking:
    """The searches of one round trip: what ``add`` returns tells an answer once all have come back.
    ``left_out`` are documents of which nothing is found.
    """

    def __init__(self, left_out: Sequence[int] = ()) -> None:
        self.without = [{"terms": {DOCUMENT: [*left_out]}}] if left_out else []
        self.bodies: list[dict[str, Any]] = []
        self.answers: list[dict[str, Any]] = []

    def add(self, query: Query, filters: Sequence[Query] = (), **options: Any) -> Callable[[], Any]:
        """Adds a request for the score of ``query`` within ``filters``; returns its answer's getter."""
        place, whole = len(self.bodies), query
        if filters or self.without:
            whole = {"bool": {"must": [query], "filter": [*filters], "must_not": self.without}}
        self.bodies.append({"size": 0, "track_total_hits": True, "query": whole, **options})
        return lambda: self.answers[place]

    def count(self, query: Query, filters: Sequence[Query] = ()) -> Callable[[], int]:
        """Asks for the number of paragraphs."""
        found = self.add(query, filters)
        return lambda: int(found()["hits"]["total"]["value"])

    def sum(self, query: Query, filters: Sequence[Query] = ()) -> Callable[[], int]:
        """Asks for the sum of the scores, which are whole numbers."""
        found = self.add(query, filters, aggs={"sum": SUM})
        return lambda: round(found()["aggregations"]["sum"]["value"])

    def counts(self, node: AnyNode, question: Question) -> Callable[[], dict[str, Any]]:
        """Asks for counts and facets of ``node`` under the filters of ``question``; no hits, and nothing that
        is counted beside it.
        """
        query, filters = _unscored(node), [kept(one) for one in question.filters]
        facets = {name: _values(name) for name in question.facets}
        whole = self.add(query, filters, aggs={"documents": DOCUMENTS, **facets})
        complete = self.count(holding_all(question.concepts), [query, *filters]) if question.concepts else int
        occurrences = [self.sum(counting(phrase), [query, *filters]) for phrase in question.phrases]
        more = {}
        for one in question.filters:
            if one.field in SINGLE:
                others = [kept(other) for other in question.filters if other is not one]
                others.append({"bool": {"must_not": [kept(one)]}})
                more[one.field] = self.add(query, others, aggs={"values": _values(one.field)})

        def found() -> dict[str, Any]:
            counted = whole()["aggregations"]
            return {
                "paragraphs": int(whole()["hits"]["total"]["value"]),
                "documents": int(counted["documents"]["value"] or 0),
                "occurrences": sum(one() for one in occurrences),
                "all_terms_count": complete(),
                "facets": {name: _counted(counted[name])[: question.most] for name in question.facets},
                "facet_alternatives": {
                    name: _counted(one()["aggregations"]["values"]) for name, one in more.items()
                },
            }

        return found

    def ids(self, question: Question) -> Callable[[], list[int]]:
        """Asks for the ids of the list, in order, as far as it is wanted."""
        if not question.size:
            return list
        end = question.start + question.size
        query, filters = scored(question.node), [kept(one) for one in question.filters]
        if question.sort == "relevance":
            order: list[Any] = [{"_score": "desc"}]
            shown = {"size": max(end, LONGEST_LIST) if question.by_signals else end}
        else:
            newest = NEWEST_FIRST.get(question.sort)
            order = [*([{newest: "desc"}] if newest else []), {"symbol": "asc"}]
            query, shown = _unscored(question.node), {"from": question.start, "size": question.size}
        options = {**shown, "sort": [*order, *IN_ORDER], "_source": False, "track_total_hits": False}
        found = self.add(query, filters, **options)
        return lambda: [int(hit["_id"]) for hit in found()["hits"]["hits"]]


@dataclass(frozen=True, slots=True)
class ClusterEngine:
    """Answers from the index ``name`` of a cluster: the same state of the archive as a generation on this
    machine, which is ``here``: it tells what is offered, and puts candidates in order. ``left_out`` are
    documents of which nothing is found.
    """

    access: Access
    name: str
    here: EmbeddedEngine
    left_out: Sequence[int] = ()

    @property
    def ids(self) -> Numbers:
        """The paragraphs of the rows."""
        return self.here.reader.literal.ids

    def slice(self, question: Question) -> Slice:
        try:
            return self._slice(question, self._standing_alone(question))
        except ClusterRefusedError:
            log.warning("the cluster refused a question, which is answered here", exc_info=True)
            return self.here.slice(question)

    def _standing_alone(self, question: Question) -> Question:
        """Removes from ``question`` the forms that occur in no text: of a broad word's hundreds few do, and a
        cluster takes 1,024 clauses in all.
        """

        def standing(concept: Concept) -> Concept:
            texts = match_concept(concept, self.here.reader).standing
            typed, same, narrower, related = (
                tuple(form for form in forms if form.text in texts)
                for forms in (concept.typed, concept.same, concept.narrower, concept.related)
            )
            return replace(concept, typed=typed, same=same, narrower=narrower, related=related)

        return replace(
            question,
            node=with_concepts(question.node, standing),
            typed=question.typed and with_concepts(question.typed, standing),
            concepts=tuple(map(standing, question.concepts)),
            counted=tuple(with_concepts(node, standing) for node in question.counted),
        )

    def _slice(self, asked: Question, question: Question) -> Slice:
        asking = Asking(self.left_out)
        counts, listed = asking.counts(question.node, question), asking.ids(question)
        phrases = [asking.sum(counting(phrase)) for phrase in question.phrases]
        counted = [asking.count(_unscored(node)) for node in question.counted]
        typed = None if question.typed is None else asking.counts(question.typed, question.as_typed)
        asking.answers = self.access.search(self.name, asking.bodies)
        rows, extra = self._page(listed(), asked)
        ids = self.ids[rows]
        found = Slice(
            **counts(),
            folded=self.here.reader.literal,
            values=self.here.reader.columns,
            rows=rows,
            hits=self._stored(ids.tolist()),
            phrases=tuple(one() for one in phrases),
            extra=len(extra),
            is_extra=tuple(np.isin(ids, extra).tolist()),
            counted=tuple(one() for one in counted),
            standing=frozenset(form.text for one in question.concepts for form in forms_of(one)),
        )
        if typed is None:
            return found
        fewer = replace(found, hits=[])  # where nothing that was added found more it is the same list
        if question.filters or typed()["paragraphs"] != found.paragraphs:
            fewer = Slice(**typed(), folded=found.folded, values=found.values, rows=rows[:0])
        return replace(found, typed=fewer)

    def _page(self, ids: list[int], question: Question) -> tuple[Numbers, Numbers]:
        """Returns the rows of the page, and the paragraphs of the list that no word finds."""
        rows = self.here.reader.literal.rows_of(ids)
        if (rows < 0).any():
            raise IndexUnavailableError(f"{self.name}: the cluster has paragraphs that this index has not")
        rows, candidates = self.here.in_order(question, rows)
        if question.sort == "relevance":  # other orders were cut to the page where they were made
            rows = rows[question.start : question.start + (question.size or 0)]
        return rows, candidates.keys[candidates.is_extra] if candidates else rows[:0]

    def _stored(self, ids: list[int]) -> list[dict[str, Any]]:
        """Returns the stored fields of the paragraphs ``ids``. Raises IndexUnavailableError."""
        if not ids:
            return []
        query = {"ids": {"values": [str(one) for one in ids]}}
        body = {"size": len(ids), "query": query, "_source": [STORED], "track_total_hits": False}
        (answer,) = self.access.search(self.name, [body])
        stored = {int(hit["_id"]): json.loads(hit["_source"][STORED]) for hit in answer["hits"]["hits"]}
        if missing := [one for one in ids if one not in stored]:
            raise IndexUnavailableError(f"{self.name}: the cluster lacks paragraphs {missing[:5]}")
        return [stored[one] for one in ids]


def _unscored(node: AnyNode) -> Query:
    query = kept(node)
    return query if query == NOTHING else {"constant_score": {"filter": query}}


def _values(name: str) -> dict[str, Any]:
    return {"terms": {"field": name, "size": MOST_VALUES, "shard_size": MOST_VALUES}}


def _counted(aggregation: Mapping[str, Any]) -> list[tuple[str, int]]:
    return [(one["key"], one["doc_count"]) for one in aggregation["buckets"]]
