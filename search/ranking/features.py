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
from search.engine.scoring import Source, held
from search.index.literal import LiteralIndex
from search.meaning.nearness import FEATURES, HALF, Nearness
from search.query.conditions import TEXT
from search.text.folding import fold_literally

from .texts import Texts
from .wanted import EVIDENCE, Wanted

NAMES = (
    "words",
    "words_by_rank",
    "typed",
    "same",
    "neighbour",
    "context",
    "entity",
    "place",
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
    reader: Reader,
    literal: LiteralIndex,
    near: Nearness | None = None,
) -> np.ndarray:
    """The features of the candidates ``rows``; where nobody knows how ``near`` they are, nothing is near."""
    texts, kinds = Texts(rows, literal), reader.columns["kind"]
    columns = [
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


def _concepts_held(wanted: Wanted, rows: np.ndarray, reader: Source) -> list[np.ndarray]:
    """How much of the query stands in each candidate, and the shares of the concepts that stand there as
    typed; so or in other words for them; so or as a neighbour; in any way or above in the headings; of the
    things with names those that are named or whose words they are; and whether it is the very paragraph.
    """
    shares, best, place = np.zeros((5, len(rows))), np.zeros(len(rows)), np.zeros(len(rows))
    total = named = 0.0
    for concept in wanted.concepts:
        found = held(concept, reader)
        ways = [_strengths(way, rows) for way in found[:5]]
        if concept.is_place:
            place = np.maximum(place, ways[0])
            continue
        weight, there = found.rarity, np.zeros(len(rows), np.bool_)
        best += weight * np.maximum.reduce(ways)
        for number, way in enumerate((ways[0], ways[1], np.maximum(ways[2], ways[3]), ways[4])):
            there = there | (way > 0)
            shares[number] += weight * there
        total += weight
        if concept.is_name:
            shares[4] += weight * ((ways[0] > 0) | (ways[1] > 0) | (ways[4] > 0))
            named += weight
    shares[:4] /= total or 1.0
    shares[4] /= named or 1.0
    return [_share_of_best(best), _by_rank(best), *shares, _share_of_best(place)]


def _strengths(found: Scores, rows: np.ndarray) -> np.ndarray:
    """The scores that ``found`` gives ``rows``; 0 where it has them not."""
    if not len(found.rows):
        return np.zeros(len(rows))
    at = np.minimum(np.searchsorted(found.rows, rows), len(found.rows) - 1)
    return np.where(found.rows[at] == rows, found.scores[at], 0.0)


def _by_rank(values: np.ndarray) -> np.ndarray:
    """1 for the greatest, less the more candidates have more; 0 for nothing."""
    ahead = len(values) - np.searchsorted(np.sort(values), values, side="right")
    return np.where(values > 0, 1 / (1 + ahead / HALF), 0.0)


def _nearness(wanted: Wanted, texts: Texts) -> tuple[np.ndarray, np.ndarray]:
    """How near the concepts that follow each other in the query stand in the text, and in what share of them
    the nearest two are in that order. One concept is as near to itself as can be.
    """
    places = [_places(forms, texts) for forms in wanted.forms]
    pairs = list(pairwise(places))
    if not places:
        return np.zeros(len(texts)), np.zeros(len(texts))
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
