"""What the second stage looks at: one row of numbers for each candidate, in the order of ``NAMES``.

All are between 0 and 1 but for the length, so that weights can be compared. Shares are of the rarities of the
concepts: who finds the rare word of a query finds most of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from search.engine.reader import Reader
from search.engine.scores import Scores
from search.engine.scoring import evaluate
from search.index.literal import LiteralIndex
from search.meaning.nearness import FEATURES, Nearness
from search.query.conditions import TEXT, AnyNode, Concept
from search.query.vocabulary import inverse_frequency
from search.text.folding import fold_literally

from .texts import Texts
from .wanted import EVIDENCE, Wanted

NAMES = (
    "engine",
    "typed",
    "same",
    "neighbour",
    "context",
    "entity",
    "near",
    "order",
    "string",
    "bigrams",
    "answer",
    "text",
    "list",
    "length",
    "early",
    *FEATURES,
)
MOST_FORMS, MOST_BIGRAMS = 8, 32
WINDOW = 24.0  # characters between two words at which their nearness counts half
FRAME = frozenset({"heading", "signature", "closing"})
LISTED = frozenset({"list_item", "subparagraph"})


def features(
    wanted: Wanted,
    rows: np.ndarray,
    scores: np.ndarray,
    reader: Reader,
    literal: LiteralIndex,
    near: Nearness | None = None,
) -> np.ndarray:
    """The features of the candidates ``rows``, which the first stage gave ``scores``; where it is not known
    how ``near`` they are in meaning, nothing is.
    """
    texts, kinds = Texts(rows, literal), reader.columns["kind"]
    columns = [
        _share_of_best(scores),
        *_concepts_held(wanted, rows, reader),
        *_nearness(wanted, texts),
        _holding([piece for piece in wanted.pieces if len(piece) > 1], texts),
        _bigrams(wanted, texts),
        _answers(wanted, texts),
        ~kinds.having(rows, FRAME),
        kinds.having(rows, LISTED),
        np.log1p(reader.columns.lengths[TEXT][rows]) / 6,
        _early(rows, literal),
        *(near.columns(rows) if near else np.zeros((len(FEATURES), len(rows)))),
    ]
    return np.column_stack([np.asarray(column, np.float64) for column in columns])


def _share_of_best(scores: np.ndarray) -> np.ndarray:
    best = scores.max(initial=0.0)
    return np.clip(scores / best, 0, 1) if best > 0 else np.zeros(len(scores))


def _concepts_held(wanted: Wanted, rows: np.ndarray, reader: Reader) -> list[np.ndarray]:
    """The shares of the concepts that stand there as typed; so or in other words for them; so or as a
    neighbour; in any way or above in the headings; and the share of the things with names.
    """
    shares = np.zeros((5, len(rows)))
    total = named = 0.0
    for concept, is_entity in zip(wanted.node.concepts, wanted.entities, strict=True):
        ways = [evaluate(node, reader) for node in _ways(concept)]
        count = len(ways[0].rows) + len(ways[1].rows) or len(ways[2].rows)
        weight = inverse_frequency(reader.size, min(count, reader.size)) if count else 0.0
        held = np.zeros(len(rows), np.bool_)
        for place, way in enumerate(ways):
            held = held | _among(way, rows)
            shares[place] += weight * held
        total += weight
        if is_entity:
            shares[4] += weight * (_among(ways[0], rows) | _among(ways[3], rows))
            named += weight
    shares[:4] /= total or 1.0
    shares[4] /= named or 1.0
    return list(shares)


def _ways(concept: Concept) -> Sequence[AnyNode]:
    return concept.text, concept.same, concept.neighbours, concept.context


def _among(found: Scores, rows: np.ndarray) -> np.ndarray:
    if not len(found.rows):
        return np.zeros(len(rows), np.bool_)
    place = np.minimum(np.searchsorted(found.rows, rows), len(found.rows) - 1)
    return found.rows[place] == rows


def _nearness(wanted: Wanted, texts: Texts) -> tuple[np.ndarray, np.ndarray]:
    """How near the concepts that follow each other in the query stand in the text, and in what share of them
    the nearest two are in that order. One concept is as near to itself as can be.
    """
    places = [_places(forms, texts) for forms in wanted.forms]
    pairs = list(pairwise(places))
    if not pairs:
        there = np.zeros(len(texts))
        there[np.unique(places[0][0])] = 1.0
        return there, there
    near, order = np.zeros(len(texts)), np.zeros(len(texts))
    for one, other in pairs:
        gap, before = _nearest(one, other, len(texts))
        near += 1 / (1 + gap / WINDOW)
        order += before
    return near / len(pairs), order / len(pairs)


Places = tuple[np.ndarray, np.ndarray]  # number of the candidate, place of the character: in order of places


def _places(forms: Sequence[str], texts: Texts) -> Places:
    """Where one of ``forms`` begins in the candidates."""
    folded = dict.fromkeys(map(fold_literally, forms[:MOST_FORMS]))
    found = [texts.places(form) for form in folded]
    start = np.sort(np.concatenate(found)) if found else np.empty(0, np.int64)
    return texts.owners(start), start


def _nearest(one: Places, other: Places, size: int) -> tuple[np.ndarray, np.ndarray]:
    """For each candidate the characters between the nearest two places, without end where there are none,
    and whether that of ``one`` comes first.
    """
    gaps, before = np.full(size, np.inf), np.zeros(size, np.bool_)
    if not len(one[0]) or not len(other[0]):
        return gaps, before
    behind = np.searchsorted(other[1], one[1], side="right")
    for place, comes_first in ((behind, True), (behind - 1, False)):
        inside = (place >= 0) & (place < len(other[1]))
        there = np.clip(place, 0, len(other[1]) - 1)
        inside &= other[0][there] == one[0]
        distance = np.abs(other[1][there] - one[1]).astype(np.float64)
        for owner, gap in zip(one[0][inside].tolist(), distance[inside].tolist(), strict=True):
            if gap < gaps[owner]:
                gaps[owner], before[owner] = gap, comes_first
    return gaps, before


def _holding(strings: Sequence[str], texts: Texts) -> np.ndarray:
    """The share of ``strings`` that stand in each candidate."""
    held = np.zeros(len(texts))
    for string in filter(None, map(fold_literally, strings)):
        held += texts.holding(string)
    return held / (len(strings) or 1)


def _bigrams(wanted: Wanted, texts: Texts) -> np.ndarray:
    typed = [fold_literally(forms[0]) for forms in wanted.forms if forms]
    pairs = dict.fromkeys(text[at : at + 2] for text in typed for at in range(len(text) - 1))
    return _holding([*pairs][:MOST_BIGRAMS], texts)


def _answers(wanted: Wanted, texts: Texts) -> np.ndarray:
    """The share of the kinds of answer asked for that each candidate has."""
    patterns = [EVIDENCE[kind] for kind in wanted.answering]
    if not patterns:
        return np.zeros(len(texts))
    shares = [sum(bool(one.search(text)) for one in patterns) / len(patterns) for text in texts.each]
    return np.array(shares)


def _early(rows: np.ndarray, literal: LiteralIndex) -> np.ndarray:
    """How near the beginning of its document each candidate stands."""
    documents = literal.documents
    first = np.searchsorted(documents, documents[rows])
    last = np.searchsorted(documents, documents[rows], side="right")
    return 1 - (rows - first) / np.maximum(last - first, 1)
