"""Paragraphs that only look like what is asked: they share pairs of characters with it, but no word.

Shown after a whole list, under a heading of their own; in no total, facet, export or feed.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from search.engine.scoring import evaluate
from search.live.index import OpenIndex
from search.planning.interpreted import Understood
from search.query.vocabulary import inverse_frequency
from search.text.folding import fold_literally

MOST, MOST_PAIRS = 5, 32
LEAST = 0.4  # of the rarity of all pairs that the texts hold


def rows_alike(understood: Understood, index: OpenIndex) -> list[int]:
    """The rows most like a query of two or more words, best first; none for other queries, and none where
    something is excluded.
    """
    plan = understood.plan
    if plan.wanted is None or len(plan.wanted.node.concepts) < 2 or plan.node is not plan.wanted.node:
        return []
    pairs = dict.fromkeys(_pairs(plan.wanted.forms))
    paragraphs, total = len(index.literal), 0.0
    score, words = np.zeros(paragraphs), defaultdict(lambda: np.zeros(paragraphs, np.bool_))
    for word, pair in [*pairs][:MOST_PAIRS]:
        rows = index.literal.find(pair).rows
        rarity = inverse_frequency(paragraphs, len(rows)) if len(rows) else 0.0
        total += rarity
        score[rows] += rarity
        words[word][rows] = True
    score[sum(words.values(), np.zeros(paragraphs, np.int16)) < 2] = 0  # pairs of one word are no likeness
    score[evaluate(plan.node, index.engine).rows] = 0
    for wanted in understood.filters:
        kept = np.zeros(paragraphs, np.bool_)
        kept[index.columns[wanted.field].rows(wanted.values)] = True
        score[~kept] = 0
    best = np.lexsort((np.arange(paragraphs), -score))[:MOST]
    return [row for row in best.tolist() if score[row] >= max(LEAST * total, np.finfo(float).tiny)]


def _pairs(forms: tuple[tuple[str, ...], ...]) -> list[tuple[int, str]]:
    """The pairs of characters of each word as typed, with the number of the word."""
    typed = [fold_literally(names[0]) for names in forms]
    return [(word, text[at : at + 2]) for word, text in enumerate(typed) for at in range(len(text) - 1)]
