"""Looks words of a draft up literally; says what leave they took where they are exact all the same."""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from search.text.folding import fold_literally

from .places import Places
from .report import QuotedPlace

MOST_PIECES = 20  # that …… may divide a quotation into
_ENDING = string.whitespace + "\u3000，。、；：！？…—,.;:!?"
_OMISSION = re.compile(r"…+|\.{3,}|[(\[（［〔【](?:…+|\.{3,}|略)[)\]）］〕】]|⋯+")


@dataclass(frozen=True, slots=True)
class Stand:
    """Where words stand: the rows, how often, and what an exact quotation takes leave to do."""

    rows: np.ndarray
    occurrences: int
    liberty: str = ""
    known: dict[int, list[QuotedPlace]] = field(default_factory=dict)

    def places(self, places: Places, first: np.ndarray | None, most: int) -> list[QuotedPlace]:
        """The first places, ``first`` before others; read once for all that quote the same words."""
        if first is not None and len(first):
            return places.of_rows(self.rows, first, most)
        if most not in self.known:
            self.known[most] = places.of_rows(self.rows, None, most)
        return self.known[most]


class Lookup:
    """Looks up words literally; the same words once."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._known: dict[str, Stand | None] = {}

    def __call__(self, words: str) -> Stand | None:
        """Where ``words`` stand, or None: literally, else but for their ending or for what …… leaves out."""
        key = fold_literally(words)
        if key not in self._known:
            self._known[key] = self._find(words) or self._without_ending(words) or self._with_omissions(words)
        return self._known[key]

    def _find(self, words: str, liberty: str = "") -> Stand | None:
        found = self._places.find(words)
        return Stand(found.rows, found.total, liberty) if found.paragraphs else None

    def _without_ending(self, words: str) -> Stand | None:
        shorter = words.rstrip(_ENDING)
        return self._find(shorter, "ending") if 0 < len(shorter) < len(words) else None

    def _with_omissions(self, words: str) -> Stand | None:
        pieces = [fold_literally(piece.rstrip(_ENDING)) for piece in _OMISSION.split(words)]
        pieces = [piece for piece in pieces if piece]
        if not 2 <= len(pieces) <= MOST_PIECES or min(map(len, pieces)) < 2:
            return None
        rows = self._places.find(pieces[0]).rows
        for piece in pieces[1:]:
            rows = np.intersect1d(rows, self._places.find(piece).rows, assume_unique=True)
        fitting = [row for row in rows.tolist() if _in_order(pieces, fold_literally(self._places.text(row)))]
        return Stand(np.array(fitting, rows.dtype), len(fitting), "omission") if fitting else None


def _in_order(pieces: Sequence[str], text: str) -> bool:
    at = 0
    for piece in pieces:
        at = text.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return True
