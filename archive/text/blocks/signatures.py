"""Signature blocks: the short lines that end in （签名）, as under every letter to the Council."""

from __future__ import annotations

from collections.abc import Sequence

from ..lines import Line
from ..shapes import SIGNED, stands_alone
from ..typography import ends_sentence
from .layout import Layout
from .seams import goes_on

_LONGEST_LINE = 60
_MOST_LINES = 7


def signature_groups(lines: Sequence[Line], layout: Layout) -> dict[int, int]:
    """For the index of each line of a signature, the index of the group's last line."""
    groups: dict[int, int] = {}
    for at, line in enumerate(lines):
        if len(line.text) <= _LONGEST_LINE and SIGNED.search(line.text) and not ends_sentence(line.text):
            for near in range(_first_line(lines, at, layout, groups), at + 1):
                groups[near] = at
    return groups


def _first_line(lines: Sequence[Line], last: int, layout: Layout, groups: dict[int, int]) -> int:
    first, usual = last, max(layout.normal_gap, lines[last].gap)
    while first > 0 and last - first < _MOST_LINES:
        apart = lines[first].gap > usual and layout.wrapped
        before = lines[first - 1]
        cut = goes_on(before.text, lines[first].text) and len(before.text) <= _LONGEST_LINE
        if first - 1 in groups or not (cut or (not apart and _could_belong(before))):
            break
        first -= 1
    return first


def _could_belong(line: Line) -> bool:
    text = line.text
    return (
        len(text) <= _LONGEST_LINE and not ends_sentence(text) and not line.depth and not stands_alone(text)
    )
