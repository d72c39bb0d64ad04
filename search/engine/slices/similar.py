"""Similar paragraphs: those that share the words of a text that say most (more like this)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import ClassVar

from rapidfuzz.distance import Indel

from archive.models import Paragraph
from archive.store.values import Schema
from archive.text.folding import fold_literally
from search.engine.protocol import Index, Question, Slice
from search.query.language.conditions import TEXT, Filter, Several, Term, Without, inverse_frequency
from search.query.text.analyzer import Token, analyze
from search.query.text.marked_words import is_character, only_asks


class SharedWord(Schema, frozen=True, kw_only=True):
    """A compared word, and its document frequency."""

    word: str
    paragraphs: int

    term: ClassVar[str]
    weight: ClassVar[float]  # how often it stands in the text


MOST_TERMS = 25
MOST_SHOWN = 20
LOOKED_AT = 200  # paragraphs, best first, among which repeats are told from others
LEAST_SHARED = 2  # words; of a text of one telling word, that one
TELLING = 0.5  # the least rarity of a telling word: about three paragraphs in five hold one that is less rare
REPEATED = 0.8  # so much of two texts is the same where one repeats the other
FRAME = frozenset({Paragraph.Kind.HEADING, Paragraph.Kind.SIGNATURE, Paragraph.Kind.CLOSING})


def telling_words(index: Index, text: str) -> list[SharedWord]:
    """Returns the words of ``text`` that say most, heaviest first: at most ``MOST_TERMS``, each held by two
    paragraphs or more.
    """
    tokens = [token for token in analyze(text) if _says_something(token)]
    often = Counter(token.term for token in tokens)
    written = {token.term: text[token.start : token.end] for token in reversed(tokens)}
    words = []
    counts = index.counts([Term(TEXT, term) for term in often])
    for (term, times), held in zip(often.items(), counts, strict=True):
        rarity = inverse_frequency(index.size, held)
        if held > 1 and (rarity >= TELLING or index.size < 10):
            word = SharedWord(word=written[term], paragraphs=held)
            weight = 1 + log(times)
            words.append((rarity * weight, word.carrying(term=term, weight=weight)))
    words.sort(key=lambda pair: (-pair[0], pair[1].term))
    return [word for _weight, word in words[:MOST_TERMS]]


def _says_something(token: Token) -> bool:
    return token.kind in ("word", "symbol") and not is_character(token) and not only_asks(token)


def _sharing(index: Index, words: Sequence[SharedWord]) -> Slice:
    """Returns the paragraphs that share enough of ``words``, best first, so many as are looked at and one."""
    weighted = tuple((Term(TEXT, word.term), word.weight) for word in words)
    least = min(LEAST_SHARED, max(len(words), 1))
    node = Without(Several(weighted, least), Filter("kind", FRAME))
    return index.slice(Question(node, size=LOOKED_AT + 1, facets=()))


@dataclass(frozen=True, slots=True)
class Alike:
    """``rows`` of ``found`` are listed, best first; ``same`` are the other rows of equal text, by a listed
    row; ``left_out`` counts the paragraphs that repeat the given one.
    """

    found: Slice
    words: list[SharedWord]
    rows: list[int]
    same: dict[int, list[int]]
    left_out: int

    @property
    def keys(self) -> list[int]:
        """The keys of the paragraphs that are listed."""
        return [int(self.found.folded.ids[row]) for row in self.rows]


def find_similar(index: Index, text: str, own: int) -> Alike:
    """Returns what is similar to the ``text`` of a paragraph (``own``, its key), without what repeats it."""
    words = telling_words(index, text)
    left_out, rows, found = 0, list[int](), _sharing(index, words)
    folded, first, same = fold_literally(text), dict[str, int](), dict[int, list[int]]()
    for row in [row for row in found.rows.tolist() if found.folded.ids[row] != own][:LOOKED_AT]:
        theirs = found.folded.text(row)
        if theirs in first:
            same[first[theirs]].append(row)
            continue
        if Indel.normalized_similarity(folded, theirs, score_cutoff=REPEATED) > 0:
            left_out += 1
        elif len(rows) < MOST_SHOWN:
            first[theirs], same[row] = row, []
            rows.append(row)
    return Alike(found, words, rows, same, left_out)
