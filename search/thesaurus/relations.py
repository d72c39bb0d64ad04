"""Relations between thesaurus terms, and the ranking weight of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Relation(StrEnum):
    """The relation of an added term to the typed one."""

    SAME = "same"
    ABBREVIATION = "abbreviation"
    REGIONAL = "regional"
    TRANSLATION = "translation"
    COLLOQUIAL = "colloquial"  # what documents write for a word of talk; a name of a concept: such a word
    NARROWER = "narrower"
    NARROWER_STILL = "narrower2"  # two steps down
    BROADER = "broader"
    RELATED = "related"

    @property
    def means_the_same(self) -> bool:
        """True if the term is another name of the same concept."""
        return self in NAMES

    @property
    def goes_down(self) -> bool:
        """True if the term is narrower than the concept."""
        return self in (Relation.NARROWER, Relation.NARROWER_STILL)

    @property
    def finds(self) -> bool:
        """True if the term alone is a match; broader or related terms only raise the score of others."""
        return self.means_the_same or self.goes_down


# The one table of weights: the score of the typed word times this. None reaches 1, the word itself.
WEIGHTS: Mapping[Relation, float] = {
    Relation.SAME: 0.95,
    Relation.ABBREVIATION: 0.95,
    Relation.REGIONAL: 0.9,
    Relation.TRANSLATION: 0.9,
    Relation.COLLOQUIAL: 0.7,
    Relation.NARROWER: 0.5,
    Relation.NARROWER_STILL: 0.3,
    Relation.BROADER: 0.25,
    Relation.RELATED: 0.2,
}
NAMES = frozenset(
    {
        Relation.SAME,
        Relation.ABBREVIATION,
        Relation.REGIONAL,
        Relation.TRANSLATION,
        Relation.COLLOQUIAL,
    }
)


@dataclass(frozen=True, slots=True)
class Expansion:
    """A term added to the typed one (query expansion).

    ``concept`` is the slug of the concept that it names, empty for the kept lists; ``weight`` is that of the
    relation, less where the typed word names the concept only in talk.
    """

    term: str
    relation: Relation
    weight: float
    concept: str = ""
