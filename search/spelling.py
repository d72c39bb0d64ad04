"""The places of a phrase by the pronunciation of what stands beside it: an order that readers know.

GB 18030 keeps from GB 2312 the order of the 3755 common characters by their pinyin; the rest follows by
radical.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from .places import Places

LOOKED_AT = 12  # characters beside the phrase
RANKS_IN_ONE = 4
PLANE = 0x10000
LINE_FEED = ord("\n")  # ends a paragraph in the literal index


def by_following(found: Places) -> Places:
    """``found`` by what stands behind; where that is equal, by what stands before."""
    keys = [*_sides(found, range(LOOKED_AT), len(found.match)), *_sides(found, range(-1, -5, -1), 0)]
    return _sorted(found, keys)


def by_preceding(found: Places) -> Places:
    """``found`` by what stands before, read backwards; where that is equal, by what stands behind."""
    keys = [*_sides(found, range(-1, -LOOKED_AT - 1, -1), 0), *_sides(found, range(4), len(found.match))]
    return _sorted(found, keys)


def _sorted(found: Places, keys: list[np.ndarray]) -> Places:
    order = np.lexsort((found.starts, *reversed(_packed(keys))))
    return Places(found.index, found.match, found.starts[order])


def _packed(keys: list[np.ndarray]) -> list[np.ndarray]:
    """Four ranks, which have 16 bits, in each number: a quarter of the sorting."""
    packed = []
    for first in range(0, len(keys), RANKS_IN_ONE):
        number = np.zeros(len(keys[0]), np.uint64)
        for key in keys[first : first + RANKS_IN_ONE]:
            number = (number << np.uint64(16)) | key.astype(np.uint64)
        packed.append(number)
    return packed


def _sides(found: Places, steps: range, size: int) -> list[np.ndarray]:
    """For each step away from the phrase the ranks of the characters there; 0 beyond the paragraph."""
    characters, keys = found.index.suffixes.characters, []
    inside = np.ones(len(found), bool)
    for step in steps:
        at = found.starts.astype(np.int64) + size + step
        inside &= (at >= 0) & (at < len(characters))
        there = characters[np.where(inside, at, 0)].astype(np.int64) if len(characters) else at
        inside &= there != LINE_FEED
        keys.append(np.where(inside, _ranks()[np.minimum(there, PLANE)], 0))
    return keys


@cache
def _ranks() -> np.ndarray:
    """Code point → place in the order of GB 18030, from 1; beyond the first plane all alike."""
    codes = [code for code in range(PLANE) if not 0xD800 <= code < 0xE000]
    codes.sort(key=lambda code: chr(code).encode("gb18030"))
    ranks = np.full(PLANE + 1, len(codes) + 1, np.int64)
    ranks[codes] = np.arange(1, len(codes) + 1)
    return ranks


ALIKE = 24  # characters of one syllable stand together in the order


def pronounced_alike(one: str, other: str) -> bool:
    """Whether two common characters stand so near in the order of pronunciation that they sound alike."""
    codes = [character.encode("gb18030") for character in (one, other)]
    if not all(len(code) == 2 and 0xB0 <= code[0] <= 0xD7 and code[1] >= 0xA1 for code in codes):
        return False
    first, second = ((code[0] - 0xB0) * 94 + code[1] - 0xA1 for code in codes)
    return abs(first - second) <= ALIKE
