"""Asterisks in a quoted phrase: “核*条约” is literal on both sides, with a few characters or none between.

An asterisk stands for at most ``GAP`` characters of the folded text of one paragraph. A phrase that stands in
the texts with its asterisk is that phrase: quoting is literal before it is anything else.
"""

from __future__ import annotations

import re
from functools import lru_cache

from .folding import fold_literally, fold_literally_with_places

GAP = 10
ASTERISKS = re.compile(r"[*＊](?:\s*[*＊])*")


def may_be_pattern(phrase: str) -> bool:
    """Whether ``phrase`` has asterisks, and something beside them."""
    return bool(ASTERISKS.search(phrase) and pieces_of(phrase))


def has_idle_asterisk(phrase: str) -> bool:
    """Whether a phrase begins or ends with an asterisk, which stands for nothing there."""
    pieces = ASTERISKS.split(phrase)
    return not (pieces[0].strip() and pieces[-1].strip())


@lru_cache(maxsize=64)
def pieces_of(phrase: str) -> tuple[str, ...]:
    """The folded strings that asterisks divide, empty ones left out."""
    return tuple(filter(None, map(fold_literally, ASTERISKS.split(phrase))))


def pattern_places(phrase: str, text: str) -> list[tuple[int, int]]:
    """Where a phrase with asterisks stands in ``text``, as offsets of it, by the rules of the index."""
    folded = fold_literally_with_places(text)
    return [folded.span(*found.span()) for found in _expression(pieces_of(phrase)).finditer(folded.text)]


@lru_cache(maxsize=64)
def _expression(pieces: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(f".{{0,{GAP}}}?".join(map(re.escape, pieces)), re.DOTALL)
