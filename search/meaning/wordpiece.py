"""A text as numbers of the pieces that a model knows: BERT's WordPiece, and SentencePiece's unigrams.

``WordPieces``, as ``BertTokenizer`` cuts: each Han character and each mark by itself, other runs by the
longest known piece from the left; a run with a part that is not known is one unknown piece. Case is folded,
traditional characters are read as simplified ones, and a form that the model never met as its usual one.

``Unigrams``: of all ways to cut a text the likeliest, as the model was trained with; what no piece holds is
an unknown piece a character. Text is read in its usual form, traditional characters as simplified ones.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from math import inf

from archive.text import aligned_folding

UNKNOWN, FIRST, LAST, INSIDE = "[UNK]", "[CLS]", "[SEP]", "##"
WORST, BEGIN, END, BLANK = "<unk>", "<s>", "</s>", "▁"  # of unigrams
WORSE = 10.0  # an unknown piece than the least likely one
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
        """Returns the pieces of ``text``, without the marks of beginning and end."""
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


class Unigrams:
    """The ``vocabulary`` in the order of its numbers, each piece with the logarithm of its likelihood.

    >>> known = [("<s>", 0), ("</s>", 0), ("<unk>", 0), ("▁核", -3), ("核", -2), ("▁", -2)]
    >>> Unigrams(known).numbers("核彈核")
    [3, 2, 4]
    """

    def __init__(self, vocabulary: Iterable[tuple[str, float]]) -> None:
        known = list(vocabulary)
        number_of = {piece: number for number, (piece, _) in enumerate(known)}
        self.unknown, self.first, self.last = (number_of.pop(name) for name in (WORST, BEGIN, END))
        self._known = {piece: (known[number][1], number) for piece, number in number_of.items()}
        self._longest = max(map(len, self._known))
        self._unlikely = min(likelihood for _, likelihood in known) - WORSE

    def numbers(self, text: str) -> list[int]:
        """Returns the pieces of ``text``, without the marks of beginning and end."""
        words = unicodedata.normalize("NFKC", aligned_folding.fold(text)).split()
        marked = "".join(BLANK + word for word in words)
        return self._cut("".join(filter(str.isprintable, marked)))

    def _cut(self, text: str) -> list[int]:
        size = len(text)
        best, came = [0.0] + [-inf] * size, [(0, self.unknown)] * (size + 1)
        for begin in range(size):
            before = best[begin]
            for end in range(begin + 1, min(size, begin + self._longest) + 1):
                known = self._known.get(text[begin:end])
                likelihood, number = known or (self._unlikely, self.unknown)
                if (known or end == begin + 1) and before + likelihood > best[end]:
                    best[end], came[end] = before + likelihood, (begin, number)
        found, end = [], size
        while end:
            end, number = came[end]
            found.append(number)
        return found[::-1]


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
    """Returns True if the character is a token by itself: Han, or a mark."""
    if "\u3400" <= character <= "\u9fff" or "\uf900" <= character <= "\ufaff" or character >= "\U00020000":
        return True
    if character.isascii():
        return character.isprintable() and not character.isalnum() and character != " "
    return unicodedata.category(character).startswith("P")
