"""Answering a tree of conditions from postings, in columns of numbers.

The one thing asked of an engine is which paragraphs hold a token and how often. Scores of terms are those of
Lucene (``bm25``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from search.engine.index.literal import Occurrences
from search.engine.protocol import Numbers
from search.query.language.conditions import (
    LITERAL,
    AllOf,
    AnyNode,
    AnyOf,
    Concept,
    Contains,
    Everything,
    Filter,
    Form,
    Literal,
    NearBy,
    Pattern,
    Ranked,
    Several,
    Term,
    Without,
    inverse_frequency,
)

if TYPE_CHECKING:
    from .reader import Reader

FEW = 16  # parts that hold less than one in so many rows are joined by sorting
SMALL = 4096  # rows: below, a pass over all of them costs less
MOST_FORMS = 8  # of one relation, in the order of their weights: the first that stand in any text


class Scores(NamedTuple):
    """Rows of the index in rising order, and the score of each."""

    rows: Numbers
    scores: Numbers


NOTHING = Scores(np.empty(0, np.int32), np.empty(0))


class ConceptMatch(NamedTuple):
    """The rows that match a concept, for each kind of form, scored as if its rarity were 1; its rarity; and
    which of its forms occur in any text.
    """

    typed: Scores
    same: Scores
    narrower: Scores
    related: Scores
    context: Scores
    rarity: float
    standing: frozenset[str]

    @property
    def instead(self) -> Scores:
        """The rows of wider or related terms, or of parts of the word, where the concept has no match."""
        return (
            NOTHING
            if any(len(part.rows) for part in (self.typed, self.same, self.narrower))
            else self.related
        )


class MemoizingSource:
    """A reader that memoizes the result of each node, for one question whose tree, or parts of it, are
    evaluated for counts, features and lists alike. Lives no longer than the question.
    """

    def __init__(self, source: Reader) -> None:
        self._source = source
        self.size, self.total = source.size, source.total
        self.term, self.occurs = source.term, source.occurs  # asked for thousands of times
        self._found: dict[
            tuple[int, Callable[..., Any]], tuple[object, Any]
        ] = {}  # by identity; the node is kept alive
        self._phrases: dict[Literal, Occurrences] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._source, name)

    def phrase(self, condition: Literal) -> Occurrences:
        """Returns the occurrences of a literal condition; each condition is looked up once."""
        if condition not in self._phrases:
            self._phrases[condition] = self._source.phrase(condition)
        return self._phrases[condition]

    def once(self, node: object, work_out: Callable[[Any, MemoizingSource], Any]) -> Any:
        """Returns ``work_out(node, source)``, computed once for each node and function."""
        key = (id(node), work_out)
        if key not in self._found:
            self._found[key] = (node, work_out(node, self))
        return self._found[key][1]


def evaluate(node: AnyNode, source: MemoizingSource) -> Scores:
    """Returns the rows that match ``node``, with scores. The arrays are shared: do not change them."""
    found: Scores = source.once(node, _evaluated)
    return found


def match_concept(concept: Concept, source: MemoizingSource) -> ConceptMatch:
    """Returns the rows that match ``concept``."""
    found: ConceptMatch = source.once(concept, _match_concept)
    return found


def _evaluated(node: AnyNode, source: MemoizingSource) -> Scores:
    match node:
        case Term(field, value):
            return source.term(field, value)
        case AnyOf(nodes):
            return _sum([evaluate(inner, source) for inner in nodes], source.size)
        case AllOf(nodes):
            return _all_of(nodes, source)
        case Without(inner, excluded):
            found = evaluate(inner, source)
            kept = ~_among(evaluate(excluded, source).rows, source.size)[found.rows]
            return Scores(found.rows[kept], found.scores[kept])
        case Several(weighted, least):
            parts = [_times(evaluate(inner, source), weight) for inner, weight in weighted]
            found, held = _sum(parts, source.size), np.zeros(source.size, np.int16)
            for part in parts:
                held[part.rows] += 1
            enough = held[found.rows] >= least
            return Scores(found.rows[enough], found.scores[enough])
        case Everything():
            return Scores(np.arange(source.size, dtype=np.int32), np.zeros(source.size))
        case Contains() | Pattern() | NearBy():
            places = source.phrase(node)
            scores = LITERAL + places.counts / (places.counts + 1.0)
            return Scores(places.rows, scores.astype(np.float32))
        case Filter(field, values):
            rows = source.columns[field].rows(values)
            return Scores(rows, np.zeros(len(rows)))
        case Concept():
            own = match_concept(node, source)
            return _times(_best([own.typed, own.same], source.size), own.rarity)
        case Ranked(concepts):
            return _ranked([match_concept(concept, source) for concept in concepts], source.size)


def _all_of(nodes: Sequence[AnyNode], source: MemoizingSource) -> Scores:
    """Returns the rows that satisfy all of ``nodes``; behind what stands nowhere nothing is asked: of a form
    of several words the string comes first.
    """
    parts = []
    for inner in nodes:
        found = evaluate(inner, source)
        if not len(found.rows):
            return NOTHING
        parts.append(found)
    return _common(parts)


# --- one concept ---


def _match_concept(concept: Concept, source: MemoizingSource) -> ConceptMatch:
    standing: set[str] = set()
    concept, sizes = source.told(concept)
    typed, same, narrower, related = (
        _forms(forms, source, standing)
        for forms in (concept.typed, concept.same, concept.narrower, concept.related)
    )
    context = _best([_above(form, source) for form in concept.context], source.size)
    of_typed, of_same, *others = sizes or [len(part.rows) for part in (typed, same, narrower, related)]
    count = of_typed + of_same or next(filter(None, others), 0)
    rarity = inverse_frequency(source.total, min(count, source.total)) if count else 0.0
    return ConceptMatch(typed, same, narrower, related, context, rarity, frozenset(standing))


def _above(form: Form, source: MemoizingSource) -> Scores:
    """Returns the rows that match a form in headings, speaker or document, all of the form's weight."""
    rows = evaluate(form.node, source).rows
    return Scores(rows, np.full(len(rows), form.weight))


