"""Compares two wordings of a paragraph, character by character."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate
from os.path import commonprefix
from typing import ClassVar, Self

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from archive.models import IssuedText
from archive.store.links.ranges import PastRange
from archive.store.values import Instant, Schema

CONTEXT = 6
LONGEST_PRODUCT = 25_000_000
_FIGURE, _CHARACTER = re.compile(r"[0-9]+|[^0-9]"), re.compile(r"(?s:.)")


class Change(Schema, frozen=True, kw_only=True):
    """Characters that were struck, and those in their place."""

    struck: str
    added: str

    # A few characters around it that both wordings have: the next change begins where they end, so each side
    # reads as it stood.
    before: ClassVar[str]
    after: ClassVar[str]


@dataclass(frozen=True, slots=True)
class Difference:
    """Two wordings: each as HTML with its changes marked, and the changes as a list."""

    then: SafeString
    now: SafeString
    changes: list[Change]

    @property
    def struck(self) -> int:
        return sum(len(change.struck) for change in self.changes)

    @property
    def added(self) -> int:
        return sum(len(change.added) for change in self.changes)


def compare(then: str, now: str, *, figures: bool = False) -> Difference:
    """Marks deletions from ``then`` and insertions in ``now``; with ``figures``, a figure changes as a whole
    (2021 → 2032, for 2→3 and 1→2). ``autojunk`` is off: 的 is no junk here.
    """
    old, new, changes = list[str](), list[str](), list[Change]()
    steps = _steps(then, now, _FIGURE if figures else _CHARACTER)
    for place, (kind, a1, a2, b1, b2) in enumerate(steps):
        struck, added = then[a1:a2], now[b1:b2]
        if kind == "equal":
            old.append(escape(struck))
            new.append(escape(added))
            continue
        if struck:
            old.append(f"<del>{escape(struck)}</del>")
        if added:
            new.append(f"<ins>{escape(added)}</ins>")
        start = steps[place - 1][1] if place else a1
        end = steps[place + 1][2] if place + 1 < len(steps) else a2
        before, after = then[max(start, a1 - CONTEXT) : a1], then[a2 : min(end, a2 + CONTEXT)]
        changes.append(Change(struck=struck, added=added).carrying(before=before, after=after))
    return Difference(_safe(old), _safe(new), changes)


def _steps(then: str, now: str, piece: re.Pattern) -> Sequence[tuple[str, int, int, int, int]]:
    """Returns the steps from one wording to the other, as ``difflib`` names them.

    The work grows with the product of the lengths, so very long texts are compared only at their ends.
    """
    if len(then) * len(now) <= LONGEST_PRODUCT:
        mine, theirs = piece.findall(then), piece.findall(now)
        a, b = ([0, *accumulate(map(len, pieces))] for pieces in (mine, theirs))
        steps = SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes()
        return [(kind, a[a1], a[a2], b[b1], b[b2]) for kind, a1, a2, b1, b2 in steps]
    head = len(commonprefix([then, now]))
    tail = len(commonprefix([then[head:][::-1], now[head:][::-1]]))
    end, new_end = len(then) - tail, len(now) - tail
    return [
        ("equal", 0, head, 0, head),
        ("replace", head, end, head, new_end),
        ("equal", end, len(then), new_end, len(now)),
    ]


def _safe(pieces: list[str]) -> SafeString:
    return mark_safe("".join(pieces))  # noqa: S308  every piece is escaped


# The other forms in which words with one fingerprint were public, beside the text that is shown.


class Form(Schema, frozen=True, kw_only=True):
    """Another form of words with the same fingerprint: its dates, and which characters differ."""

    text: str | None
    since: Instant | None
    until: Instant | None
    changes: list[Change]

    difference: ClassVar[Difference | None]  # None where law forbids its words

    @classmethod
    def all_of(cls, forms: Iterable[IssuedText | PastRange], shown: str) -> list[Self]:
        """Compares the characters of each of ``forms`` with those ``shown``."""
        return [cls._of(form, None if form.withheld else compare(form.text, shown)) for form in forms]

    @classmethod
    def _of(cls, form: IssuedText | PastRange, difference: Difference | None) -> Self:
        text, changes = (form.text, difference.changes) if difference else (None, [])
        told = cls(text=text, since=form.since, until=form.until, changes=changes)
        return told.carrying(difference=difference)

    @property
    def codes(self) -> list[dict]:
        """Each change with its characters by number, since ， and , look alike: U+FF0C, U+002C."""
        return [
            {"change": change, "struck": _numbers(change.struck), "added": _numbers(change.added)}
            for change in self.changes
        ]


def _numbers(characters: str) -> str:
    return " ".join(f"U+{ord(character):04X}" for character in characters)
