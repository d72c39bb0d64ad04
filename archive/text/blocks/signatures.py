"""Signature blocks: the short lines that end in （签名）, as under every letter to the Council."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..languages import any_shape
from ..lines import Line
from ..shapes import SIGNED, stands_alone
from ..typography import ends_sentence
from .layout import Layout
from .markers import read_markers
from .seams import goes_on

_LONGEST_LINE = 60
_MOST_LINES = 7
_MOST_OFFICES = 3
_OFFICE = re.compile(
    r"[^，,。：:；;]{0,40}(?:大使|代表|主席|部长|公使|参赞|代办|秘书|协调员|大使、常驻代表)(?:阁下)?"
    rf"|{any_shape('office')}"
)


def signature_groups(lines: Sequence[Line], layout: Layout) -> dict[int, int]:
    """For the index of each line of a signature, the index of the line that ends its group."""
    groups: dict[int, int] = {}
    for at, line in enumerate(lines):
        if len(line.text) <= _LONGEST_LINE and SIGNED.search(line.text) and not ends_sentence(line.text):
            last = _last_line(lines, at, layout)
            for near in range(_first_line(lines, at, layout, groups), last + 1):
                groups[near] = last
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


def _last_line(lines: Sequence[Line], signed: int, layout: Layout) -> int:
    """The sender's offices may also stand below the name (national reports to the 1540 Committee).

    Where another signature follows, they are its first lines (A/72/90).
    """
    last = signed
    while last + 1 < len(lines) and last - signed < _MOST_OFFICES:
        after = lines[last + 1]
        apart = after.gap > max(layout.normal_gap, lines[signed].gap) and layout.wrapped
        below = (
            after.spaced
            and not after.gap
            and len(after.text) <= _LONGEST_LINE
            and not read_markers(after.text)
        )
        if apart or after.page or not (below or _OFFICE.fullmatch(after.text[:_LONGEST_LINE])):
            break
        last += 1
    another = any(SIGNED.search(line.text[-20:]) for line in lines[last + 1 : last + 1 + _MOST_OFFICES])
    return signed if another else last


def _could_belong(line: Line) -> bool:
    text = line.text
    return (
        len(text) <= _LONGEST_LINE and not ends_sentence(text) and not line.depth and not stands_alone(text)
    )
