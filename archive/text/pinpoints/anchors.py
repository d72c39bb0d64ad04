"""What anchors tell: their parts, ranges counted out (``1`` to ``3`` is ``1``, ``2``, ``3``), numbers that
occur again, and which of a document's anchors a citation means."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

# No organ numbers so many paragraphs that a longer range could be meant.
LONGEST_RANGE = 200
_PART_LABEL = r"(?:annex|enclosure|appendix)\d{0,3}(?:_\d{1,3})?"
# annex2; annex.annex1 is 附件一 inside 附件. annex is one without number, or 附件一 where all have numbers.
PART = re.compile(rf"{_PART_LABEL}(?:\.{_PART_LABEL})*")
_PART_BEFORE = re.compile(rf"(?P<part>{PART.pattern})(?:\.|$)")
_SECTION = re.compile(r"[hs]\d+|s[a-z]")
_AROUND = re.compile(rf"{_PART_LABEL}|{_SECTION.pattern}")
_FIGURES = "0123456789"
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


def split_part(anchor: str) -> tuple[str, str]:
    """The part that an anchor begins with, empty for the main part, and the rest.

    >>> split_part("annex.annex1.2"), split_part("s2.3"), split_part("enclosure")
    (('annex.annex1', '2'), ('', 's2.3'), ('enclosure', ''))
    """
    found = _PART_BEFORE.match(anchor)
    return (found["part"], anchor[found.end() :]) if found else ("", anchor)


def split_place(anchor: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The labels of parts and sections that stand around a paragraph, and its own.

    >>> split_place("annex2.s3.5.a"), split_place("annex.s2")
    ((('annex2', 's3'), ('5', 'a')), (('annex',), ('s2',)))
    """
    labels = tuple(anchor.split("."))
    depth = next((at for at, one in enumerate(labels) if not _AROUND.fullmatch(one)), len(labels) - 1)
    return labels[:depth], labels[depth:]


class Anchors:
    """The anchors of one document, and which of them a citation means.

    A citation names as much of a place as it likes: 第5段, 附件第5段, 附件第二节第5段. Whether numbers begin
    anew in each section or not, a paragraph is meant that stands in every part and section that is named.
    附件一 is the only annex, or the first of several; where it stands inside 附件, that is not it.
    """

    def __init__(self, blocks: Iterable[tuple[str, str | None]]) -> None:
        """``blocks``: each anchor with that of the block above it, in the order of the document."""
        self._above = dict(blocks)
        self.known = self._above.keys()
        self._around: dict[str, tuple[str, ...]] = {}
        self._ending: dict[str, list[str]] = defaultdict(list)
        for anchor in self._above:
            own = split_place(numbered_as(anchor))[1]
            for first in range(len(own)):
                if not (first and own[first].isdecimal() and own[first - 1].isdecimal()):  # 14 is not 2.14
                    self._ending[".".join(own[first:])].append(anchor)
        tops = {part for one in self._above if (part := split_part(one)[0]) and "." not in part}
        self._parts = {label for one in self._above for label in split_part(one)[0].split(".")}
        self._first_of_several = {one.rstrip(_FIGURES) for one in tops if one[-1] in _FIGURES} & tops

    def meant(self, cited: str) -> list[str]:
        """The anchors that ``cited`` may mean, in the order of the document: of the main part, where no part
        is named and it has such."""
        if cited in self._above and occurrence_told_by(cited):
            return [cited]
        found = self.matching(cited)
        main = [] if split_part(cited)[0] else [one for one in found if not split_part(one)[0]]
        return main or found

    def matching(self, cited: str) -> list[str]:
        """The anchors that ``cited`` may mean in any part."""
        around, own = split_place(cited)
        only = own[0].removesuffix("1")
        if PART.fullmatch(only) and own[0] not in self._parts:
            own = (only,)
        found = self._ending.get(".".join(own), [])
        return [one for one in found if self._stands_in(one, around, own)] if around else list(found)

    def _stands_in(self, anchor: str, around: tuple[str, ...], own: tuple[str, ...]) -> bool:
        """Whether the innermost part is the one named last, and all else that is named is around it."""
        if split_place(numbered_as(anchor))[1] != own:
            return False
        here = self._place(anchor)
        parts, named = ([one for one in labels if PART.fullmatch(one)] for labels in (here, around))
        if named and not (parts and self._is(named[-1], parts[-1])):
            return False
        rest = iter(here)
        return all(any(self._is(one, label) for label in rest) for one in around)

    def _is(self, cited: str, label: str) -> bool:
        """附件 may be any of several that stand side by side, 附件一 the only one."""
        any_of = cited in self._first_of_several and label.rstrip(_FIGURES) == cited
        only = cited not in self._parts and cited == f"{label}1"
        return cited == label or any_of or only

    def _place(self, anchor: str) -> tuple[str, ...]:
        """The parts and sections around a block, outermost first."""
        if anchor not in self._around:
            above = self._above[anchor]
            outer: tuple[str, ...] = ()
            if above is not None:
                last = numbered_as(above).rpartition(".")[2]
                outer = (*self._place(above), *([last] if _AROUND.fullmatch(last) else []))
            around = split_place(numbered_as(anchor))[0]
            self._around[anchor] = (*outer, *(label for label in around if label not in outer))
        return self._around[anchor]
