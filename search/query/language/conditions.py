"""Search conditions: a tree over tokens, literal strings and exact values.

Values all the way down: no condition refers to a row, a reader or an index, so that a tree can be serialised,
compared and sent to another machine. Every engine answers the same tree with the same paragraphs. The tokens
come from ``text.analyzer``; an engine only looks them up and ranks by BM25.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import log

TEXT, CONTEXT = "text", "context"  # the two fields that hold tokens
# Fields of which a paragraph has one value: several chosen ones are alternatives.
SINGLE = frozenset({"year", "document_type", "symbol", "language"})


@dataclass(frozen=True, slots=True)
class Term:
    """Matches paragraphs whose ``field`` has ``value``; scored by BM25 in a tokenised field."""

    field: str
    value: str


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
    """Matches paragraphs whose folded text contains the folded ``text``, at word borders or not; not only
    inside one of ``apart_from``, longer strings. Scored by the number of occurrences, counted from left to
    right without overlap: ``LITERAL`` and n/(n+1) more.
    """

    text: str
    apart_from: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pattern:
    """Matches paragraphs with ``text``, each asterisk being a wildcard for a few characters or none
    (``text.marked_words``); scored as ``Contains``.
    """

    text: str


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


Literal = Contains | Pattern | NearBy
LITERAL = 2.0  # what is quoted is worth more than any one word


@dataclass(frozen=True, slots=True)
class Form:
    """One way to express a concept in a text: ``node`` matches it, with ``weight`` relative to the word as
    typed (1). ``text`` is its wording, for the page and for distances between words.
    """

    node: AnyNode
    weight: float = 1.0
    text: str = ""


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that a word search looks for, with all the ways to express it.

    ``typed`` match it as typed, ``same`` by synonyms; a paragraph of either contains it. ``narrower`` are
    narrower terms, which are matches, too; ``related`` broader and related terms, which raise the score of
    other matches and match nothing; ``context`` matches it in the headings above, or as speaker or document
    of a paragraph. Paragraphs are scored by their best form, as BM25 scores a single word as rare as
    ``typed`` and ``same`` together. ``is_name``: it is a named entity; ``is_place``: a paragraph of a
    document.
    """

    typed: tuple[Form, ...]
    same: tuple[Form, ...] = ()
    narrower: tuple[Form, ...] = ()
    related: tuple[Form, ...] = ()
    context: tuple[Form, ...] = ()
    is_name: bool = False
    is_place: bool = False


@dataclass(frozen=True, slots=True)
class Ranked:
    """Matches paragraphs with one of ``concepts``, or a narrower term of one; scores add up."""

    concepts: tuple[Concept, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """Paragraphs one of whose values of ``field`` is among ``values``, score 0."""

    field: str
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Several:
    """Paragraphs that satisfy at least ``least`` of ``nodes``; scores add up, each times its weight."""

    nodes: tuple[tuple[AnyNode, float], ...]
    least: int


AnyNode = (
    Term
    | AnyOf
    | AllOf
    | Without
    | Everything
    | Contains
    | Pattern
    | NearBy
    | Filter
    | Concept
    | Ranked
    | Several
)


def as_typed(node: AnyNode) -> AnyNode:
    """Returns ``node`` without the synonyms that were added; it matches a subset of the paragraphs."""
    return with_concepts(node, without_added)


def with_concepts(node: AnyNode, change: Callable[[Concept], Concept]) -> AnyNode:
    """Returns ``node`` with ``change`` applied to each of its concepts outside of exclusions."""
    match node:
        case Concept():
            return change(node)
        case Ranked(concepts):
            return Ranked(tuple(map(change, concepts)))
        case AnyOf(nodes) | AllOf(nodes):
            return type(node)(tuple(with_concepts(one, change) for one in nodes))
        case Without(inner, excluded):
            return Without(with_concepts(inner, change), excluded)
        case _:
            return node


def without_added(concept: Concept) -> Concept:
    """Returns ``concept`` as it was typed alone."""
    return replace(concept, same=(), narrower=(), related=())


def forms_of(concept: Concept) -> tuple[Form, ...]:
    """Returns all ways to say ``concept``."""
    return (*concept.typed, *concept.same, *concept.narrower, *concept.related)


def inverse_frequency(documents: int, holding: int) -> float:
    """Returns the inverse document frequency of a term in ``holding`` of ``documents`` rows, as in Lucene."""
    return log(1 + (documents - holding + 0.5) / (holding + 0.5))
