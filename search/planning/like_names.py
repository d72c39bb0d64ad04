"""Names that are written like a text, or of which it is short: found by the characters in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from difflib import get_close_matches
from itertools import takewhile

from search.text.analyzer import words_of_term
from search.text.segmenter import segmenter

ALIKE = 0.75  # how much of a name must agree
ENDS = frozenset("办所署会委局厅院组")  # by which bodies are called for short
# With these many names begin, and are shortened without them.
LEADING = frozenset(["联合", "国", "国际", "全球", "世界", "全面", "关于", "制止", "防止", "打击", "禁止"])
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
    """Whether ``short`` is put together so. It begins where the name does, or behind what many names begin
    with: 制裁委 is not 刚果(金)制裁委员会.
    """
    words = [part for term in words_of_term(name) for part in segmenter().divided(term)]
    while True:
        last = words[-1]
        if short.endswith(last) and _of_beginnings(short, _divided(words)):
            return True
        ends = len(last) > 2 and len(short) > 2 and short[-1] in ENDS and short[-1] in (last[0], last[-1])
        if ends and _of_beginnings(short[:-1], _divided(words[:-1])):
            return True
        further = segmenter().divided(last)
        if len(further) == 1:
            return False
        words[-1:] = further


def _divided(words: list[str]) -> list[str]:
    """The words within ``words``, as far as they divide; ordinals by their number: 一 of 第一."""
    inner = [part for word in words for part in segmenter().divided(word)]
    return [word.removeprefix("第") for word in words] if inner == words else _divided(inner)


def _of_beginnings(short: str, words: list[str]) -> bool:
    """Whether ``short`` is put together of beginnings of ``words``, in their order."""
    led = len(list(takewhile(LEADING.__contains__, words)))  # among these words, or right behind, it begins
    reached: set[int] = set()  # how much of ``short`` the words so far may make
    for number, word in enumerate(words):
        reached |= {
            start + size
            for start in (reached | {0} if number <= led else reached)
            for size in range(1, len(word) + 1)
            if short.startswith(word[:size], start)
        }
    return len(short) in reached
