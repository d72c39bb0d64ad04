"""Tokens: what a text consists of for word search. A pure function from text to tokens with their places.

The engines store and rank these tokens and make none of their own, so that every engine finds the same.
Symbols, dates and numbers become single tokens before the segmenter sees the rest; it is given Han characters
only. Nothing is dropped but punctuation: there are no stop words.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from archive.text.folding import Folded, fold_words, fold_words_with_places
from archive.text.reference import load_reference

from .folding import root, unaccented
from .segmenter import HAN, InnerWord, segmenter

CHINESE = re.compile(f"[{HAN}]+")
INNER = "·"  # begins the terms of words inside a word, of pairs of characters, of roots of Latin words


@dataclass(frozen=True, slots=True)
class Token:
    """A token of a text. ``terms[0]`` is its most exact term; the others match it too.

    Words that begin inside it are among them with ``INNER`` as prefix, so that 印度 can be told from
    印度尼西亚; ``inner`` has their places.

    ``text[start:end]`` of the original is its surface form.
    """

    terms: tuple[str, ...]
    start: int
    end: int
    kind: str = "word"
    inner: tuple[InnerWord, ...] = ()

    @property
    def term(self) -> str:
        return self.terms[0]


# A piece of the folded text: its terms, its place, its kind, and the words that begin inside it, with places
# counted from its beginning.
Piece = tuple[tuple[str, ...], int, int, str, Sequence[InnerWord]]


def analyze(text: str) -> list[Token]:
    """Returns the tokens of ``text`` in order.

    >>> [token.terms for token in analyze("第1540(2004)号决议")]
    [('s/res/1540(2004)', 's/res/1540', '1540'), ('决议',)]
    """
    return list(_analyze(text))


@functools.lru_cache(maxsize=32768)
def words_of_term(term: str) -> tuple[str, ...]:
    """Returns the terms of a short text, cached: that of a thesaurus is looked up again and again.

    >>> words_of_term("出口管制")
    ('出口管制',)
    """
    folded = fold_words(term)
    if CHINESE.fullmatch(folded):  # the inside of its words is not asked for
        return tuple(segmenter().cut(folded))
    return tuple(terms[0] for terms, *_place in _pieces(folded))


@functools.lru_cache(maxsize=512)  # a page of hits is looked at again and again
def _analyze(text: str) -> tuple[Token, ...]:
    folded = fold_words_with_places(text)
    return tuple(token for run in TOKEN.finditer(folded.text) for token in tokens_of(run, folded))


def tokens_of(run: re.Match[str], folded: Folded) -> Iterator[Token]:
    """Generates the tokens of one match of ``TOKEN`` in a folded text."""
    for terms, start, end, kind, inner in READERS[str(run.lastgroup)](run):
        yield Token(terms, *folded.span(start, end), kind, _placed(inner, start, folded) if inner else ())


def _placed(inner: Sequence[InnerWord], at: int, folded: Folded) -> tuple[InnerWord, ...]:
    return tuple(InnerWord(INNER + word, *folded.span(at + start, at + end)) for word, start, end in inner)


def terms_of(text: str) -> Iterator[str]:
    """Generates all terms of all tokens of ``text``: what an index keeps, without the places.

    >>> list(terms_of("第1540(2004)号决议"))
    ['s/res/1540(2004)', 's/res/1540', '1540', '决议']
    """
    for terms, *_place in _pieces(fold_words(text)):
        yield from terms


def _pieces(text: str) -> Iterator[Piece]:
    for match in TOKEN.finditer(text):
        yield from READERS[str(match.lastgroup)](match)


# --- what stands in a text, most particular first ---

YEAR = r"(?:19[4-9]|20[0-9])\d"
RULES = (
    # S/RES/1540(2004), S/AC.44/SR.74, A/73/12, C-SS-4/DEC.3, S/AC.44/2004/(02)/5/Corr.1
    (
        "symbol",
        r"(?<![a-z0-9])[a-z]{1,8}(?:-[a-z0-9]+)*(?:\.[0-9]+)?"
        r"(?:/(?:[a-z0-9.\-]|\([a-z0-9]+\)|\ (?=\([12]\d{3}\)))+)+",
    ),
    # 第1540(2004)号, 1540 (2004); the next of a list has no 第
    ("council", rf"第?\ ?(?<!\d)\d{{1,4}}\ ?\({YEAR}\)(?:\ ?号)?"),
    # 第1540号决议: completed where the reference data knows the number
    ("bare", r"第?\ ?(?<![\d/])\d{1,4}号(?=决议)"),
    # 2016年6月22日, 2016年
    ("date", rf"(?<!\d){YEAR}年(?:\d{{1,2}}月(?:\d{{1,2}}日)?)?"),
    # 第14段, 第74次, 第73/55号
    ("ordinal", r"第\ ?\d+(?:[/.]\d+)*\ ?[段号次条款项届章]?"),
    # 3 497, 60,000
    ("number", r"(?<!\d)\d{1,3}(?:[ ,]\d{3})+(?!\d|[ ,]\d)|\d+(?:[./]\d+)*(?![a-z])"),
    # the 第 before a number belongs to the number
    ("han", rf"(?:(?!第\ ?\d)[{HAN}])+"),
    # 3D, Annex, García, cease-fire (two, and the joined one), COVID-19 (two)
    ("latin", rf"(?:(?![{HAN}_])\w)+(?:-(?:(?![{HAN}_\d])\w)+)*"),
)
TOKEN = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in RULES))
DIGITS = re.compile(r"\d+")
COUNCIL = re.compile(r"(\d+) ?\((\d{4})\)")


def _read_symbol(match: re.Match[str]) -> Iterator[Piece]:
    symbol = match.group().replace(" ", "").rstrip(".-")
    end = match.start() + len(match.group().rstrip(".-"))
    if any(character.isdigit() for character in symbol):
        yield symbol_terms(symbol), match.start(), end, "symbol", ()
    else:  # 和/或 in Latin letters: and/or
        for word in LATIN.finditer(match.group()):
            yield (word.group(),), match.start() + word.start(), match.start() + word.end(), "word", ()


LATIN = re.compile(r"[a-z0-9]+")


def symbol_terms(symbol: str) -> tuple[str, ...]:
    """Returns the terms of a folded symbol: itself and, for a resolution, the symbol without year and the
    number.
    """
    if found := re.fullmatch(rf"s/res/(\d+)\({YEAR}\)", symbol):
        return symbol, f"s/res/{found[1]}", found[1]
    if found := re.fullmatch(r"[ae]/(?:res|dec)/(.+)", symbol):
        return symbol, found[1]
    return (symbol,)


def _read_council(match: re.Match[str]) -> Iterator[Piece]:
    number, year = cast(re.Match[str], COUNCIL.search(match.group())).groups()
    yield symbol_terms(f"s/res/{int(number)}({year})"), *match.span(), "symbol", ()


def _read_bare(match: re.Match[str]) -> Iterator[Piece]:
    number = int(DIGITS.findall(match.group())[0])
    known = load_reference().resolutions.get(number)
    terms = symbol_terms(known.lower()) if known else (f"s/res/{number}", str(number))
    yield terms, *match.span(), "symbol", ()


def _read_date(match: re.Match[str]) -> Iterator[Piece]:
    year, *rest = DIGITS.findall(match.group())
    parts = [year, *(f"{int(part):02}" for part in rest)]
    terms = tuple("-".join(parts[:size]) for size in range(len(parts), 0, -1))
    yield terms, *match.span(), "number", ()


def _read_ordinal(match: re.Match[str]) -> Iterator[Piece]:
    number = re.findall(r"\d+(?:[/.]\d+)*", match.group())[0]
    measure = match.group()[-1]
    exact = number if measure.isdigit() else f"第{number}{measure}"
    yield tuple(dict.fromkeys((exact, number))), *match.span(), "number", ()


def _read_number(match: re.Match[str]) -> Iterator[Piece]:
    yield (match.group().replace(" ", "").replace(",", ""),), *match.span(), "number", ()


def _read_latin(match: re.Match[str]) -> Iterator[Piece]:
    """Generates a word, which also answers to its root, and to itself without accents: García to Garcia;
    of words with hyphens each, which answers to all of them joined, too.
    """
    words = match.group().split("-")
    start, joined = match.start(), [inner_term("".join(words))][: len(words) - 1]
    for word in words:
        others = (inner_term(word) if word.isascii() else unaccented(word), *joined)
        yield tuple(dict.fromkeys((word, *others))), start, start + len(word), "word", ()
        start += len(word) + 1


def inner_term(word: str) -> str:
    """Returns the term of ``word`` inside others; in Latin letters that of its root.

    >>> inner_term("管制"), inner_term("measures")
    ('·管制', '·measur')
    """
    return INNER + (root(word) if word.isascii() else word)


def _read_han(match: re.Match[str]) -> Iterator[Piece]:
    """Generates dictionary words with their inner words; characters that form none also as pairs.

    A name that no dictionary has is cut into characters; the pairs (威斯, 斯巴, 巴登) keep it together.
    """
    words = segmenter()
    cut = words.cut(match.group())
    start = match.start()
    for number, (word, inside) in enumerate(zip(cut, words.inner.beginning_in(cut), strict=True)):
        end = start + len(word)
        inner = _with_pair(inside, cut, number)
        terms = (word, *dict.fromkeys([INNER + one[0] for one in inner])) if inner else (word,)
        yield terms, start, end, "word", inner
        start = end


def _with_pair(inside: Sequence[InnerWord], cut: Sequence[str], number: int) -> Sequence[InnerWord]:
    """Returns the words that begin in word ``number`` of ``cut``, with the pair it may begin."""
    word = cut[number]
    if len(word) == 1 and number + 1 < len(cut) and len(cut[number + 1]) == 1:
        return [*inside, InnerWord(word + cut[number + 1], 0, 2)]
    return inside


READERS: dict[str, Callable[[re.Match[str]], Iterator[Piece]]] = {
    "symbol": _read_symbol,
    "council": _read_council,
    "bare": _read_bare,
    "date": _read_date,
    "ordinal": _read_ordinal,
    "number": _read_number,
    "latin": _read_latin,
    "han": _read_han,
}
