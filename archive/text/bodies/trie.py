"""Many strings sought in one pass: a plain trie, walked from every place where one of them can begin.

Where one can begin is told by its first two characters, compared without a step of Python for each character
of the text: how many strings there are does not tell in the time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import compress
from operator import add
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")
END = ""  # no character is the empty string, so this key is free for the value


class Trie(Generic[Value]):
    """Finds the longest of its strings at a place; what a place costs is bounded by the longest string."""

    def __init__(self, entries: Mapping[str, Value]) -> None:
        self._root: dict[str, Any] = {}
        for string, value in entries.items():
            node = self._root
            for character in string:
                node = node.setdefault(character, {})
            if node is not self._root:
                node[END] = value
        single = {string for string in entries if len(string) == 1}
        self._pairs = frozenset(string[:2] for string in entries if len(string) > 1)
        self._single = frozenset(single)

    def longest_at(self, text: str, start: int = 0) -> tuple[int, Value] | None:
        """End and value of the longest string that stands in ``text`` at ``start``, or None."""
        found = self.all_at(text, start)
        return found[-1] if found else None

    def all_at(self, text: str, start: int = 0) -> list[tuple[int, Value]]:
        """End and value of each string that stands in ``text`` at ``start``, the shortest first."""
        node, found = self._root, []
        for position in range(start, len(text)):
            if text[position] not in node:
                break
            node = node[text[position]]
            if END in node:
                found.append((position + 1, node[END]))
        return found

    def everywhere(self, text: str) -> Iterator[tuple[int, int, Value]]:
        """The longest match at each place where there is one, as (start, end, value); they may overlap."""
        for position in self._candidates(text):
            if best := self.longest_at(text, position):
                yield position, *best

    def all_everywhere(self, text: str) -> Iterator[tuple[int, list[tuple[int, Value]]]]:
        """Each place where strings stand, with what ``all_at`` gives there; they may overlap."""
        for position in self._candidates(text):
            if found := self.all_at(text, position):
                yield position, found

    def _candidates(self, text: str) -> Iterable[int]:
        """The places where the first two characters of a string stand, or a string of one character."""
        if self._single:
            return (
                place
                for place in range(len(text))
                if text[place] in self._single or text[place : place + 2] in self._pairs
            )
        pairs = map(add, text, text[1:])
        return compress(range(len(text)), map(self._pairs.__contains__, pairs))

    def matches(self, text: str) -> Iterator[tuple[int, int, Value]]:
        """Leftmost longest matches as (start, end, value), none overlapping another."""
        free = 0
        for start, end, value in self.everywhere(text):
            if start >= free:
                yield start, end, value
                free = end
