"""What the rest of search may ask: an engine whole questions, and a text that lies open its every place.

``Engine`` is what another engine implements: planning, counts, facets, pages of hits and what is offered
beside them ask nothing else. What looks at places and not at paragraphs (concordance, checker, parallels,
completion) needs ``LiteralText``, which only an index with a suffix array can be.
"""

from __future__ import annotations

from typing import Protocol

from search.index.literal import Occurrences
from search.index.suffixes import Suffixes
from search.query.vocabulary import Vocabulary

from .results import Found, Question
from .scores import Numbers


class Engine(Protocol):
    """Answers questions of one state of an archive; every answer is of that state."""

    @property
    def vocabulary(self) -> Vocabulary:
        """What it holds of terms and strings."""
        ...

    def ask(self, question: Question) -> Found:
        """Hits, counts and facets of ``question``, all of them or none. Raises IndexUnavailableError."""
        ...


class LiteralText(Protocol):
    """The folded texts of all paragraphs end to end, with every place of every string. A row is a paragraph.

    ``ids`` and ``documents`` are the keys of paragraph and document of each row, ``starts`` and ``ends`` the
    places where its text begins and ends.
    """

    ids: Numbers
    documents: Numbers
    starts: Numbers
    suffixes: Suffixes

    @property
    def ends(self) -> Numbers: ...

    def __len__(self) -> int: ...

    def text(self, row: int) -> str:
        """The folded text of a row."""
        ...

    def find(self, phrase: str) -> Occurrences:
        """In which rows a string stands after folding, and how often in each, without overlap."""
        ...

    def count(self, phrase: str) -> int:
        """How often a string stands in all."""
        ...

    def rows_at(self, places: Numbers) -> Numbers:
        """The rows in which places lie."""
        ...
