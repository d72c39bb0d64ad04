"""What an engine is asked: a tree of conditions over tokens, literal strings and exact values.

Values all the way down: no condition holds a row, a reader or an index, so that a tree can be written down,
compared and sent to another machine. Every engine answers the same tree with the same paragraphs. The tokens
come from ``text.analyzer``; an engine only looks them up and ranks by BM25.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

TEXT, CONTEXT = "text", "context"  # the two fields that hold tokens
# Fields of which a paragraph has one value: several chosen ones are alternatives.
SINGLE = frozenset({"year", "document_type", "symbol"})


@dataclass(frozen=True, slots=True)
class Term:
    """Paragraphs whose ``field`` holds ``value``; scored by BM25 times ``weight`` in a field of tokens."""

    field: str
    value: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Best:
    """Paragraphs that satisfy one of ``nodes``; the highest score counts. For words that mean the same."""

    nodes: tuple[AnyNode, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Paragraphs that satisfy one of ``nodes``; scores add up."""

    nodes: tuple[AnyNode, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """Paragraphs that satisfy all of ``nodes``; scores add up."""

    nodes: tuple[AnyNode, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """Paragraphs that satisfy ``node`` and not ``excluded``."""

    node: AnyNode
    excluded: AnyNode


@dataclass(frozen=True, slots=True)
class Everything:
    """All paragraphs, score 0."""


@dataclass(frozen=True, slots=True)
class Contains:
    """Paragraphs in whose folded text the folded ``text`` occurs, at borders of words or not; not only inside
    one of ``apart_from``, strings that hold it.

    Scored ``score``; where ``graded``, between ½ and 1 more than that by how often it occurs, counted from
    left to right without overlap.
    """

    text: str
    score: float = 0.0
    graded: bool = False
    apart_from: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pattern:
    """Paragraphs in which ``text`` occurs with each asterisk standing for a few characters or none
    (``text.asterisks``); scored as ``Contains``.
    """

    text: str
    score: float = 0.0
    graded: bool = False


@dataclass(frozen=True, slots=True)
class NearBy:
    """Paragraphs in which one of the strings ``first`` has one of ``second`` near it: with at most ``within``
    characters of the folded text between the two, or, where that is None, in the same sentence; behind it
    where ``ordered``, else on either side. What counts as often is a place of the first that has one near.
    Scored as ``Contains``.
    """

    first: tuple[str, ...]
    second: tuple[str, ...]
    within: int | None
    ordered: bool = False
    score: float = 0.0
    graded: bool = False


Literal = Contains | Pattern | NearBy


@dataclass(frozen=True, slots=True)
class Weighted:
    """``node`` with its score times ``factor``."""

    node: AnyNode
    factor: float


@dataclass(frozen=True, slots=True)
class Constant:
    """``node``, each paragraph of it scored ``score``."""

    node: AnyNode
    score: float


@dataclass(frozen=True, slots=True)
class First:
    """The first ``count`` paragraphs of ``node`` in the order of the texts."""

    node: AnyNode
    count: int


@dataclass(frozen=True, slots=True)
class Once:
    """``node``, each paragraph of it scored as one that holds a term of rarity ``rarity`` once: BM25 for what
    is no single token.
    """

    node: AnyNode
    rarity: float


@dataclass(frozen=True, slots=True)
class Added:
    """``node``, which was not typed but added for what was."""

    node: AnyNode


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that a word search asks for: ``text`` finds it in a paragraph as it was typed, ``same`` by
    other words for it, ``narrower`` by the names of what falls under it; ``context`` finds it above.
    ``beside`` are the names of wider and related things: they raise what the others find, and find nothing.
    """

    text: AnyNode
    context: AnyNode
    same: AnyNode = AnyOf(())
    narrower: AnyNode = AnyOf(())
    beside: AnyNode = AnyOf(())

    @property
    def held(self) -> AnyNode:
        """What counts as the thing: as typed, or in other words for it."""
        return Best((self.text, Added(self.same)))

    @property
    def neighbours(self) -> AnyNode:
        """What the thesaurus has beside other words for it."""
        return Best((self.narrower, self.beside))


@dataclass(frozen=True, slots=True)
class Ranked:
    """Paragraphs whose text holds one of ``concepts``, those that hold all of them first.

    A concept counts as held when the text or the headings above hold it, not where only a neighbour of it is
    named. ``helping`` adds to the score only.
    """

    concepts: tuple[Concept, ...]
    helping: tuple[AnyNode, ...] = ()


@dataclass(frozen=True, slots=True)
class Filter:
    """Paragraphs one of whose values of ``field`` is among ``values``, score 0."""

    field: str
    values: frozenset[str]


AnyNode = (
    Term
    | Best
    | AnyOf
    | AllOf
    | Without
    | Everything
    | Contains
    | Pattern
    | NearBy
    | Filter
    | Weighted
    | Constant
    | First
    | Once
    | Added
    | Ranked
)


def as_typed(node: AnyNode) -> AnyNode:
    """What ``node`` finds without anything that was added: some of the same paragraphs, in no order.
    Parts to which nothing was added are the same objects.
    """
    match node:
        case Added():
            return AnyOf(())
        case Ranked(concepts):
            return AnyOf(tuple(as_typed(concept.text) for concept in concepts))
        case Best(nodes) | AnyOf(nodes) | AllOf(nodes):
            typed = tuple(map(as_typed, nodes))
            unchanged = all(one is other for one, other in zip(typed, nodes, strict=True))
            return node if unchanged else type(node)(typed)
        case Without(inner, excluded):
            return Without(as_typed(inner), excluded)
        case Weighted(inner) | Constant(inner) | First(inner) | Once(inner):
            below = as_typed(inner)
            return node if below is inner else replace(node, node=below)
        case _:
            return node


def ranks(node: AnyNode) -> bool:
    """Whether what holds all concepts stands above the rest of what ``node`` finds."""
    match node:
        case Ranked():
            return True
        case AnyOf(nodes) | AllOf(nodes):
            return any(map(ranks, nodes))
        case Without(inner) | Weighted(inner) | First(inner) | Added(inner):
            return ranks(inner)
        case _:
            return False


ALL_HELD = 1000.0  # added to the score of a paragraph that holds all concepts: above any sum of BM25 scores
