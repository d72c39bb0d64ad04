"""Paragraphs with a wider or a related term, where none says what is asked, nor anything that falls under it.

Shown where nothing is found, under a heading of their own; in no total, facet, export or feed.
"""

from __future__ import annotations

import numpy as np

from search.engine.scoring import evaluate
from search.live.index import OpenIndex
from search.planning.interpreted import Understood
from search.query.conditions import AnyOf

MOST = 5


def rows_instead(understood: Understood, index: OpenIndex) -> list[int]:
    """The best rows of the neighbours of the words of a query without operators, under its filters."""
    plan = understood.plan
    if plan.wanted is None or plan.node is not plan.wanted.node:
        return []
    beside = AnyOf(tuple(concept.beside for concept in plan.wanted.node.concepts))
    rows, scores = evaluate(beside, index.engine)
    for wanted in understood.filters:
        kept = index.columns[wanted.field].having(rows, wanted.values)
        rows, scores = rows[kept], scores[kept]
    return rows[np.lexsort((rows, -scores))][:MOST].tolist()
