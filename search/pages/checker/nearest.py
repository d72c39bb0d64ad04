"""The text of the archive nearest to words that do not occur: here, and only here, nearness is the question.

Candidates are the paragraphs that share strings of a few characters with the quotation, found in a slice
of the index, the rarest strings first. A shared string says where in the paragraph the quotation would lie;
only there are the two compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

import numpy as np
from rapidfuzz.distance import Levenshtein

from archive.text.folding import fold_literally, fold_literally_with_places, fold_words
from search.engine.slices.ngram_lookup import NgramLookup, codes_of
from search.query.text.marked_words import starts_of

from .places import Places
from .report import DiffPiece, NearestText

SHORTEST, LONGEST = 8, 3000  # characters of a quotation that is compared
LONG_GRAM, SHORT_GRAM = 6, 3
LONG = 18  # from so many characters on, one change leaves a long string whole
STRINGS = 32  # of a quotation that are looked up
EACH = 200  # places of a string that are looked at in each segment
CANDIDATES = 6
SHORTLIST = 64  # paragraphs that are looked at where a quotation has few strings to tell them apart
FEW_STRINGS = 64  # characters of such a quotation
EDGE, SLACK = 48, 12
ENDS = 4  # places where a quotation may begin or end that leaves something out
ROW, BEFORE = 33, LONGEST  # a row and a place in one number; a quotation may begin before the text does
LIKE_ENOUGH = 0.6
LIKE_ENOUGH_SHORT = 0.7  # below LONG characters


@dataclass(frozen=True, slots=True)
class Candidate:
    """A paragraph, and where in the whole folded text a quotation would begin by the strings they share."""

    row: int
    begins: int


@dataclass(frozen=True, slots=True)
class _Aligned:
    row: int
    start: int
    end: int
    likeness: float


def nearest_texts(
    quotations: Sequence[str], beside: Sequence[Iterable[int]], places: Places
) -> list[NearestText | None]:
    """Returns for each quotation the nearest text, or None where nothing is near enough.

    ``beside``: rows of the paragraphs that the draft cites for it; of equally near texts theirs is chosen,
    else the one that comes first. A quotation in traditional characters is compared as written in simplified
    ones.
    """
    cited = [set(rows) for rows in beside]
    found: list[NearestText | None] = [None] * len(quotations)
    folded = [fold_literally(fold_words(quotation)) for quotation in quotations]
    wanted = [index for index, text in enumerate(folded) if SHORTEST <= len(text) <= LONGEST]
    candidates = _candidates({index: folded[index] for index in wanted}, places)
    for index in wanted:
        aligned = [_align(folded[index], one, places) for one in candidates.get(index, ())]
        best = max(aligned, key=lambda one: (one.likeness, one.row in cited[index], -one.row), default=None)
        if best and best.likeness >= (LIKE_ENOUGH if len(folded[index]) >= LONG else LIKE_ENOUGH_SHORT):
            found[index] = _nearest(quotations[index], best, places)
    return found


def _candidates(folded: dict[int, str], places: Places) -> dict[int, list[Candidate]]:
    """Finds candidates by long n-grams first; where none is shared, by short ones."""
    long = {index: text for index, text in folded.items() if len(text) >= LONG}
    found = _sharing(long, LONG_GRAM, places)
    rest = {index: text for index, text in folded.items() if index not in found}
    return found | _sharing(rest, SHORT_GRAM, places)


def _sharing(folded: dict[int, str], size: int, places: Places) -> dict[int, list[Candidate]]:
    """Paragraphs that share strings of ``size`` characters; all quotations are looked up at once."""
    if not folded or not len(places.folded):
        return {}
    codes = codes_of("".join(folded.values()))
    firsts = np.cumsum([0, *map(len, folded.values())])[:-1]
    starts = np.concatenate(
        [
            np.arange(first, first + len(text) - size + 1)
            for first, text in zip(firsts, folded.values(), strict=True)
        ]
    )
    sought = NgramLookup(places.folded, codes, starts, size)
    found: dict[int, list[Candidate]] = {}
    begin = 0
    for index, text in folded.items():
        end = begin + len(text) - size + 1
        if sought.counts[begin:end].any():
            found[index] = _voted(text, sought, begin, end, places)
        begin = end
    return found


def _voted(text: str, sought: NgramLookup, begin: int, end: int, places: Places) -> list[Candidate]:
    """Returns the paragraphs with most of the rarest n-grams of ``text``, those from ``begin`` on.

    The rest of a short, changed quotation may be a formula of many paragraphs, which all have as many of its
    n-grams: more of them are compared, and the most similar kept.
    """
    if len(text) > FEW_STRINGS:
        return _holding(sought, begin, end, CANDIDATES)
    shortlist = _holding(sought, begin, end, SHORTLIST)
    texts = places.folded

    def unlike(one: Candidate) -> int:
        begin, end = int(texts.starts[one.row]), int(texts.ends[one.row])
        there = texts.text_at(max(one.begins, begin), min(one.begins + len(text), end))
        return Levenshtein.distance(text, there)

    return sorted(shortlist, key=unlike)[:CANDIDATES]


def _holding(sought: NgramLookup, begin: int, end: int, most: int) -> list[Candidate]:
    """Returns the ``most`` paragraphs with most of the rarest n-grams from ``begin`` up to ``end``."""
    counts = sought.counts[begin:end]
    shared = np.flatnonzero(counts)
    rarest = shared[np.argsort(counts[shared], kind="stable")][:STRINGS]
    strings, at, rows = sought.matches(rarest + begin, EACH)
    begins = at - (strings - begin)
    # A row counts once for each place where the quotation would begin; most strings agree about it.
    pairs, votes = np.unique((rows << ROW) | (begins + BEFORE), return_counts=True)
    order = np.argsort(-votes, kind="stable")
    chosen: dict[int, int] = {}
    for number in order.tolist():
        pair = int(pairs[number])
        chosen.setdefault(pair >> ROW, (pair & ((1 << ROW) - 1)) - BEFORE)
        if len(chosen) == most:
            break
    return [Candidate(row, begin) for row, begin in chosen.items()]


def _align(quotation: str, candidate: Candidate, places: Places) -> _Aligned:
    """Aligns the quotation with the paragraph, moving its ends to where they fit best."""
    texts = places.folded
    first = int(texts.starts[candidate.row])
    text = texts.text(candidate.row)
    begin = candidate.begins - first
    start = _best_edge(quotation, text, begin)
    mirrored = _best_edge(quotation[::-1], text[::-1], len(text) - (begin + len(quotation)))
    start, end = places.widened(candidate.row, start, max(len(text) - mirrored, start))
    found = _Aligned(candidate.row, start, end, Levenshtein.normalized_similarity(quotation, text[start:end]))
    apart = (
        _Aligned(candidate.row, *ends, 1 - price(quotation, text[slice(*ends)]))
        for ends in _further_ends(quotation, text, start, end)
    )
    return max([found, *apart], key=lambda one: one.likeness)


def _further_ends(quotation: str, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Generates the spans from the quotation's first characters to its last, for one with an omission."""
    begins = [start, *starts_of(quotation[:LONG_GRAM], text)][:ENDS]
    ends = [end, *(at + LONG_GRAM for at in starts_of(quotation[-LONG_GRAM:], text))][:ENDS]
    for first in dict.fromkeys(begins):
        for last in dict.fromkeys(ends):
            if (first, last) != (start, end) and len(quotation) < last - first <= LONGEST:
                yield first, last


