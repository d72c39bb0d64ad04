"""SentencePiece's unigrams: a text as numbers of the pieces that the multilingual model knows.

Of all ways to cut a text into pieces the likeliest, as its model was trained with; what no piece holds is one
unknown piece a character. Text is read in its compatible form, traditional characters as simplified ones.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from math import inf

from archive.text import aligned_folding

UNKNOWN, FIRST, LAST, BLANK = "<unk>", "<s>", "</s>", "▁"
WORSE = 10.0  # an unknown piece than the least likely one


class Unigrams:
    """The ``vocabulary`` in the order of its numbers, each piece with the logarithm of its likelihood.

    >>> known = [("<s>", 0), ("</s>", 0), ("<unk>", 0), ("▁核", -3), ("核", -2), ("▁", -2)]
    >>> Unigrams(known).numbers("核彈核")
    [3, 2, 4]
    """

    def __init__(self, vocabulary: Iterable[tuple[str, float]]) -> None:
        known = list(vocabulary)
        number_of = {piece: number for number, (piece, _) in enumerate(known)}
        self.unknown, self.first, self.last = (number_of.pop(name) for name in (UNKNOWN, FIRST, LAST))
        self._known = {piece: (known[number][1], number) for piece, number in number_of.items()}
        self._longest = max(map(len, self._known))
        self._unlikely = min(likelihood for _, likelihood in known) - WORSE

    def numbers(self, text: str) -> list[int]:
        """The pieces of ``text``, without the marks of beginning and end."""
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
