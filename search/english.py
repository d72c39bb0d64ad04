"""English words of a query: the terms among them, and what the texts call these in Chinese."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from pathlib import Path

LONGEST = 6  # words
LATIN_PIECE = re.compile(r"[a-z]+(?:-[a-z]+)*", re.IGNORECASE)
LIST = Path(__file__).resolve().parent / "english.txt"


def in_chinese(pieces: list[str]) -> Iterator[tuple[str, str | None]]:
    """The pieces of a query, those joined by a blank that together are an English term, with the Chinese one.

    Acronyms are left alone: they are among the names that bodies have in any language.
    """
    at = 0
    while at < len(pieces):
        size, term = _term_at(pieces[at : at + LONGEST])
        yield " ".join(pieces[at : at + size]), term
        at += size


def _term_at(pieces: list[str]) -> tuple[int, str | None]:
    """How many of ``pieces`` are a term, the longest there is, and what it is called; else one and None."""
    latin = next((n for n, piece in enumerate(pieces) if not LATIN_PIECE.fullmatch(piece)), len(pieces))
    for size in range(latin, 0, -1):
        text = " ".join(pieces[:size])
        if term := terms().get(plain(text)):
            return size, term
    return 1, None


def plain(text: str) -> str:
    """``text`` as terms are looked up: Non-State Actors → non state actor."""
    return text.casefold().replace("-", " ").removesuffix("s")


@functools.cache
def terms() -> dict[str, str]:
    """Terms as they are looked up, and their Chinese form."""
    lines = [line for line in LIST.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    pairs = (line.split(" = ") for line in lines)
    return {plain(english): chinese for english, chinese in pairs}
