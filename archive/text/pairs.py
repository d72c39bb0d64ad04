"""Pairs the paragraphs of two texts of one document by their official numbers, which are the same in every
language; never by likeness, position or page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .pinpoints.anchors import numbered_as, split_part

# Labels that the archive counts where nothing is printed: headings, unnumbered blocks, tables and their rows.
_COUNTED = re.compile(r"(?:^|\.)(?:h|u|t|r)\d")
_PREAMBULAR = re.compile(r"(?:^|\.)pp\d+$")


class Numbered(NamedTuple):
    """A block by its ``anchor``; ``role`` as the segmenter gives it."""

    anchor: str
    role: str = ""


def official_label(block: Numbered) -> str:
    """Returns the label by which a block pairs: its anchor where that is made of printed labels, ``title``
    for a title of a part; empty where the archive counted."""
    if block.role == "title":
        return f"{split_part(block.anchor)[0]}.title"
    return "" if _COUNTED.search(block.anchor) else block.anchor


def pair_blocks(
    one: Sequence[Numbered], other: Sequence[Numbered]
) -> Iterator[tuple[int | None, int | None]]:
    """Generates the rows of two texts beside each other, as places in each; None where one text has no
    counterpart. In the order of ``one``; what only ``other`` has follows what it follows there.

    A number that is printed several times in a part pairs where both texts have it as often; preambular
    paragraphs pair by their order where both have the same count of them.
    """
    labels = [list(map(official_label, side)) for side in (one, other)]
    counts = [Counter(map(_series, filter(None, side))) for side in labels]
    there = {label: place for place, label in enumerate(labels[1]) if label}
    taken = {
        there[label]: here
        for here, label in enumerate(labels[0])
        if label in there and counts[0][_series(label)] == counts[1][_series(label)]
    }
    pairs, following = {here: place for place, here in taken.items()}, 0
    for here in range(len(one)):
        found = pairs.get(here)
        if found is not None and found >= following:
            yield from ((None, place) for place in range(following, found) if place not in taken)
            following = found + 1
        yield here, found
    yield from ((None, place) for place in range(following, len(other)) if place not in taken)


def _series(label: str) -> str:
    """Returns what is counted of a label: how often its number is printed, or the preambular paragraphs."""
    return _PREAMBULAR.sub(".pp", label) if _PREAMBULAR.search(label) else numbered_as(label)
