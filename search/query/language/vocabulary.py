"""Term and string statistics of an archive, for suggestions and wildcards.

A vocabulary belongs to one state of an archive, and never changes.
"""

from __future__ import annotations

from collections import Counter
from math import log
from typing import Protocol


def inverse_frequency(documents: int, holding: int) -> float:
    """Returns the inverse document frequency of a term in ``holding`` of ``documents`` rows, as in Lucene."""
    return log(1 + (documents - holding + 0.5) / (holding + 0.5))


class Vocabulary(Protocol):
    """Term and string statistics of the texts. Absent strings and terms give 0 or nothing."""

    def holding(self, term: str) -> int:
        """Returns the document frequency of a token: the number of paragraphs that contain it."""
        ...

    def occurrences(self, string: str) -> int:
        """Counts the occurrences of a string after folding, from left to right without overlap."""
        ...

    def stands_as_words(self, string: str) -> bool:
        """Returns True if a string begins and ends at word borders in some text."""
        ...

    def fillings(self, before: str, behind: str) -> Counter[str]:
        """Returns the strings that are ``before``, one letter or character, ``behind``, with their
        occurrences; none where too many begin so. Both are folded.
        """
        ...

    def titled(self, folded: str) -> frozenset[str]:
        """Returns the symbols of the documents whose title, folded and without spaces, contains a string."""
        ...
