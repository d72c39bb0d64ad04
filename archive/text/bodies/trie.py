"""Many strings sought in one pass: a plain trie, walked from every place where one of them can begin."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

Value = TypeVar("Value")
END = ""  # no character is the empty string, so this key is free for the value


class Trie(Generic[Value]):
    """Finds the longest of its strings at a place; what a place costs is bounded by the longest string."""

    def __init__(self, entries: Mapping[str, Value]) -> None:
        self._root: dict = {}
        for string, value in entries.items():
            node = self._root
            for character in string:
                node = node.setdefault(character, {})
            if node is not self._root:
                node[END] = value
        first = "".join(map(re.escape, self._root))
        self._first = re.compile(f"[{first}]") if first else None

    def longest_at(self, text: str, start: int = 0) -> tuple[int, Value] | None:
        """End and value of the longest string that stands in ``text`` at ``start``, or None."""
        node, best = self._root, None
        for position in range(start, len(text)):
            node = node.get(text[position])
            if node is None:
                break
            if END in node:
                best = position + 1, node[END]
        return best

    def everywhere(self, text: str) -> Iterator[tuple[int, int, Value]]:
        """The longest match at each place where there is one, as (start, end, value); they may overlap."""
        position = 0
        while self._first and (candidate := self._first.search(text, position)):
            position = candidate.start()
            if best := self.longest_at(text, position):
                yield position, *best
            position += 1

    def matches(self, text: str) -> Iterator[tuple[int, int, Value]]:
        """Leftmost longest matches as (start, end, value), none overlapping another."""
        free = 0
        for start, end, value in self.everywhere(text):
            if start >= free:
                yield start, end, value
                free = end