def _forms(forms: Sequence[Form], source: MemoizingSource, standing: set[str]) -> Scores:
    """Returns the best of ``forms`` in each row; of many the first that stand in texts."""
    found: list[Scores] = []
    texts: set[str] = set()
    for form in forms:
        if len(texts) >= MOST_FORMS and form.text not in texts:
            continue
        if not _may_stand(form.node, source):
            continue
        scores = _strength(form.node, source)
        if len(scores.rows):
            found.append(_times(scores, form.weight))
            texts.add(form.text)
    standing |= texts
    return _best(found, source.size)


def _may_stand(node: AnyNode, source: MemoizingSource) -> bool:
    """Returns False if a string that ``node`` needs occurs nowhere: most of a broad term's hundreds of forms
    do not, and are not evaluated.
    """
    match node:
        case Contains(text):
            return source.occurs(text)
        case AllOf(nodes):
            return all(_may_stand(inner, source) for inner in nodes)
        case AnyOf(nodes):
            return any(_may_stand(inner, source) for inner in nodes)
    return True


def _strength(node: AnyNode, source: MemoizingSource) -> Scores:
    """Returns the rows of ``node``, scored as those of a term of rarity 1."""
    match node:
        case Term(field, value):
            found = source.term(field, value)
            if len(found.rows) and (rarity := source.rarity(field, len(found.rows))):
                return _times(found, 1 / rarity)
        case Contains() | Pattern() | NearBy():
            places = source.phrase(node)
            return Scores(places.rows, source.strength(places.rows, places.counts))
        case _:
            found = evaluate(node, source)
            if len(found.rows) and not _is_exact(node, source):
                return Scores(found.rows, source.strength(found.rows, 1.0))
    return Scores(found.rows, np.ones(len(found.rows)))


def _is_exact(node: AnyNode, source: MemoizingSource) -> bool:
    """Returns True if ``node`` asks only for exact values, whose score ignores a paragraph's length."""
    match node:
        case Term(field):
            return source.rarity(field, 1) is None
        case AllOf(nodes) | AnyOf(nodes):
            return all(_is_exact(inner, source) for inner in nodes)
    return isinstance(node, Filter)


# --- several ---


def _ranked(concepts: Sequence[ConceptMatch], size: int) -> Scores:
    """Returns the rows that match one of ``concepts``, scored by the best of all forms of each."""
    found = [_best([one.typed, one.same, one.narrower], size) for one in concepts]
    if not any(len(part.rows) for part in found):
        return NOTHING
    total, holding = np.zeros(size), np.zeros(size, np.bool_)
    for one, part in zip(concepts, found, strict=True):
        best, more = np.zeros(size), _best([one.related, one.context], size)
        best[part.rows] = part.scores
        best[more.rows] = np.maximum(best[more.rows], more.scores)
        total += one.rarity * best
        holding[part.rows] = True
    rows = np.flatnonzero(holding)
    return Scores(rows, total[rows])


def standing_in(concepts: Sequence[Concept], source: MemoizingSource) -> Scores:
    """Returns the rows of related terms for those ``concepts`` that match nowhere."""
    found = [match_concept(concept, source) for concept in concepts if not concept.is_place]
    return _sum([_times(one.instead, one.rarity) for one in found], source.size)


def holding_all(concepts: Iterable[Concept], rows: Numbers, source: MemoizingSource) -> Numbers:
    """Returns, for each of ``rows``, True if every one of ``concepts`` matches there or in its headings."""
    all_of_them = np.ones(len(rows), np.bool_)
    for concept in concepts:
        own, here = match_concept(concept, source), np.zeros(source.size, np.bool_)
        for part in (own.typed, own.same, own.context):
            here[part.rows] = True
        all_of_them &= here[rows]
    return all_of_them


def _times(found: Scores, factor: float) -> Scores:
    return found if factor == 1.0 else Scores(found.rows, found.scores * factor)


def _among(rows: Numbers, size: int) -> Numbers:
    """Returns, for each row of the index, True if it is one of ``rows``."""
    among = np.zeros(size, np.bool_)
    among[rows] = True
    return among


def _best(parts: list[Scores], size: int) -> Scores:
    return _joined(parts, size, np.maximum)


def _sum(parts: list[Scores], size: int) -> Scores:
    return _joined(parts, size, np.add)


def _joined(parts: list[Scores], size: int, join: np.ufunc) -> Scores:
    """Returns the rows of all ``parts``, each once, with its scores joined: of few rows by sorting them, else
    by a pass over all rows of the index.
    """
    parts = [part for part in parts if len(part.rows)]
    if len(parts) < 2:
        return parts[0] if parts else NOTHING
    if sum(len(part.rows) for part in parts) * FEW < size and size > SMALL:
        rows, scores = (np.concatenate(columns) for columns in zip(*parts, strict=True))
        order = np.argsort(rows, kind="stable")  # of runs that rise it is a merge
        rows = rows[order]
        first = np.flatnonzero(np.diff(rows, prepend=-1))
        kind = np.float64 if join is np.add else None
        return Scores(rows[first], join.reduceat(scores[order], first, dtype=kind))
    total, held = np.zeros(size), np.zeros(size, np.bool_)
    for rows, scores in parts:
        total[rows] = join(total[rows], scores)
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
