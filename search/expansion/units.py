"""A unit of a query: one thing that is asked for, with what finds it and what the page says of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from search.entities.names import Entity
from search.query.conditions import Concept, NearBy
from search.text.folding import in_both_scripts
from search.thesaurus.relations import Expansion


@dataclass(frozen=True, slots=True)
class Marks:
    """The parts of a hit to highlight: tokens by term, strings between word borders, literal phrases, symbols
    by their recorded mentions, pairs of nearby strings, and phrases with wildcards.
    """

    terms: frozenset[str] = frozenset()
    strings: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    symbols: frozenset[str] = frozenset()
    pairs: tuple[NearBy, ...] = ()
    patterns: tuple[str, ...] = ()

    def __or__(self, other: Marks) -> Marks:
        """Returns the union of both."""
        return Marks.of((self, other))

    @classmethod
    def of(cls, many: Iterable[Marks]) -> Marks:
        """Returns the union of ``many``."""
        many = tuple(many)

        def each(name: str) -> Iterable[Any]:
            return dict.fromkeys(chain.from_iterable(getattr(one, name) for one in many))

        return cls(
            frozenset(each("terms")),
            tuple(each("strings")),
            tuple(each("phrases")),
            frozenset(each("symbols")),
            tuple(each("pairs")),
            tuple(each("patterns")),
        )

    def among(self, texts: Iterable[str]) -> Marks:
        """Returns the marks without strings that are none of ``texts``, in either script."""
        standing = {form for text in texts for form in in_both_scripts(text)}
        return replace(self, strings=tuple(string for string in self.strings if string in standing))


@dataclass(frozen=True, slots=True)
class Named:
    """A span of the query, one of the entities it names, and the concept that finds that in a text."""

    text: str
    entity: Entity
    concept: Concept


@dataclass(frozen=True, slots=True)
class Unit:
    """A search unit: ``typed`` is its text in the query, ``concepts`` find it: one, and for a paragraph of a
    document a second. ``named`` are the entities of that name, alternatives where they are several; ``added``
    the terms searched in addition.
    """

    typed: str
    concepts: tuple[Concept, ...]
    marks: Marks = Marks()
    named: tuple[Named, ...] = ()
    added: tuple[Expansion, ...] = ()
