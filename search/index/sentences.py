"""Where sentences end in folded text: after 。, ! and ?, which full-width marks become.

A semicolon ends no sentence: the clauses of a resolution, divided by ；, are one. An ellipsis may end one or
not, and is taken for no end. What closes a quotation behind the mark belongs to what follows.
"""

from __future__ import annotations

import re
from weakref import WeakKeyDictionary

import numpy as np

from .literal import LiteralIndex

ENDING = "。!?"
ENDS_SENTENCE = re.compile(f"[{ENDING}]")
_kept: WeakKeyDictionary[LiteralIndex, np.ndarray] = WeakKeyDictionary()


def sentence_ends(literal: LiteralIndex) -> np.ndarray:
    """The places of the whole folded text right behind a mark that ends a sentence, in rising order."""
    if literal not in _kept:
        suffixes = literal.suffixes
        stretches = (suffixes.places[slice(*suffixes.find(mark))] for mark in ENDING)
        _kept[literal] = np.sort(np.concatenate([*stretches]).astype(np.int64)) + 1
    return _kept[literal]
