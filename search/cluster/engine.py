"""The engine on a cluster. ``Engine.ask`` there: at most three round trips for a whole answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from search.engine.reader import Numbering
from search.engine.results import Found, Question
from search.engine.scores import Numbers
from search.index.generations import IndexUnavailableError
from search.query.conditions import First
from search.query.vocabulary import Lookup, Vocabulary

from .answers import (
    IN_ORDER,
    Asking,
    ask_counts,
    ask_list,
    counts_of,
    list_of,
    rows_body,
    staged,
    stored_of,
    sum_of,
    total,
)
from .literal import counting
from .queries import Queries, firsts
from .transport import Access


@dataclass(frozen=True, slots=True)
class ClusterEngine:
    """Answers from the index ``name`` of a cluster: the same state of the archive as a generation on this
    machine, whose rows have the paragraphs ``ids`` and whose ``vocabulary`` tells the planner. ``average`` is
    that of the tokens of a paragraph, ``left_out`` are documents of which nothing is found.
    """

    access: Access
    name: str
    vocabulary: Vocabulary
    ids: Numbers
    average: float
    left_out: Sequence[int] = ()

    def look_up(self, missing: Lookup, known: Vocabulary) -> Vocabulary:
        """All is known on this machine."""
        return self.vocabulary

    def ask(self, question: Question) -> Found:
        """Hits, counts and facets of ``question``. Raises IndexUnavailableError."""
        asking = Asking(Queries(self.average, self._firsts(question)), self.left_out)
        counts = ask_counts(asking, question.node, question)
        places = ask_list(asking, question)
        phrases = [asking.sum(counting(phrase)) for phrase in question.phrases]
        counted = [asking.count(node) for node in question.counted]
        typed_question = question.as_typed
        typed = None if question.typed is None else ask_counts(asking, question.typed, typed_question)
        answers = self._search(asking.bodies)
        more = asking.queries.listed(question.node)[1]
        rows = self._page(*list_of(places, more, answers), question)
        found = counts_of(counts, question, answers)
        found = replace(
            found,
            hits=self._stored(rows),
            phrases=tuple(sum_of(answers[place]) for place in phrases),
            beside=len(question.beside),
            apart=tuple(np.isin(rows, question.beside).tolist()),
            counted=tuple(total(answers[place]) for place in counted),
        )
        if typed is None:
            return found
        fewer = counts_of(typed, typed_question, answers)
        if not question.filters and fewer.paragraphs == found.paragraphs:
            fewer = replace(found, hits=[])  # nothing that was added found more: it is the same list
        return replace(found, typed=fewer)

    def _search(self, bodies: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        return self.access.search(self.name, bodies)

    def _firsts(self, question: Question) -> dict[First, tuple[str, ...]]:
        """What each ``First`` of the question keeps: its order is that of the texts, not of scores."""
        typed = [] if question.typed is None else [question.typed]
        wanted = firsts([question.node, *question.counted, *typed])
        known: dict[First, tuple[str, ...]] = {}
        if not wanted:
            return known
        asking = Asking(Queries(self.average, known), self.left_out)
        for one in wanted:
            asking.add(asking.queries.scored(one.node), size=one.count, sort=IN_ORDER, _source=False)
        for one, answer in zip(wanted, self._search(asking.bodies), strict=True):
            known[one] = tuple(hit["_id"] for hit in answer["hits"]["hits"])
        return known

    def _page(self, ids: list[int], scores: list[float], question: Question) -> Numbers:
        if question.sort != "relevance":
            return self._rows(ids)
        return staged(self._rows(ids), np.array(scores, np.float64), question)

    def _rows(self, ids: list[int]) -> Numbers:
        rows = Numbering(self.ids)(np.array(ids, np.int64)) if ids else np.empty(0, np.int64)
        if (rows < 0).any():
            raise IndexUnavailableError(f"{self.name}: the cluster has paragraphs that this index has not")
        return rows

    def _stored(self, rows: Numbers) -> list[dict[str, Any]]:
        if not len(rows):
            return []
        ids = self.ids[rows].tolist()
        stored = stored_of(self._search([rows_body(ids)])[0])
        missing = [one for one in ids if one not in stored]
        if missing:
            raise IndexUnavailableError(f"{self.name}: the cluster lacks paragraphs {missing[:5]}")
        return [stored[one] for one in ids]
