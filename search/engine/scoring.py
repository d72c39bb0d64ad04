"""Answering a tree of conditions from postings, in columns of numbers: the same for every engine.

The one thing asked of an engine is which paragraphs hold a token and how often. Scores of terms are those of
Lucene (``bm25``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, Protocol

import numpy as np

from search.index.literal import Occurrences
from search.query.conditions import (
    ALL_HELD,
    Added,
    AllOf,
    AnyNode,
    AnyOf,
    Best,
    Concept,
    Constant,
    Contains,
    Everything,
    Filter,
    First,
    Literal,
    NearBy,
    Once,
    Pattern,
    Ranked,
    Term,
    Weighted,
    Without,
    ranks,
)

from .scores import NOTHING, Numbers, Scores

FEW = 16  # parts that hold less than one in so many rows are joined by sorting
SMALL = 4096  # rows: below, a pass over all of them costs less
STRETCH = 1 << 16  # rows added up at once: their numbers stay in a processor's own cache


class Source(Protocol):
    """What a tree is evaluated against: ``size`` rows."""

    size: int

    def term(self, field: str, value: str) -> Scores:
        """The rows that hold a term, with BM25 scores in fields of tokens and 0 in others."""
        ...

    def once(self, rows: Numbers) -> Numbers:
        """The BM25 score in each of ``rows`` of a term of rarity 1 that stands there once."""
        ...

    def having(self, wanted: Filter) -> Scores:
        """The rows that pass a filter, with score 0."""
        ...

    def phrase(self, condition: Literal) -> Occurrences:
        """The rows that satisfy a literal condition, and how often it holds in each."""
        ...


class Remembering:
    """A source that keeps what each node found: for a question whose tree, or parts of it, are asked for by
    counts, features and lists alike. Lives no longer than the question.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self.size, self.term = source.size, source.term  # asked for thousands of times
        self._found: dict[int, tuple[AnyNode, Scores]] = {}  # by identity; the node is kept alive
        self._phrases: dict[Literal, Occurrences] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._source, name)

    def phrase(self, condition: Literal) -> Occurrences:
        """Where a literal condition holds, looked up once whatever the scores."""
        unscored = replace(condition, score=0.0, graded=False)
        if unscored not in self._phrases:
            self._phrases[unscored] = self._source.phrase(condition)
        return self._phrases[unscored]

    def evaluated(self, node: AnyNode) -> Scores:
        """What ``node`` finds, worked out once."""
        if id(node) not in self._found:
            self._found[id(node)] = (node, _evaluated(node, self))
        return self._found[id(node)][1]


def evaluate(node: AnyNode, source: Source) -> Scores:
    """The rows that satisfy ``node``, with their scores. The arrays are shared: they must not be changed."""
    return source.evaluated(node) if isinstance(source, Remembering) else _evaluated(node, source)


def _evaluated(node: AnyNode, source: Source) -> Scores:
    match node:
        case Term(field, value, weight):
            return _times(source.term(field, value), weight)
        case Best(nodes):
            return _best([evaluate(inner, source) for inner in _flat(nodes)], source.size)
        case AnyOf(nodes):
            parts = [evaluate(inner, source) for inner in nodes]
            if not any(map(ranks, nodes)):
                return _sum(parts, source.size)
            return _held_once(_sum([*map(_lowered, parts)], source.size), 1)
        case AllOf(nodes):
            found, ranking = _common([evaluate(inner, source) for inner in nodes]), sum(map(ranks, nodes))
            return _held_once(found, ranking) if ranking > 1 else found
        case Without(inner, excluded):
            found = evaluate(inner, source)
            kept = ~_holds(evaluate(excluded, source).rows, source.size)[found.rows]
            return Scores(found.rows[kept], found.scores[kept])
        case Everything():
            return Scores(np.arange(source.size, dtype=np.int32), np.zeros(source.size))
        case Contains() | Pattern() | NearBy():
            return scored(node, source.phrase(node))
        case Filter():
            return source.having(node)
        case Weighted(inner) | Constant(inner) | First(inner) | Once(inner) | Added(inner):
            return _changed(node, evaluate(inner, source), source)
        case Ranked(concepts, helping):
            return _ranked(concepts, helping, source)


