"""What an index answers to a question as understood: a page of its list, or the whole list in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from search.engine.results import FACETS, Found, Question, SecondStage, filtered, ordered
from search.engine.scoring import evaluate
from search.live.index import OpenIndex
from search.meaning.nearness import Nearness
from search.planning.interpreted import Understood
from search.query.conditions import as_typed
from search.ranking.model import reordered
from search.ranking.wanted import Wanted

from .cursors import cursor_of, row_of, start_of
from .near_in_meaning import nearness, rows_beside

PAGE_SIZE = 20
GROUPS_A_PAGE, HITS_OF_A_GROUP = 10, 3
MOST_VALUES = 100  # of a facet of a page, more than there are years: each is a link

Stored = Mapping[str, Any]  # a paragraph as the index keeps it


@dataclass(frozen=True, slots=True)
class Page:
    """A page of ``size`` of a list of ``listed``; ``start`` stand before it, and ``following`` is the cursor
    of what stands behind it, empty where nothing does. ``found`` is None where nothing is asked; of a list by
    document there are ``groups``: the first paragraphs of each document, and how many it has.
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


def execute(understood: Understood, index: OpenIndex, every_value: bool = True) -> Page:
    """The page that is asked for. Raises BadRequestError where its cursor is none of this list."""
    if understood.asked.group:
        return _by_document(understood, index, every_value)
    return _by_paragraph(understood, index, every_value)


def _by_paragraph(understood: Understood, index: OpenIndex, every_value: bool) -> Page:
    asked = understood.asked
    start = start_of(index, asked, PAGE_SIZE, lambda: rows_in_order(index, understood))
    found = _ask(index, understood, start, PAGE_SIZE, every_value)
    if found is None:
        return Page(start, PAGE_SIZE)
    listed, end = found.paragraphs + found.beside, start + len(found.hits)  # those near in meaning among them
    goes_on = found.hits and end < listed
    following = cursor_of(index, asked, row_of(index, found.hits[-1]), end) if goes_on else ""
    return Page(start, PAGE_SIZE, listed, found, following)


def _by_document(understood: Understood, index: OpenIndex, every_value: bool) -> Page:
    """Documents in the order of their first hit, each with its first few hits."""
    asked, documents = understood.asked, rows_by_document(index, understood)
    start = start_of(index, asked, GROUPS_A_PAGE, lambda: [rows[0] for rows in documents])
    found = _ask(index, understood, 0, 0, every_value)
    end = start + GROUPS_A_PAGE
    shown = documents[start:end]
    following = cursor_of(index, asked, int(shown[-1][0]), end) if end < len(documents) else ""
    groups = tuple((_stored(index, rows[:HITS_OF_A_GROUP]), len(rows)) for rows in shown)
    return Page(start, GROUPS_A_PAGE, len(documents), found, following, groups)


def _stored(index: OpenIndex, rows: np.ndarray) -> tuple[Stored, ...]:
    return tuple(map(index.columns.stored, rows.tolist()))


def _ask(index: OpenIndex, understood: Understood, start: int, size: int, every_value: bool) -> Found | None:
    asked, plan = understood.asked, understood.plan
    if plan.node is None:
        return None
    near = _near(index, understood)
    question = Question(
        plan.node,
        understood.filters,
        asked.sort,
        start,
        size,
        phrases=tuple(plan.phrases.values()),
        second=second_stage(index, plan.wanted, near),
        concepts=plan.concepts,
        counted=(*(node for _, node in plan.parts), *(one.concept for one in plan.named)),
        typed=as_typed(plan.node) if any(unit.added for unit in plan.units) else None,
        typed_facets=FACETS if every_value else (),
        most=None if every_value else MOST_VALUES + 1,  # one more, to tell whether there are more
    )
    if size:
        question = replace(question, beside=rows_beside(understood, index, near))
    return index.ask(question)


def _near(index: OpenIndex, understood: Understood) -> Nearness | None:
    """How near the rows are to what is asked, where that tells their order."""
    return nearness(index, understood.plan.wanted) if understood.asked.sort == "relevance" else None


def second_stage(index: OpenIndex, wanted: Wanted | None, near: Nearness | None = None) -> SecondStage | None:
    """Puts the candidates of ``index`` for ``wanted`` in order, by how ``near`` they are, too; None where no
    words are asked for.
    """
    if wanted is None:
        return None
    return lambda rows: reordered(wanted, rows, index.engine, index.literal, near)


def rows_in_order(index: OpenIndex, understood: Understood) -> np.ndarray:
    """All rows that answer, in the order asked for; none where nothing is asked."""
    if understood.plan.node is None:
        return np.empty(0, np.int64)
    found, _others = filtered(evaluate(understood.plan.node, index.engine), understood.filters, index.columns)
    wanted = understood.plan.wanted
    second = second_stage(index, wanted, _near(index, understood))
    return ordered(found, understood.asked.sort, index.columns, len(found.rows), second)


def rows_by_document(index: OpenIndex, understood: Understood) -> list[np.ndarray]:
    """The same, one array for each document, in the order of their first rows."""
    rows = rows_in_order(index, understood)
    documents = index.literal.documents[rows]
    _known, first, group = np.unique(documents, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first, kind="stable")] = np.arange(len(first))
    of_row = rank[group]
    order = np.argsort(of_row, kind="stable")
    ends = np.cumsum(np.bincount(of_row, minlength=len(first)))
    return np.split(rows[order], ends[:-1]) if len(rows) else []
