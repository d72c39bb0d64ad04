"""What the order of a list is told of a query, in values."""

from __future__ import annotations

from dataclasses import dataclass

from search.query.conditions import Concept
from search.text.folding import fold_words


@dataclass(frozen=True, slots=True)
class Wanted:
    """``concepts`` are all that the words of a query ask for, ``pieces`` the query as typed; ``text``: what
    its meaning is told by, empty where only the words themselves are wanted.
    """

    concepts: tuple[Concept, ...]
    pieces: tuple[str, ...]
    text: str = ""

    @property
    def forms(self) -> list[list[str]]:
        """The strings by which each concept may stand in a text, as typed first."""
        return [
            [*dict.fromkeys(fold_words(form.text) for form in (*one.typed, *one.same) if form.text)]
            for one in self.concepts
            if not one.is_place
        ]
