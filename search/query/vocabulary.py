"""What the texts hold of terms and strings: all that a plan is told of an archive, as a value.

A vocabulary is of one state of an archive, in which it never changes, so that the same query has the same
plan. That of an index on this machine knows everything. An engine that must be asked over a wire keeps a
``PartialVocabulary``: what that does not know it takes for absent and notes, and the planner is run again
when the engine has been asked for all of it at once (``Lookup``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import log
from typing import Any, NamedTuple, Protocol

from .conditions import AnyNode


def inverse_frequency(documents: int, holding: int) -> float:
    """How much a term says that ``holding`` of ``documents`` paragraphs hold, as Lucene computes it."""
    return log(1 + (documents - holding + 0.5) / (holding + 0.5))


class AroundDot(NamedTuple):
    """A run of Han characters, a dot as in 迈克尔·道格拉斯, and the run behind it."""

    before: str
    dot: str
    behind: str


class Vocabulary(Protocol):
    """What the texts hold. Strings and terms that no text has are answered with 0 or nothing."""

    @property
    def paragraphs(self) -> int:
        """How many paragraphs there are."""
        ...

    @property
    def missing(self) -> Lookup:
        """What was asked for and is not known."""
        ...

    def holding(self, term: str) -> int:
        """How many paragraphs hold a token of the text."""
        ...

    def occurrences(self, string: str) -> int:
        """How often a string occurs after folding, counted from left to right without overlap."""
        ...

    def satisfying(self, node: AnyNode) -> int:
        """How many paragraphs satisfy a condition."""
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

    def around_dots(self) -> frozenset[AroundDot]:
        """What stands on both sides of the dots that divide foreign names."""
        ...


Asking = tuple[str, tuple[Any, ...]]  # a method of Vocabulary and its arguments


@dataclass(frozen=True, slots=True)
class Lookup:
    """What a plan lacked: questions to a vocabulary, to be answered in one go."""

    questions: frozenset[Asking] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.questions)

    def answered_by(self, vocabulary: Vocabulary) -> dict[Asking, Any]:
        """The answers that a ``vocabulary`` has."""
        return {(name, given): getattr(vocabulary, name)(*given) for name, given in self.questions}


@dataclass(frozen=True, slots=True)
class PartialVocabulary:
    """A vocabulary of what was ``known`` of ``paragraphs`` paragraphs; what is asked beside it counts as
    absent, and is ``missing``.
    """

    paragraphs: int
    known: Mapping[Asking, Any] = field(default_factory=dict)
    _missing: set[Asking] = field(default_factory=set)

    @property
    def missing(self) -> Lookup:
        return Lookup(frozenset(self._missing))

    def _found(self, absent: Any, name: str, *given: Any) -> Any:
        if (name, given) in self.known:
            return self.known[name, given]
        self._missing.add((name, given))
        return absent

    def holding(self, term: str) -> int:
        return int(self._found(0, "holding", term))

    def occurrences(self, string: str) -> int:
        return int(self._found(0, "occurrences", string))

    def satisfying(self, node: AnyNode) -> int:
        return int(self._found(0, "satisfying", node))

    def stands_as_words(self, string: str) -> bool:
        return bool(self._found(False, "stands_as_words", string))

    def fillings(self, before: str, behind: str) -> Counter[str]:
        return Counter(self._found((), "fillings", before, behind))

    def titled(self, folded: str) -> frozenset[str]:
        return frozenset(self._found((), "titled", folded))

    def around_dots(self) -> frozenset[AroundDot]:
        return frozenset(self._found((), "around_dots"))
