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

    def likeness(self, meaning: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        likest, wholes = zip(*(part.likeness(meaning) for part in self.parts), strict=True)
        return self._arrangement.of_rows(likest), self._arrangement.of_rows(wholes)

    def known(self, keys: np.ndarray) -> list[np.ndarray | None]:
        return Several(self.parts).known(keys)
