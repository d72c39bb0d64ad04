"""Highlighting and snippets: the matches in a hit, and the excerpt that shows them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from html import escape  # as Django's, of what is no lazy string

from django.utils.safestring import SafeString, mark_safe

from archive.text.folding import fold_literally, fold_literally_with_places
from search.query.expansion.forms import Marks
from search.query.language.conditions import NearBy
from search.query.text.marked_words import (
    ENDS_SENTENCE,
    Span,
    pattern_places,
    places_of,
    stands_at_borders,
    starts_of,
    word_places,
)

LONGEST = 150  # characters of a snippet
SENTENCE_END = re.compile(r"[。！？；!?;]+[”’」』\"')）]*")


@dataclass(frozen=True, slots=True)
class Snippet:
    """An excerpt; highlights are offsets of ``text``. ``before``, ``after``: the text goes on there."""

    text: str
    marks: tuple[Span, ...]
    before: bool
    after: bool

    @property
    def html(self) -> SafeString:
        return marked(self.text, self.marks)

    def __str__(self) -> str:
        return f"{'…' if self.before else ''}{self.text}{'…' if self.after else ''}"


def find_marks(text: str, marks: Marks, mentions: Iterable[tuple[int, int, str]] = ()) -> list[Span]:
    """Returns the places of ``text`` to mark, in order, none touching another's characters."""
    spans = list(word_places(text, marks.terms)) if marks.terms else []
    spans += [
        span for string in marks.strings for span in places_of(string, text) if stands_at_borders(span, text)
    ]
    spans += [span for phrase in marks.phrases for span in places_of(phrase, text)]
    spans += [span for pair in marks.pairs for span in _spans_of_pair(pair, text)]
    spans += [span for pattern in marks.patterns for span in pattern_places(pattern, text)]
    spans += [(start, end) for start, end, symbol in mentions if symbol in marks.symbols]
    return joined(spans)


def _spans_of_pair(pair: NearBy, text: str) -> Iterator[Span]:
    """Generates the spans of a pair of strings that occur near each other in the folded text."""
    folded = fold_literally_with_places(text)
    ones, others = (
        [
            (at, at + len(needle))
            for needle in map(fold_literally, side)
            for at in starts_of(needle, folded.text)
        ]
        for side in (pair.first, pair.second)
    )
    for one in ones:
        for other in others:
            if _are_near(one, other, pair, folded.text):
                yield folded.span(*one)
                yield folded.span(*other)


def _are_near(one: Span, other: Span, pair: NearBy, text: str) -> bool:
    """Returns True if two places of a folded text satisfy ``near``."""
    (first_start, first_end), (second_start, second_end) = sorted((one, other))
    if second_start < first_end or (pair.ordered and other < one):
        return False
    if pair.within is None:
        return not ENDS_SENTENCE.search(text, first_start, second_end - 1)
    return second_start - first_end <= pair.within


def joined(spans: Iterable[Span]) -> list[Span]:
    """Merges overlapping and adjacent spans."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def marked(text: str, spans: Iterable[Span]) -> SafeString:
    """Returns ``text`` as HTML: escaped, then marked. Without its tags it is ``text`` again, character for
    character.
    """
    pieces, at = [], 0
    for start, end in spans:
        pieces += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    return mark_safe("".join([*pieces, escape(text[at:])]))  # noqa: S308  every piece is escaped


def snippet(text: str, spans: Collection[Span], longest: int = LONGEST) -> Snippet:
    """Returns the piece of ``text``, of whole sentences where they fit, that shows most of ``spans``; one at
    least.
    """
    if len(text) <= longest:
        return Snippet(text, tuple(spans), False, False)
    start, end = _window(text, sorted(spans), longest)
    inside = tuple((max(a, start) - start, min(b, end) - start) for a, b in spans if a < end and b > start)
    return Snippet(text[start:end], inside, start > 0, end < len(text))


def _window(text: str, spans: list[Span], longest: int) -> Span:
    """Returns the best excerpt: it starts at a sentence with a highlight, and ends at one if it can."""
    if not spans:
        return 0, _cut_end(text, 0, longest, 0)
    starts = [0, *(match.end() for match in SENTENCE_END.finditer(text) if match.end() < len(text))]
    best = (-1, 0, 0)
    for span_start, span_end in spans:
        start = max(begin for begin in starts if begin <= span_start)
        if span_end - start > longest:  # a long sentence: begin a little before the mark
            start = max(0, span_start - longest // 4)
        covered = sum(min(b, start + longest) - a for a, b in spans if start <= a < start + longest)
        if covered > best[0]:
            best = (covered, start, span_end)
    _, start, needed = best
    return start, _cut_end(text, start, longest, max(needed, start + 1))


def _cut_end(text: str, start: int, longest: int, needed: int) -> int:
    """Returns the end of a snippet: the last sentence end that leaves enough, else the size limit."""
    limit = min(len(text), start + longest)
    if limit == len(text):
        return limit
    ends = [match.end() for match in SENTENCE_END.finditer(text, start, limit)]
    fitting = [end for end in ends if end >= min(needed, limit) and end - start >= longest // 2]
    return fitting[-1] if fitting else limit