def scored(condition: Literal, found: Occurrences) -> Scores:
    """``found`` with the scores that ``condition`` gives."""
    if condition.graded:
        scores = condition.score + found.counts / (found.counts + 1.0)
    else:
        scores = np.full(len(found.rows), condition.score)
    return Scores(found.rows, scores.astype(np.float32))


def _flat(nodes: Iterable[AnyNode]) -> Iterator[AnyNode]:
    """``nodes``, for a node that is the best of some again these: the best of all is found in one go."""
    for node in nodes:
        match node:
            case Best(inner) | Added(Best(inner)):
                yield from _flat(inner)
            case _:
                yield node


def _changed(node: Weighted | Constant | First | Once | Added, found: Scores, source: Source) -> Scores:
    """What was found for the node inside, with other scores, or the beginning of it."""
    match node:
        case Weighted(_, factor):
            return _times(found, factor)
        case Constant(_, score):
            return Scores(found.rows, np.full(len(found.rows), score))
        case First(_, count):
            return Scores(found.rows[:count], found.scores[:count])
        case Once(_, rarity):
            return Scores(found.rows, source.once(found.rows) * rarity)
    return found


def _times(found: Scores, factor: float) -> Scores:
    return found if factor == 1.0 else Scores(found.rows, found.scores * factor)


def _holds(rows: Numbers, size: int) -> Numbers:
    """For each row of the index whether it is among ``rows``."""
    holds = np.zeros(size, np.bool_)
    holds[rows] = True
    return holds


def _held_once(found: Scores, parts: int) -> Scores:
    """``found`` with what all concepts add, which stands in the sums once for each part that holds them: once
    where ``parts`` do, else not.
    """
    times = np.floor(found.scores / ALL_HELD + 0.5)
    return Scores(found.rows, found.scores - ALL_HELD * (times - (times >= parts)))


def _lowered(part: Scores) -> Scores:
    """What one part gives a sum with others: nothing below 0, which would count against these."""
    held = ALL_HELD * (part.scores >= ALL_HELD / 2)
    return Scores(part.rows, np.maximum(part.scores, held))


def _best(parts: list[Scores], size: int) -> Scores:
    parts = [part for part in parts if len(part.rows)]
    if len(parts) < 2:
        return parts[0] if parts else NOTHING
    parts.sort(key=lambda part: len(part.rows))
    few = sum(len(part.rows) for part in parts[:-1])
    if few * FEW < size and size > SMALL:
        if (few + len(parts[-1].rows)) * FEW >= size:
            return _merged(parts[-1], _best(parts[:-1], size), np.maximum)
        rows, scores = (np.concatenate(columns) for columns in zip(*parts, strict=True))
        order = np.argsort(rows, kind="stable")  # of runs that rise it is a merge
        rows = rows[order]
        first = np.flatnonzero(np.diff(rows, prepend=-1))
        return Scores(rows[first], np.maximum.reduceat(scores[order], first))
    return _by_stretches(_best_within, size, parts)


def _best_within(size: int, parts: list[Scores]) -> Scores:
    total = np.full(size, -np.inf)
    for rows, scores in parts:
        total[rows] = np.maximum(total[rows], scores)
    rows = np.flatnonzero(total > -np.inf)
    return Scores(rows, total[rows])


def _by_stretches(within: Callable[..., Scores], size: int, *lists: list[Scores]) -> Scores:
    """What ``within(size, *lists)`` finds, asked stretch by stretch: over all rows at once it would leave the
    cache, and take longer than there are more of them.
    """
    borders = np.arange(0, size + STRETCH, STRETCH)
    cuts = [[np.searchsorted(part.rows, borders).tolist() for part in parts] for parts in lists]
    found = []
    for number, first in enumerate(borders[:-1].tolist()):
        divided = [
            [
                Scores(
                    part.rows[cut[number] : cut[number + 1]] - first,
                    part.scores[cut[number] : cut[number + 1]],
                )
                for part, cut in zip(parts, cut_of, strict=True)
            ]
            for parts, cut_of in zip(lists, cuts, strict=True)
        ]
        rows, scores = within(min(STRETCH, size - first), *divided)
        found.append(Scores((rows + first).astype(np.int32), scores))
    return Scores(*map(np.concatenate, zip(*found, strict=True)))


