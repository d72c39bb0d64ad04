"""Ranges of anchors, counted out: from ``1`` to ``3`` is ``1``, ``2``, ``3``."""

from __future__ import annotations

# No organ numbers so many paragraphs that a longer range could be meant.
LONGEST_RANGE = 200
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv")


def _split(anchor: str) -> tuple[str, str]:
    """The anchor up to and with its last dot, and the label behind it."""
    head, dot, label = anchor.rpartition(".")
    return head + dot, label


def counted_out(first: str, last: str) -> list[str]:
    """The anchors from ``first`` to ``last``; these two alone where the way between cannot be counted.

    >>> counted_out("annex.3.a", "annex.3.c")
    ['annex.3.a', 'annex.3.b', 'annex.3.c']
    """
    (parent, start), (other_parent, end) = _split(first), _split(last)
    labels = _labels_between(start, end) if parent == other_parent else None
    return [f"{parent}{label}" for label in labels] if labels else [first, last]


def _labels_between(start: str, end: str) -> list[str] | None:
    prefix = "pp" if start.startswith("pp") else ""
    low, high = start.removeprefix("pp"), end.removeprefix("pp")
    if low.isdigit() and high.isdigit():
        numbers = range(int(low), int(high) + 1)
        return [f"{prefix}{number}" for number in numbers] if 1 < len(numbers) <= LONGEST_RANGE else None
    if low in _ROMAN and high in _ROMAN and len(low + high) > 2:
        return list(_ROMAN[_ROMAN.index(low) : _ROMAN.index(high) + 1]) or None
    if len(low) == len(high) == 1 and "a" <= low < high <= "z":
        return [chr(code) for code in range(ord(low), ord(high) + 1)]
    return None
