"""The texts of the candidates as one string: what is looked for in a few hundred paragraphs costs no more
where the archive is large.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from search.index.literal import END, LiteralIndex


class Texts:
    """The folded texts of ``rows``, end to end. Places are those of the one string, in rising order."""

    def __init__(self, rows: np.ndarray, literal: LiteralIndex) -> None:
        self.each = [literal.text(row) for row in rows.tolist()]
        self.whole = END.join(self.each)
        sizes = np.fromiter(map(len, self.each), np.int64, len(self.each))
        self.starts = np.cumsum(sizes + len(END)) - (sizes + len(END))

    def __len__(self) -> int:
        return len(self.each)

    def places(self, string: str) -> np.ndarray:
        """Where ``string``, which is folded, begins."""
        return np.fromiter(_all(string, self.whole), np.int64)

    def owners(self, places: np.ndarray) -> np.ndarray:
        """The number of the text in which each place lies."""
        return np.searchsorted(self.starts, places, side="right") - 1

    def holding(self, string: str) -> np.ndarray:
        """For each text whether it holds ``string``, which is folded."""
        return np.fromiter((string in text for text in self.each), np.bool_, len(self.each))


def _all(string: str, text: str) -> Iterator[int]:
    at = text.find(string) if string else -1
    while at >= 0:
        yield at
        at = text.find(string, at + 1)
