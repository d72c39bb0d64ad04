"""What stands on either side of an occurrence, cut for the width of a line. Pure.

Each side comes in three parts, from the occurrence outwards; a narrow page shows the first only. A part ends
at a whole character, and never inside a number or a Latin word unless that is longer than the part.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

WIDTHS = (14, 16, 18)  # of near, mid and far, in half-width columns


@dataclass(frozen=True, slots=True)
class Sides:
    """Left and right of an occurrence, each as (near, mid, far)."""

    left: tuple[str, str, str]
    right: tuple[str, str, str]

    @property
    def before(self) -> str:
        near, mid, far = self.left
        return far + mid + near

    @property
    def after(self) -> str:
        return "".join(self.right)


def sides_of(text: str, start: int, end: int) -> Sides:
    """The sides of ``text[start:end]``. Line breaks become blanks; nothing else changes."""
    reach = 2 * sum(WIDTHS)
    left = _parts(_plain(text[max(0, start - reach) : start])[::-1])
    near, mid, far = (part[::-1] for part in left)
    return Sides((near, mid, far), _parts(_plain(text[end : end + reach])))


def _plain(text: str) -> str:
    return text.replace("\n", " ").replace("\t", " ")


def _parts(text: str) -> tuple[str, str, str]:
    """The first pieces of ``text`` that fit the widths; what is left over is not shown."""
    parts, at = [], 0
    for width in WIDTHS:
        end = _fitting(text, at, width)
        parts.append(text[at:end])
        at = end
    near, mid, far = parts
    return near, mid, far


def _fitting(text: str, at: int, width: int) -> int:
    end, columns = at, 0
    while end < len(text):
        columns += _columns(text[end])
        if columns > width:
            break
        end += 1
    return _before_run(text, at, end)


def _before_run(text: str, at: int, end: int) -> int:
    """``end`` moved to where the number or Latin word that it would cut begins."""
    if end == len(text) or not (_runs(text[end]) and end > at and _runs(text[end - 1])):
        return _with_marks(text, end)
    begin = end
    while begin > at and _runs(text[begin - 1]):
        begin -= 1
    return begin if begin > at else end


def _with_marks(text: str, end: int) -> int:
    """Combining marks stay with their letter."""
    while 0 < end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return end


def _runs(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character in "./()-")


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WFA" else 1
