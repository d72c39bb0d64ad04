"""Names that are written like a text, or of which it is short: found by the characters in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from difflib import get_close_matches

from search.text.analyzer import analyze
from search.text.segmenter import segmenter

ALIKE = 0.75  # how much of a name must agree
ENDS = frozenset("办所署会委局厅院")  # by which bodies are called for short
SHORTER = ALIKE / (2 - ALIKE)  # with less of the length, so much cannot


class LikeNames:
    """Names of States, bodies and treaties, in the order given."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = list(dict.fromkeys(names))
        self._holding: dict[str, list[int]] = {}
        for number, name in enumerate(self._names):
            for character in dict.fromkeys(name):
                self._holding.setdefault(character, []).append(number)

    def alike(self, text: str) -> list[str]:
        """The two names most like ``text``, where three quarters agree."""
        size, letters = len(text), set(text)
        shared = Counter(number for one in letters for number in self._holding.get(one, ()))
        near = [  # the rest cannot agree so much
            self._names[number]
            for number in sorted(shared)
            if shared[number] * 2 >= len(letters)
            and SHORTER * size <= len(self._names[number]) <= size / SHORTER
        ]
        return get_close_matches(text, near, n=2, cutoff=ALIKE)

    def in_full(self, short: str) -> list[str]:
        """The names that ``short`` shortens, as Chinese does: by the beginnings of their words, in order, the
        last of them whole, or by its first or last character: 核恐公约 of 制止核恐怖主义行为国际公约, 毒罪办
        of 毒品和犯罪问题办公室. The shorter first.
        """
        if not short.isalnum() or short.isascii():
            return []
        held = [self._holding.get(character, ()) for character in set(short)]
        rarest = min(held, key=len)
        likely = [self._names[number] for number in rarest if len(self._names[number]) > len(short)]
        letters = set(short)
        found = (name for name in likely if letters <= set(name) and _shortens(short, name))
        return sorted(found, key=lambda name: (len(name), name))


def _shortens(short: str, name: str) -> bool:
    words = [word for token in analyze(name) for word in _undivided(token.term)]
    if short.endswith(words[-1]):
        return _of_beginnings(short, words)
    ends = len(words[-1]) > 2 and short[-1] in (words[-1][0], words[-1][-1]) and short[-1] in ENDS
    return ends and len(short) > 2 and _of_beginnings(short[:-1], words[:-1])


def _undivided(word: str) -> list[str]:
    parts = segmenter().divided(word)
    return [word] if len(parts) == 1 else [inner for part in parts for inner in _undivided(part)]


def _of_beginnings(short: str, words: list[str]) -> bool:
    """Whether ``short`` is put together of beginnings of ``words``, in their order."""
    reached = {0}  # how much of ``short`` the words so far may make
    for word in words:
        reached |= {
            start + size
            for start in reached
            for size in range(1, len(word) + 1)
            if short.startswith(word[:size], start)
        }
    return len(short) in reached
