"""Alignment of the paragraphs of two documents, for reading them side by side.

Equal paragraphs in the same order are matched first; between them, the most similar ordered pairs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from rapidfuzz import fuzz, process

Pair = tuple[int | None, int | None]

# Two paragraphs are held against each other where so much of them is alike (share of the longer one's
# characters that a shortest edit keeps); less is chance in Chinese official prose.
ALIKE = 50.0
# Of two documents so many pairs are weighed at most, and so much text: characters of the one times those of
# the other. A stretch between equal paragraphs for which that is not enough is left unpaired.
MOST_PAIRS = 250_000
MOST_LETTERS = 20_000_000_000


def aligned(then: Sequence[str], now: Sequence[str]) -> list[Pair]:
    """Returns all paragraphs of both in order as ``(place in then, place in now)``, None for one alone."""
    pairs: list[Pair] = []
    effort = _Effort()
    matcher = SequenceMatcher(None, [_bare(text) for text in then], [_bare(text) for text in now], False)
    for kind, a1, a2, b1, b2 in matcher.get_opcodes():
        if kind == "equal":
            pairs += zip(range(a1, a2), range(b1, b2), strict=True)
        else:
            pairs += _between(then, now, (a1, a2), (b1, b2), effort)
    return pairs


def _bare(text: str) -> str:
    return "".join(text.split())


class _Effort:
    """The remaining budget for comparing pairs."""

    def __init__(self) -> None:
        self.pairs, self.letters = MOST_PAIRS, MOST_LETTERS

    def suffices(self, then: Sequence[str], now: Sequence[str]) -> bool:
        """Returns True if the budget allows comparing all pairs, and deducts them."""
        pairs, letters = len(then) * len(now), sum(map(len, then)) * sum(map(len, now))
        if pairs > self.pairs or letters > self.letters:
            return False
        self.pairs -= pairs
        self.letters -= letters
        return True


def _between(
    then: Sequence[str], now: Sequence[str], left: tuple[int, int], right: tuple[int, int], effort: _Effort
) -> Iterator[Pair]:
    """Generates the paragraphs of a stretch without equal ones: paired where alike, the others alone."""
    a, b = left[0], right[0]
    for i, j in _most_alike(then[slice(*left)], now[slice(*right)], effort):
        i, j = i + left[0], j + right[0]
        yield from ((alone, None) for alone in range(a, i))
        yield from ((None, alone) for alone in range(b, j))
        yield i, j
        a, b = i + 1, j + 1
    yield from ((alone, None) for alone in range(a, left[1]))
    yield from ((None, alone) for alone in range(b, right[1]))


def _most_alike(then: Sequence[str], now: Sequence[str], effort: _Effort) -> list[tuple[int, int]]:
    """Returns the pairs in order with the greatest likeness in all, by dynamic programming."""
    if not then or not now or not effort.suffices(then, now):
        return []
    alike = process.cdist(then, now, scorer=fuzz.ratio, score_cutoff=ALIKE)
    import numpy as np

    best = np.zeros((len(then) + 1, len(now) + 1))
    for i in range(len(then) - 1, -1, -1):
        paired = np.where(alike[i] > 0, alike[i] + best[i + 1, 1:], 0)
        reached = np.maximum(best[i + 1, :-1], paired)
        best[i, :-1] = np.maximum.accumulate(reached[::-1])[::-1]  # or what begins further right
    pairs, i, j = [], 0, 0
    while i < len(then) and j < len(now):
        if alike[i, j] and best[i, j] == alike[i, j] + best[i + 1, j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i, j] == best[i + 1, j]:
            i += 1
        else:
            j += 1
    return pairs
