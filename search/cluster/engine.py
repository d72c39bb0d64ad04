"""The engine on a cluster. ``Engine.ask`` there: at most two round trips for a whole answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from search.engine.embedded import EmbeddedEngine
from search.engine.protocols import Found, Question
from search.engine.reader import Numbering
from search.engine.scores import Numbers
from search.index.generations import IndexUnavailableError
from search.query.conditions import forms_of
from search.query.vocabulary import Vocabulary

from .answers import (
    Asking,
    ask_counts,
    ask_list,
    ask_standing,
    counts_of,
    list_of,
    rows_body,
    standing_of,
    stored_of,
    sum_of,
    total,
)
from .literal import counting
from .transport import Access


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
