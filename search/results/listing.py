"""Whole lists: every row that answers, in order, and the same by document."""

from __future__ import annotations

import numpy as np

from search.engine.results import SecondStage, ordered
from search.engine.scores import Scores
from search.engine.scoring import evaluate
from search.live.index import OpenIndex
from search.meaning.nearness import Nearness
from search.planning.interpreted import Understood
from search.ranking.model import reordered
from search.ranking.wanted import Wanted
from search.results.near_in_meaning import nearness


def rows_in_order(index: OpenIndex, understood: Understood) -> np.ndarray:
    """All rows that answer, in the order asked for; none where nothing is asked."""
    if understood.plan.node is None:
        return np.empty(0, np.int64)
    rows, scores = evaluate(understood.plan.node, index.engine)
    kept = np.ones(len(rows), np.bool_)
    for condition in understood.filters:
        kept &= np.isin(rows, index.columns[condition.field].rows(condition.values))
    found = Scores(rows[kept], scores[kept])
    wanted = understood.plan.wanted
    second = second_stage(index, wanted, nearness(index, wanted))
    return ordered(found, understood.asked.sort, index.columns, len(found.rows), second)


def second_stage(index: OpenIndex, wanted: Wanted | None, near: Nearness | None = None) -> SecondStage | None:
    """Puts the candidates of ``index`` for ``wanted`` in order, by how ``near`` they are, too; None where the
    first stage's order stays.
    """
    if wanted is None:
        return None
    return lambda best: reordered(wanted, best.rows, best.scores, index.engine, index.literal, near)


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