def _best_edge(quotation: str, text: str, guess: int) -> int:
    """Returns the offset in ``text``, near ``guess``, at which the quotation best begins."""
    head = quotation[:EDGE]
    if guess >= 0 and text.startswith(head, guess):
        return guess

    def unlike(start: int) -> tuple[int, bool, int]:
        there = text[start : start + len(head)]
        return Levenshtein.distance(head, there), there[:1] != head[:1], abs(start - guess)

    low, high = max(0, guess - SLACK), min(len(text), guess + SLACK)
    return min(range(low, high + 1), key=unlike) if low <= high else max(0, min(guess, len(text)))


def _nearest(quotation: str, best: _Aligned, places: Places) -> NearestText | None:
    if best.start >= best.end:
        return None
    text = places.text(best.row)
    start, end = fold_literally_with_places(text).span(best.start, best.end)
    return _compared(quotation, best.row, text[start:end], best.likeness, places)


def _compared(quotation: str, row: int, there: str, likeness: float, places: Places) -> NearestText:
    first, rows = places.of_row(row), places.find(there).rows
    others = [place for place in places.of_rows(rows, rows[:0]) if place.key != first.key]
    return NearestText(
        text=there,
        similarity=round(likeness, 3),
        places=[first, *others],
        diff=pieces(quotation, there),
    )


# Compares a quotation with a text, letter by letter, as literal search compares: width and spaces aside.

WORD = re.compile(r"\d+|[A-Za-zÀ-ɏ]+")
GAP = 4  # characters left out or put in at one place that count as a gap


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters of a text as they are compared, each with its place; white space belongs to the letter
    before it. A number or a Latin word changes as a whole.
    """

    text: str
    folds: list[str]
    starts: list[int]

    def cut(self, first: int, last: int) -> str:
        """Returns the text of letters ``first`` to ``last``."""
        if first == last:
            return ""
        start = self.starts[first] if first else 0
        return self.text[start : self.starts[last]] if last < len(self.starts) else self.text[start:]


def letters_of(text: str) -> Letters:
    folded = fold_literally_with_places(text)
    folds: list[str] = []
    starts: list[int] = []
    before = None
    wholes = {at: one.start() for one in WORD.finditer(text) for at in range(*one.span())}
    for character, place in zip(folded.text, folded.starts, strict=True):
        start = wholes.get(place, place)
        if start == before:  # … folds to three characters of one letter
            folds[-1] += character
        else:
            folds.append(character)
            starts.append(start)
        before = start
    return Letters(text, folds, starts)


def pieces(draft: str, archive: str) -> list[DiffPiece]:
    """Returns the steps from one text to the other. The pieces of each side, joined, are that side."""
    ours, theirs = letters_of(draft), letters_of(archive)
    return [
        DiffPiece(same=tag == "equal", draft=ours.cut(first, last), archive=theirs.cut(begin, end))
        for tag, first, last, begin, end in _opcodes(ours.folds, theirs.folds)
    ]


def _opcodes(draft: Sequence[str], archive: Sequence[str]) -> Sequence[Any]:
    """Returns the fewest edits; where long pieces agree around an omission or insertion, that whole."""
    fewest = Levenshtein.opcodes(draft, archive).as_list()
    if abs(len(draft) - len(archive)) < GAP:
        return fewest
    longest = SequenceMatcher(None, draft, archive, autojunk=False).get_opcodes()
    return longest if len(longest) <= len(fewest) else fewest


def price(draft: str, archive: str) -> float:
    """Returns the edit distance per character of the draft; an omission counts as ``GAP`` edits at most."""
    edits = sum(
        max(src_end - src_start, min(dest_end - dest_start, GAP))
        for tag, src_start, src_end, dest_start, dest_end in _opcodes(draft, archive)
        if tag != "equal"
    )
    return edits / len(draft)
