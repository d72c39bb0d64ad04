"""Rows with scores: what every condition comes to."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

Numbers: TypeAlias = npt.NDArray[Any]


class Scores(NamedTuple):
    """Rows of the index in rising order, and the score of each."""

    rows: Numbers
    scores: Numbers


NOTHING = Scores(np.empty(0, np.int32), np.empty(0))
