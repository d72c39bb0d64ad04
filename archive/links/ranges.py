"""Ranges of paragraphs: 第14至16段, written ``14-16`` in an address.

A range is every block from the paragraph named first to the one named last in the order of the document, with
all that stands between them, headings too, and with the sub-paragraphs of the last. Its words are the words
of its blocks, one after another; its fingerprint is that of a single paragraph with these words. Anchors hold
no hyphen, so one hyphen parts the two ends. The end is written without the parent that it shares with the
start: ``annex.14-16``, ``3.a-c``.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from archive.models import Document, Paragraph
from archive.text.fingerprint import fingerprint
from archive.text.pinpoints import Pinpoint

LONGEST = 200
DEEPEST = 8  # parts of an anchor that an end may share with the start
SEPARATOR = re.compile("[-‐‑–—~～至]")
BELOW = (Paragraph.Kind.SUBPARAGRAPH, Paragraph.Kind.LIST_ITEM)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A current range of a document: its two ends as named, and its blocks in reading order."""

    document: Document
    first: str
    last: str
    blocks: tuple[Paragraph, ...]

    @property
    def spelled(self) -> str:
        return spell(self.first, self.last)

    @property
    def text(self) -> str:
        return join(block.text for block in self.blocks)

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.text)


class Outline:
    """The anchors of one document in reading order, without their words. One query."""

    def __init__(self, held: Document) -> None:
        self.document = held
        rows = held.paragraphs.order_by("position").values_list(
            "anchor", "pk", "parent_id", "kind", "fingerprint"
        )
        self._rows = list(rows)
        self.anchors = [anchor for anchor, *_rest in self._rows]
        self.words = [row[-1] for row in self._rows]
        self.places = {anchor: place for place, anchor in enumerate(self.anchors)}

    def ends(self, spelled: str) -> tuple[str, str] | None:
        """Returns the two anchors of ``spelled`` in reading order; None where one is missing."""
        ends = choose(spelled, self.places)
        return ends and self.in_order(*ends)

    def in_order(self, one: str, other: str) -> tuple[str, str]:
        """Returns two anchors in the order of the document."""
        return (one, other) if self.places[one] <= self.places[other] else (other, one)

    def bounds(self, first: str, last: str) -> tuple[int, int]:
        """Returns the place of the first block, and that after the last with its sub-paragraphs."""
        end = self.places[last]
        family = {self._rows[end][1]}
        while end + 1 < len(self._rows):
            _anchor, key, parent, kind, _words = self._rows[end + 1]
            if parent not in family or kind not in BELOW:
                break
            family.add(key)
            end += 1
        return self.places[first], end + 1


def readings(spelled: str) -> Iterator[tuple[str, str]]:
    """Generates the pairs of anchors that a spelled range may mean, likeliest first.

    The end is read below as much of the start's address as may be meant: ``annex.3.a-5`` is tried as
    ``annex.3.5``, ``annex.5``, ``5``.
    """
    first, last = SEPARATOR.split(spelled, maxsplit=1)
    above = first.split(".")[:-1]
    for depth in range(min(len(above), DEEPEST), -1, -1):
        yield first, ".".join([*above[:depth], last])


def choose(spelled: str, known: Container[str]) -> tuple[str, str] | None:
    """Returns the first reading of ``spelled`` whose both ends are ``known``."""
    return next((ends for ends in readings(spelled) if ends[0] in known and ends[1] in known), None)


def spell(first: str, last: str) -> str:
    """Returns the spelling of a range in addresses: the parent of both ends is written once."""
    parent, dot, _label = first.rpartition(".")
    shared = parent + dot
    label = last.removeprefix(shared) if last.rpartition(".")[0] == parent else last
    return f"{first}-{label}"


def as_cited(spelled: str) -> str | None:
    """Returns the one spelling of a paragraph or range in addresses, by its official numbers alone: what can
    be told of a text that is not at hand. None where it is none.

    >>> as_cited("3(b)-3(d)"), as_cited("annex.14-annex.16"), as_cited("u5")
    ('3.b-d', 'annex.14-16', None)
    """
    try:
        ends = Pinpoint.parse(spelled).ends
    except ValueError:
        return None
    if ends is None or not all(end.is_printed for end in ends):
        return None
    first, last = (end.anchor for end in ends)
    return first if first == last else spell(first, last)


def join(texts: Iterator[str]) -> str:
    """Returns the words of a range: its texts, one to a line. Fingerprints do not see the line ends."""
    return "\n".join(texts)


def read_blocks(outline: Outline, first: str, last: str) -> Stretch:
    """Reads the blocks of a range, with the data needed to show them."""
    start, end = outline.bounds(first, last)
    blocks = outline.document.paragraphs.filter(anchor__in=outline.anchors[start:end]).order_by("position")
    shown = tuple(blocks.select_related("state", "body").with_mentions())
    return Stretch(outline.document, first, last, shown)


def runs_of(words: Sequence[str], whole: Sequence[str]) -> list[int]:
    """Returns the places where ``words`` begin in ``whole``; in linear time (Knuth, Morris, Pratt)."""
    if not words:
        return []
    back = [0] * len(words)
    matched = 0
    for place in range(1, len(words)):
        while matched and words[place] != words[matched]:
            matched = back[matched - 1]
        matched += words[place] == words[matched]
        back[place] = matched
    found, matched = [], 0
    for place, word in enumerate(whole):
        while matched and (matched == len(words) or word != words[matched]):
            matched = back[matched - 1]
        matched += word == words[matched]
        if matched == len(words):
            found.append(place - len(words) + 1)
    return found
