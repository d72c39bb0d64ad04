"""Themes of resolution 1540 (2004), found by the words that speak of them: 出口管制, 生物武器."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from archive.text.aligned_folding import fold

from .bodies.names import Trie
from .parsed import Kind, ParsedParagraph, ParsedTheme
from .reference import Reference


def find_themes(paragraphs: Sequence[ParsedParagraph], reference: Reference) -> tuple[ParsedTheme, ...]:
    """Every word in ``paragraphs`` that speaks of a theme of ``reference``, in order; signatures aside.

    The longest word of a theme counts once. A word may speak of several themes, and then of each.
    """
    words = _words(reference)
    found = [
        ParsedTheme(paragraph.anchor, start, end, paragraph.text[start:end], reference.themes[theme].slug)
        for paragraph in paragraphs
        if paragraph.kind is not Kind.SIGNATURE
        for theme, start, end in _in_text(fold(paragraph.text), words)
    ]
    return tuple(found)


def _in_text(folded: str, words: Trie[tuple[int, ...]]) -> Iterator[tuple[int, int, int]]:
    """Theme, start and end: of each theme the leftmost longest words, none overlapping another of it."""
    free: dict[int, int] = {}
    for start, found in words.all_everywhere(folded):
        ends = {theme: end for end, themes in found for theme in themes}  # the longest word comes last
        for theme, end in sorted(ends.items()):
            if start >= free.get(theme, 0):
                free[theme] = end
                yield theme, start, end


@lru_cache(maxsize=4)
def _words(reference: Reference) -> Trie[tuple[int, ...]]:
    """Each word, folded → the themes that it speaks of, counted from 0 in the order of ``reference``."""
    themes: dict[str, list[int]] = {}
    for place, theme in enumerate(reference.themes):
        for word in dict.fromkeys(map(fold, theme.words)):
            themes.setdefault(word, []).append(place)
    return Trie({word: tuple(places) for word, places in themes.items()})
