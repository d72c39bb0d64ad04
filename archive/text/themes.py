"""Themes of resolution 1540 (2004), found by the words that speak of them: 出口管制, 生物武器."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from .bodies.trie import Trie
from .parsed import Kind, ParsedParagraph, ParsedTheme
from .reference import Reference
from .script import fold


def find_themes(paragraphs: Sequence[ParsedParagraph], reference: Reference) -> tuple[ParsedTheme, ...]:
    """Every word in ``paragraphs`` that speaks of a theme of ``reference``, in order; signatures aside.

    The longest word of a theme counts once. A word may speak of several themes, and then of each.
    """
    themes = _words(reference)
    found = [
        ParsedTheme(paragraph.anchor, start, end, paragraph.text[start:end], slug)
        for paragraph in paragraphs
        if paragraph.kind is not Kind.SIGNATURE
        for slug, start, end in _in_text(fold(paragraph.text), themes)
    ]
    return tuple(found)


def _in_text(folded: str, themes: Sequence[tuple[str, Trie[str]]]) -> list[tuple[str, int, int]]:
    found = [(slug, start, end) for slug, words in themes for start, end, _ in words.matches(folded)]
    return sorted(found, key=lambda place: place[1])


@lru_cache(maxsize=4)
def _words(reference: Reference) -> tuple[tuple[str, Trie[str]], ...]:
    return tuple((theme.slug, Trie({fold(word): word for word in theme.words})) for theme in reference.themes)
