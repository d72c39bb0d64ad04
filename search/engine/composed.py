"""The postings of a base and of what came since, as those of one index."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from search.index.arrangement import Arrangement, merged

from .reader import Postings
from .scores import Numbers


class ComposedPostings:
    """The postings of ``parts``, the base first, for the rows of ``arrangement``. The parts stay open: others
    may read them.
    """

    def __init__(self, parts: Sequence[Postings], arrangement: Arrangement) -> None:
        self.parts, self._arrangement = parts, arrangement
        self.count = arrangement.size

    def postings(self, field: str, term: str) -> tuple[Numbers, Numbers]:
        return merged(*(self._in_part(number, field, term) for number in range(len(self.parts))))

    def _in_part(self, number: int, field: str, term: str) -> tuple[Numbers, Numbers]:
        rows, counts = self.parts[number].postings(field, term)
        there, gone = self._arrangement.mapped(number, rows)
        return there, counts if gone is None else np.delete(counts, gone)

    def frequency(self, field: str, term: str) -> int:
        return sum(
            part.frequency(field, term) - (0 if gone is None else part.among(field, term, gone))
            for part, gone in zip(self.parts, self._arrangement.masked, strict=True)
        )

    def among(self, field: str, term: str, rows: Numbers) -> int:
        return int(np.isin(rows, self.postings(field, term)[0]).sum())

    def paragraphs(self) -> Numbers:
        return self._arrangement.of_rows([part.paragraphs() for part in self.parts])

    def close(self) -> None:
        """Nothing: the parts are closed when nobody reads them."""
