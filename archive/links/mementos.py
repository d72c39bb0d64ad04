"""Past states of documents and paragraphs, from the kept history (RFC 7089, Memento).

A state is what stood after one act upon the archive, told by its revision. Its moment is the act's, in whole
seconds, for HTTP knows no others; or, where that is no later than the one before, the second after it. Clocks
are set back, and two acts fall in one second; but an address that was given out never shows another state.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from archive.models import Document, IssuedText, RetiredDocument

SECOND = dt.timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class State:
    """What stood from ``moment`` on, after the act with this ``revision``. ``standing``: it stands still, and
    nothing has come beside it. ``among`` are all texts of the history, in reading order as far as known.
    """

    moment: dt.datetime
    revision: int
    standing: bool
    among: tuple[IssuedText, ...]

    @property
    def texts(self) -> list[IssuedText]:
        """The texts that stood. Withheld ones are among them, for the state to say that there is one."""
        return [text for text in self.among if _stood(text, self.revision)]


def states(symbol: str, anchor: str = "", language: str = "zh") -> list[State]:
    """The states of a document, or of one paragraph of it, oldest first; those in which nothing stood, or
    nothing that law lets be shown, are left out. Four queries at most, whatever the history.
    """
    rows = IssuedText.objects.filter(symbol=symbol, language=language)
    texts = list((rows.filter(anchor=anchor) if anchor else rows).order_by("since_revision", "pk"))
    if not texts:
        return []
    order = {} if anchor else _reading_order(symbol, language, texts)
    among = tuple(sorted(texts, key=lambda text: order.get(text.anchor, 0)))
    change = _changes_of_shown(texts)
    moments = _moments(texts)
    shown, found = 0, []
    for revision, moment in moments:
        shown += change[revision]
        if shown:
            found.append(State(moment, revision, revision == moments[-1][0], among))
    return found


def state_at(found: Sequence[State], moment: dt.datetime) -> int:
    """The place of the state that stood at ``moment``; that of the first before there was any."""
    return max(bisect_right([state.moment for state in found], moment) - 1, 0)


def _stood(text: IssuedText, revision: int) -> bool:
    ended = text.ended_at
    return text.since_revision <= revision and (ended is None or ended > revision)


def _changes_of_shown(texts: Sequence[IssuedText]) -> Counter[int]:
    """Revision → by how many the texts that stand, and may be shown, became more."""
    change: Counter[int] = Counter()
    for text in texts:
        if not text.withheld:
            change[text.since_revision] += 1
            if text.ended_at is not None:
                change[text.ended_at] -= 1
    return change


def _moments(texts: Sequence[IssuedText]) -> list[tuple[int, dt.datetime]]:
    """(revision, moment) of each act, by revision; moments in whole seconds, each later than those before."""
    acts: dict[int, dt.datetime] = {}
    for text in texts:
        acts[text.since_revision] = max(text.since, acts.get(text.since_revision, text.since))
        if text.until is not None and (ended := text.ended_at) is not None:
            acts[ended] = max(text.until, acts.get(ended, text.until))
    found: list[tuple[int, dt.datetime]] = []
    for revision in sorted(acts):
        moment = acts[revision].astimezone(dt.UTC).replace(microsecond=0)
        found.append((revision, max(moment, found[-1][1] + SECOND) if found else moment))
    return found


def _reading_order(symbol: str, language: str, texts: Sequence[IssuedText]) -> dict[str, int]:
    """Anchor → place. History keeps no places: those of the held document, or of the retired one, and behind
    its neighbour in the act that brought it what stands there no more.
    """
    document = Document.objects.filter(symbol=symbol, language=language).first()
    if document:
        known = list(document.paragraphs.order_by("position").values_list("anchor", flat=True))
    else:
        of_it = Q(symbol=symbol, language=language)
        retired = RetiredDocument.objects.filter(of_it).order_by("-at_revision", "-pk").first()
        known = list((retired.facts if retired else {}).get("anchors", []))
    there, before = set(known), ("", 0)
    behind: defaultdict[str, list[str]] = defaultdict(list)
    for text in texts:  # by the act that brought them, and in it in reading order
        if text.anchor not in there:
            behind[before[0] if before[1] == text.since_revision else ""].append(text.anchor)
            there.add(text.anchor)
        before = (text.anchor, text.since_revision)
    order: dict[str, int] = {}
    to_come = [*known, *behind[""]][::-1]
    while to_come:
        anchor = to_come.pop()
        order[anchor] = len(order)
        to_come += behind[anchor]
    return order
