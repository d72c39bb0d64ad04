"""The searches of one round trip, and what their answers say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from search.engine.index.rows import exact_fields, token_fields
from search.engine.protocol import NEWEST_FIRST, Question
from search.query.language.conditions import SINGLE, AnyNode

from .mapping import DOCUMENT, FOLDED, POSITION, Hit
from .queries import NOTHING, Query, counting, holding_all, kept, scored

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

    def held(self, nodes: Sequence[AnyNode]) -> Callable[[], list[int]]:
        """Asks in how many paragraphs each of ``nodes`` holds."""
        aggs = {"held": {"filters": {"filters": [*map(kept, nodes)]}}}
        found = self.add({"match_all": {}}, aggs=aggs)
        return lambda: [one["doc_count"] for one in found()["aggregations"]["held"]["buckets"]]

    def sum(self, query: Query, filters: Sequence[Query] = ()) -> Callable[[], int]:
        """Asks for the sum of the scores, which are whole numbers."""
        found = self.add(query, filters, aggs={"sum": SUM})
        return lambda: round(found()["aggregations"]["sum"]["value"])

    def counts(self, question: Question) -> Callable[[], dict[str, Any]]:
        """Asks for counts and facets of what ``question`` matches."""
        query, filters = unscored(question.node), [kept(one) for one in question.filters]
        facets = {name: values_of(name) for name in question.facets}
        whole = self.add(query, filters, aggs={"documents": DOCUMENTS, **facets})
        every = holding_all(question.concepts) if question.concepts else NOTHING
        complete = self.add(every, [query, *filters])
        occurrences = [self.sum(counting(phrase), [query, *filters]) for phrase in question.phrases]
        more = {}
        for one in question.filters:
            if one.field in SINGLE:
                others = [kept(other) for other in question.filters if other is not one]
                others.append({"bool": {"must_not": [kept(one)]}})
                more[one.field] = self.add(query, others, aggs={"values": values_of(one.field)})

        def found() -> dict[str, Any]:
            counted = whole()["aggregations"]
            return {
                "paragraphs": total_of(whole()),
                "documents": int(counted["documents"]["value"] or 0),
                "occurrences": sum(one() for one in occurrences),
                "all_terms_count": total_of(complete()),
                "facets": {name: counted_in(counted[name])[: question.most] for name in question.facets},
                "facet_alternatives": {
                    name: counted_in(one()["aggregations"]["values"]) for name, one in more.items()
                },
            }

        return found

    def listed(self, question: Question, size: int) -> Callable[[], list[Hit]]:
        """Asks for the first ``size`` of the list, or where its order is made here as well, for its page."""
        query, filters = scored(question.node), [kept(one) for one in question.filters]
        order: list[Any] = [{"_score": "desc"}]
        start = 0
        if question.sort != "relevance":
            newest = NEWEST_FIRST.get(question.sort)
            order = [{newest: "desc"}] if newest else []
            order += [{"symbol": "asc"}] if question.sort != "rows" else []
            query, start = unscored(question.node), question.start
        return self.hits(
            query, filters, size, [*order, *IN_ORDER], tokens=question.by_signals, **{"from": start}
        )

    def hits(
        self,
        query: Query,
        filters: Sequence[Query],
        size: int,
        order: Sequence[Any] = (),
        tokens: bool = True,
        **options: Any,
    ) -> Callable[[], list[Hit]]:
        """Asks for paragraphs in ``order``, after their rows if none is given; with ``tokens`` or without."""
        exact, asked = exact_fields(), token_fields() if tokens else []
        found = self.add(
            query,
            filters,
            **{
                "size": size,
                "sort": [*order] or IN_ORDER,
                "track_scores": True,
                "track_total_hits": False,
                "_source": {"excludes": [FOLDED, *([] if tokens else token_fields())]},
                **options,
            },
        )
        return lambda: [Hit.of(one, exact, asked) for one in found()["hits"]["hits"]]


def total_of(answer: Mapping[str, Any]) -> int:
    return int(answer["hits"]["total"]["value"])


def unscored(node: AnyNode) -> Query:
    """Builds the query for the paragraphs of ``node``, all of one score."""
    query = kept(node)
    return query if query == NOTHING else {"constant_score": {"filter": query}}


def values_of(name: str) -> dict[str, Any]:
    """Builds the aggregation of the values of a field."""
    return {"terms": {"field": name, "size": MOST_VALUES, "shard_size": MOST_VALUES}}


def counted_in(aggregation: Mapping[str, Any]) -> list[tuple[str, int]]:
    """Returns the values that an aggregation found, with the number of paragraphs of each."""
    return [(one["key"], one["doc_count"]) for one in aggregation["buckets"]]
