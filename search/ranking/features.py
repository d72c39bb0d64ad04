"""What the second stage looks at: one row of numbers for each candidate, in the order of ``NAMES``.

All are between 0 and 1 but for the length, so that weights can be compared. Shares are of the rarities of the
concepts: who finds the rare word of a query finds most of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from search.backends.evaluation import NOTHING, Scores, evaluate, inverse_frequency
from search.backends.reader import Reader
from search.folding import fold_literally
from search.literal import LiteralIndex
from search.nodes import TEXT, AnyNode, Concept

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
)
MOST_FORMS, MOST_BIGRAMS = 8, 32
WINDOW = 24.0  # characters between two words at which their nearness counts half
FRAME = frozenset({"heading", "signature", "closing"})
LISTED = frozenset({"list_item", "subparagraph"})


def features(
    wanted: Wanted, rows: np.ndarray, scores: np.ndarray, reader: Reader, literal: LiteralIndex
) -> np.ndarray:
    """The features of the candidates ``rows``, which the first stage gave ``scores``."""
    kinds = reader.columns["kind"]
    columns = [
        _share_of_best(scores),
        *_concepts_held(wanted, rows, reader),
        *_nearness(wanted, rows, literal),
        _holding([piece for piece in wanted.pieces if len(piece) > 1], rows, literal),
        _bigrams(wanted, rows, literal),
        _answers(wanted, rows, literal),
        ~kinds.having(rows, FRAME),
        kinds.having(rows, LISTED),
        np.log1p(reader.columns.lengths[TEXT][rows]) / 6,
        _early(rows, literal),
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
        count = len(ways[0].rows) + len(ways[1].rows)
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


def _nearness(wanted: Wanted, rows: np.ndarray, literal: LiteralIndex) -> tuple[np.ndarray, np.ndarray]:
    """How near the concepts that follow each other in the query stand in the text, and in what share of them
    the nearest two are in that order. One concept is as near to itself as can be.
    """
    places = [_places(forms, rows, literal) for forms in wanted.forms]
    pairs = list(pairwise(places))
    if not pairs:
        there = np.zeros(len(rows))
        there[np.unique(places[0][0])] = 1.0
        return there, there
    near, order = np.zeros(len(rows)), np.zeros(len(rows))
    for one, other in pairs:
        gap, before = _nearest(one, other, len(rows))
        near += 1 / (1 + gap / WINDOW)
        order += before
    return near / len(pairs), order / len(pairs)


Places = tuple[np.ndarray, np.ndarray]  # number of the candidate, place of the character: in order of places


def _places(forms: Sequence[str], rows: np.ndarray, literal: LiteralIndex) -> Places:
    """Where one of ``forms`` begins in the candidates."""
    number = np.full(len(literal), -1, np.int32)
    number[rows] = np.arange(len(rows), dtype=np.int32)
    owners, starts = [], []
    for form in dict.fromkeys(map(fold_literally, forms[:MOST_FORMS])):
        if form:
            first, last = literal.suffixes.find(form)
            owner = number[literal.rows[first:last]]
            owners.append(owner[owner >= 0])
            starts.append(np.asarray(literal.suffixes.places[first:last])[owner >= 0])
    if not owners:
        return np.empty(0, np.int32), np.empty(0, np.int64)
    owner, start = np.concatenate(owners), np.concatenate(starts).astype(np.int64)
    order = np.argsort(start, kind="stable")
    return owner[order], start[order]


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


def _holding(strings: Sequence[str], rows: np.ndarray, literal: LiteralIndex) -> np.ndarray:
    """The share of ``strings`` that stand in each candidate."""
    held = np.zeros(len(rows))
    for string in strings:
        found = literal.find(string)
        held += _among(Scores(found.rows, NOTHING.scores), rows)
    return held / (len(strings) or 1)


def _bigrams(wanted: Wanted, rows: np.ndarray, literal: LiteralIndex) -> np.ndarray:
    typed = [fold_literally(forms[0]) for forms in wanted.forms if forms]
    pairs = dict.fromkeys(text[at : at + 2] for text in typed for at in range(len(text) - 1))
    return _holding([*pairs][:MOST_BIGRAMS], rows, literal)


def _answers(wanted: Wanted, rows: np.ndarray, literal: LiteralIndex) -> np.ndarray:
    """The share of the kinds of answer asked for that each candidate has."""
    patterns = [EVIDENCE[kind] for kind in wanted.answering]
    if not patterns:
        return np.zeros(len(rows))
    texts = [literal.text(row) for row in rows.tolist()]
    return np.array([sum(bool(one.search(text)) for one in patterns) / len(patterns) for text in texts])


def _early(rows: np.ndarray, literal: LiteralIndex) -> np.ndarray:
    """How near the beginning of its document each candidate stands."""
    documents = literal.documents
    first = np.searchsorted(documents, documents[rows])
    last = np.searchsorted(documents, documents[rows], side="right")
    return 1 - (rows - first) / np.maximum(last - first, 1)
