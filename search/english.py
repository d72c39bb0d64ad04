"""English words of a query: the terms among them, and what the texts call these in Chinese.

The kept list says what UN documents call a term; the thesaurus adds those that the list does not have.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from archive.text.skos import read_skos

LONGEST = 6  # words
LATIN_PIECE = re.compile(r"[a-z]+(?:-[a-z]+)*", re.IGNORECASE)
LIST = Path(__file__).resolve().parent / "english.txt"
THESAURUS = Path(__file__).resolve().parents[1] / "fixtures" / "thesaurus"
PLURAL = re.compile(r"(?<=[a-z]{2}[^su])s\b")


def in_chinese(
    pieces: list[str], stands: Callable[[str], bool] = lambda _: False
) -> Iterator[tuple[str, str | None]]:
    """The pieces of a query, those joined by a blank that together are an English term, with the Chinese one:
    that of the kept list, or the first of the thesaurus that ``stands`` in the texts as one string.

    Acronyms are left alone: they are among the names that bodies have in any language.
    """
    at = 0
    while at < len(pieces):
        size, term = _term_at(pieces[at : at + LONGEST], stands)
        yield " ".join(pieces[at : at + size]), term
        at += size


def _term_at(pieces: list[str], stands: Callable[[str], bool]) -> tuple[int, str | None]:
    """How many of ``pieces`` are a term, the longest there is, and what it is called; else one and None."""
    latin = next((n for n, piece in enumerate(pieces) if not LATIN_PIECE.fullmatch(piece)), len(pieces))
    for size in range(latin, 0, -1):
        typed = " ".join(pieces[:size])
        if term := terms().get(plain(typed)) or next(filter(stands, _further(pieces[:size])), None):
            return size, term
    return 1, None


def _further(pieces: list[str]) -> tuple[str, ...]:
    """What the thesaurus calls ``pieces`` together; nothing for acronyms, and where each is a kept term."""
    if all(piece.isupper() or plain(piece) in terms() for piece in pieces):
        return ()
    return further_terms().get(plain(" ".join(pieces)), ())


def plain(text: str) -> str:
    """``text`` as terms are looked up: Weapons of Mass-Destruction → weapon of mass destruction."""
    return PLURAL.sub("", text.casefold().replace("-", " "))


@functools.cache
def terms() -> dict[str, str]:
    """Terms as they are looked up, and their Chinese form."""
    lines = [line for line in LIST.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    pairs = (line.split(" = ") for line in lines)
    return {plain(english): chinese for english, chinese in pairs}


@functools.cache
def further_terms() -> dict[str, tuple[str, ...]]:
    """The English terms of the thesaurus as they are looked up, and what Chinese calls each, formally."""
    found: dict[str, dict[str, None]] = {}
    for path in sorted(THESAURUS.glob("*.jsonld")):
        for concept in read_skos(path.read_text("utf-8")):
            for english in concept.english:
                named = dict.fromkeys((concept.name, *concept.variants))
                found.setdefault(plain(english), {}).update(named)
    return {english: tuple(names) for english, names in found.items()}
