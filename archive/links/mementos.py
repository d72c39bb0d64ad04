"""Past states of documents and paragraphs, from the kept history (RFC 7089, Memento).

A state is what stood after one act upon the archive; states stand in the order of their revisions. Clocks go
wrong: a time that contradicts that order is in doubt, and decides nothing. As few are doubted as can be: the
others are the longest run, now its last, that never goes back; among equals that which ends first, because a
clock that was ahead would make a past text today's. A state of doubtful time is put right before the next.

The moment in the address of a state is that of the clock, in whole seconds, for HTTP knows no others; or,
where that is no later than the one before, the second after it. An address that was given out never shows
another state, so it stays though its moment be doubted.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from archive.models import Document, IssuedText, RetiredDocument

SECOND = dt.timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class State:
    """What stood from ``at`` on, after the act with this ``revision``; ``moment`` is in its address.

    ``clock`` is the act's time as recorded, ``doubtful``: it contradicts the order of revisions.
    ``standing``: it stands still, and nothing has come beside it. ``among`` are all texts of the history, in
    reading order as far as known.
    """

    moment: dt.datetime
    at: dt.datetime
    clock: dt.datetime
    doubtful: bool
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
    acts = _acts(texts)
    times, now = list(acts.values()), timezone.now().replace(microsecond=0)
    moments, believed = _moments(times), set(_believed([*times, now]))
    at = _in_order(times, believed, now)
    shown, found = 0, []
    for place, revision in enumerate(acts):
        shown += change[revision]
        if shown:
            told = (moments[place], at[place], times[place], place not in believed)
            found.append(State(*told, revision, place == len(acts) - 1, among))
    return found


def state_at(found: Sequence[State], moment: dt.datetime) -> int:
    """The place of the state with ``moment`` in its address, else of the one that stood then; that of the
    first before there was any."""
    own = next((place for place, state in enumerate(found) if state.moment == moment), None)
    return max(bisect_right([state.at for state in found], moment) - 1, 0) if own is None else own


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


def _acts(texts: Sequence[IssuedText]) -> dict[int, dt.datetime]:
    """Revision → time of each act, by revision."""
    acts: dict[int, dt.datetime] = {}
    for text in texts:
        acts[text.since_revision] = max(text.since, acts.get(text.since_revision, text.since))
        if text.until is not None and (ended := text.ended_at) is not None:
            acts[ended] = max(text.until, acts.get(ended, text.until))
    return {revision: acts[revision].astimezone(dt.UTC) for revision in sorted(acts)}


def _moments(times: Iterable[dt.datetime]) -> list[dt.datetime]:
    """Times in whole seconds, each later than those before."""
    found: list[dt.datetime] = []
    for time in times:
        moment = time.replace(microsecond=0)
        found.append(max(moment, found[-1] + SECOND) if found else moment)
    return found


def _believed(times: Sequence[dt.datetime]) -> list[int]:
    """The places of the longest run of ``times`` that never goes back; of several, that which ends first."""
    ends: list[dt.datetime] = []  # of the best run of each length
    last: list[int] = []  # its place
    before: list[int] = []
    for place, time in enumerate(times):
        length = bisect_right(ends, time)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1], last[length : length + 1] = [time], [place]
    run = [last[-1]]
    while (place := before[run[-1]]) >= 0:
        run.append(place)
    return run[::-1]


def _in_order(times: Sequence[dt.datetime], believed: Container[int], now: dt.datetime) -> list[dt.datetime]:
    """When each of the acts was, as far as that can be believed: each later than those before. What is in
    doubt, and nothing came since, stood at the beginning of today."""
    later = now.replace(hour=0, minute=0, second=0) if len(times) in believed else None
    found: list[dt.datetime | None] = []
    for place in reversed(range(len(times))):
        if place in believed:
            later = times[place].replace(microsecond=0)
        elif later is not None:
            later -= SECOND
        found.append(later)
    ordered: list[dt.datetime] = []
    for moment in reversed(found):
        after = ordered[-1] + SECOND if ordered else None
        ordered.append(max(filter(None, (moment, after))))
    return ordered


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
