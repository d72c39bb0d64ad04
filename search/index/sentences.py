"""Where sentences end in folded text: after 。, ! and ?, which full-width marks become.

A semicolon ends no sentence: the clauses of a resolution, divided by ；, are one. An ellipsis may end one or
not, and is taken for no end. What closes a quotation behind the mark belongs to what follows.
"""

from __future__ import annotations

import re
from weakref import WeakKeyDictionary

import numpy as np

from .composed_literal import ComposedLiteral
from .literal import LiteralIndex

ENDING = "。!?"
ENDS_SENTENCE = re.compile(f"[{ENDING}]")
_kept: WeakKeyDictionary[LiteralIndex, np.ndarray] = WeakKeyDictionary()


def sentence_ends(literal: LiteralIndex) -> np.ndarray:
    """The places of the whole folded text right behind a mark that ends a sentence, in rising order."""
    if literal not in _kept:
        _kept[literal] = _of_parts(literal) if isinstance(literal, ComposedLiteral) else _found(literal)
    return _kept[literal]


def _of_parts(literal: ComposedLiteral) -> np.ndarray:
    """Those of masked paragraphs among them, between which nothing is looked at."""
    borders = (0, literal.parts[0].suffixes.size)
    ends = [sentence_ends(part) + border for part, border in zip(literal.parts, borders, strict=False)]
    return np.concatenate(ends)


def _found(literal: LiteralIndex) -> np.ndarray:
    suffixes = literal.suffixes
    stretches = (suffixes.places[slice(*suffixes.find(mark))] for mark in ENDING)
    return np.sort(np.concatenate([*stretches]).astype(np.int64)) + 1
