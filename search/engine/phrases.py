"""Where literal conditions hold, answered from the suffix array."""

from __future__ import annotations

import numpy as np

from search.index.literal import LiteralIndex, Occurrences
from search.index.proximity import near
from search.index.wildcards import find_pattern
from search.query.conditions import Contains, Literal, NearBy, Pattern
from search.text.folding import fold_literally


def occurrences_of(condition: Literal, literal: LiteralIndex) -> Occurrences:
    """The paragraphs that satisfy ``condition``, and how often each does."""
    match condition:
        case Contains(text, apart_from=longer):
            return _apart_from(literal.find(text), text, longer)
        case Pattern(text):
            return find_pattern(literal, text)
        case NearBy():
            return near(literal, condition)


def _apart_from(found: Occurrences, text: str, longer: tuple[str, ...]) -> Occurrences:
    """``found`` of ``text`` without what stands in one of the ``longer`` strings."""
    if not longer:
        return found
    left = found.counts.astype(np.int64)
    for string in longer:
        other = found.index.find(string)
        times = fold_literally(string).count(fold_literally(text))
        left[np.searchsorted(found.rows, other.rows)] -= other.counts * times
    held = left > 0
    return Occurrences(found.rows[held], left[held], found.index)
