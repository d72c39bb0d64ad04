"""Whether a string stands in the archive as words, from border to border of them, and not only across
them."""

from __future__ import annotations

import numpy as np

from search.index.literal import places_of
from search.live.index import OpenIndex
from search.query.conditions import TEXT
from search.text.folding import fold_words
from search.text.marked_words import stands_at_borders

from .corrections import Corrector
from .names import Names

MOST_ROWS = 20  # paragraphs that are looked at, spread over all that hold the string


def stands_as_words(string: str, index: OpenIndex) -> bool:
    """Whether ``string`` begins and ends at borders of words in one of the paragraphs that are looked at."""
    rows = index.literal.find(string).rows
    if len(rows) > MOST_ROWS:
        rows = rows[np.linspace(0, len(rows) - 1, MOST_ROWS).astype(int)]
    return any(_holds_as_words(index.columns.stored(row)["text"], string) for row in rows.tolist())


def _holds_as_words(text: str, string: str) -> bool:
    return any(stands_at_borders(span, text) for span in places_of(string, text))


def corrector(index: OpenIndex, names: Names) -> Corrector:
    """Corrections from ``index``."""
    return Corrector(
        index.literal,
        names,
        held=lambda word: index.engine.frequency(TEXT, fold_words(word)) > 0,
        as_words=lambda string: stands_as_words(string, index),
    )
