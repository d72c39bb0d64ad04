"""From a query to what an engine is asked, and to what the reader is told of how it was understood."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import opencc

from .analysis import INNER, Token, analyze
from .backends.evaluation import inverse_frequency
from .highlight import Marks
from .literal import LiteralIndex, Occurrences
from .names import Names, canonical_symbol
from .nodes import (
    CONTEXT,
    TEXT,
    AllOf,
    AnyNode,
    AnyOf,
    Best,
    Concept,
    Constant,
    Everything,
    Filter,
    Paragraphs,
    Ranked,
    Term,
    Weighted,
    Without,
)
from .query import And, Field, Node, Not, Or, Phrase, Problem, ProblemCode, SearchQuery, Together, Words
from .segmenter import segmenter
from .vocabulary import function_words, synonyms

MOST_TOKENS = 60

# What a match is worth beside the exact word (1.0) in BM25:
SYNONYM, INSIDE, PARTS, PART, HEADING_ABOVE = 0.8, 0.4, 0.5, 0.4, 0.35
# … and added to a paragraph: a symbol recorded as cited, the query as one string, two neighbouring
# words as one.
CITED, STRING, NEIGHBOURS = 3.0, 4.0, 1.5
# A heading or a signature leads to what is sought but is seldom it.
FRAME = {"heading": -4.0, "signature": -4.0, "closing": -2.0}


@dataclass(slots=True)
class Plan:
    """What to ask, and how it was understood.

    ``tokens`` are the words as cut; ``added`` maps a word to those that were added for it; ``occurrences``
    holds what each quoted phrase found; ``whole_words`` are the unquoted pieces.
    """

    node: AnyNode | None = None
    filters: list[Filter] = field(default_factory=list)
    marks: Marks = field(default_factory=Marks)
    tokens: list[str] = field(default_factory=list)
    added: dict[str, list[str]] = field(default_factory=dict)
    occurrences: dict[str, Occurrences] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    concepts: int = 0


def make_plan(
    query: SearchQuery,
    literal: LiteralIndex,
    names: Names,
    frequency: Callable[[str], int],
    variants: bool = True,
) -> Plan:
    """The plan for ``query``. ``frequency``: how many paragraphs hold a term; ``variants`` adds synonyms."""
    planner = _Planner(literal, names, frequency, variants)
    planner.plan.problems += query.problems
    root = planner.take_filters(query.root)
    planner.plan.node = planner.compile(root) if root else Everything() if planner.plan.filters else None
    planner.plan.marks = Marks(frozenset(planner.terms), tuple(planner.phrases), frozenset(planner.symbols))
    return planner.plan


class _Planner:
    def __init__(
        self, literal: LiteralIndex, names: Names, frequency: Callable[[str], int], variants: bool
    ) -> None:
        self.literal, self.names, self.frequency, self.variants = literal, names, frequency, variants
        self.plan = Plan()
        self.terms: set[str] = set()
        self.phrases: list[str] = []
        self.symbols: set[str] = set()
        self.helping: list[AnyNode] = []
        self.left, self.cut_short = MOST_TOKENS, False

    # --- filters ---

    def take_filters(self, root: Node | None) -> Node | None:
        """Moves the filters that bind the whole query out of ``root``; returns what is left of it."""
        nodes = root.nodes if isinstance(root, Together | And) else (root,) if root else ()
        for node in nodes:
            if isinstance(node, Field):
                self.plan.filters.append(self._filter(node))
        rest = tuple(node for node in nodes if not isinstance(node, Field))
        if len(rest) == len(nodes):
            return root
        return rest[0] if len(rest) == 1 else type(root)(rest) if rest else None

    def _filter(self, node: Field) -> Filter:
        codes: set[str] = set()
        for value in node.values:
            found = self.names.codes(node.name, value)
            if not found:
                self.plan.problems.append(Problem(ProblemCode.BAD_VALUE, value))
            codes |= found
        return Filter(node.name, frozenset(codes))

    # --- the tree ---

    def compile(self, node: Node) -> AnyNode:
        match node:
            case Words(text):
                return self._ranked([text])
            case Phrase(text):
                return self._phrase(text)
            case Field():
                return AnyOf(tuple(Term(node.name, code) for code in sorted(self._filter(node).values)))
            case Not():
                return Without(Everything(), self._excluded(node.node))
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
            needed.append(self._ranked(words))
        return self._without(needed, [node.node for node in nodes if isinstance(node, Not)])

    def _all(self, nodes: tuple[Node, ...]) -> AnyNode:
        """An explicit AND: every piece must hold, every word of it."""
        needed = [
            self._every_word(node.text) if isinstance(node, Words) else self.compile(node)
            for node in nodes
            if not isinstance(node, Not)
        ]
        return self._without(needed, [node.node for node in nodes if isinstance(node, Not)])

    def _without(self, needed: list[AnyNode], excluded: list[Node]) -> AnyNode:
        node = AllOf(tuple(needed)) if len(needed) > 1 else needed[0] if needed else Everything()
        if not excluded:
            return node
        return Without(node, AnyOf(tuple(self._excluded(inner) for inner in excluded)))

    def _excluded(self, node: Node) -> AnyNode:
        """What a minus takes away: words as written, nothing added; it marks nothing."""
        match node:
            case Words(text):
                return AllOf(tuple(Term(TEXT, token.term) for token in analyze(text)))
            case Phrase(text):
                return Paragraphs(dict.fromkeys(self.literal.find(text).by_paragraph, 0.0))
            case Field():
                return self.compile(node)
            case Or(nodes):
                return AnyOf(tuple(self._excluded(inner) for inner in nodes))
            case And(nodes) | Together(nodes):
                return AllOf(tuple(self._excluded(inner) for inner in nodes))
            case Not(inner):
                return Without(Everything(), self._excluded(inner))

    def _phrase(self, text: str) -> AnyNode:
        found = self.literal.find(text)
        self.plan.occurrences[text] = found
        self.phrases.append(text)
        return Paragraphs(
            {paragraph: 2.0 + count / (count + 1) for paragraph, count in found.by_paragraph.items()}
        )

    # --- words ---

    def _every_word(self, text: str) -> AnyNode:
        groups = self._groups(text)
        return AllOf(tuple(self._concept(group, text).text for group in groups))

    def _ranked(self, pieces: list[str]) -> AnyNode:
        groups = [(group, piece) for piece in pieces for group in self._groups(piece)]
        asking = function_words()
        wanted = [pair for pair in groups if not all(token.term in asking for token in pair[0])] or groups
        concepts = tuple(self._concept(*pair) for pair in wanted)
        self.plan.concepts += len(concepts)
        helping = [self._function_word(pair[0]) for pair in groups if pair not in wanted]
        helping += self.helping
        self.helping = []
        helping += [near for piece in pieces for near in self._nearness(piece)]
        helping += [Constant(Term("kind", kind), score) for kind, score in FRAME.items()]
        return Ranked(concepts, tuple(helping))

    def _groups(self, piece: str) -> list[list[Token]]:
        """The tokens of a piece; characters that stand side by side and are no word belong together."""
        groups: list[list[Token]] = []
        for token in self._limited([part for whole in analyze(piece) for part in self._cut_further(whole)]):
            before = groups[-1][-1] if groups else None
            if before and _is_character(before) and _is_character(token) and before.end == token.start:
                groups[-1].append(token)
            else:
                groups.append([token])
        self.plan.tokens += [_surface(group, piece) for group in groups]
        return groups

    def _cut_further(self, token: Token) -> list[Token]:
        """A long word that no paragraph holds under any name is asked for by its parts instead."""
        parts = segmenter().parts(token.term) if token.kind == "word" else ()
        if not parts or self._known(token.term) or self._others(token.term, token.term):
            return [token]
        if token.end - token.start != len(token.term):  # folding changed the length: no places for the parts
            return [token]
        tokens, start = [], token.start
        for part in parts:
            tokens.append(replace(token, terms=(part,), start=start, end=start + len(part)))
            start += len(part)
        return tokens

    def _limited(self, tokens: list[Token]) -> list[Token]:
        if len(tokens) > self.left and not self.cut_short:
            self.cut_short = True
            self.plan.problems.append(Problem(ProblemCode.TOO_MANY_WORDS, str(MOST_TOKENS)))
        kept = tokens[: self.left]
        self.left -= len(kept)
        return kept

    def _concept(self, group: list[Token], piece: str) -> Concept:
        token = group[0]
        if len(group) > 1:
            return self._characters(group, piece)
        if token.kind == "symbol":
            return self._symbol(token)
        if token.kind == "word" and len(token.term) > 1:
            return self._word(token, piece)
        return self._plain(token)

    def _plain(self, token: Token) -> Concept:
        """A number or a single character."""
        self.terms.add(token.term)
        text: AnyNode = Term(TEXT, token.term)
        if _is_character(token):
            self.phrases.append(token.term)
            text = Best((text, self._literally(token.term)))
        return Concept(text, Term(CONTEXT, token.term, HEADING_ABOVE))

    def _literally(self, surface: str, score: float = 0.5) -> AnyNode:
        return Paragraphs(dict.fromkeys(self.literal.find(surface).by_paragraph, score))

    def _characters(self, group: list[Token], piece: str) -> Concept:
        """A name that the dictionary does not have: all its pairs; or a word of another region."""
        pairs = [INNER + first.term + second.term for first, second in zip(group, group[1:], strict=False)]
        self.terms.update(pairs)
        text: AnyNode = AllOf(tuple(Term(TEXT, pair) for pair in pairs))
        word = "".join(token.term for token in group)
        if others := self._others(word, _surface(group, piece)):
            text = Best((text, self._same([(other, SYNONYM) for other in others])))
        return Concept(text, AllOf(tuple(Term(CONTEXT, pair, HEADING_ABOVE) for pair in pairs)))

    def _symbol(self, token: Token) -> Concept:
        self.terms.add(token.term)
        symbol = canonical_symbol(token.term)
        text: AnyNode = Term(TEXT, token.term)
        if symbol:
            self.symbols.add(symbol)
            text = AnyOf((text, Constant(Term("cites", symbol), CITED)))
        return Concept(text, Term(CONTEXT, token.term, HEADING_ABOVE))

    def _word(self, token: Token, piece: str) -> Concept:
        word = token.term
        surface = piece[token.start : token.end]
        others = self._others(word, surface)
        forms = [self._same([(word, 1.0), *((other, SYNONYM) for other in others)])]
        parts = segmenter().parts(word)
        if parts:
            inner = tuple(self._same([(part, 1.0)]) for part in parts)
            forms.append(Weighted(AllOf(inner), PARTS))
            self.helping += [Weighted(part, PART) for part in inner]
        if not self._known(word):
            self.phrases.append(surface)
            forms.append(self._literally(surface, 2.0))
        return Concept(Best(tuple(forms)), Term(CONTEXT, word, HEADING_ABOVE))

    def _known(self, word: str) -> bool:
        return bool(self.frequency(word) or self.frequency(INNER + word))

    def _same(self, forms: list[tuple[str, float]]) -> AnyNode:
        """Words that count as one, each also as a word inside a longer one.

        They share one rarity, that of them all: a rare name for a common thing tells no more than that.
        """
        weights = {}
        for word, weight in forms:
            weights[word] = weight
            weights.setdefault(INNER + word, weight * INSIDE)
        self.terms.update(weights)
        holding = {word: count for word in weights if (count := self.frequency(word))}
        shared = self._rarity(sum(holding.values()))
        return Best(
            tuple(
                Term(TEXT, word, weights[word] * shared / self._rarity(count))
                for word, count in holding.items()
            )
        )

    def _rarity(self, holding: int) -> float:
        paragraphs = len(self.literal)
        return inverse_frequency(paragraphs, min(holding, paragraphs))

    def _others(self, word: str, surface: str) -> list[str]:
        """Words for the same thing that the index holds: kept sets, bodies' names, usage of the regions."""
        if not self.variants:
            return []
        mainland = [token.term for token in analyze(_mainland(surface))]
        others = [*mainland] if len(mainland) == 1 else []
        others += synonyms().get(word, ())
        found = [other for other in dict.fromkeys(others) if other != word and self._known(other)]
        if found:
            self.plan.added[word] = found
        return found

    def _function_word(self, group: list[Token]) -> AnyNode:
        return AnyOf(tuple(Term(TEXT, token.term, 0.2) for token in group))

    def _nearness(self, piece: str) -> list[AnyNode]:
        """More for paragraphs where the piece, or two neighbouring words of it, stand as one string."""
        tokens = [token for token in analyze(piece) if token.kind == "word"][:MOST_TOKENS]
        if len(tokens) < 2:
            return []
        strings = [(piece, STRING)]
        strings += [
            (piece[first.start : second.end], NEIGHBOURS)
            for first, second in zip(tokens, tokens[1:], strict=False)
            if first.end == second.start and len(tokens) > 2
        ]
        return [self._literally(string, score) for string, score in strings]


def _surface(group: list[Token], piece: str) -> str:
    return piece[group[0].start : group[-1].end]


def _is_character(token: Token) -> bool:
    return token.kind == "word" and len(token.term) == 1 and not token.term.isascii()


_TAIWAN = opencc.OpenCC("tw2sp")


def _mainland(text: str) -> str:
    """``text`` with Taiwan's words replaced by the mainland's, which UN documents use: 列印 → 打印."""
    return _TAIWAN.convert(text)


def without_fields(node: Node | None) -> Node | None:
    """``node`` without the filters that bind the whole query."""
    if isinstance(node, Field):
        return None
    if isinstance(node, Together | And):
        rest = tuple(inner for inner in node.nodes if not isinstance(inner, Field))
        return rest[0] if len(rest) == 1 else type(node)(rest) if rest else None
    return node
