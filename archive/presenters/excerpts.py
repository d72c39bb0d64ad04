"""Cuts the sentence out of a paragraph that a reader came for, with the place marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

SENTENCE_END = re.compile(r"[。！？；\n]['”’」』》）)]*|(?<=[^\d\s])[;!?](?=\D)")
CLAUSE_END = re.compile(r"[，、：,:]")
LONGEST = 140


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A stretch of a text and the marked stretches in it, as offsets of the whole text.

    ``verbs`` are the words that say how something is cited, marked apart from what is cited.
    """

    text: str
    start: int
    end: int
    marks: tuple[tuple[int, int], ...]
    verbs: tuple[tuple[int, int], ...] = ()

    @property
    def cut_before(self) -> bool:
        return self.start > 0

    @property
    def cut_after(self) -> bool:
        return self.end < len(self.text)

    @property
    def words(self) -> str:
        return self.text[self.start : self.end]

    @property
    def html(self) -> SafeString:
        """The words, escaped, with ``<mark>`` around each marked stretch."""
        pieces, at = [], self.start
        opening = dict.fromkeys(self.verbs, '<mark class="verb">') | dict.fromkeys(self.marks, "<mark>")
        for (start, end), tag in sorted(opening.items()):
            pieces += [escape(self.text[at:start]), tag, escape(self.text[start:end]), "</mark>"]
            at = end
        pieces.append(escape(self.text[at : self.end]))
        return mark_safe("".join(pieces))  # noqa: S308  every piece is escaped


def excerpt(
    text: str, places: Sequence[tuple[int, int]] = (), verbs: Sequence[tuple[int, int]] = ()
) -> Excerpt:
    """Returns the sentence of ``text`` around the first of ``places``; the beginning where there is none.

    A sentence over 140 characters is cut further, at commas. Marks are the places inside the excerpt, joined
    where they overlap; so are the ``verbs`` that no mark overlaps.
    """
    cut = ((max(start, 0), min(end, len(text))) for start, end in places)
    places = sorted((start, end) for start, end in cut if start < end)
    first, last = places[0] if places else (0, 0)
    start, end = _sentence(text, first, last)
    if end - start > LONGEST:
        start, end = _clauses(text, start, end, first, last)
    inside = [(a, b) for a, b in places if a >= start and b <= end]
    marks = _joined(inside)
    said = [
        (a, b)
        for a, b in sorted(set(verbs))
        if a >= start and b <= end and all(b <= mark[0] or a >= mark[1] for mark in marks)
    ]
    return Excerpt(text, start, end, marks, _joined(said))


def first_sentence(text: str) -> Excerpt:
    """Returns the beginning of a text, as shown of the paragraph after the one in focus."""
    return excerpt(text)


def last_sentence(text: str) -> Excerpt:
    """Returns the end of a text, as shown of the paragraph before the one in focus."""
    found = excerpt(text, [(len(text) - 1, len(text))])
    return Excerpt(text, found.start, found.end, ())


def _sentence(text: str, first: int, last: int) -> tuple[int, int]:
    start = 0
    for match in SENTENCE_END.finditer(text):
        if match.end() <= first:
            start = match.end()
        elif match.end() >= last:
            return start, match.end()
    return start, len(text)


def _clauses(text: str, start: int, end: int, first: int, last: int) -> tuple[int, int]:
    room = max((LONGEST - (last - first)) // 2, 20)
    left, right = max(start, first - room), min(end, last + room)
    if left > start:
        left = next((m.end() for m in CLAUSE_END.finditer(text, left, first)), left)
    if right < end:
        ends = [m.end() for m in CLAUSE_END.finditer(text, last, right)]
        right = ends[-1] if ends else right
    return left, right


def _joined(places: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    joined: list[tuple[int, int]] = []
    for start, end in places:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple(joined)
