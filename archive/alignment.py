"""Which paragraphs of two documents answer each other, so that the documents can be read side by side.

Equal paragraphs in the same order are found first; between them, the pairing in order that is alike the most.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

import numpy as np
from rapidfuzz import fuzz, process

Pair = tuple[int | None, int | None]

# Two paragraphs are held against each other where so much of them is alike (share of the longer one's
# characters that a shortest edit keeps); less is chance in Chinese official prose.
ALIKE = 50.0
# Between two equal paragraphs so many pairs are weighed at most; longer stretches are paired as they stand.
MOST_PAIRS = 250_000


def aligned(then: Sequence[str], now: Sequence[str]) -> list[Pair]:
    """Every paragraph of both, once and in order: as ``(place in then, place in now)``, None where alone."""
    pairs: list[Pair] = []
    matcher = SequenceMatcher(None, [_bare(text) for text in then], [_bare(text) for text in now], False)
    for kind, a1, a2, b1, b2 in matcher.get_opcodes():
        if kind == "equal":
            pairs += zip(range(a1, a2), range(b1, b2), strict=True)
        else:
            pairs += _between(then, now, (a1, a2), (b1, b2))
    return pairs


def _bare(text: str) -> str:
    return "".join(text.split())


def _between(
    then: Sequence[str], now: Sequence[str], left: tuple[int, int], right: tuple[int, int]
) -> Iterator[Pair]:
    """The paragraphs of a stretch without equal ones: paired where alike, the others alone."""
    a, b = left[0], right[0]
    for i, j in _most_alike(then[slice(*left)], now[slice(*right)]):
        i, j = i + left[0], j + right[0]
        yield from ((alone, None) for alone in range(a, i))
        yield from ((None, alone) for alone in range(b, j))
        yield i, j
        a, b = i + 1, j + 1
    yield from ((alone, None) for alone in range(a, left[1]))
    yield from ((None, alone) for alone in range(b, right[1]))


def _most_alike(then: Sequence[str], now: Sequence[str]) -> list[tuple[int, int]]:
    """The pairs in order with the greatest likeness in all, by dynamic programming."""
    if not then or not now or len(then) * len(now) > MOST_PAIRS:
        return []
    alike = process.cdist(then, now, scorer=fuzz.ratio, score_cutoff=ALIKE)
    best = np.zeros((len(then) + 1, len(now) + 1))
    for i in range(len(then) - 1, -1, -1):
        for j in range(len(now) - 1, -1, -1):
            paired = alike[i, j] + best[i + 1, j + 1] if alike[i, j] else 0
            best[i, j] = max(best[i + 1, j], best[i, j + 1], paired)
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
