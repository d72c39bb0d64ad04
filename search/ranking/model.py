"""The learnt sum and the order that it makes. ``fixtures/ranker.json`` is written by ``make ranker``."""

from __future__ import annotations

import json
from functools import cache

import numpy as np

from archive.text.reference import FIXTURES
from search.engine.reader import Reader
from search.index.literal import LiteralIndex
from search.meaning.nearness import Nearness

from .features import NAMES, features
from .wanted import Wanted


@cache
def weights(by_words: bool = False) -> np.ndarray:
    """The weights in the order of ``NAMES``; those of ``by_words`` alone were learnt without meanings. Raises
    KeyError where the file is of other features.
    """
    report = json.loads((FIXTURES / "ranker.json").read_text("utf-8"))
    learnt = report["weights_by_words" if by_words else "weights"]
    return np.array([learnt[name] for name in NAMES])


def reordered(
    wanted: Wanted,
    rows: np.ndarray,
    reader: Reader,
    literal: LiteralIndex,
    near: Nearness | None = None,
) -> np.ndarray:
    """The candidates ``rows`` in the order of their sums, whatever the order in which they are given."""
    if len(rows) < 2:
        return rows
    values = features(wanted, rows, reader, literal, near)
    return ranked(values, rows, weights(by_words=near is None))


def ranked(values: np.ndarray, rows: np.ndarray, weighing: np.ndarray) -> np.ndarray:
    """``rows`` by the sum of ``values`` as ``weighing`` weighs them, then by number."""
    return rows[np.lexsort((rows, -np.round(values @ weighing, 9)))]
