"""Folding: what is ignored when texts are compared, with the way back to the places in the text.

Literal search folds by one stated rule: NFKC, case, white space ignored, quotation marks equal. Word search
folds width, case and traditional characters, and keeps white space. A fold works letter by letter (a letter
with its combining marks), so that the fold of a piece of text is a piece of the fold of the text.
"""

from __future__ import annotations

import unicodedata
from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, repeat

from archive.text import aligned_folding

DOUBLE_QUOTES = "“”„‟〝〞〟＂「」『』﹁﹂﹃﹄｢｣"
SINGLE_QUOTES = "‘’‚‛＇"
QUOTES = {ord(mark): '"' for mark in DOUBLE_QUOTES} | {ord(mark): "'" for mark in SINGLE_QUOTES}

# Letters outside the marks (Mn, Mc, Me) that NFKC may compose with the letter before them: conjoining and
# half-width jamo, half-width voiced sound marks.
JOINING = ((0x1160, 0x11FF), (0x3131, 0x318E), (0xFF9E, 0xFFDC))


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; character ``i`` of it came from ``text[starts[i]:ends[i]]`` of the original."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in the original of ``text[start:end]``; the piece must not be empty."""
        return self.starts[start], self.ends[end - 1]


def folded_length(text: str) -> int:
    """As many characters as ``text`` has after NFKC, at most: one may stand for eighteen (U+FDFA)."""
    return sum(count * len(unicodedata.normalize("NFKC", char)) for char, count in Counter(text).items())


def fold_literally(text: str) -> str:
    """``text`` as literal search compares it.

    >>> fold_literally("第 1540（2004）號「決議」")
    '第1540(2004)號"決議"'
    """
    return _fold(text, _LITERAL)


def fold_literally_with_places(text: str) -> Folded:
    """As ``fold_literally``, with the places in ``text``."""
    return _fold_with_places(text, _LITERAL)


def fold_words(text: str) -> str:
    """``text`` as word search compares it.

    >>> fold_words("第１５４０號決議 Annex")
    '第1540号决议 annex'
    """
    return _fold(text, _WORDS)


def fold_words_with_places(text: str) -> Folded:
    """As ``fold_words``, with the places in ``text``."""
    return _fold_with_places(text, _WORDS)


class _Table(dict[int, str]):
    """Code point → its fold, worked out when first met. ``single`` are characters known to be letters of
    their own that fold to one character.
    """

    def __init__(self, fold: Callable[[str], str]) -> None:
        super().__init__()
        self.fold = fold
        self.single: frozenset[str] = frozenset()

    def __missing__(self, code: int) -> str:
        self[code] = self.fold(chr(code))
        return self[code]


def _fold_literally(letter: str) -> str:
    plain = unicodedata.normalize("NFKC", letter.translate(QUOTES)).casefold()
    return "".join(plain.split()).translate(QUOTES)


def _fold_word(letter: str) -> str:
    return aligned_folding.fold(unicodedata.normalize("NFKC", letter)).casefold()


_LITERAL = _Table(_fold_literally)
_WORDS = _Table(_fold_word)


class _Joins(dict[str, bool]):
    def __missing__(self, character: str) -> bool:
        code = ord(character)
        self[character] = unicodedata.category(character).startswith("M") or any(
            first <= code <= last for first, last in JOINING
        )
        return self[character]


_JOINS = _Joins()


def _is_plain(characters: set[str]) -> bool:
    """Whether each of ``characters`` is a letter of its own."""
    return not any(map(_JOINS.__getitem__, characters))


def _keeps_places(characters: set[str], table: _Table) -> bool:
    """Whether each of ``characters`` is a letter of its own that folds to one character."""
    if characters <= table.single:
        return True
    if not _is_plain(characters) or not _fold_to_one(characters, table):
        return False
    table.single |= characters
    return True


def _fold_to_one(characters: set[str], table: _Table) -> bool:
    return set(map(len, map(table.__getitem__, map(ord, characters)))) <= {1}


def _letters(text: str) -> Iterator[tuple[int, int]]:
    """The places of the letters of ``text``, each with its combining marks."""
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or not _JOINS[text[place]]:
            yield start, place
            start = place


def _fold(text: str, table: _Table) -> str:
    characters = set(text)
    if characters <= table.single or _is_plain(characters):
        return text.translate(table)
    return "".join(_fold_letter(text[start:end], table) for start, end in _letters(text))


def _fold_letter(letter: str, table: _Table) -> str:
    return table[ord(letter)] if len(letter) == 1 else table.fold(letter)


def _fold_with_places(text: str, table: _Table) -> Folded:
    characters = set(text)
    if _keeps_places(characters, table):
        return Folded(text.translate(table), range(len(text)), range(1, len(text) + 1))
    if _is_plain(characters):
        pieces = list(map(table.__getitem__, map(ord, text)))
        borders: Sequence[int] = range(len(text) + 1)
    else:
        letters = list(_letters(text))
        pieces = [_fold_letter(text[start:end], table) for start, end in letters]
        borders = [0, *(end for _, end in letters)]
    sizes = list(map(len, pieces))
    starts = chain.from_iterable(map(repeat, borders, sizes))
    ends = chain.from_iterable(map(repeat, borders[1:], sizes))
    return Folded("".join(pieces), array("l", starts), array("l", ends))


# Collation: keys by which Chinese names are put in order, the same on every machine and database.


def pinyin_order(name: str) -> bytes:
    """A sorting key for Chinese names: GB 18030 keeps GB 2312, whose common characters stand by pinyin."""
    return name.encode("gb18030")
