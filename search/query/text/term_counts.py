"""Counting the tokens of many texts. It needs no Django, so that processes for it start quickly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from . import segmenter
from .analyzer import terms_of

MOST_COUNTED = 8  # a token counts no more often in a paragraph: its score hardly grows after that

Tokens = Mapping[str, int]  # token → how often


def begin(cache: str) -> None:
    """Loads the dictionary in a new process, from where the archive keeps it."""
    segmenter.use_cache(cache)


def count_tokens(text: str) -> Tokens:
    """Counts the terms of all tokens of ``text``."""
    return {term: min(count, MOST_COUNTED) for term, count in Counter(terms_of(text)).items()}


_count_repeated = lru_cache(maxsize=4096)(count_tokens)  # headings stand above many paragraphs


def count_all(texts: list[Mapping[str, str]]) -> list[dict[str, Tokens]]:
    """Returns the tokens of each field of each paragraph."""
    return [
        {
            name: count_tokens(text) if name == "text" else _count_repeated(text)
            for name, text in fields.items()
        }
        for fields in texts
    ]
