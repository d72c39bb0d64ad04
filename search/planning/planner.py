"""From a query to a plan: its syntax tree compiled into a tree of conditions."""

from __future__ import annotations

from search.planning.proximity import near_by
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
    words_of,
)
from search.query.conditions import AllOf, AnyNode, AnyOf, Everything, Filter, Without
from search.thesaurus.table import Thesaurus

from .corrections import Corrector
from .exclusion import excluded
from .filters import contradictions, read_filter, take_filters
from .marks import Marks
from .names import Names
from .plan import Plan
from .quoted import Quoted, in_blocks
from .word_search import WordSearch


def make_plan(query: SearchQuery, corrector: Corrector, thesaurus: Thesaurus, variants: bool = True) -> Plan:
    """The plan for ``query`` in the archive that the vocabulary and the names of ``corrector`` tell of;
    ``variants`` adds what the ``thesaurus`` has.
    """
    plan, names = Plan(problems=[*query.problems]), corrector.names
    fields, root = take_filters(query.root)
    plan.filters = [read_filter(node, names, corrector.vocabulary, plan.problems) for node in fields]
    plan.problems += contradictions(fields, plan.filters)
    if root and not plan.filters and _only_excludes(root):
        plan.problems.append(Problem(ProblemCode.ONLY_EXCLUDED))
    quoted = Quoted(plan, corrector.vocabulary)
    search = WordSearch(plan, corrector, thesaurus, variants, " ".join(words_of(root)))
    tree = _Tree(plan, names, quoted, search)
    plan.node = tree.compile(root) if root else Everything() if plan.filters else None
    words = search.words
    plan.marks = Marks(
        frozenset(words.terms),
        tuple(dict.fromkeys(words.strings)),
        (*quoted.phrases, *words.characters),
        frozenset(words.symbols),
        tuple(quoted.pairs),
        tuple(quoted.patterns),
    )
    plan.added = words.added
    plan.elsewhere = frozenset(filter(words.stands_nowhere, words.added))
    plan.named = search.entities.found
    plan.problems.sort(key=lambda problem: problem.at)
    return plan


def _only_excludes(root: Node) -> bool:
    """Whether nothing is asked for, only that something is not there."""
    nodes = root.nodes if isinstance(root, And | Together) else (root,)
    return all(isinstance(node, Not) for node in nodes)


class _Tree:
    """Compiles a syntax tree; what is quoted and what is asked in words is made by its parts."""

    def __init__(self, plan: Plan, names: Names, quoted: Quoted, words: WordSearch) -> None:
        self.plan, self.names, self.quoted, self.words = plan, names, quoted, words

    def _filter(self, node: Field) -> Filter:
        return read_filter(node, self.names, self.quoted.vocabulary, self.plan.problems)

    def compile(self, node: Node) -> AnyNode:
        match node:
            case Words(text):
                return self.words.ranked([text])
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
            needed.append(self.words.ranked(words))
        return self._without(needed, [node.node for node in nodes if isinstance(node, Not)])

    def _all(self, nodes: tuple[Node, ...]) -> AnyNode:
        """An explicit AND: every piece must hold, every word of it."""
        needed = [
            self.words.every_word(node.text) if isinstance(node, Words) else self.compile(node)
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
        """What a minus takes away: words as written, no others for the same; it marks nothing."""
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
        """A field inside a query: a filter there, or the blocks of a kind that hold a text."""
        return self.quoted.in_blocks(node) if node.name in TEXT_FIELDS else self._filter(node)
