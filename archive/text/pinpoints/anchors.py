"""What anchors tell: ranges counted out (``1`` to ``3`` is ``1``, ``2``, ``3``), numbers that occur again."""

from __future__ import annotations

import re

# No organ numbers so many paragraphs that a longer range could be meant.
LONGEST_RANGE = 200
_SECTION = re.compile(r"[hs]\d+")
# A number that was taken already has a running one behind it: 2_2. Of an article, art8_2 is 第八条之二.
_AGAIN = re.compile(r"(?P<label>art\d+_\d+|(?!art\d)[^_]*)_(?P<count>\d+)")
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


def occurrence_told_by(anchor: str) -> int:
    """The how-manieth paragraph of its number an anchor names; 0 where it does not tell, as of the first.

    >>> occurrence_told_by("3_2.a"), occurrence_told_by("3.a"), occurrence_told_by("art8_2")
    (2, 0, 0)
    """
    found = filter(None, map(_AGAIN.fullmatch, anchor.split(".")))
    return next((int(one["count"]) for one in found), 0)


def numbered_as(anchor: str, *, sections: bool = True) -> str:
    """The anchor that a paragraph would have if its number occurred once; without ``sections`` also if the
    numbering did not begin anew in each section.

    >>> numbered_as("annex.2_2"), numbered_as("s3.2"), numbered_as("s3.2", sections=False)
    ('annex.2', 's3.2', '2')
    """
    labels = [found["label"] if (found := _AGAIN.fullmatch(one)) else one for one in anchor.split(".")]
    kept = labels if sections else [one for one in labels if not _SECTION.fullmatch(one)]
    return ".".join(kept if any(one.isdecimal() for one in kept) else labels)
