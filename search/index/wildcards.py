"""Asterisks in a quoted phrase: “核*条约” is literal on both sides, with a few characters or none between.

An asterisk stands for at most ``GAP`` characters of the folded text of one paragraph. A phrase that stands in
the texts with its asterisk is that phrase: quoting is literal before it is anything else.
"""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np

from search.text.folding import fold_literally, fold_literally_with_places

from .literal import LiteralIndex, Occurrences

GAP = 10
ASTERISKS = re.compile(r"[*＊](?:\s*[*＊])*")
Pieces = tuple[str, ...]


def is_pattern(phrase: str, literal: LiteralIndex) -> bool:
    """Whether the asterisks of ``phrase`` stand for other characters; not where it stands so in the texts."""
    return bool(ASTERISKS.search(phrase) and pieces_of(phrase) and not literal.count(phrase))


def has_idle_asterisk(phrase: str) -> bool:
    """Whether a phrase begins or ends with an asterisk, which stands for nothing there."""
    pieces = ASTERISKS.split(phrase)
    return not (pieces[0].strip() and pieces[-1].strip())


@lru_cache(maxsize=64)
def pieces_of(phrase: str) -> Pieces:
    """The folded strings that asterisks divide, empty ones left out."""
    return tuple(filter(None, map(fold_literally, ASTERISKS.split(phrase))))


def find_phrase(literal: LiteralIndex, phrase: str) -> Occurrences:
    """Where a quoted phrase occurs, by its asterisks where these are meant."""
    if not is_pattern(phrase, literal):
        return literal.find(phrase)
    starts, ends = _matches(literal, pieces_of(phrase))
    rows, counts = np.unique(literal.rows_at(_apart(starts, ends)), return_counts=True)
    return Occurrences(rows.astype(np.int32), counts, literal)


def pattern_places(phrase: str, text: str) -> list[tuple[int, int]]:
    """Where a phrase with asterisks stands in ``text``, as offsets of it, by the same rules."""
    folded = fold_literally_with_places(text)
    return [folded.span(*found.span()) for found in _expression(pieces_of(phrase)).finditer(folded.text)]


@lru_cache(maxsize=64)
def _expression(pieces: Pieces) -> re.Pattern[str]:
    return re.compile(f".{{0,{GAP}}}?".join(map(re.escape, pieces)), re.DOTALL)


def _matches(literal: LiteralIndex, pieces: Pieces) -> tuple[np.ndarray, np.ndarray]:
    """Where matches may begin, in rising order, and where the shortest from there ends.

    From the last piece to the first: a place of a piece is kept where the next piece has one close behind it
    in the same paragraph. The nearest of these is the one that ends first.
    """
    suffixes = literal.suffixes
    following: np.ndarray | None = None
    ends = np.empty(0, np.int64)
    for piece in reversed(pieces):
        places = np.sort(suffixes.places[slice(*suffixes.find(piece))]).astype(np.int64)
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


def _apart(starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """The matches from left to right, those left out that begin inside the one before, as readers count."""
    if not (starts[1:] < ends[:-1]).any():
        return starts
    kept, free = [], -1
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        if start >= free:
            kept.append(start)
            free = end
    return np.array(kept, np.int64)
