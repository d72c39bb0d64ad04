"""English words of a query: the terms among them, and what the texts call these in Chinese.

The kept list says what UN documents call a term; the thesaurus knows more, of which the first that stands in
the texts is taken.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from .relations import Relation
from .table import Thesaurus, term_key

LONGEST = 6  # words
LATIN_PIECE = re.compile(r"[a-z]+(?:-[a-z]+)*", re.IGNORECASE)
LIST = Path(__file__).resolve().parent / "english.txt"


def in_chinese(
    pieces: list[str], thesaurus: Thesaurus, stands: Callable[[str], bool] = lambda _: False
) -> Iterator[tuple[str, str | None]]:
    """The pieces of a query, those joined by a blank that together are an English term, with the Chinese one:
    that of the kept list, or the first of the thesaurus that ``stands`` in the texts as one string.

    Acronyms are left alone: they are among the names that bodies have in any language.
    """
    at = 0
    while at < len(pieces):
        size, term = _term_at(pieces[at : at + LONGEST], thesaurus, stands)
        yield " ".join(pieces[at : at + size]), term
        at += size


def _term_at(
    pieces: list[str], thesaurus: Thesaurus, stands: Callable[[str], bool]
) -> tuple[int, str | None]:
    """How many of ``pieces`` are a term, the longest there is, and what it is called; else one and None."""
    latin = next((n for n, piece in enumerate(pieces) if not LATIN_PIECE.fullmatch(piece)), len(pieces))
    for size in range(latin, 0, -1):
        typed = " ".join(pieces[:size])
        further = filter(stands, _further(pieces[:size], thesaurus))
        if term := terms().get(term_key(typed)) or next(further, None):
            return size, term
    return 1, None


def _further(pieces: list[str], thesaurus: Thesaurus) -> Iterator[str]:
    """What the thesaurus calls ``pieces`` together, formally; nothing for acronyms, and where each is a kept
    term.
    """
    if not all(piece.isupper() or term_key(piece) in terms() for piece in pieces):
        for concept, how in thesaurus.named(" ".join(pieces)):
            if how is Relation.TRANSLATION:
                yield from (concept.name, *concept.variants)


@functools.cache
def terms() -> dict[str, str]:
    """Terms as they are looked up, and their Chinese form."""
    lines = [line for line in LIST.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    pairs = (line.split(" = ") for line in lines)
    return {term_key(english): chinese for english, chinese in pairs}
