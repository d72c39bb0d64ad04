"""From paragraphs as cited (``3(a)``, ``9,11``, ``1-3``) to anchors, a range counted out."""

from __future__ import annotations

import re
import unicodedata

# No organ numbers so many paragraphs that a longer range could be meant.
LONGEST_RANGE = 200
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv")


def pinpoint_anchors(pinpoint: str | None) -> list[str]:
    """The anchors that a pinpoint names, in order and each once.

    ``"8"`` → ``["8"]``; ``"8(a)(iii)"`` → ``["8.a.iii"]``; ``"9,11"`` → ``["9", "11"]``; ``"5(a),(b)"`` →
    ``["5.a", "5.b"]``; ``"1-3"`` → ``["1", "2", "3"]``; ``"3(a)-(c)"`` → ``["3.a", "3.b", "3.c"]``;
    ``"pp2"`` → ``["pp2"]``. A range that cannot be counted out is kept by its two ends. Empty for None.
    """
    anchors: list[str] = []
    for cited in re.split("[,、]", unicodedata.normalize("NFKC", pinpoint or "").replace(" ", "")):
        first, _, last = cited.partition("-")
        if not first:
            continue
        start = _anchor(first, beside=anchors[-1] if anchors else "")
        anchors += _counted_out(start, _anchor(last, beside=start)) if last else [start]
    return [anchor for anchor in dict.fromkeys(anchors) if anchor]


def _anchor(cited: str, beside: str) -> str:
    """``3(a)`` as ``3.a``. A member that begins with a bracket stands in the paragraph of the one before."""
    anchor = re.sub("[()]+", ".", cited).rstrip(".")
    parent, label = _split(beside)
    if anchor.startswith("."):
        return f"{parent}{anchor.lstrip('.')}" if parent else f"{label}{anchor}"
    if anchor.isdigit() and parent and label.isdigit():  # annex.3-5
        return f"{parent}{anchor}"
    return anchor


def _split(anchor: str) -> tuple[str, str]:
    """The anchor up to and with its last dot, and the label behind it."""
    head, dot, label = anchor.rpartition(".")
    return head + dot, label


def _counted_out(first: str, last: str) -> list[str]:
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
