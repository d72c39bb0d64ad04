"""Compiles a request for an engine: the query's syntax tree into a tree of conditions, and all filters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from archive.text.folding import fold_words
from search.query.expansion.expand import MOST_TOKENS, expand
from search.query.expansion.forms import Marks, Named, Unit
from search.query.language.ast import (
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
    phrases_of,
    strings_of,
    take_filters,
    words_of,
)
from search.query.language.conditions import (
    SINGLE,
    TEXT,
    AllOf,
    AnyNode,
    AnyOf,
    Concept,
    Contains,
    Everything,
    Filter,
    Literal,
    NearBy,
    Pattern,
    Ranked,
    Term,
    Without,
)
from search.query.language.lexer import within_marks
from search.query.language.parser import parse
from search.query.language.request import Asked
from search.query.language.unparse import unparse
from search.query.text.analyzer import CHINESE, analyze
from search.query.text.folding import in_both_scripts
from search.query.text.marked_words import ASTERISKS, has_idle_asterisk, may_be_pattern
from search.query.text.quantities import longer, writings
from search.query.thesaurus.table import Expansion, Thesaurus

from .names import Names, contradictions, read_filter


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


def interpret(
    asked: Asked, occurrences: Callable[[str], int], names: Names, thesaurus: Thesaurus
) -> Understood:
    """Parses and plans ``asked`` with the ``names`` of an archive; ``occurrences`` counts a string in it."""
    query = _as_name(parse(asked.q), names)
    plan = make_plan(query, occurrences, names, thesaurus, asked.variants)
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
    query: SearchQuery,
    occurrences: Callable[[str], int],
    names: Names,
    thesaurus: Thesaurus,
    variants: bool = True,
) -> Plan:
    """The plan for ``query`` in the archive whose names are ``names``; ``variants`` adds other words for what
    is asked, those of the ``thesaurus`` among them. ``occurrences`` is asked of a few strings.
    """
    plan = Plan(problems=[*query.problems])
    fields, root = take_filters(query.root)
    plan.filters = [read_filter(node, names, plan.problems) for node in fields]
    plan.problems += contradictions(fields, plan.filters)
    if root and not plan.filters and _only_excludes(root):
        plan.problems.append(Problem(ProblemCode.ONLY_EXCLUDED))
    tree = _Tree(plan, names, occurrences, thesaurus, variants)
    plan.node = tree.compile(root) if root else Everything() if plan.filters else None
    for unit in plan.units:
        plan.marks |= unit.marks
    if plan.units:
        plan.pieces = tuple(map(fold_words, words_of(root)))
        if variants and any(unit.added or CHINESE.search(unit.typed) for unit in plan.units):
            plan.meant = " ".join(plan.pieces)  # foreign words that nothing translates say nothing to a model
    plan.problems.sort(key=lambda problem: problem.at)
    return plan


def _only_excludes(root: Node) -> bool:
    """Returns True if a query consists of exclusions only."""
    nodes = root.nodes if isinstance(root, And | Together) else (root,)
    return all(isinstance(node, Not) for node in nodes)


class _Tree:
    """Compiles a syntax tree; what is asked in words is made by expansion."""

    def __init__(
        self,
        plan: Plan,
        names: Names,
        occurrences: Callable[[str], int],
        thesaurus: Thesaurus,
        variants: bool,
    ) -> None:
        self.plan, self.names, self.occurrences = plan, names, occurrences
        self.thesaurus, self.variants = thesaurus, variants

    def _concepts(self, pieces: Sequence[str]) -> tuple[Concept, ...]:
        """Expands ``pieces`` into concepts, and records their units in the plan."""
        reading = expand(pieces, self.names.table, self.thesaurus, self.variants, self.occurrences)
        self.plan.divided |= reading.divided
        self.plan.parts += [(label, Contains(label)) for label in reading.divided]
        self.plan.units += reading.units
        self.plan.asking += reading.asking
        self.plan.parts += [(unit.typed, AnyOf(unit.concepts)) for unit in reading.units]
        if reading.cut_short:
            self.plan.problems.append(Problem(ProblemCode.TOO_MANY_WORDS, str(MOST_TOKENS)))
        return tuple(concept for unit in reading.units for concept in unit.concepts)

    def compile(self, node: Node) -> AnyNode:
        match node:
            case Words(text):
                return Ranked(self._concepts([text]))
            case Phrase(text):
                return self._phrase(text)
            case Field():
                return self._field(node)
            case Not():
                return Without(Everything(), self._excluded(node.node))
            case Near():
                return self._near(node)
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
                return self._literal(text)
            case Near():
                return near_by(node)
            case Field():
                if node.name not in TEXT_FIELDS:
                    return self._field(node)
                return in_blocks(node.name, map(self._literal, node.values))
            case Or(nodes):
                return AnyOf(tuple(self._excluded(inner) for inner in nodes))
            case And(nodes) | Together(nodes):
                return AllOf(tuple(self._excluded(inner) for inner in nodes))
            case Not(inner):
                return Without(Everything(), self._excluded(inner))

    def _field(self, node: Field) -> AnyNode:
        """Builds the condition of a field inside a query: a filter, or blocks of a kind with a text."""
        if node.name in TEXT_FIELDS:
            return self._blocks(node)
        return read_filter(node, self.names, self.plan.problems)

    # --- literal parts: their conditions, recorded in the plan with their highlights ---

    def _phrase(self, text: str) -> AnyNode:
        """Builds the condition of a quoted phrase, and records it in the plan."""
        text = self._once_quoted(text)
        return self._asked_literally(text, self._quoted(text))

    def _asked_literally(self, written: str, condition: Literal) -> AnyNode:
        """Records ``condition`` in the plan as that of ``written``; returns it."""
        self.plan.phrases[written] = condition
        self.plan.parts.append((written, condition))
        return condition

    def _literal(self, text: str) -> Contains | Pattern:
        """Builds the condition of a phrase; its asterisks are wildcards unless they occur as written."""
        is_pattern = may_be_pattern(text) and not self.occurrences(text)
        return Pattern(text) if is_pattern else Contains(text)

    def _quoted(self, text: str) -> Contains | Pattern:
        """The same, said how the asterisks were read, and marked."""
        condition = self._literal(text)
        if isinstance(condition, Pattern):
            self.plan.marks |= Marks(patterns=(text,))
            if has_idle_asterisk(text):
                self.plan.problems.append(Problem(ProblemCode.WILDCARD_EDGE, text))
        else:
            self.plan.marks |= Marks(phrases=(text,))
            if ASTERISKS.search(text) and self.occurrences(text):
                self.plan.problems.append(Problem(ProblemCode.WILDCARD_LITERAL, text))
        return condition

    def _blocks(self, node: Field) -> AnyNode:
        """Builds the condition for the blocks of a kind with a text, and records it in the plan."""
        phrases = {text: self._quoted(text) for text in node.values}
        self.plan.phrases |= phrases
        blocks = in_blocks(node.name, phrases.values())
        self.plan.parts.append((unparse(node), blocks))
        return blocks

    def _once_quoted(self, text: str) -> str:
        """Returns ``text`` without the marks around the whole of it, unless it occurs with them."""
        inside = within_marks(text)
        if inside == text or self.occurrences(text):
            return text
        self.plan.problems.append(Problem(ProblemCode.QUOTED_TWICE, inside))
        return self._once_quoted(inside)

    def _near(self, node: Near) -> AnyNode:
        """Builds the condition of NEAR or THEN, and records it in the plan."""
        condition = near_by(node)
        for text in (*condition.first, *condition.second):
            if ASTERISKS.search(text) and not self.occurrences(text):
                self.plan.problems.append(Problem(ProblemCode.WILDCARD_NEAR, text))
        self.plan.marks |= Marks(pairs=(condition,))
        return self._asked_literally(unparse(node), condition)


# Query plan: the conditions to execute, and the interpretation to show to the reader.


@dataclass(slots=True)
class Plan:
    """The execution plan of a query, and its interpretation.

    ``units`` are the search units of the words, ``asking`` the question and function words; ``phrases`` maps
    each phrase and each NEAR to its condition; ``divided`` maps labels that stand nowhere to the words asked
    instead; ``parts`` are all units, phrases and NEARs as written, each
    with its condition. ``pieces`` are the words as typed, ``meant`` is the text for semantic search: empty
    where only the words themselves are wanted.
    """

    node: AnyNode | None = None
    filters: list[Filter] = field(default_factory=list)
    marks: Marks = field(default_factory=Marks)
    units: list[Unit] = field(default_factory=list)
    asking: list[str] = field(default_factory=list)
    parts: list[tuple[str, AnyNode]] = field(default_factory=list)
    divided: dict[str, Sequence[str]] = field(default_factory=dict)
    phrases: dict[str, Literal] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    pieces: tuple[str, ...] = ()
    meant: str = ""

    @property
    def tokens(self) -> list[str]:
        """The units as typed."""
        return [unit.typed for unit in self.units]

    @property
    def concepts(self) -> tuple[Concept, ...]:
        """All that the words ask for."""
        return tuple(concept for unit in self.units for concept in unit.concepts)

    @property
    def named(self) -> list[Named]:
        """The things that the query names."""
        return [named for unit in self.units for named in unit.named]

    def added(self, standing: frozenset[str]) -> Iterator[tuple[str, list[Expansion]]]:
        """Generates for each unit the added terms that occur in any text."""
        for unit in self.units:
            if found := [one for one in unit.added if one.term in standing]:
                yield unit.typed, found


# Conditions of literal parts: phrases, wildcards, proximity, headings and footnotes, exclusions.


def in_blocks(kind: str, texts: Iterable[Literal]) -> AnyNode:
    """Builds the condition for headings, or footnotes, with one of ``texts``."""
    return AllOf((Term("kind", kind), AnyOf(tuple(texts))))


def near_by(asked: Near) -> NearBy:
    """Builds the proximity condition of ``asked``."""
    return NearBy(spellings(asked.first), spellings(asked.second), asked.within, asked.ordered)


def spellings(operand: Node) -> tuple[str, ...]:
    """The strings of one side: quoted ones as they are, others in both scripts."""
    if isinstance(operand, Or):
        return tuple(dict.fromkeys(string for inner in operand.nodes for string in spellings(inner)))
    texts = strings_of(operand)
    return tuple(
        form for text in texts for form in (in_both_scripts(text) if isinstance(operand, Words) else (text,))
    )


def excluded(piece: str, names: Names) -> AnyNode:
    """Builds the condition for paragraphs with ``piece``: wherever its characters occur, in either script,
    across the borders of words too (工商业 in 工商业界). Of a State's name only where it is not part of
    another State's: excluding 印度 leaves 印度尼西亚. A symbol or number counts in all its spellings.
    """
    tokens = analyze(piece)
    if numbers := writings(piece).own:
        return AnyOf(tuple(Contains(one, longer(one)) for one in numbers))
    if not all(token.kind == "word" for token in tokens):
        return AllOf(tuple(Term(TEXT, token.term) for token in tokens))
    forms = in_both_scripts(piece)
    return AnyOf(tuple(Contains(form, apart_from=_longer_names(form, names)) for form in forms))


def _longer_names(form: str, names: Names) -> tuple[str, ...]:
    """Returns names of other States that contain the name ``form`` of one; of nested ones the shortest."""
    own = names.codes("state", form)
    if not own:
        return ()
    longer = [name for name in names.all_of("state") if form in name and not names.codes("state", name) & own]
    return tuple(name for name in longer if not any(other in name for other in longer if other != name))