def _merged(many: Scores, few: Scores, join: np.ufunc) -> Scores:
    """The rows of both, where they share one with their scores joined; without a pass over all rows."""
    place = np.searchsorted(many.rows, few.rows)
    both = many.rows[np.minimum(place, len(many.rows) - 1)] == few.rows
    scores = many.scores.astype(np.float64)
    scores[place[both]] = join(scores[place[both]], few.scores[both])
    new = ~both
    return Scores(
        np.insert(many.rows, place[new], few.rows[new]), np.insert(scores, place[new], few.scores[new])
    )


def _sum(parts: list[Scores], size: int) -> Scores:
    parts = [part for part in parts if len(part.rows)]
    if len(parts) < 2:
        return parts[0] if parts else NOTHING
    if sum(len(part.rows) for part in parts) * FEW < size and size > SMALL:
        rows, scores = (np.concatenate(columns) for columns in zip(*parts, strict=True))
        rows, place = np.unique(rows, return_inverse=True)
        return Scores(rows, np.bincount(place, scores))
    few, many = sorted(parts, key=lambda part: len(part.rows))[-2:]
    if len(parts) == 2 and len(few.rows) * FEW < size and size > SMALL:
        return _merged(many, few, np.add)
    return _by_stretches(_sum_within, size, parts)


def _sum_within(size: int, parts: list[Scores]) -> Scores:
    total, held = np.zeros(size), np.zeros(size, np.bool_)
    for rows, scores in parts:
        total[rows] += scores
        held[rows] = True
    rows = np.flatnonzero(held)
    return Scores(rows, total[rows])


def _common(parts: list[Scores]) -> Scores:
    """Rows in all parts, scores added up, beginning with the shortest part."""
    parts = sorted(parts, key=lambda part: len(part.rows))
    if not parts:
        return NOTHING
    rows, scores = parts[0]
    for part in parts[1:]:
        if not len(rows):
            return NOTHING
        place = np.minimum(np.searchsorted(part.rows, rows), len(part.rows) - 1)
        both = part.rows[place] == rows
        rows, scores = rows[both], scores[both] + part.scores[place[both]]
    return Scores(rows, scores)


def _ranked(concepts: tuple[Concept, ...], helping: tuple[AnyNode, ...], source: Source) -> Scores:
    texts = [
        _best([evaluate(concept.text, source), evaluate(concept.same, source)], source.size)
        for concept in concepts
    ]
    below = [evaluate(concept.narrower, source) for concept in concepts]
    if not any(len(part.rows) for part in [*texts, *below]):
        return NOTHING
    best = [
        _best([*ways, evaluate(concept.beside, source)], source.size)
        for concept, *ways in zip(concepts, texts, below, strict=True)
    ]
    context = [evaluate(concept.context, source) for concept in concepts]
    rest = [evaluate(node, source) for node in helping]
    return _by_stretches(_ranked_within, source.size, texts, below, best, context, rest)


def _ranked_within(
    size: int,
    texts: list[Scores],
    below: list[Scores],
    best: list[Scores],
    context: list[Scores],
    helping: list[Scores],
) -> Scores:
    """The rows that hold a concept in ``texts`` or ``below``, with all scores added up; those where each
    concept is held stand above the others. The first four lists have a part for each concept.
    """
    found, holding = np.zeros(size, np.bool_), np.zeros(size, np.int16)
    for held, narrower in zip(texts, below, strict=True):
        holding[held.rows] += 1
        found[held.rows] = found[narrower.rows] = True
    total = np.zeros(size)  # of rows that are not found, too, which are not looked at
    for rows, scores in best:
        total[rows] += scores
    for (rows, scores), text in zip(context, texts, strict=True):
        total[rows] += scores
        if len(rows):
            holding[rows[~_holds(text.rows, size)[rows]]] += 1
    for rows, scores in helping:
        total[rows] += scores
    rows = np.flatnonzero(found)
    scores = total[rows]
    scores[holding[rows] == len(texts)] += ALL_HELD
    return Scores(rows, scores)
