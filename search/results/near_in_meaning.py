"""Paragraphs near to a query in meaning that neither its words find, nor what the thesaurus has for them.

Where the words find something, the second stage lists them among the others, each marked. Where they find
nothing, the nearest stand apart, or are the list where the query says enough. They are in no total, facet,
export or feed, and never there for what is quoted, or asked for by symbol, field or operator.
"""

from __future__ import annotations

import numpy as np

from search.engine.results import passing
from search.engine.scoring import evaluate
from search.live.index import OpenIndex
from search.meaning.model import meaning_of_query
from search.meaning.nearness import Nearness
from search.planning.interpreted import Understood
from search.query.conditions import AnyNode
from search.ranking.features import FRAME
from search.ranking.wanted import Wanted
from search.text.analyzer import CHINESE

APART, LEAST_APART = 5, 0.46  # how many stand apart, and their least cosine
ENOUGH = 10  # Chinese characters; fewer name a thing, which is there or not


def nearness(index: OpenIndex, wanted: Wanted | None) -> Nearness | None:
    """How near the rows of ``index`` are to what is asked; None where nobody can say, where only the words as
    typed are wanted, and for one word, which says itself what is meant.
    """
    asks_more = wanted is not None and (len(wanted.node.concepts) > 1 or says_enough(wanted))
    return _nearness(index, wanted) if asks_more else None


def _nearness(index: OpenIndex, wanted: Wanted | None) -> Nearness | None:
    meaning = meaning_of_query(wanted.text) if wanted and wanted.text else None
    if meaning is None:
        return None
    return Nearness(*index.meanings.likeness(meaning))


def rows_beside(understood: Understood, index: OpenIndex, near: Nearness | None) -> np.ndarray:
    """The rows that stand among those that the words find."""
    if near is None or not _asks_words_alone(understood) or _names_what_is_nowhere(understood, index):
        return np.empty(0, np.int64)
    return near.nearest(_allowed(understood, index))


def rows_apart(understood: Understood, index: OpenIndex) -> np.ndarray:
    """The rows that are shown where the words, or the one word, find nothing."""
    near = _nearness(index, understood.plan.wanted)
    if near is None or not _asks_words_alone(understood) or _names_what_is_nowhere(understood, index):
        return np.empty(0, np.int64)
    return near.nearest(_allowed(understood, index), LEAST_APART)[:APART]


def says_enough(wanted: Wanted | None) -> bool:
    """Whether a query tells what it means without any of its words standing anywhere: a sentence does."""
    return wanted is not None and sum(map(len, CHINESE.findall(" ".join(wanted.pieces)))) >= ENOUGH


def _asks_words_alone(understood: Understood) -> bool:
    plan = understood.plan
    return plan.wanted is not None and plan.node is plan.wanted.node and understood.asked.sort == "relevance"


def _names_what_is_nowhere(understood: Understood, index: OpenIndex) -> bool:
    """Whether a thing that the query names stands in no text: what is like the rest is not about it. So with
    foreign words that neither texts nor the thesaurus have: the model reads Chinese.
    """
    plan = understood.plan

    def stands(node: AnyNode) -> bool:
        return len(evaluate(node, index.engine).rows) > 0

    if not all(stands(one.node) for one in plan.named):
        return True
    words = [(part, node) for part, node in plan.parts if not part.isdigit()]
    unknown = not any(CHINESE.search(part) or part in plan.added or stands(node) for part, node in words)
    return bool(words) and not plan.named and unknown


def _allowed(understood: Understood, index: OpenIndex) -> np.ndarray:
    """For each row whether it is text, passes the filters, and is found by no word."""
    allowed = np.ones(len(index.literal), np.bool_)
    allowed[index.columns["kind"].rows(FRAME)] = False
    if understood.plan.node is not None:
        allowed[evaluate(understood.plan.node, index.engine).rows] = False
    for wanted in understood.filters:
        allowed &= passing(wanted, index.columns)
    return allowed
