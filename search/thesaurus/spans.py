"""Which stretches of a text are terms of the thesaurus: of several words the longest, and each word."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from search.text.analyzer import Token

from .table import Thesaurus, term_key


class Span(NamedTuple):
    """``text`` is a term, and stands from ``start`` to ``end``; ``words``: of how many tokens."""

    start: int
    end: int
    text: str
    words: int


def spans(
    piece: str, tokens: Sequence[Token], thesaurus: Thesaurus, telling: Callable[[str], bool]
) -> list[Span]:
    """The terms in ``piece``: from left to right the longest of several words of which ``telling`` says that
    it brings something, none touching another; and the single words.
    """
    found, at = [], 0
    while at < len(tokens):
        longest = next(_longest_first(piece, tokens[at:], thesaurus, telling), None)
        if longest:
            found.append(longest)
        at += longest.words if longest else 1
    found += [Span(t.start, t.end, piece[t.start : t.end], 1) for t in tokens if t.kind == "word"]
    return found


def _longest_first(piece: str, tokens: Sequence[Token], thesaurus: Thesaurus, telling: Callable[[str], bool]):
    start = tokens[0].start
    if term_key(piece[start : start + 2])[:2] not in thesaurus.beginnings:
        return
    ends = [token.end for token in tokens if token.end - start <= thesaurus.longest]
    for words in range(len(ends), 1, -1):
        text = piece[start : ends[words - 1]]
        if thesaurus.knows(text) and telling(text):
            yield Span(start, ends[words - 1], text, words)
