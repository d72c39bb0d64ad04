"""Compiles a request for an engine: the query's syntax tree into a tree of conditions, and all filters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from search.entities.dates import read_month_day
from search.expansion.expand import MOST_TOKENS, expand
from search.expansion.units import Unit
from search.query import (
    TEXT_FIELDS,
    And,
    Field,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Problem,
    ProblemCode,
    SearchQuery,
    Together,
    Words,
    parse,
    phrases_of,
    words_of,
)
from search.query.conditions import (
    SINGLE,
    AllOf,
    AnyNode,
    AnyOf,
    Concept,
    Everything,
    Filter,
    Ranked,
    Without,
)
from search.query.request import Asked
from search.query.vocabulary import Vocabulary
from search.text.analyzer import CHINESE
from search.text.folding import fold_words
from search.thesaurus.table import Thesaurus

from .filters import contradictions, read_filter, take_filters
from .names import Names
from .plan import Plan
from .quoted import Quoted, excluded, in_blocks, near_by


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
    """Parses and plans ``asked`` with the ``vocabulary`` and ``names`` of an archive."""
    query = _as_name(parse(asked.q), names)
    plan = make_plan(query, vocabulary, names, thesaurus, asked.variants)
    filters = (*plan.filters, *_chosen(asked.filters))
    if plan.node is None and filters and not query.problems:
        plan.node = Everything()
    return Understood(asked, query, plan, filters, names, thesaurus, _mode(query, plan))


def _as_name(query: SearchQuery, names: Names) -> SearchQuery:
    """Reads a query that as a whole is a name as words: 特别政治和非殖民化委员会(第四委员会)."""
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
    """Returns the filters of an address: several values of a single-valued field are alternatives."""
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


def make_plan(
    query: SearchQuery, vocabulary: Vocabulary, names: Names, thesaurus: Thesaurus, variants: bool = True
) -> Plan:
    """The plan for ``query`` in the archive whose names are ``names``; ``variants`` adds other words for what
    is asked, those of the ``thesaurus`` among them. The ``vocabulary`` is asked of what is quoted alone.
    """
    plan = Plan(problems=[*query.problems])
    fields, root = take_filters(query.root)
    plan.filters = [read_filter(node, names, vocabulary, plan.problems) for node in fields]
    plan.problems += contradictions(fields, plan.filters)
    if root and not plan.filters and _only_excludes(root):
        plan.problems.append(Problem(ProblemCode.ONLY_EXCLUDED))
    tree = _Tree(plan, names, Quoted(plan, vocabulary), thesaurus, variants)
    plan.node = tree.compile(root) if root else Everything() if plan.filters else None
    for unit in plan.units:
        plan.marks |= unit.marks
    if plan.units:
        plan.pieces = tuple(map(fold_words, words_of(root)))
        if variants and any(map(_says_something, plan.units)):
            plan.meant = " ".join(plan.pieces)
    plan.problems.sort(key=lambda problem: problem.at)
    return plan


def _says_something(unit: Unit) -> bool:
    """Returns True if a unit is worth giving to the language model: not a name, a date, or foreign words
    without a Chinese translation.
    """
    if unit.named or read_month_day(unit.typed):
        return False
    return bool(unit.added) or CHINESE.search(unit.typed) is not None


def _only_excludes(root: Node) -> bool:
    """Returns True if a query consists of exclusions only."""
    nodes = root.nodes if isinstance(root, And | Together) else (root,)
    return all(isinstance(node, Not) for node in nodes)


class _Tree:
    """Compiles a syntax tree; what is quoted is made by ``quoted``, what is asked in words by expansion."""

    def __init__(
        self, plan: Plan, names: Names, quoted: Quoted, thesaurus: Thesaurus, variants: bool
    ) -> None:
        self.plan, self.names, self.quoted = plan, names, quoted
        self.thesaurus, self.variants = thesaurus, variants

    def _concepts(self, pieces: Sequence[str]) -> tuple[Concept, ...]:
        """Expands ``pieces`` into concepts, and records their units in the plan."""
        reading = expand(pieces, self.names.table, self.thesaurus, self.variants)
        self.plan.units += reading.units
        self.plan.asking += reading.asking
        self.plan.parts += [(unit.typed, AnyOf(unit.concepts)) for unit in reading.units]
        if reading.cut_short:
            self.plan.problems.append(Problem(ProblemCode.TOO_MANY_WORDS, str(MOST_TOKENS)))
        return tuple(concept for unit in reading.units for concept in unit.concepts)

    def _filter(self, node: Field) -> Filter:
        return read_filter(node, self.names, self.quoted.vocabulary, self.plan.problems)

    def compile(self, node: Node) -> AnyNode:
        match node:
            case Words(text):
                return Ranked(self._concepts([text]))
            case Phrase(text):
                return self.quoted.phrase(text)
            case Field():
                return self._field(node)
            case Not():
                return Without(Everything(), self._excluded(node.node))
            case Near():
                return self.quoted.near(node)
            case And(nodes):
                return self._all(nodes)
            case Or(nodes):
                return AnyOf(tuple(self.compile(inner) for inner in nodes))
            case Together(nodes):
                return self._together(nodes)

    def _together(self, nodes: tuple[Node, ...]) -> AnyNode:
        words = [node.text for node in nodes if isinstance(node, Words)]
        needed = [self.compile(node) for node in nodes if not isinstance(node, Words | Not)]
        if words:
            needed.append(Ranked(self._concepts(words)))
        return self._without(needed, [node.node for node in nodes if isinstance(node, Not)])

    def _all(self, nodes: tuple[Node, ...]) -> AnyNode:
        """Builds the condition of an explicit AND: every piece and every word of it must occur."""
        needed = [
            AllOf(self._concepts([node.text])) if isinstance(node, Words) else self.compile(node)
            for node in nodes
            if not isinstance(node, Not)
        ]
        return self._without(needed, [node.node for node in nodes if isinstance(node, Not)])

    def _without(self, needed: list[AnyNode], excluded: list[Node]) -> AnyNode:
        node = AllOf(tuple(needed)) if len(needed) > 1 else needed[0] if needed else Everything()
        if not excluded:
            return node
        return Without(node, AnyOf(tuple(self._excluded(inner) for inner in dict.fromkeys(excluded))))

    def _excluded(self, node: Node) -> AnyNode:
        """Builds the condition that a minus excludes: words as written, without synonyms or highlights."""
        match node:
            case Words(text):
                return excluded(text, self.names)
            case Phrase(text):
                return self.quoted.literal(text)
            case Near():
                return near_by(node)
            case Field():
                if node.name not in TEXT_FIELDS:
                    return self._field(node)
                return in_blocks(node.name, map(self.quoted.literal, node.values))
            case Or(nodes):
                return AnyOf(tuple(self._excluded(inner) for inner in nodes))
            case And(nodes) | Together(nodes):
                return AllOf(tuple(self._excluded(inner) for inner in nodes))
            case Not(inner):
                return Without(Everything(), self._excluded(inner))

    def _field(self, node: Field) -> AnyNode:
        """Builds the condition of a field inside a query: a filter, or blocks of a kind with a text."""
        return self.quoted.in_blocks(node) if node.name in TEXT_FIELDS else self._filter(node)
