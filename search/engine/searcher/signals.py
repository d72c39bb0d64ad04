"""Reranking: the features (signals) by which the candidates of a search are ordered, and their weighted sum.

One row of numbers for each candidate, in the order of ``NAMES``, and one weight for each, learnt by ``make
ranker`` (``fixtures/ranker.json``). All are between 0 and 1 but for the length, so that weights can be
compared. Shares are of the rarities of the concepts: who finds the rare word of a query finds most of it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

import numpy as np

from archive.text.folding import fold_literally, fold_words
from archive.text.reference import FIXTURES
from search.engine.index.literal import END, LiteralIndex
from search.engine.meaning.vectors import FEATURES, Nearness
from search.engine.protocol import Numbers, Question
from search.query.language.conditions import TEXT, Concept
from search.query.text.marked_words import starts_of

from .scoring import MemoizingSource, Scores, match_concept

NAMES = (
    "words",
    "context",
    "entity",
    "place",
    "near",
    "bigrams",
    "text",
    "list",
    "length",
    "early",
    *FEATURES,
)
MOST_FORMS, MOST_BIGRAMS = 8, 32
WINDOW = 24.0  # characters between two words at which their nearness counts half
FRAME = frozenset({"heading", "signature", "closing"})
WHOLE = 0.99  # a heading is an answer where it holds all that is asked for
LISTED = frozenset({"list_item", "subparagraph"})


def signals_of(
    question: Question, rows: Numbers, reader: MemoizingSource, near: Nearness | None = None
) -> Numbers:
    """The signals of the candidates ``rows`` for ``question``; where nobody knows how ``near`` they are,
    nothing is near.
    """
    texts, kinds = Texts(rows, reader.literal), reader.columns["kind"]
    strings = [_strings(one) for one in question.concepts if not one.is_place]
    concepts = _concept_features(question.concepts, rows, reader)
    columns = [
        *concepts,
        _nearness(strings, texts),
        _bigrams(strings, texts),
        ~kinds.having(rows, FRAME) | (concepts[1] > WHOLE),
        kinds.having(rows, LISTED),
        np.log1p(reader.columns.lengths[TEXT][rows]) / 6,
        reader.early(rows),
        *(near.columns(rows) if near else np.zeros((len(FEATURES), len(rows)))),
    ]
    return np.column_stack([np.asarray(column, np.float64) for column in columns])


@cache
def weights(by_words: bool = False) -> Numbers:
    """Returns the weights in the order of ``NAMES``, 0 for a signal that is not learnt yet; those of
    ``by_words`` alone were learnt without meanings.
    """
    report = json.loads((FIXTURES / "ranker.json").read_text("utf-8"))
    learnt = report["weights_by_words" if by_words else "weights"]
    return np.array([learnt.get(name, 0.0) for name in NAMES])


def ranked(values: Numbers, rows: Numbers, weighing: Numbers) -> Numbers:
    """``rows`` by the sum of ``values`` as ``weighing`` weighs them, then by number."""
    return rows[np.lexsort((rows, -np.round(values @ weighing, 9)))]


def _strings(concept: Concept) -> list[str]:
    """Returns the strings that express ``concept`` in a text, as typed first."""
    return [*dict.fromkeys(fold_words(one.text) for one in (*concept.typed, *concept.same) if one.text)]


def _share_of_best(scores: Numbers) -> Numbers:
    best = scores.max(initial=0.0)
    return np.clip(scores / best, 0, 1) if best > 0 else np.zeros(len(scores))


def _concept_features(concepts: Sequence[Concept], rows: Numbers, reader: MemoizingSource) -> list[Numbers]:
    """Computes four features of each candidate: how strongly the query's concepts match, relative to the best
    candidate; the share of concepts that match as typed, by a synonym or in the headings; the share of named
    entities that match; whether it is the very paragraph asked for.
    """
    shares, best, place = np.zeros((2, len(rows))), np.zeros(len(rows)), np.zeros(len(rows))
    total = named = 0.0
    for concept in concepts:
        found = match_concept(concept, reader)
        typed, same, narrower, related, context = (_strengths(way, rows) for way in found[:5])
        if concept.is_place:
            place = np.maximum(place, typed)
            continue
        weight, there = found.rarity, (typed > 0) | (same > 0) | (context > 0)
        best += weight * np.maximum.reduce([typed, same, narrower, related, context])
        shares += weight * np.array([there, concept.is_name * there])
        total += weight
        named += weight * concept.is_name
    shares /= np.array([[total or 1.0], [named or 1.0]])
    return [_share_of_best(best), *shares, _share_of_best(place)]


def _strengths(found: Scores, rows: Numbers) -> Numbers:
    """The scores that ``found`` gives ``rows``; 0 where it has them not."""
    if not len(found.rows):
        return np.zeros(len(rows))
    at = np.minimum(np.searchsorted(found.rows, rows), len(found.rows) - 1)
    return np.where(found.rows[at] == rows, found.scores[at], 0.0)


def _nearness(strings: Sequence[Sequence[str]], texts: Texts) -> Numbers:
    """Computes a proximity feature: how close together consecutive concepts of the query occur in the text; a
    single concept counts as close.
    """
    places = [_places(forms, texts) for forms in strings]
    near = np.zeros(len(texts))
    if len(places) == 1:
        near[np.unique(places[0][0])] = 1.0
        return near
    pairs = list(pairwise(places))
    for one, other in pairs:
        near += 1 / (1 + _nearest(one, other, len(texts)) / WINDOW)
    return near / (len(pairs) or 1)


Places = tuple[Numbers, Numbers]  # number of the candidate, place of the character: in order of places


def _places(forms: Sequence[str], texts: Texts) -> Places:
    """Returns candidate and start offset of every occurrence of ``forms`` in the candidates' texts."""
    folded = dict.fromkeys(map(fold_literally, forms[:MOST_FORMS]))
    found = [texts.places(form) for form in folded]
    start = np.sort(np.concatenate(found)) if found else np.empty(0, np.int64)
    return texts.owners(start), start


