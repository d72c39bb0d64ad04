"""What a question means: the plan of its query, and the filters of query and address together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from search.query import And, Node, Or, SearchQuery, Together, Words, parse, phrases_of, words_of
from search.query.conditions import SINGLE, Everything, Filter
from search.query.request import Asked
from search.query.vocabulary import Vocabulary
from search.thesaurus.table import Thesaurus

from .names import Names
from .plan import Plan
from .planner import make_plan


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as understood, ready to be put to an index. ``filters`` are those of query and address,
    ``names`` and ``thesaurus`` what it was read by.
    """

    asked: Asked
    query: SearchQuery
    plan: Plan
    filters: tuple[Filter, ...]
    names: Names
    thesaurus: Thesaurus
    mode: str


def interpret(asked: Asked, vocabulary: Vocabulary, names: Names, thesaurus: Thesaurus) -> Understood:
    """What ``asked`` means in the archive of which ``vocabulary`` and ``names`` tell."""
    query = _as_name(parse(asked.q), names)
    plan = make_plan(query, vocabulary, names, thesaurus, asked.variants)
    filters = (*plan.filters, *_chosen(asked.filters))
    if plan.node is None and filters and not query.problems:
        plan.node = Everything()
    return Understood(asked, query, plan, filters, names, thesaurus, _mode(query, plan))


def _as_name(query: SearchQuery, names: Names) -> SearchQuery:
    """A query that as a whole is a name, brackets and all: 特别政治和非殖民化委员会(第四委员会)."""
    if isinstance(query.root, Words) or not _only_words(query.root):
        return query
    named = any(not name.weak for name in names.table.named(query.text))
    return SearchQuery(query.text, Words(query.text.strip())) if named else query


def _only_words(node: Node | None) -> bool:
    match node:
        case Together(nodes) | And(nodes) | Or(nodes):
            return all(map(_only_words, nodes))
    return isinstance(node, Words | None)


def _chosen(filters: Mapping[str, tuple[str, ...]]) -> list[Filter]:
    """Values of a field that a paragraph has one of are alternatives; of the others each must hold."""
    chosen = []
    for name, values in filters.items():
        if name in SINGLE:
            chosen.append(Filter(name, frozenset(values)))
        else:
            chosen += [Filter(name, frozenset([value])) for value in values]
    return chosen


def _mode(query: SearchQuery, plan: Plan) -> str:
    literal, words = bool(phrases_of(query.root)), bool(words_of(query.root))
    if literal or words:
        return "mixed" if literal and words else "literal" if literal else "words"
    return "filter" if plan.node is not None else "none"
