"""The learnt sum and the order that it makes. ``fixtures/ranker.json`` is written by ``make ranker``."""

from __future__ import annotations

import json
from functools import cache

import numpy as np

from archive.text.reference import FIXTURES
from search.engine.reader import Reader
from search.index.literal import LiteralIndex
from search.query.conditions import ALL_HELD

from .features import NAMES, features
from .wanted import Wanted


@cache
def weights() -> np.ndarray:
    """The weights in the order of ``NAMES``. Raises KeyError where the file is of other features."""
    learnt = json.loads((FIXTURES / "ranker.json").read_text("utf-8"))["weights"]
    return np.array([learnt[name] for name in NAMES])


def reordered(
    wanted: Wanted, rows: np.ndarray, scores: np.ndarray, reader: Reader, literal: LiteralIndex
) -> np.ndarray:
    """The candidates ``rows`` in the order of their sums, whatever the order in which they are given; those
    that hold all concepts stay before the others.
    """
    if len(rows) < 2:
        return rows
    complete = scores >= ALL_HELD / 2
    plain = np.where(complete, scores - ALL_HELD, scores)
    return ranked(features(wanted, rows, plain, reader, literal), complete, rows)


def ranked(values: np.ndarray, complete: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """``rows`` by whether they are ``complete``, then by the weighted sum of ``values``, then by number."""
    return rows[np.lexsort((rows, -np.round(values @ weights(), 9), ~complete))]
