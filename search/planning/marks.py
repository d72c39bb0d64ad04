"""What to mark in a hit: part of a plan, found in each text by ``results.highlight``."""

from __future__ import annotations

from dataclasses import dataclass

from search.query.conditions import NearBy


@dataclass(frozen=True, slots=True)
class Marks:
    """What to mark in a hit: tokens by term, strings that begin and end at borders of words, literal phrases,
    symbols by their recorded mentions, strings that stand near each other, and phrases with asterisks.
    """

    terms: frozenset[str] = frozenset()
    strings: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    symbols: frozenset[str] = frozenset()
    pairs: tuple[NearBy, ...] = ()
    patterns: tuple[str, ...] = ()
