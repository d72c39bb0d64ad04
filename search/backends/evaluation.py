"""Answering a tree of conditions from postings: for an engine that offers no more than those.

The one thing asked of the engine is ``Postings``. Scores are BM25 with the rarity as Lucene and tantivy
compute it, so that engines rank alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import log
from typing import Protocol

from search.nodes import (
    ALL_HELD,
    AllOf,
    AnyNode,
    AnyOf,
    Best,
    Concept,
    Constant,
    Everything,
    Paragraphs,
    Ranked,
    Term,
    Weighted,
    Without,
)

Scores = dict[int, float]  # document number of the engine → score

# A paragraph is long because it says more, not because it repeats itself: its length weighs less than that of
# whole documents (0.75).
K1, B = 1.2, 0.4


def inverse_frequency(documents: int, holding: int) -> float:
    """How much a term says that ``holding`` of ``documents`` paragraphs hold."""
    return log(1 + (documents - holding + 0.5) / (holding + 0.5))


class Postings(Protocol):
    """What an engine must offer."""

    def scores(self, field: str, value: str) -> Scores:
        """The documents that hold a term, with BM25 scores in fields of tokens and 0 in others."""
        ...

    def everything(self) -> Scores:
        """All documents, with score 0."""
        ...

    def documents(self, scores: Mapping[int, float]) -> Scores:
        """The documents of the given paragraph ids, with the given scores."""
        ...


def evaluate(node: AnyNode, postings: Postings) -> Scores:
    """The documents that satisfy ``node``, with their scores. The result may be changed by the caller."""
    match node:
        case Term(field, value, weight):
            found = postings.scores(field, value)
            return found if weight == 1.0 else {number: score * weight for number, score in found.items()}
        case Best(nodes):
            return _best([evaluate(inner, postings) for inner in nodes])
        case AnyOf(nodes):
            return _sum([evaluate(inner, postings) for inner in nodes])
        case AllOf(nodes):
            return _common([evaluate(inner, postings) for inner in nodes])
        case Without(inner, excluded):
            gone = evaluate(excluded, postings)
            return {n: score for n, score in evaluate(inner, postings).items() if n not in gone}
        case Everything():
            return postings.everything()
        case Paragraphs(scores):
            return postings.documents(scores)
        case Weighted(inner, factor):
            return {number: score * factor for number, score in evaluate(inner, postings).items()}
        case Constant(inner, score):
            return dict.fromkeys(evaluate(inner, postings), score)
        case Ranked(concepts, helping):
            return _ranked(concepts, helping, postings)


def _best(parts: list[Scores]) -> Scores:
    total = parts[0] if parts else {}
    for part in parts[1:]:
        for number, score in part.items():
            if score > total.get(number, -1.0):
                total[number] = score
    return total


def _sum(parts: list[Scores]) -> Scores:
    """Scores added up, beginning with the longest part."""
    parts = sorted(parts, key=len, reverse=True)
    total = parts[0] if parts else {}
    for part in parts[1:]:
        for number, score in part.items():
            total[number] = total.get(number, 0.0) + score
    return total


def _common(parts: list[Scores]) -> Scores:
    """Scores of documents in all parts, added up, beginning with the shortest part."""
    parts = sorted(parts, key=len)
    total = parts[0] if parts else {}
    for part in parts[1:]:
        total = {number: score + part[number] for number, score in total.items() if number in part}
    return total


def _ranked(concepts: tuple[Concept, ...], helping: tuple[AnyNode, ...], postings: Postings) -> Scores:
    texts = [evaluate(concept.text, postings) for concept in concepts]
    contexts = [evaluate(concept.context, postings) for concept in concepts]
    total: Scores = {}
    holding: dict[int, int] = {}
    for text in texts:
        for number, score in text.items():
            total[number] = total.get(number, 0.0) + score
            holding[number] = holding.get(number, 0) + 1
    for text, context in zip(texts, contexts, strict=True):
        for number, score in context.items():
            if number in total:
                total[number] += score
                if number not in text:
                    holding[number] += 1
    for part in helping:
        for number, score in evaluate(part, postings).items():
            if number in total:
                total[number] += score
    wanted = len(concepts)
    for number, held in holding.items():
        if held == wanted:
            total[number] += ALL_HELD
    return total
