"""Paragraphs with a wider or a related term, where none says what is asked, nor anything that falls under it.

Shown where nothing is found, under a heading of their own; in no total, facet, export or feed.
"""

from __future__ import annotations

from typing import Any

from search.engine.protocols import Engine
from search.engine.results import Question
from search.planning.interpreted import Understood
from search.query.conditions import AnyOf

MOST = 5


def hits_instead(understood: Understood, index: Engine) -> list[dict[str, Any]]:
    """The best paragraphs with neighbours of the words of a query without operators, under its filters."""
    plan = understood.plan
    if plan.wanted is None or plan.node is not plan.wanted.node:
        return []
    beside = AnyOf(tuple(concept.beside for concept in plan.wanted.node.concepts))
    return index.ask(Question(beside, understood.filters, size=MOST, facets=())).hits
