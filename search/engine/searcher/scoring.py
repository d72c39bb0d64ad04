"""Answering a tree of conditions from postings, in columns of numbers.

The one thing asked of an engine is which paragraphs hold a token and how often. Scores of terms are those of
Lucene (``bm25``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, cast

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
    Term,
    Without,
    inverse_frequency,
)

if TYPE_CHECKING:
    from .reader import Reader

FEW = 16  # parts that hold less than one in so many rows are joined by sorting
SMALL = 4096  # rows: below, a pass over all of them costs less
STRETCH = 1 << 16  # rows added up at once: their numbers stay in a processor's own cache
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
        self.size = source.size
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

    def once(self, node: object, work_out: Callable[[Any, Reader], Any]) -> Any:
        """Returns ``work_out(node, source)``, computed once for each node and function."""
        key = (id(node), work_out)
        if key not in self._found:
            self._found[key] = (node, work_out(node, cast("Reader", self)))
        return self._found[key][1]


def evaluate(node: AnyNode, source: Reader) -> Scores:
    """Returns the rows that match ``node``, with scores. The arrays are shared: do not change them."""
    found: Scores = (
        source.once(node, _evaluated) if isinstance(source, MemoizingSource) else _evaluated(node, source)
    )
    return found


def match_concept(concept: Concept, source: Reader) -> ConceptMatch:
    """Returns the rows that match ``concept``, cached where the source memoizes."""
    found: ConceptMatch = (
        source.once(concept, _match_concept)
        if isinstance(source, MemoizingSource)
        else _match_concept(concept, source)
    )
    return found


def _evaluated(node: AnyNode, source: Reader) -> Scores:
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
        case Everything():
            return Scores(np.arange(source.size, dtype=np.int32), np.zeros(source.size))
        case Contains() | Pattern() | NearBy():
            places = source.phrase(node)
            scores = LITERAL + places.counts / (places.counts + 1.0)
            return Scores(places.rows, scores.astype(np.float32))
        case Filter():
            return source.having(node)
        case Concept():
            own = match_concept(node, source)
            return _times(_best([own.typed, own.same], source.size), own.rarity)
        case Ranked(concepts):
            return _ranked([match_concept(concept, source) for concept in concepts], source.size)


def _all_of(nodes: Sequence[AnyNode], source: Reader) -> Scores:
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


def _match_concept(concept: Concept, source: Reader) -> ConceptMatch:
    standing: set[str] = set()
    typed, same, narrower, related = (
        _forms(forms, source, standing)
        for forms in (concept.typed, concept.same, concept.narrower, concept.related)
    )
    context = _best([_above(form, source) for form in concept.context], source.size)
    count = len(typed.rows) + len(same.rows) or len(narrower.rows) or len(related.rows)
    rarity = inverse_frequency(source.size, min(count, source.size)) if count else 0.0
    return ConceptMatch(typed, same, narrower, related, context, rarity, frozenset(standing))


def _above(form: Form, source: Reader) -> Scores:
    """Returns the rows that match a form in headings, speaker or document, all of the form's weight."""
    rows = evaluate(form.node, source).rows
    return Scores(rows, np.full(len(rows), form.weight))


def _forms(forms: Sequence[Form], source: Reader, standing: set[str]) -> Scores:
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


def _may_stand(node: AnyNode, source: Reader) -> bool:
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


def _strength(node: AnyNode, source: Reader) -> Scores:
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


def _is_exact(node: AnyNode, source: Reader) -> bool:
    """Returns True if ``node`` asks only for exact values, whose score ignores a paragraph's length."""
    match node:
        case Term(field):
            return source.rarity(field, 1) is None
        case AllOf(nodes) | AnyOf(nodes):
            return all(_is_exact(inner, source) for inner in nodes)
    return isinstance(node, Filter)


# --- several ---


def _ranked(concepts: Sequence[ConceptMatch], size: int) -> Scores:
    found = [_best([one.typed, one.same, one.narrower], size) for one in concepts]
    if not any(len(part.rows) for part in found):
        return NOTHING
    raised = [_best([one.related, one.context], size) for one in concepts]
    rarities = [one.rarity for one in concepts]
    return _by_stretches(lambda *parts: _ranked_within(rarities, *parts), size, found, raised)


def standing_in(concepts: Sequence[Concept], source: Reader) -> Scores:
    """Returns the rows of related terms for those ``concepts`` that match nowhere."""
    found = [match_concept(concept, source) for concept in concepts if not concept.is_place]
    return _sum([_times(one.instead, one.rarity) for one in found], source.size)


def _ranked_within(rarities: Sequence[float], size: int, found: list[Scores], raised: list[Scores]) -> Scores:
    """Returns the rows in one of ``found``, scored by the best of ``found`` and ``raised`` per concept."""
    total, holding = np.zeros(size), np.zeros(size, np.bool_)
    for rarity, part, more in zip(rarities, found, raised, strict=True):
        best = np.zeros(size)
        best[part.rows] = part.scores
        best[more.rows] = np.maximum(best[more.rows], more.scores)
        total += rarity * best
        holding[part.rows] = True
    rows = np.flatnonzero(holding)
    return Scores(rows, total[rows])


def holding_all(concepts: Iterable[Concept], rows: Numbers, source: Reader) -> Numbers:
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
    """Evaluates ``within(size, *lists)`` in blocks of rows that fit the processor's cache, and joins the
    results.
    """
    if size <= STRETCH:
        return within(size, *lists)
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
    """Returns the rows of both, scores joined for common ones, without a pass over all rows."""
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
