"""Similar paragraphs by telling words in common, by tf·idf and BM25, as in "more like this" of Lucene.

Of the words of the text the few are taken that say most: often here, seldom in the archive. Paragraphs are
ranked by the BM25 of these. Deduplication: equal texts are listed once, near-duplicates of a given paragraph
left out. The cost is bounded whatever the text: so many words, so many paragraphs looked at. Only words in
common make paragraphs similar here, not what they mean.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import log

import numpy as np
from rapidfuzz.distance import Indel

from archive.models import Paragraph
from search.expansion.units import Marks
from search.index.labels import place_of
from search.live.index import OpenIndex
from search.query.conditions import TEXT
from search.query.vocabulary import inverse_frequency
from search.results.highlight import Span, find_marks
from search.text.analyzer import Token, analyze
from search.text.folding import fold_literally
from search.text.marked_words import is_character, only_asks

MOST_TERMS = 25
MOST_SHOWN = 20
LOOKED_AT = 200  # paragraphs, best first, among which repeats are told from others
LEAST_SHARED = 2  # words; of a text of one telling word, that one
TELLING = 0.5  # the least rarity of a telling word: about three paragraphs in five hold one that is less rare
REPEATED = 0.8  # so much of two texts is the same where one repeats the other
FRAME = frozenset({Paragraph.Kind.HEADING, Paragraph.Kind.SIGNATURE, Paragraph.Kind.CLOSING})


@dataclass(frozen=True, slots=True)
class Word:
    """A telling word: its surface form in the text, and its document frequency."""

    term: str
    written: str
    paragraphs: int
    weight: float


@dataclass(frozen=True, slots=True)
class Similar:
    """A paragraph with the telling words it shares; ``marks`` are their places in its text. ``repeats``:
    nearly the text itself; ``also``: stored rows of paragraphs further down that read the same.
    """

    stored: dict
    shared: tuple[Word, ...]
    marks: tuple[Span, ...]
    repeats: bool
    also: tuple[dict, ...] = ()


@dataclass(frozen=True, slots=True)
class Similars:
    """The paragraphs similar to a text: its most telling words, heaviest first; the paragraphs, most similar
    first; how many were left out because they repeat it. ``place`` names the paragraph that was compared.
    """

    words: tuple[Word, ...]
    found: tuple[Similar, ...]
    left_out: int = 0
    place: str = ""


def similar_to_paragraph(index: OpenIndex, paragraph: int) -> Similars | None:
    """Paragraphs similar to the one with this key, without those that repeat it; None where the index does
    not have it.
    """
    rows = np.flatnonzero(index.literal.ids == paragraph)
    if not len(rows):
        return None
    row = int(rows[0])
    stored = index.columns.stored(row)
    return replace(_similar(index, stored["text"], row), place=place_of(stored))


def similar_to_text(index: OpenIndex, text: str) -> Similars:
    """Returns paragraphs similar to ``text``; those that repeat it are marked, not left out."""
    return _similar(index, text, None)


def telling_words(index: OpenIndex, text: str, least: int = 1) -> tuple[Word, ...]:
    """Returns the words of ``text`` that say most, heaviest first: at most ``MOST_TERMS``, each held by
    ``least`` paragraphs or more.
    """
    tokens = [token for token in analyze(text) if _says_something(token)]
    often = Counter(token.term for token in tokens)
    written = {token.term: text[token.start : token.end] for token in reversed(tokens)}
    size = len(index.literal)
    words = []
    for term, times in often.items():
        held = index.reader.frequency(TEXT, term)
        rarity = inverse_frequency(size, held)
        if held >= least and (rarity >= TELLING or size < 10):
            words.append((rarity * (1 + log(times)), Word(term, written[term], held, 1 + log(times))))
    words.sort(key=lambda pair: (-pair[0], pair[1].term))
    return tuple(word for _weight, word in words[:MOST_TERMS])


def _says_something(token: Token) -> bool:
    return token.kind in ("word", "symbol") and not is_character(token) and not only_asks(token)


def _similar(index: OpenIndex, text: str, own: int | None) -> Similars:
    words = telling_words(index, text, 1 if own is None else 2)  # a word that stands here alone is not shared
    left_out, listed = 0, list[tuple[int, str, bool]]()
    folded = fold_literally(text)
    same: dict[str, list[dict]] = {}
    for row in _ranked(index, words, own):
        theirs = index.literal.text(row)
        if theirs in same:
            same[theirs].append(index.columns.stored(row))
            continue
        repeats = Indel.normalized_similarity(folded, theirs, score_cutoff=REPEATED) > 0
        if repeats and own is not None:
            left_out += 1
        elif len(listed) < MOST_SHOWN:
            same[theirs] = []
            listed.append((row, theirs, repeats))
    return Similars(
        words,
        tuple(_shown(index, row, words, repeats, same[theirs]) for row, theirs, repeats in listed),
        left_out,
    )


def _ranked(index: OpenIndex, words: Sequence[Word], own: int | None) -> Iterator[int]:
    """Generates the rows that share enough of ``words``, best first, so many as are looked at."""
    total, holding = np.zeros(len(index.literal)), np.zeros(len(index.literal), np.int16)
    for word in words:
        rows, scores = index.reader.term(TEXT, word.term)
        total[rows] += scores * word.weight
        holding[rows] += 1
    enough = holding >= min(LEAST_SHARED, max(len(words), 1))
    kinds = index.columns["kind"]
    enough[kinds.rows(FRAME)] = False
    if own is not None:
        enough[own] = False
    rows = np.flatnonzero(enough)
    yield from rows[np.lexsort((rows, -total[rows]))][:LOOKED_AT].tolist()


def _shown(index: OpenIndex, row: int, words: Sequence[Word], repeats: bool, also: Sequence[dict]) -> Similar:
    stored = index.columns.stored(row)
    held = {term for token in analyze(stored["text"]) for term in token.terms}
    shared = tuple(word for word in words if word.term in held)
    marks = find_marks(stored["text"], Marks(frozenset(word.term for word in shared)), stored["mentions"])
    return Similar(stored, shared, tuple(marks), repeats, tuple(also))
