"""The engine on a cluster: a whole question as searches that go over together, in two round trips at most,
and what is found made of their answers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from search.engine.embedded import EmbeddedEngine
from search.engine.protocols import LONGEST_LIST, NEWEST_FIRST, Found, Numbers, Question
from search.engine.reader import Numbering
from search.index.generations import IndexUnavailableError
from search.query.conditions import SINGLE, AnyNode, Form, forms_of
from search.query.vocabulary import Vocabulary

from .connection import Access
from .mapping import DOCUMENT, POSITION, STORED
from .queries import ALL, NOTHING, Query, counting, holding_all, scored

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


@dataclass(slots=True)
class Asking:
    """The searches of one round trip. ``left_out`` are documents of which nothing is found."""

    left_out: Sequence[int] = ()
    bodies: list[dict[str, Any]] = field(default_factory=list)

    def add(self, query: Query, filters: Sequence[Query] = (), **options: Any) -> int:
        """Ask for what ``query`` scores within ``filters``; returns the place of the answer."""
        without = [{"terms": {DOCUMENT: [*self.left_out]}}] if self.left_out else []
        whole = query
        if filters or without:
            whole = {"bool": {"must": [query], "filter": [*filters], "must_not": without}}
        self.bodies.append({"size": 0, "track_total_hits": True, "query": whole, **options})
        return len(self.bodies) - 1

    def count(self, node: AnyNode) -> int:
        """Ask for the number of paragraphs of ``node``."""
        return self.add(_kept(scored(node)))

    def sum(self, query: Query, filters: Sequence[Query] = ()) -> int:
        """Ask for the sum of the scores."""
        return self.add(query, filters, aggs={"sum": SUM})


@dataclass(frozen=True, slots=True)
class Counting:
    """The places of the answers that counts and facets of one tree are made of."""

    whole: int
    complete: int | None
    more: Mapping[str, int]
    occurrences: Sequence[int]


def ask_counts(asking: Asking, node: AnyNode, question: Question) -> Counting:
    """Ask for counts and facets of ``node`` under the filters of ``question``."""
    query = _kept(scored(node))
    filters = [scored(one) for one in question.filters]
    aggregations: dict[str, Any] = {name: _values(name) for name in question.facets}
    more = {}
    for one in question.filters:
        if one.field in SINGLE:
            others = [scored(other) for other in question.filters if other is not one]
            without = {"bool": {"must_not": [scored(one)]}}
            more[one.field] = asking.add(query, [*others, without], aggs={"values": _values(one.field)})
    return Counting(
        asking.add(query, filters, aggs={"documents": DOCUMENTS, **aggregations}),
        asking.add(holding_all(question.concepts), [query, *filters]) if question.concepts else None,
        more,
        [asking.sum(counting(phrase), [query, *filters]) for phrase in question.phrases],
    )


def counts_of(counted: Counting, question: Question, answers: Sequence[Mapping[str, Any]]) -> Found:
    """What is found, but for hits and what is counted beside the question."""
    whole = answers[counted.whole]
    return Found(
        hits=[],
        paragraphs=total(whole),
        documents=int(whole["aggregations"]["documents"]["value"] or 0),
        occurrences=sum(sum_of(answers[place]) for place in counted.occurrences),
        complete=0 if counted.complete is None else total(answers[counted.complete]),
        phrases=(),
        facets={name: _counted(whole["aggregations"][name])[: question.most] for name in question.facets},
        more={
            name: _counted(answers[place]["aggregations"]["values"]) for name, place in counted.more.items()
        },
    )


def ask_list(asking: Asking, question: Question) -> int | None:
    """Ask for the ids of the list, in order; None where none is wanted."""
    end = question.start + question.size
    if end <= 0 or not question.size:
        return None
    filters = [scored(one) for one in question.filters]
    if question.sort != "relevance":
        newest = NEWEST_FIRST.get(question.sort)
        order = [{newest: "desc"}] if newest else []
        shown = {"from": question.start, "size": question.size}
        sort = [*order, {"symbol": "asc"}, *IN_ORDER]
        return asking.add(_kept(scored(question.node)), filters, **_ids(shown, sort))
    size = max(end, LONGEST_LIST) if question.by_signals else end
    shown = _ids({"size": size}, [{"_score": "desc"}, *IN_ORDER])
    return asking.add(scored(question.node), filters, **shown)


def list_of(answer: Mapping[str, Any]) -> list[int]:
    """The ids of the list as far as it was asked for."""
    return [int(hit["_id"]) for hit in answer["hits"]["hits"]]


def ask_standing(asking: Asking, forms: Sequence[Form]) -> int | None:
    """Ask which of ``forms`` stand in any text."""
    filters = {str(number): scored(form.node) for number, form in enumerate(forms)}
    return asking.add(ALL, aggs={"forms": {"filters": {"filters": filters}}}) if forms else None


def standing_of(forms: Sequence[Form], answer: Mapping[str, Any]) -> frozenset[str]:
    """The texts of those of ``forms`` that stand in any text."""
    counts = answer["aggregations"]["forms"]["buckets"]
    return frozenset(form.text for number, form in enumerate(forms) if counts[str(number)]["doc_count"])


def rows_body(ids: Sequence[int]) -> dict[str, Any]:
    """Ask for what is stored of paragraphs."""
    query = {"ids": {"values": [str(one) for one in ids]}}
    return {"size": len(ids), "query": query, "_source": [STORED], "track_total_hits": False}


def stored_of(answer: Mapping[str, Any]) -> dict[int, dict[str, Any]]:
    """Id → what is stored."""
    hits = answer["hits"]["hits"]
    return {int(hit["_id"]): json.loads(hit["_source"][STORED]) for hit in hits}


def total(answer: Mapping[str, Any]) -> int:
    """How many paragraphs are found."""
    return int(answer["hits"]["total"]["value"])


def sum_of(answer: Mapping[str, Any]) -> int:
    """The sum of the scores, which are whole numbers."""
    return round(answer["aggregations"]["sum"]["value"])


def _kept(query: Query) -> Query:
    """Without scores, and so without what only scores."""
    return query if query == NOTHING else {"constant_score": {"filter": query}}


def _ids(shown: Mapping[str, Any], sort: Sequence[Any]) -> dict[str, Any]:
    return {**shown, "sort": [*sort], "_source": False, "track_total_hits": False}


def _values(name: str) -> dict[str, Any]:
    return {"terms": {"field": name, "size": MOST_VALUES, "shard_size": MOST_VALUES}}


def _counted(aggregation: Mapping[str, Any]) -> list[tuple[str, int]]:
    return [(one["key"], one["doc_count"]) for one in aggregation["buckets"]]


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
    def vocabulary(self) -> Vocabulary:
        return self.here.vocabulary

    @property
    def ids(self) -> Numbers:
        """The paragraphs of the rows."""
        return self.here.reader.literal.ids

    def ask(self, question: Question) -> Found:
        """Hits, counts and facets of ``question``. Raises IndexUnavailableError."""
        asking = Asking(self.left_out)
        counts = ask_counts(asking, question.node, question)
        listed = ask_list(asking, question)
        phrases = [asking.sum(counting(phrase)) for phrase in question.phrases]
        counted = [asking.count(node) for node in question.counted]
        forms = [form for one in question.concepts for form in forms_of(one)]
        standing = ask_standing(asking, forms)
        typed_question = question.as_typed
        typed = None if question.typed is None else ask_counts(asking, question.typed, typed_question)
        answers = self._search(asking.bodies)
        rows, apart = self._page([] if listed is None else list_of(answers[listed]), question)
        ids = self.ids[rows]
        found = counts_of(counts, question, answers)
        found = replace(
            found,
            hits=self._stored(ids.tolist()),
            phrases=tuple(sum_of(answers[place]) for place in phrases),
            beside=len(apart),
            apart=tuple(np.isin(ids, apart).tolist()),
            counted=tuple(total(answers[place]) for place in counted),
            standing=frozenset() if standing is None else standing_of(forms, answers[standing]),
        )
        if typed is None:
            return found
        fewer = counts_of(typed, typed_question, answers)
        if not question.filters and fewer.paragraphs == found.paragraphs:
            fewer = replace(found, hits=[])  # nothing that was added found more: it is the same list
        return replace(found, typed=fewer)

    def _search(self, bodies: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        return self.access.search(self.name, bodies)

    def _page(self, ids: list[int], question: Question) -> tuple[Numbers, Numbers]:
        """The rows of the page, and the paragraphs of the list that no word finds."""
        rows, candidates = self.here.in_order(question, self._rows(ids))
        if question.sort == "relevance":  # other orders were cut to the page where they were made
            rows = rows[question.start : question.start + question.size]
        return rows, candidates.keys[candidates.apart] if candidates else rows[:0]

    def _rows(self, ids: list[int]) -> Numbers:
        rows = Numbering(self.ids)(np.array(ids, np.int64)) if ids else np.empty(0, np.int64)
        if (rows < 0).any():
            raise IndexUnavailableError(f"{self.name}: the cluster has paragraphs that this index has not")
        return rows

    def _stored(self, ids: list[int]) -> list[dict[str, Any]]:
        if not ids:
            return []
        stored = stored_of(self._search([rows_body(ids)])[0])
        missing = [one for one in ids if one not in stored]
        if missing:
            raise IndexUnavailableError(f"{self.name}: the cluster lacks paragraphs {missing[:5]}")
        return [stored[one] for one in ids]
