"""Paragraphs near to a query in meaning that neither its words find, nor what the thesaurus has for them.

Where the words find something, they are listed among the others, each marked; where they find nothing, they
are the list. They are in no total, facet, export or feed, and never there for what is quoted, or asked for by
symbol, field or operator.
"""

from __future__ import annotations

import numpy as np

from search.engine.results import passing
from search.engine.scoring import evaluate
from search.live.index import OpenIndex
from search.meaning.model import meaning_of_query
from search.meaning.nearness import LEAST, Nearness
from search.planning.interpreted import Understood
from search.query.conditions import Ranked
from search.ranking.features import FRAME
from search.ranking.wanted import Wanted

LEAST_ALONE = 0.35  # cosine of what is listed where the words find nothing
PAGEFUL = 20  # paragraphs that hold the one word asked for need no others beside them


def nearness(index: OpenIndex, wanted: Wanted | None) -> Nearness | None:
    """How near the rows of ``index`` are to what is asked; None where nobody can say, and where only the
    words as typed are wanted.
    """
    meaning = meaning_of_query(wanted.text) if wanted and wanted.text else None
    return None if meaning is None else Nearness(*index.meanings.likeness(meaning))


def rows_beside(understood: Understood, index: OpenIndex, near: Nearness | None) -> np.ndarray:
    """The rows that no word finds and that stand in the list all the same: among those that words find where
    several are asked for, alone where they find none.
    """
    plan = understood.plan
    if near is None or plan.wanted is None or not isinstance(plan.node, Ranked):
        return np.empty(0, np.int64)
    found = evaluate(plan.node, index.engine).rows
    if len(plan.units) == 1 and len(found) >= PAGEFUL:
        return np.empty(0, np.int64)
    return near.nearest(_allowed(understood, index, found), LEAST if len(found) else LEAST_ALONE)


def _allowed(understood: Understood, index: OpenIndex, found: np.ndarray) -> np.ndarray:
    """For each row whether it is text, passes the filters, and is none of those ``found`` by words."""
    allowed = np.ones(len(index.literal), np.bool_)
    allowed[index.columns["kind"].rows(FRAME)] = False
    allowed[found] = False
    for wanted in understood.filters:
        allowed &= passing(wanted, index.columns)
    return allowed
