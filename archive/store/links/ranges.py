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
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from archive.models import Document, IssuedText, Paragraph
from archive.store.addresses.paths import document_path, paragraph_path
from archive.text.fingerprint import digest, fingerprint, normal_form
from archive.text.pinpoints.anchors import split_part
from archive.text.pinpoints.value import Pinpoint
from archive.text.typed_places import TypedPlace

from .permalinks import Fate, moved_to

MOST_MEANT = 30  # places that one number may mean
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
    def ends(self) -> tuple[Paragraph, Paragraph]:
        """The paragraphs that the address names."""
        named = {block.anchor: block for block in self.blocks}
        return named[self.first], named[self.last]

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


def standing_places(held: Document, place: TypedPlace) -> list[TypedPlace]:
    """Returns the paragraphs of a held document, or ranges of one part, that ``place`` may mean: of the main
    part, where it has such, else of the others; none where it has none.
    """
    meant = held.paragraphs.anchors().meant(place.anchor)[:MOST_MEANT]
    if not place.last:
        return [TypedPlace(held.symbol, one) for one in meant]
    outline = Outline(held)
    found = (outline.ends(f"{first}-{place.last}") for first in meant)
    return [
        TypedPlace(held.symbol, first, split_part(last)[1] if split_part(first)[0] else last)
        for first, last in filter(None, found)
    ]


def path_of_place(place: TypedPlace) -> str:
    """Returns the address of a document, a paragraph of it, or a range."""
    anchor = spell(place.anchor, place.whole_last) if place.last else place.anchor
    return paragraph_path(place.symbol, anchor) if anchor else document_path(place.symbol)


def ends_of(place: str) -> tuple[str, ...]:
    """Returns the anchor of a paragraph's address, or the two of a range as they are read first; none of "".

    >>> ends_of("3.b-d"), ends_of("annex.14"), ends_of("")
    (('3.b', '3.d'), ('annex.14',), ())
    """
    return next(readings(place)) if "-" in place else (place,) if place else ()


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


# Fate of a range that was cited with a fingerprint.


@dataclass(frozen=True, slots=True)
class PastRange:
    """The texts of a past state of a range, in the order of that time."""

    texts: tuple[IssuedText, ...]

    @property
    def text(self) -> str:
        return join(text.text for text in self.texts)

    @property
    def since(self) -> datetime:
        return max(self.texts, key=lambda text: text.since_revision).since

    @property
    def until(self) -> datetime | None:
        """The time when the first text ended; None where all are current, but no longer adjacent."""
        return next((text.until for text in self.texts if text.ended_at == self.until_revision), None)

    @property
    def until_revision(self) -> int | None:
        """The revision in which the first of the texts ended."""
        return min((ended for text in self.texts if (ended := text.ended_at) is not None), default=None)

    @property
    def reasons(self) -> list[str]:
        """The reasons for which the first of them ended."""
        ended = [text for text in self.texts if text.reason and text.ended_at == self.until_revision]
        return list(dict.fromkeys(text.reason for text in ended))

    @property
    def withheld(self) -> bool:
        return any(text.withheld for text in self.texts)


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeAnswer:
    """The fate of a cited range. ``now`` is the present text under the address, or its successor; ``then``
    the cited one, if known. ``proven`` is false where texts changed and no assembled range has the
    fingerprint: it may never have been issued. ``forms`` and ``form_differs`` are as in
    ``permalinks.Permalink``.
    """

    fate: Fate
    now: Stretch | None = None
    then: PastRange | None = None
    proven: bool = True
    forms: tuple[PastRange, ...] = ()
    form_differs: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentRange(RangeAnswer):
    """The same words are current: IDENTICAL, MOVED or IDENTICAL_BUT_FORM."""

    now: Stretch


def resolve_ends(outline: Outline, spelled: str) -> tuple[str, str] | None:
    """Returns the two ends as they are called now: as spelled, or where the anchors lead that were moved."""
    if ends := outline.ends(spelled):
        return ends
    for pair in readings(spelled):
        first, last = (_as_called_now(outline, end) for end in pair)
        if first and last:
            return outline.in_order(first, last)
    return None


def _as_called_now(outline: Outline, end: str) -> str | None:
    if end in outline.places:
        return end
    moved = moved_to(outline.document.symbol, end)
    return moved if moved in outline.places else None


def follow_range(symbol: str, held: Document | None, spelled: str, cited: str) -> RangeAnswer:
    """Returns the fate of the range ``spelled``, cited with 8 to 64 digits of its fingerprint, ``cited``."""
    outline = Outline(held) if held else None
    now = _standing_now(outline, spelled) if outline else None
    issued = IssuedText.objects.of_symbol(symbol).order_by("pk")
    if outline and now and digest(now.text).startswith(cited):
        exact = outline.ends(spelled) is not None
        history = list(issued) if issued.exclude(until=None).exists() else []
        past = list(_find_past(history, outline, spelled, cited)) if _has_other_forms(history) else []
        return _in_forms(CurrentRange(fate=Fate.IDENTICAL if exact else Fate.MOVED, now=now), past)
    history = list(issued)
    past = list(_find_past(history, outline, spelled, cited))
    if not past:
        anchors = {text.anchor for text in history}
        known = choose(spelled, anchors) is not None
        changed = any(text.until for text in history)
        return RangeAnswer(fate=Fate.NEVER_ISSUED, now=now, proven=not (known and changed))
    then = past[0]
    if outline and (there := _moved(outline, history, then)):
        return _in_forms(CurrentRange(fate=Fate.MOVED, now=there), past)
    fate = Fate.EDITED if now else Fate.WITHDRAWN
    return RangeAnswer(fate=fate, now=now, then=then, forms=tuple(_forms_of(then.text, past)))


