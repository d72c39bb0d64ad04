"""Execution of a search on the live index: a page of its list, or the whole list in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from search.engine.protocols import FACETS, Found, Question
from search.live.index import OpenIndex
from search.meaning.model import meaning_of_query
from search.planning.names import names_of
from search.planning.planner import Understood, interpret
from search.query.conditions import as_typed
from search.query.request import Asked
from search.thesaurus.table import thesaurus_at

from .cursors import cursor_of, row_of, start_of

PAGE_SIZE = 20
GROUPS_A_PAGE, HITS_OF_A_GROUP = 10, 3
MOST_VALUES = 100  # of a facet of a page, more than there are years: each is a link

Stored = Mapping[str, Any]  # a paragraph as the index keeps it


@dataclass(frozen=True, slots=True)
class Page:
    """A page of ``size`` of a list of ``listed``; ``start`` is its offset, ``following`` the cursor of the
    next one, empty on the last. ``found`` is None for an empty query; a list by document has ``groups``: the
    first paragraphs of each document, and the number it has.
    """

    start: int
    size: int
    listed: int = 0
    found: Found | None = None
    following: str = ""
    groups: tuple[tuple[tuple[Stored, ...], int], ...] = ()

    @property
    def number(self) -> int:
        return self.start // self.size + 1

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.listed // self.size))


def understand(asked: Asked, index: OpenIndex) -> Understood:
    """Plans the query and all filters for ``index``."""
    thesaurus = thesaurus_at(index.coverage.revision)
    return interpret(asked, index.vocabulary, names_of(index.manifest.names), thesaurus)


def execute(understood: Understood, index: OpenIndex, every_value: bool = True) -> Page:
    """Returns the requested page. Raises BadRequestError where its cursor belongs to another list."""
    if understood.asked.group:
        return _by_document(understood, index, every_value)
    return _by_paragraph(understood, index, every_value)


def _by_paragraph(understood: Understood, index: OpenIndex, every_value: bool) -> Page:
    asked = understood.asked
    start = start_of(index, asked, PAGE_SIZE, lambda: rows_in_order(index, understood))
    if understood.plan.node is None:
        return Page(start, PAGE_SIZE)
    found = index.ask(question_of(understood, start, PAGE_SIZE, every_value))
    listed, end = found.paragraphs + found.extra, start + len(found.hits)  # those near in meaning among them
    goes_on = found.hits and end < listed
    following = cursor_of(index, asked, row_of(index, found.hits[-1]), end) if goes_on else ""
    return Page(start, PAGE_SIZE, listed, found, following)


def _by_document(understood: Understood, index: OpenIndex, every_value: bool) -> Page:
    """Documents in the order of their first hit, each with its first few hits."""
    asked, documents = understood.asked, rows_by_document(index, understood)
    start = start_of(index, asked, GROUPS_A_PAGE, lambda: [rows[0] for rows in documents])
    found = index.ask(question_of(understood, every_value=every_value)) if understood.plan.node else None
    end = start + GROUPS_A_PAGE
    shown = documents[start:end]
    following = cursor_of(index, asked, int(shown[-1][0]), end) if end < len(documents) else ""
    groups = tuple((_stored(index, rows[:HITS_OF_A_GROUP]), len(rows)) for rows in shown)
    return Page(start, GROUPS_A_PAGE, len(documents), found, following, groups)


def _stored(index: OpenIndex, rows: np.ndarray) -> tuple[Stored, ...]:
    return tuple(map(index.columns.stored, rows.tolist()))


def question_of(understood: Understood, start: int = 0, size: int = 0, every_value: bool = True) -> Question:
    """Builds the question to an engine; the plan must have a condition."""
    asked, plan = understood.asked, understood.plan
    assert plan.node is not None
    return Question(
        plan.node,
        understood.filters,
        asked.sort,
        start,
        size,
        concepts=plan.concepts,
        meaning=meaning_of_query(plan.meant) if plan.meant and asked.sort == "relevance" else None,
        phrases=tuple(plan.phrases.values()),
        counted=(*(node for _, node in plan.parts), *(one.concept for one in plan.named)),
        typed=as_typed(plan.node) if any(one.same or one.narrower for one in plan.concepts) else None,
        typed_facets=FACETS if every_value else (),
        most=None if every_value else MOST_VALUES + 1,  # one more, to tell whether there are more
    )


def rows_in_order(index: OpenIndex, understood: Understood) -> np.ndarray:
    """Returns all matching rows, in the requested order; none for an empty query."""
    if understood.plan.node is None:
        return np.empty(0, np.int64)
    return index.here.rows(question_of(understood))


def rows_by_document(index: OpenIndex, understood: Understood) -> list[np.ndarray]:
    """Returns all matching rows by document, one array for each, in the order of their first rows."""
    rows = rows_in_order(index, understood)
    documents = index.literal.documents[rows]
    _known, first, group = np.unique(documents, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first, kind="stable")] = np.arange(len(first))
    of_row = rank[group]
    order = np.argsort(of_row, kind="stable")
    ends = np.cumsum(np.bincount(of_row, minlength=len(first)))
    return np.split(rows[order], ends[:-1]) if len(rows) else []
