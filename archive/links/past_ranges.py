"""Fate of a range that was cited with a fingerprint.

Only single texts are issued; a range is assembled when it is asked for. So the texts under the anchors are
assembled as of each revision at which the document changed, until the fingerprint matches: then it is certain
what was cited. Where none matches, nothing is guessed, and the answer says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from archive.links.permalinks import Fate, moved_to
from archive.links.ranges import LONGEST, Outline, Stretch, choose, join, read_blocks, readings, runs_of
from archive.models import Document, IssuedText
from archive.text.fingerprint import digest, normal_form


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
    issued = IssuedText.objects.filter(symbol=symbol, language="zh").order_by("pk")
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
