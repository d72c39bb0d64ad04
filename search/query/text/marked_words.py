"""Word matches of a query in a text, for highlighting: tokens as ``analyze`` makes them, but of those runs of
Chinese characters alone in which a sought string occurs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache, lru_cache

from archive.text.folding import Folded, fold_literally, fold_literally_with_places, fold_words_with_places

from .analyzer import CHINESE, INNER, TOKEN, Token, tokens_of
from .segmenter import function_words, segmenter

Span = tuple[int, int]
SHARE = "%％"  # the sign of a share, which is in no token


def word_places(text: str, terms: Collection[str]) -> Iterator[Span]:
    """Generates the places of ``text`` where a word is one of ``terms``, or with ``INNER`` before it one that
    begins inside a word; some perhaps twice.
    """
    strings = _chinese(frozenset(terms))

    def may_hold(run: re.Match[str]) -> bool:
        return run.lastgroup != "han" or any(string in run.group() for string in strings)

    for token in _tokens(text, may_hold):
        if token.term in terms or (not token.inner and any(term in terms for term in token.terms)):
            yield token.start, token.end
        yield from ((start, end) for word, start, end in token.inner if word in terms)


def stands_at_borders(span: Span, text: str) -> bool:
    """Returns True if a span of ``text`` begins and ends at borders of words or their parts."""
    folded, _found = _runs(text)

    def touches(run: re.Match[str]) -> bool:
        start, end = folded.span(*run.span())
        return start < span[1] and span[0] < end

    tokens = list(_tokens(text, touches))
    words = [(one.start, one.end) for one in tokens]
    words += [(start, end) for one in tokens for _word, start, end in one.inner]
    ends = text[span[1] - 1] in SHARE or any(end == span[1] for _start, end in words)
    return ends and any(start == span[0] for start, _end in words)


def _tokens(text: str, wanted: Callable[[re.Match[str]], bool]) -> Iterator[Token]:
    """Generates the tokens of the ``wanted`` runs of a folded text: no word goes beyond its run."""
    for run, read in _runs(text)[1]:
        if wanted(run):
            yield from read()


@lru_cache(maxsize=512)  # a page of hits is looked at again and again
def _runs(text: str) -> tuple[Folded, list[tuple[re.Match[str], Callable[[], list[Token]]]]]:
    """Returns the folded text and its runs, each with what reads its tokens, once."""
    folded = fold_words_with_places(text)
    return folded, [
        (run, cache(lambda run=run: [*tokens_of(run, folded)])) for run in TOKEN.finditer(folded.text)
    ]


@lru_cache(maxsize=256)  # of a query, for every hit
def _chinese(terms: frozenset[str]) -> tuple[str, ...]:
    """Returns the Chinese strings among ``terms``."""
    return tuple({plain for term in terms if CHINESE.fullmatch(plain := term.removeprefix(INNER))})


def starts_of(string: str, text: str) -> Iterator[int]:
    """Generates the offsets of all places of ``string``, overlapping ones too; none of an empty string."""
    at = text.find(string) if string else -1
    while at >= 0:
        yield at
        at = text.find(string, at + 1)


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
