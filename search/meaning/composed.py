"""The meanings of a base and of what came since, as those of one index."""

from __future__ import annotations

import numpy as np

from search.index.arrangement import Arrangement

from .vectors import Meanings, Several


class ComposedMeanings(Meanings):
    """The meanings of ``parts``, the base first, with the rows of ``arrangement``."""

    def __init__(self, parts: tuple[Meanings, ...], arrangement: Arrangement) -> None:
        self.parts, self._arrangement, self.rows = parts, arrangement, arrangement.size
        self.keys = arrangement.of_rows([part.keys for part in parts])

    def likeness(self, meaning: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        places, firsts = self._arrangement.places(rows), self._arrangement.firsts
        likest, wholes = np.zeros((2, len(rows)), np.float32)
        for part, first, end in zip(self.parts, firsts, firsts[1:], strict=False):
            here = (first <= places) & (places < end)
            likest[here], wholes[here] = part.likeness(meaning, places[here] - first)
        return likest, wholes

    def roughly(self, meaning: np.ndarray) -> np.ndarray:
        return self._arrangement.of_rows([part.roughly(meaning) for part in self.parts])

    def known(self, keys: np.ndarray) -> list[np.ndarray | None]:
        return Several(self.parts).known(keys)
