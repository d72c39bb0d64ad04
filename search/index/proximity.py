"""Proximity search: NEAR and THEN, and phrases with wildcards (rules in ``text.marked_words``), answered from
the offsets in the literal index.
"""

from __future__ import annotations

import re
from weakref import WeakKeyDictionary

import numpy as np

from search.query.conditions import NearBy
from search.text.folding import fold_literally
from search.text.marked_words import GAP, pieces_of

from .literal import LiteralIndex, LiteralSegment, Occurrences, apart

# Where sentences end in folded text: after 。, ! and ?, which full-width marks become. A semicolon ends none:
# the clauses of a resolution, divided by ；, are one. An ellipsis may end one or not: it is taken for no end.
# What closes a quotation behind the mark belongs to what follows.
ENDING = "。!?"
ENDS_SENTENCE = re.compile(f"[{ENDING}]")
_ends: WeakKeyDictionary[LiteralSegment, np.ndarray] = WeakKeyDictionary()


def near(literal: LiteralIndex, asked: NearBy) -> Occurrences:
    """Returns the paragraphs where strings of both sides are near each other, with the number of matches.

    Near: at most ``asked.within`` characters between the two, white space not counted; or, where it is None,
    no end of a sentence before the last character of the two. Either way round unless ``asked.ordered``.
    """
    held = [np.empty(0, np.int32)]
    others = [_places(literal, string) for string in asked.second]
    for string in asked.first:
        starts, ends = _places(literal, string)
        hit = np.zeros(len(starts), bool)
        for other_starts, other_ends in others:
            hit |= _followed(literal, starts, ends, other_starts, other_ends, asked.within)
            if not asked.ordered:
                hit |= _preceded(literal, starts, ends, other_starts, other_ends, asked.within)
        held.append(literal.rows_at(apart(starts[hit], len(fold_literally(string)))))
    rows, counts = np.unique(np.concatenate(held), return_counts=True)
    return Occurrences(rows.astype(np.int32), counts, literal)


def _places(literal: LiteralIndex, string: str) -> tuple[np.ndarray, np.ndarray]:
    """Returns the start and end offsets of a string in the whole folded text, in order, overlapping ones
    included.
    """
    needle = fold_literally(string)
    starts = literal.places(needle)
    return starts, starts + len(needle)


def sentence_ends(literal: LiteralIndex) -> np.ndarray:
    """Returns the places of all texts right behind a mark that ends a sentence, in rising order; those of
    what is left out among them, between which nothing is looked at.
    """
    for segment in literal.segments:
        if segment not in _ends:
            places, marks = segment.suffixes.places, map(segment.stretch, ENDING)
            _ends[segment] = np.sort(np.concatenate([places[slice(*mark)] for mark in marks])) + np.int64(1)
    each = zip(literal.segments, literal.borders, strict=False)
    return np.concatenate([_ends[segment] + border for segment, border in each])


def _followed(literal, starts, ends, other_starts, other_ends, within: int | None) -> np.ndarray:
    """Returns, for each occurrence, whether one of the others follows near enough."""
    if not len(other_starts):
        return np.zeros(len(ends), bool)
    number = np.searchsorted(other_starts, ends)
    there = np.minimum(number, len(other_starts) - 1)
    close = _close(literal, starts, ends, other_starts[there], other_ends[there], within)
    return (number < len(other_starts)) & close


def _preceded(literal, starts, ends, other_starts, other_ends, within: int | None) -> np.ndarray:
    """Returns, for each occurrence, whether one of the others precedes it near enough."""
    if not len(other_starts):
        return np.zeros(len(starts), bool)
    number = np.searchsorted(other_ends, starts, side="right") - 1
    there = np.maximum(number, 0)
    close = _close(literal, other_starts[there], other_ends[there], starts, ends, within)
    return (number >= 0) & close


def _close(literal, starts, ends, next_starts, next_ends, within: int | None) -> np.ndarray:
    """Returns, for each pair of successive matches, whether they are near enough in one paragraph."""
    same = literal.rows_at(starts) == literal.rows_at(next_starts)
    if within is not None:
        return same & (next_starts - ends <= within)
    marks = sentence_ends(literal)
    return same & (np.searchsorted(marks, starts, "right") == np.searchsorted(marks, next_ends, "left"))


# --- pieces of a phrase with asterisks between them ---


def find_pattern(literal: LiteralIndex, phrase: str) -> Occurrences:
    """Returns the occurrences of a phrase whose asterisks are wildcards."""
    starts, ends = _matches(literal, pieces_of(phrase))
    rows, counts = np.unique(literal.rows_at(_one_by_one(starts, ends)), return_counts=True)
    return Occurrences(rows.astype(np.int32), counts, literal)


def _matches(literal: LiteralIndex, pieces: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Returns the start offsets of all matches, in rising order, and the end of the shortest match from each.

    Works from the last piece to the first: an occurrence of a piece is kept where the next piece follows
    close behind in the same paragraph. The nearest of these is the one that ends first.
    """
    following: np.ndarray | None = None
    ends = np.empty(0, np.int64)
    for piece in reversed(pieces):
        places = literal.places(piece)
        behind = places + len(piece)
        if following is None:
            following, ends = places, behind
            continue
        if not len(following):
            return following, ends
        nearest = np.searchsorted(following, behind)
        there = np.minimum(nearest, len(following) - 1)
        close = (nearest < len(following)) & (following[there] - behind <= GAP)
        close &= literal.rows_at(following[there]) == literal.rows_at(places)
        following, ends = places[close], ends[there][close]
    return (np.empty(0, np.int64), ends) if following is None else (following, ends)


def _one_by_one(starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Returns the matches from left to right without overlaps, as readers count."""
    if not (starts[1:] < ends[:-1]).any():
        return starts
    kept, free = [], -1
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        if start >= free:
            kept.append(start)
            free = end
    return np.array(kept, np.int64)
