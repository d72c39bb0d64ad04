"""Word matches of a query in a text, for highlighting: segments as ``analyze`` does, but only where needed.

Runs of Chinese characters are segmented independently of each other, and the cut of a word depends only on
what follows in its run: so only those runs are segmented in which a sought string occurs, and only those of
their words in which it begins are searched for inner words.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate

from .analyzer import CHINESE, INNER, READERS, TOKEN, Token, beginning_in
from .folding import Folded, fold_literally, fold_literally_with_places, fold_words_with_places
from .segmenter import InnerWord, function_words, segmenter

Span = tuple[int, int]
SHARE = "%％"  # the sign of a share, which is in no token


class CutRun:
    """A run of Chinese characters and its words; what begins inside each is worked out when it is asked for.

    ``starts`` are the places in the run where its words begin, and its end.
    """

    __slots__ = ("_inside", "starts", "words")

    def __init__(self, run: str) -> None:
        self.words = segmenter().cut(run)
        self.starts = [0, *accumulate(map(len, self.words))]
        self._inside: dict[int, frozenset[InnerWord]] = {}

    def at(self, place: int) -> int:
        """Returns the number of the word at ``place``."""
        return bisect_right(self.starts, place) - 1

    def inside(self, number: int) -> frozenset[InnerWord]:
        """Returns the words that begin in word ``number`` and are none of the cut, with places in the run."""
        if number not in self._inside:
            start = self.starts[number]
            found = beginning_in(self.words, number)
            self._inside[number] = frozenset(InnerWord(word, start + a, start + b) for word, a, b in found)
        return self._inside[number]

    def is_word(self, start: int, end: int) -> bool:
        """Returns True if the span is exactly one word of the cut."""
        number = self.at(start)
        return self.starts[number] == start and self.starts[number + 1] == end

    def begins(self, place: int) -> bool:
        """Returns True if a word, or an inner word, begins at ``place``."""
        number = self.at(place)
        return self.starts[number] == place or any(one.start == place for one in self.inside(number))

    def ends(self, place: int) -> bool:
        """Returns True if a word, or an inner word, ends at ``place``; it may have begun in a word before."""
        last = self.at(place - 1)
        return self.starts[last + 1] == place or any(
            one.end == place for number in range(last, -1, -1) for one in self.inside(number)
        )


def word_places(text: str, terms: Collection[str]) -> Iterator[Span]:
    """Generates the places of ``text`` where a word is one of ``terms``, or with ``INNER`` before it one that
    begins inside a word; some perhaps twice.
    """
    folded, runs = _runs(text)
    sought, others = _sought(frozenset(terms))
    for string, as_word, as_inner in sought:
        for at in starts_of(string, folded.text):
            first, last, kind = runs[bisect_right(runs, at, key=_first) - 1]
            start, end = at - first, at - first + len(string)
            if kind != "han" or first + end > last:
                continue
            run = _cut(folded.text[first:last])
            if (as_word and run.is_word(start, end)) or (
                as_inner and InnerWord(string, start, end) in run.inside(run.at(start))
            ):
                yield folded.span(at, at + len(string))
    if others:
        yield from _other_places(folded, runs, terms)


def stands_at_borders(span: Span, text: str) -> bool:
    """Returns True if a span of ``text`` begins and ends at borders of words or their parts."""
    folded, runs = _runs(text)
    begins, ends = False, text[span[1] - 1] in SHARE
    for first, last, kind in runs:
        start, end = folded.span(first, last)
        if end <= span[0] or span[1] <= start:
            continue
        if kind != "han":
            for _terms, a, b in _read(folded.text, first):
                place = folded.span(a, b)
                begins, ends = begins or place[0] == span[0], ends or place[1] == span[1]
            continue
        if start <= span[0] < end and not begins:
            run = _cut(folded.text[first:last])
            begins = any(run.begins(at - first) for at in _equal(folded.starts, span[0], first, last))
        if start < span[1] <= end and not ends:
            run = _cut(folded.text[first:last])
            ends = any(run.ends(at + 1 - first) for at in _equal(folded.ends, span[1], first, last))
    return begins and ends


def _equal(rising: Sequence[int], value: int, first: int, last: int) -> range:
    """Returns the indexes between ``first`` and ``last`` with ``value``: several where one character of the
    text is several when folded.
    """
    return range(bisect_left(rising, value, first, last), bisect_right(rising, value, first, last))


@lru_cache(maxsize=256)  # of a query, for every hit
def _sought(terms: frozenset[str]) -> tuple[list[tuple[str, bool, bool]], bool]:
    """Returns the Chinese strings among ``terms``, with True for those sought as a word, and inside one; and
    True if there are others.
    """
    strings = sorted({term.removeprefix(INNER) for term in terms})
    chinese = [(one, one in terms, INNER + one in terms) for one in strings if CHINESE.fullmatch(one)]
    return chinese, len(chinese) < len(strings)


def starts_of(string: str, text: str) -> Iterator[int]:
    """Generates the offsets of all places of ``string``, overlapping ones too; none of an empty string."""
    at = text.find(string) if string else -1
    while at >= 0:
        yield at
        at = text.find(string, at + 1)


Run = tuple[int, int, str]  # its place in the folded text, and its kind


def _first(run: Run) -> int:
    return run[0]


@lru_cache(maxsize=512)  # a page of hits is looked at again and again
def _runs(text: str) -> tuple[Folded, tuple[Run, ...]]:
    folded = fold_words_with_places(text)
    return folded, tuple((*found.span(), str(found.lastgroup)) for found in TOKEN.finditer(folded.text))


_cut = lru_cache(maxsize=8192)(CutRun)


def _other_places(folded: Folded, runs: Collection[Run], terms: Collection[str]) -> Iterator[Span]:
    """Generates the spans of symbols, dates, numbers and words in other letters."""
    for first, _last, kind in runs:
        if kind != "han":
            for names, a, b in _read(folded.text, first):
                if any(name in terms for name in names):
                    yield folded.span(a, b)


def _read(text: str, at: int) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """Generates the tokens of a run of other than Chinese characters, with offsets in the folded text."""
    found = TOKEN.match(text, at)
    if found:
        for names, start, end, _kind, _inner in READERS[str(found.lastgroup)](found):
            yield names, start, end


# Which tokens of a query only ask or connect, and which are single characters.

A_NOT_A = re.compile("(.)[不没]\\1.?")  # 知不知道, 够不够


def surface_of(group: Sequence[Token], piece: str) -> str:
    """Returns the surface form of the tokens of ``group`` in ``piece``, with the sign of a share behind."""
    end = group[-1].end
    return piece[group[0].start : end + (piece[end : end + 1] in (*SHARE,))]


def is_character(token: Token) -> bool:
    """Returns True if a token is a single Han character."""
    return token.kind == "word" and len(token.term) == 1 and not token.term.isascii()


def all_ask(group: Sequence[Token]) -> bool:
    """Returns True if the tokens of a group are question or function words, each or together: 哪|年."""
    return all(map(only_asks, group)) or "".join(token.term for token in group) in function_words()


def only_asks(token: Token) -> bool:
    """Returns True if a token is a question or function word: 为什么, 什么|时候, 够不够."""
    asking = function_words()
    return token.term in asking or (
        token.kind == "word"
        and (
            A_NOT_A.fullmatch(token.term) is not None
            or all(part in asking for part in segmenter().divided(token.term))
        )
    )


# Asterisks in a quoted phrase: “核*条约” is literal on both sides, with a few characters or none between.

GAP = 10
ASTERISKS = re.compile(r"[*＊](?:\s*[*＊])*")


def may_be_pattern(phrase: str) -> bool:
    """Returns True if ``phrase`` has asterisks, and other characters as well."""
    return bool(ASTERISKS.search(phrase) and pieces_of(phrase))


def has_idle_asterisk(phrase: str) -> bool:
    """Returns True if a phrase begins or ends with an asterisk, where it has no effect."""
    pieces = ASTERISKS.split(phrase)
    return not (pieces[0].strip() and pieces[-1].strip())


@lru_cache(maxsize=64)
def pieces_of(phrase: str) -> tuple[str, ...]:
    """Returns the folded strings that asterisks divide, empty ones left out."""
    return tuple(filter(None, map(fold_literally, ASTERISKS.split(phrase))))


def pattern_places(phrase: str, text: str) -> list[tuple[int, int]]:
    """Returns the spans in ``text`` that match a phrase with wildcards, by the rules of the index."""
    folded = fold_literally_with_places(text)
    return [folded.span(*found.span()) for found in _expression(pieces_of(phrase)).finditer(folded.text)]


@lru_cache(maxsize=64)
def _expression(pieces: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(f".{{0,{GAP}}}?".join(map(re.escape, pieces)), re.DOTALL)


# Where a string stands in a text, and where its sentences end: as the index finds both.

STRETCHES, SHORT = 8192, 40  # phrases that are remembered, the characters of the longest of them
# In folded text: after 。, ! and ?, which full-width marks become. A semicolon ends none: the clauses of a
# resolution, divided by ；, are one. An ellipsis may end one or not: it is taken for no end. What closes a
# quotation behind the mark belongs to what follows.
ENDING = "。!?"
ENDS_SENTENCE = re.compile(f"[{ENDING}]")
_folded_whole = lru_cache(maxsize=512)(fold_literally_with_places)  # a hit is examined for every phrase
_needle = lru_cache(maxsize=STRETCHES)(fold_literally)  # of each phrase for every hit


def folded(phrase: str) -> str:
    """Returns ``phrase`` as the index has it."""
    return _needle(phrase) if len(phrase) <= SHORT else fold_literally(phrase)


def places_of(phrase: str, text: str) -> list[Span]:
    """Returns the spans of ``phrase`` in ``text``, as offsets of ``text``, from left to right without
    overlap.
    """
    needle = folded(phrase)
    if not needle:
        return []
    whole = _folded_whole(text)
    found, at = [], whole.text.find(needle)
    while at >= 0:
        found.append(whole.span(at, at + len(needle)))
        at = whole.text.find(needle, at + len(needle))
    return found
