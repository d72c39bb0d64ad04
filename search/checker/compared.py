"""Compares a quotation with a text, letter by letter, as literal search compares: width and spaces aside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from rapidfuzz.distance import Levenshtein

from search.text.folding import fold_literally, fold_literally_with_places, fold_words

from .report import DiffPiece

GAP = 4  # characters left out or put in at one place that count as a gap
Opcode = tuple[str, int, int, int, int]


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


def pieces(draft: str, archive: str) -> list[DiffPiece]:
    """The steps from one text to the other. The pieces of each side, joined, are that side."""
    ours, theirs = letters_of(draft), letters_of(archive)
    return list(_steps(ours, theirs))


def _steps(ours: Letters, theirs: Letters) -> Iterator[DiffPiece]:
    for tag, src_start, src_end, dest_start, dest_end in _opcodes(ours.folds, theirs.folds):
        yield DiffPiece(
            same=tag == "equal",
            draft=ours.cut(src_start, src_end),
            archive=theirs.cut(dest_start, dest_end),
        )


def _opcodes(draft: Sequence[str], archive: Sequence[str]) -> Sequence[Opcode]:
    """The fewest edits; where long pieces agree around something left out or put in, those pieces whole."""
    steps = Levenshtein.opcodes(draft, archive)
    fewest = [(one.tag, one.src_start, one.src_end, one.dest_start, one.dest_end) for one in steps]
    if abs(len(draft) - len(archive)) < GAP:
        return fewest
    longest = SequenceMatcher(None, draft, archive, autojunk=False).get_opcodes()
    return longest if len(longest) <= len(fewest) else fewest


def price(draft: str, archive: str) -> float:
    """The edits from the one to the other for each character of the draft, where what the draft leaves out
    in one place counts as at most ``GAP`` edits.
    """
    edits = sum(
        max(src_end - src_start, min(dest_end - dest_start, GAP))
        for tag, src_start, src_end, dest_start, dest_end in _opcodes(draft, archive)
        if tag != "equal"
    )
    return edits / len(draft)


def differs_by_script_only(draft: str, archive: str) -> bool:
    """Whether two texts are the same but for traditional and simplified characters."""
    return fold_literally(fold_words(draft)) == fold_literally(fold_words(archive))


def similarity(draft: str, archive: str) -> float:
    """1 less the edits for each character, of two folded texts."""
    return Levenshtein.normalized_similarity(draft, archive)
