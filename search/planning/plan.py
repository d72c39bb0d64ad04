"""Query plan: the conditions to execute, and the interpretation to show to the reader."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from search.expansion.units import Marks, Named, Unit
from search.query import Problem
from search.query.conditions import AnyNode, Concept, Filter, Literal
from search.thesaurus.relations import Expansion


@dataclass(slots=True)
class Plan:
    """The execution plan of a query, and its interpretation.

    ``units`` are the search units of the words, ``asking`` the question and function words; ``phrases`` maps
    each phrase and each NEAR to its condition; ``parts`` are all units, phrases and NEARs as written, each
    with its condition. ``pieces`` are the words as typed, ``meant`` is the text for semantic search: empty
    where only the words themselves are wanted.
    """

    node: AnyNode | None = None
    filters: list[Filter] = field(default_factory=list)
    marks: Marks = field(default_factory=Marks)
    units: list[Unit] = field(default_factory=list)
    asking: list[str] = field(default_factory=list)
    parts: list[tuple[str, AnyNode]] = field(default_factory=list)
    phrases: dict[str, Literal] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    pieces: tuple[str, ...] = ()
    meant: str = ""

    @property
    def tokens(self) -> list[str]:
        """The units as typed."""
        return [unit.typed for unit in self.units]

    @property
    def concepts(self) -> tuple[Concept, ...]:
        """All that the words ask for."""
        return tuple(concept for unit in self.units for concept in unit.concepts)

    @property
    def named(self) -> list[Named]:
        """The things that the query names."""
        return [named for unit in self.units for named in unit.named]

    def added(self, standing: frozenset[str]) -> Iterator[tuple[str, list[Expansion]]]:
        """Generates for each unit the added terms that occur in any text."""
        for unit in self.units:
            if found := [one for one in unit.added if one.term in standing]:
                yield unit.typed, found
