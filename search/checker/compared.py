"""Compares a quotation with a text, letter by letter, as literal search compares: width and spaces aside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from search.folding import fold_literally_with_places

from .report import Piece


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters of a text as they are compared, each with its place; white space belongs to the letter
    before it.
    """

    text: str
    folds: list[str]
    starts: list[int]

    def cut(self, first: int, last: int) -> str:
        """The text of letters ``first`` to ``last``."""
        if first == last:
            return ""
        start = self.starts[first] if first else 0
        return self.text[start : self.starts[last]] if last < len(self.starts) else self.text[start:]


def letters_of(text: str) -> Letters:
    folded = fold_literally_with_places(text)
    folds: list[str] = []
    starts: list[int] = []
    before = None
    for character, start in zip(folded.text, folded.starts, strict=True):
        if start == before:  # … folds to three characters of one letter
            folds[-1] += character
        else:
            folds.append(character)
            starts.append(start)
        before = start
    return Letters(text, folds, starts)


def pieces(draft: str, archive: str) -> tuple[Piece, ...]:
    """The steps from one text to the other. The pieces of each side, joined, are that side."""
    ours, theirs = letters_of(draft), letters_of(archive)
    return tuple(_steps(ours, theirs))


def _steps(ours: Letters, theirs: Letters) -> Iterator[Piece]:
    for step in Levenshtein.opcodes(ours.folds, theirs.folds):
        yield Piece(
            ours.cut(step.src_start, step.src_end),
            theirs.cut(step.dest_start, step.dest_end),
            step.tag == "equal",
        )


def similarity(draft: str, archive: str) -> float:
    """1 less the edits for each character, of two folded texts."""
    return Levenshtein.normalized_similarity(draft, archive)
