"""BERT's WordPiece: a text as numbers of the pieces that the model knows.

As ``BertTokenizer`` cuts: each Han character and each punctuation mark by itself, other runs by the longest
piece that is known, from the left; a run with a part that is not known is one unknown piece. Case is folded,
traditional characters are read as simplified ones, and a form that the model never met as its usual one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from archive.text import aligned_folding

UNKNOWN, FIRST, LAST, INSIDE = "[UNK]", "[CLS]", "[SEP]", "##"
LONGEST_RUN = 100  # characters; a longer run is not looked up


class WordPieces:
    """The ``vocabulary`` in the order of its numbers.

    >>> WordPieces(["[UNK]", "[CLS]", "[SEP]", "核", "un", "##sc"]).numbers("UNSC 核彈")
    [4, 5, 3, 0]
    """

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self.number_of: Mapping[str, int] = {piece: number for number, piece in enumerate(vocabulary)}
        self.unknown, self.first, self.last = (self.number_of[name] for name in (UNKNOWN, FIRST, LAST))
        self._pieces_of = lru_cache(maxsize=4096)(self._cut)

    def numbers(self, text: str) -> list[int]:
        """The pieces of ``text``, without the marks of beginning and end."""
        return [number for run in _runs(self._readable(text)) for number in self._pieces_of(run)]

    def _readable(self, text: str) -> str:
        """``text`` in simplified characters and small letters; of what is not known, the usual form."""
        pairs = zip(text, aligned_folding.fold(text), strict=True)
        return "".join(one if one in self.number_of else usual for one, usual in pairs).lower()

    def _cut(self, run: str) -> tuple[int, ...]:
        found, at = [], 0
        while at < len(run) <= LONGEST_RUN:
            inside = INSIDE if at else ""
            ends = (end for end in range(len(run), at, -1) if inside + run[at:end] in self.number_of)
            end = next(ends, 0)
            if not end:
                return (self.unknown,)
            found.append(self.number_of[inside + run[at:end]])
            at = end
        return tuple(found) or (self.unknown,)


def _runs(text: str) -> Iterator[str]:
    run = ""
    for character in text:
        if character.isspace() or not character.isprintable() or _stands_alone(character):
            if run:
                yield run
            run = ""
            if _stands_alone(character):
                yield character
        else:
            run += character
    if run:
        yield run


@lru_cache(maxsize=8192)
def _stands_alone(character: str) -> bool:
    """Whether it is a Han character or a mark: of ASCII all that is no letter, digit or space."""
    if "\u3400" <= character <= "\u9fff" or "\uf900" <= character <= "\ufaff" or character >= "\U00020000":
        return True
    if character.isascii():
        return character.isprintable() and not character.isalnum() and character != " "
    return unicodedata.category(character).startswith("P")
