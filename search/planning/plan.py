"""A plan: what to ask an engine, and what the reader is told of how the query was understood."""

from __future__ import annotations

from dataclasses import dataclass, field

from search.query import Problem
from search.query.conditions import AnyNode, Filter, Literal
from search.ranking.wanted import Wanted
from search.thesaurus.relations import Expansion

from .corrections import Correction
from .entity_concepts import Named
from .marks import Marks


@dataclass(slots=True)
class Plan:
    """What to ask, and how it was understood.

    ``tokens`` are the words as cut that are asked for, ``asking`` those that only ask or connect; ``added``
    maps a word to those added for it; ``phrases`` maps each phrase and each NEAR to its condition;
    ``concepts`` is how many words are asked for. ``parts`` are all words, phrases and NEARs as written,
    each with what finds it; ``cut`` maps a word that stands nowhere to those of it that are asked for;
    ``offered`` are corrections that raise what holds them; ``named`` are the things that the query names.
    """

    node: AnyNode | None = None
    filters: list[Filter] = field(default_factory=list)
    marks: Marks = field(default_factory=Marks)
    tokens: list[str] = field(default_factory=list)
    added: dict[str, list[Expansion]] = field(default_factory=dict)
    elsewhere: frozenset[str] = frozenset()
    asking: list[str] = field(default_factory=list)
    parts: list[tuple[str, AnyNode]] = field(default_factory=list)
    cut: dict[str, list[str]] = field(default_factory=dict)
    offered: list[Correction] = field(default_factory=list)
    phrases: dict[str, Literal] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    concepts: int = 0
    named: list[Named] = field(default_factory=list)
    wanted: Wanted | None = None