def _nearest(one: Places, other: Places, size: int) -> Numbers:
    """Returns for each candidate the distance of the nearest two places; infinite where there are none."""
    gaps = np.full(size, np.inf)
    if not len(one[0]) or not len(other[0]):
        return gaps
    behind = np.searchsorted(other[1], one[1], side="right")
    for place in (behind, behind - 1):
        there = np.clip(place, 0, len(other[1]) - 1)
        inside = (place >= 0) & (place < len(other[1])) & (other[0][there] == one[0])
        np.minimum.at(gaps, one[0][inside], np.abs(other[1][there] - one[1])[inside].astype(np.float64))
    return gaps


def _bigrams(strings: Sequence[Sequence[str]], texts: Texts) -> Numbers:
    """Computes the share of the pairs of characters, as typed, that occur in each candidate."""
    typed = [fold_literally(forms[0]) for forms in strings if forms]
    pairs = dict.fromkeys(text[at : at + 2] for text in typed for at in range(len(text) - 1))
    looked_for, held = [*pairs][:MOST_BIGRAMS], np.zeros(len(texts))
    for pair in filter(None, map(fold_literally, looked_for)):
        held += np.fromiter((pair in text for text in texts.each), np.bool_, len(texts))
    return held / (len(looked_for) or 1)


class Texts:
    """The folded texts of ``rows``, end to end: what is looked for in a few hundred paragraphs costs no more
    where the archive is large. Places are those of the one string, in rising order.
    """

    def __init__(self, rows: Numbers, literal: LiteralIndex) -> None:
        self.each = [literal.text(row) for row in rows.tolist()]
        self.whole = END.join(self.each)
        sizes = np.fromiter(map(len, self.each), np.int64, len(self.each))
        self.starts = np.cumsum(sizes + len(END)) - (sizes + len(END))

    def __len__(self) -> int:
        return len(self.each)

    def places(self, string: str) -> Numbers:
        """Returns the start offsets of ``string``, which is already folded, in the joined texts."""
        return np.fromiter(starts_of(string, self.whole), np.int64)

    def owners(self, places: Numbers) -> Numbers:
        """The number of the text in which each place lies."""
        return np.searchsorted(self.starts, places, side="right") - 1
