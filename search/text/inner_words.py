"""Words inside words, by the best cut: 裁军 in 裁军事务厅, but no 军事; 出口管制 in 出口|管制清单.

A run of Han characters is cut into words, each longer word again into its likeliest parts, and so on. A
word of the dictionary stands in the run where it begins and ends at borders of these cuts. Of a part that
it takes only a piece of, it takes at least two characters: in 缔约国|会 there is no 国会.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple, Protocol

PIECE = 2  # characters of a part that a word may take without taking the whole


class InnerWord(NamedTuple):
    """A word and its place."""

    word: str
    start: int
    end: int


class Dictionary(Protocol):
    """The interface of a segmentation dictionary."""

    def knows(self, word: str) -> bool: ...

    def begins(self, string: str) -> bool:
        """Returns True if a word begins with ``string``."""
        ...

    def divided(self, word: str) -> tuple[str, ...]:
        """Returns the likeliest parts of ``word``, itself where it is not divided."""
        ...


class _Divided(NamedTuple):
    """A word as it is divided: the borders inside it, of all its parts; the words inside; the ``tails``
    with which a word may begin that goes on behind it, and where it may end that began before.
    """

    borders: tuple[int, ...]
    inside: tuple[InnerWord, ...]
    tails: tuple[tuple[int, str], ...]
    ends: tuple[int, ...]


class InnerWords:
    """Finds words inside words. What is inside a word is worked out once for most."""

    def __init__(self, dictionary: Dictionary) -> None:
        self._dictionary = dictionary
        self._divided = lru_cache(maxsize=65536)(self._divide)

    def beginning_in(self, cut: Sequence[str]) -> Iterator[Sequence[InnerWord]]:
        """Generates for each word of ``cut`` the inner words that begin in it, with places counted from its
        beginning; single characters too, where the last division leaves them alone.
        """
        last = len(cut) - 1
        for number, word in enumerate(cut):
            divided = self._divided(word)
            found: Sequence[InnerWord] = divided.inside
            if number < last:
                following = cut[number + 1][0]
                for start, tail in divided.tails:
                    if self._dictionary.begins(tail + following):
                        found = [*found, *self._going_on(tail, start, cut[number + 1 :])]
            yield found

    def borders(self, cut: Sequence[str]) -> set[int]:
        """Returns all places of the run where a word or a part of one begins or ends."""
        return {
            start + border
            for start, word in zip(_starts(cut), cut, strict=True)
            for border in (0, *self._divided(word).borders, len(word))
        }

    def _going_on(self, begun: str, start: int, behind: Sequence[str]) -> Iterator[InnerWord]:
        """Generates the words that begin with ``begun`` at ``start`` and go on into the parts ``behind``."""
        for part in behind:
            if not self._dictionary.begins(begun + part[0]):
                return
            for end in self._divided(part).ends:
                word = begun + part[:end]
                if self._dictionary.knows(word):
                    yield InnerWord(word, start, start + len(word))
            begun += part

    def _divide(self, word: str) -> _Divided:
        parts = self._dictionary.divided(word)
        if len(parts) == 1:
            return _Divided((), (), ((0, word),), (len(word),))
        starts, inside = _starts(parts), []
        for start, part, begun in zip(starts, parts, self.beginning_in(parts), strict=True):
            if len(part) == 1 or self._dictionary.knows(part):
                inside.append(InnerWord(part, start, start + len(part)))
            inside += [InnerWord(one, start + first, start + last) for one, first, last in begun]
        borders = tuple(sorted(self.borders(parts) - {0, len(word)}))
        return _Divided(
            borders,
            tuple(one for one in dict.fromkeys(inside) if one.word != word),
            tuple((at, word[at:]) for at in (0, *(at for at in borders if len(word) - at >= PIECE))),
            (*(at for at in borders if at >= PIECE), len(word)),
        )


def _starts(parts: Sequence[str]) -> list[int]:
    starts = [0]
    for part, _following in pairwise(parts):
        starts.append(starts[-1] + len(part))
    return starts
