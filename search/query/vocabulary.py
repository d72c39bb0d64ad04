"""What the texts hold of terms and strings: what is asked for offers beside an answer, and for asterisks.

A vocabulary is of one state of an archive, in which it never changes.
"""

from __future__ import annotations

from collections import Counter
from math import log
from typing import Protocol


def inverse_frequency(documents: int, holding: int) -> float:
    """How much a term says that ``holding`` of ``documents`` paragraphs hold, as Lucene computes it."""
    return log(1 + (documents - holding + 0.5) / (holding + 0.5))


class Vocabulary(Protocol):
    """What the texts hold. Strings and terms that no text has are answered with 0 or nothing."""

    def holding(self, term: str) -> int:
        """How many paragraphs hold a token of the text."""
        ...

    def occurrences(self, string: str) -> int:
        """How often a string occurs after folding, counted from left to right without overlap."""
        ...

    def stands_as_words(self, string: str) -> bool:
        """Whether a string begins and ends at borders of words in a text."""
        ...

    def fillings(self, before: str, behind: str) -> Counter[str]:
        """The strings that are ``before``, one letter or character, ``behind``, with their occurrences; none
        where too many begin so. Both are folded.
        """
        ...

    def titled(self, folded: str) -> frozenset[str]:
        """The symbols of the documents whose title, folded for words and without spaces, holds a string."""
        ...