def _has_other_forms(history: Sequence[IssuedText]) -> bool:
    """Returns True if texts with one fingerprint were public in several forms."""
    forms = {(text.fingerprint, text.text) for text in history}
    return len({words for words, _text in forms}) < len(forms)


def _in_forms(answer: CurrentRange, past: Sequence[PastRange]) -> CurrentRange:
    """Adds to ``answer`` the other forms that its words had in the cited range."""
    forms = _forms_of(answer.now.text, past)
    if not forms:
        return answer
    differs = _bare(answer.now.text) not in (_bare(each.text) for each in past)
    return replace(answer, fate=Fate.IDENTICAL_BUT_FORM, forms=tuple(forms), form_differs=differs)


def _forms_of(shown: str, past: Sequence[PastRange]) -> list[PastRange]:
    """Returns those of ``past`` with the words ``shown`` in another form, newest first.

    Where one paragraph ends and the next begins is no form of the words.
    """
    cited = {_bare(each.text): each for each in past if normal_form(each.text) == normal_form(shown)}
    return [each for text, each in cited.items() if text != _bare(shown)]


def _bare(text: str) -> str:
    return text.replace("\n", "")


def _standing_now(outline: Outline, spelled: str) -> Stretch | None:
    ends = resolve_ends(outline, spelled)
    if ends is None:
        return None
    start, end = outline.bounds(*ends)
    return read_blocks(outline, *ends) if end - start <= LONGEST else None


def _find_past(
    history: Sequence[IssuedText], outline: Outline | None, spelled: str, cited: str
) -> Iterator[PastRange]:
    """Generates the past states of the range whose fingerprint matches, newest first; texts may repeat."""
    for revision in sorted({text.since_revision for text in history}, reverse=True):
        standing = [
            text for text in history if text.since_revision <= revision and not _ended(text, revision)
        ]
        for order in _orders(standing, outline):
            places = {text.anchor: place for place, text in enumerate(order)}
            if (ends := choose(spelled, places)) is None:
                continue
            first, last = sorted(places[end] for end in ends)
            if texts := _fitting(order, first, last, cited):
                yield PastRange(texts)
                break


def _ended(text: IssuedText, revision: int) -> bool:
    return text.ended_at is not None and text.ended_at <= revision


def _orders(standing: Sequence[IssuedText], outline: Outline | None) -> Iterator[list[IssuedText]]:
    """Generates the possible orders of past texts: as recorded (imports are in reading order), and by the
    present order of anchors, removed ones after their predecessor.
    """
    yield list(standing)
    if outline is None:
        return
    keys, before = {}, -1
    for place, text in enumerate(standing):
        before = outline.places.get(text.anchor, before)
        keys[text.pk] = (before, place)
    yield sorted(standing, key=lambda text: keys[text.pk])


def _fitting(order: Sequence[IssuedText], first: int, last: int, cited: str) -> tuple | None:
    """The texts from ``first`` to ``last``, and as many more as the sub-paragraphs of the last may have been,
    whose words together have the digits ``cited``; None where no such stretch has it."""
    if last - first >= LONGEST:
        return None
    sha = sha256()
    for place in range(first, min(first + LONGEST, len(order))):
        sha.update(normal_form(order[place].text).encode())
        if place >= last and sha.hexdigest().startswith(cited):
            return tuple(order[first : place + 1])
    return None


def _moved(outline: Outline, history: Sequence[IssuedText], then: PastRange) -> Stretch | None:
    """Returns the one range that has the same texts in the same order, since they ended; else None.

    A range that had the same words all along is another one, not the one that was cited.
    """
    ended = then.until_revision
    if ended is None:
        return None
    since = {text.anchor: text.since_revision for text in history if text.until is None}
    size = len(then.texts)
    places = []
    for start in runs_of([text.fingerprint for text in then.texts], outline.words):
        anchors = outline.anchors[start : start + size]
        if any(anchor in since and since[anchor] >= ended for anchor in anchors):
            places.append(anchors)
    if len(places) != 1:
        return None
    return _exactly(outline, places[0])


def _exactly(outline: Outline, anchors: Sequence[str]) -> Stretch | None:
    """The stretch from the first to the last of ``anchors``, where it has no other blocks. The end is named
    by the block whose sub-paragraphs the last ones are."""
    start = outline.places[anchors[0]]
    for last in anchors:
        if outline.bounds(anchors[0], last) == (start, start + len(anchors)):
            return read_blocks(outline, anchors[0], last)
    return None
