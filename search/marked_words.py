"""The words of a text where they are looked for: runs in which nothing is sought are not cut."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import NamedTuple

from .analysis import INNER, READERS, TOKEN, Piece
from .folding import Folded, fold_words_with_places

Span = tuple[int, int]


class Word(NamedTuple):
    """A word, or one that begins inside a word, in its place in the text."""

    terms: tuple[str, ...]
    start: int
    end: int


def words_at(text: str, terms: Collection[str] = (), spans: Collection[Span] = ()) -> Iterator[Word]:
    """All words of the runs in which one of ``terms`` or of ``spans`` stands, with the words inside them: as
    ``analyze`` cuts them.
    """
    sought = {term.removeprefix(INNER) for term in terms}
    folded, runs = _runs(text)
    for run, kind, at, start, end in runs:
        touched = any(first < end and start < last for first, last in spans)
        if touched or kind != "han" or any(string in run for string in sought):
            for names, first, last, _kind, inner in _cut(run) if kind == "han" else _read(text, at):
                offset = at if kind == "han" else 0
                place = folded.span(offset + first, offset + last)
                yield Word(tuple(n for n in names if not n.startswith(INNER)), *place)
                begins = offset + first
                for word, a, b in inner:
                    yield Word((INNER + word,), *folded.span(begins + a, begins + b))


Run = tuple[str, str, int, int, int]  # its folded text, its kind, its place there, its place in the text


@lru_cache(maxsize=512)  # a page of hits is looked at again and again
def _runs(text: str) -> tuple[Folded, tuple[Run, ...]]:
    folded = fold_words_with_places(text)
    return folded, tuple(
        (found.group(), found.lastgroup, found.start(), *folded.span(*found.span()))
        for found in TOKEN.finditer(folded.text)
    )


@lru_cache(maxsize=8192)
def _cut(run: str) -> tuple[Piece, ...]:
    """The words of a run of Chinese characters, with places in it."""
    return tuple(READERS["han"](TOKEN.fullmatch(run)))


def _read(text: str, at: int) -> tuple[Piece, ...]:
    """A symbol, date or number, with places in the folded text: what it is may hang on what stands beside."""
    found = TOKEN.match(_runs(text)[0].text, at)
    return tuple(READERS[found.lastgroup](found))
