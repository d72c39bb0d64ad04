"""What to mark in a hit: part of a plan, found in each text by ``results.highlight``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Pair(NamedTuple):
    """Two sets of strings with at most ``within`` characters between one of each (None: in one sentence), the
    first before the second where ``ordered``.
    """

    first: tuple[str, ...]
    second: tuple[str, ...]
    within: int | None
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Marks:
    """What to mark in a hit: tokens by term, strings that begin and end at borders of words, literal phrases,
    symbols by their recorded mentions, strings that stand near each other, and phrases with asterisks.
    """

    terms: frozenset[str] = frozenset()
    strings: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    symbols: frozenset[str] = frozenset()
    pairs: tuple[Pair, ...] = ()
    patterns: tuple[str, ...] = ()
