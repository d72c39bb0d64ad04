"""The change log: what came, changed, moved and went in one document at one revision is one event."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import F, Min, Q, QuerySet
from django.db.models.functions import Coalesce

from archive.models import Cause, IssuedText, MovedAnchor, RetiredDocument

# Names for feeds: the same event has the same id for ever, also when its document's symbol is corrected.
NAMESPACE = uuid.UUID("6d7f4a52-1540-5c04-8e0b-2f6b1a540001")
NEW, CHANGED, WITHDRAWN, MERGED, RESTORED = "new", "changed", "withdrawn", "merged", "restored"
# symbol, language, when (only shown), and the revision, by which events are told apart and sorted
Key = tuple[str, str, datetime, int]


@dataclass(frozen=True, slots=True)
class Item:
    """One paragraph in an event: ``added``, ``edited``, ``moved`` or ``gone``."""

    kind: str
    then: IssuedText | None
    now: IssuedText | None
    new_symbol: str = ""
    new_anchor: str = ""

    @property
    def newest(self) -> IssuedText:
        """The current text, else the last one; an item has at least one of them."""
        return next(text for text in (self.now, self.then) if text)

    @property
    def form_only(self) -> bool:
        """True if only the form of characters was edited (， to ,), so that the words are the same."""
        if self.kind != "edited" or not self.then or not self.now:
            return False
        return self.then.fingerprint == self.now.fingerprint


@dataclass(frozen=True, slots=True)
class Event:
    """The changes of one document in one act, with its cause and who decided it."""

    symbol: str
    language: str
    at: datetime
    revision: int
    kind: str
    cause: str
    reason: str
    by: str
    successor: str
    items: tuple[Item, ...]
    again: bool = False

    @property
    def ident(self) -> str:
        """``urn:uuid:…``, made from what never changes: time and texts; with the revision where an earlier
        event has the same time (``again``).
        """
        texts = [text for item in self.items for text in (item.then, item.now) if text]
        words = sorted(f"{text.anchor} {text.fingerprint}" for text in texts)
        again = [str(self.revision)] if self.again else []
        name = "\n".join([self.language, self.at.isoformat(), *words[:20], *again])
        return uuid.uuid5(NAMESPACE, name).urn

    def count(self, kind: str) -> int:
        return sum(item.kind == kind for item in self.items)


def moments(
    symbol: str = "", year: int | None = None, cause: str = "", behind: tuple[int, str, str] | None = None
) -> QuerySet:
    """Returns (symbol, language, at, revision) of every matching event, newest first.

    ``new`` is a cause too. ``behind``: only those behind this (revision, symbol, language) in that order.
    """
    opened = IssuedText.objects.order_by().annotate(at=F("since"), revision=F("since_revision"))
    closed = (
        IssuedText.objects.order_by()
        .exclude(until=None)
        .annotate(at=F("until"), revision=Coalesce("until_revision", "since_revision"))
    )
    if symbol:
        opened, closed = opened.filter(symbol=symbol), closed.filter(symbol=symbol)
    if year:
        opened, closed = opened.filter(since__year=year), closed.filter(until__year=year)
    if cause == NEW:
        opened, closed = opened.filter(since_cause=""), closed.none()
    elif cause:
        opened, closed = opened.filter(since_cause=cause), closed.filter(cause=cause)
    if behind:
        opened, closed = (
            opened.filter(_later("since_revision", behind)),
            closed.filter(_later("until_revision", behind)),
        )
    columns = ("symbol", "language", "at", "revision")
    # Distinct on its own too: where one of the two is known to be empty, nothing is united.
    came, went = (rows.values_list(*columns).distinct() for rows in (opened, closed))
    return came.union(went).order_by("-revision", "symbol", "language")


def _later(field: str, key: tuple[int, str, str]) -> Q:
    """Builds the filter of events that follow ``key``: of earlier acts, or of later symbols in the act."""
    revision, symbol, language = key
    further = Q(symbol__gt=symbol) | Q(symbol=symbol, language__gt=language)
    return Q(**{f"{field}__lt": revision}) | Q(**{field: revision}) & further


def events(keys: Sequence[Key]) -> list[Event]:
    """Returns the events of these keys, in the same order, in four queries."""
    symbols, times = {key[0] for key in keys}, {key[2] for key in keys}
    touched = Q(since__in=times) | Q(until__in=times)
    rows = IssuedText.objects.filter(touched, symbol__in=symbols).order_by("pk")
    opened, closed, acts = defaultdict(list), defaultdict(list), defaultdict(set)
    for row in rows:
        of_document = (row.symbol, row.language)
        opened[*of_document, row.since_revision].append(row)
        acts[*of_document, row.since].add(row.since_revision)
        if row.until and (ended := row.ended_at) is not None:
            closed[*of_document, ended].append(row)
            acts[*of_document, row.until].add(ended)
    firsts = _firsts(symbols)
    retired = {
        (row.symbol, row.language, row.at_revision): row
        for row in RetiredDocument.objects.filter(symbol__in=symbols)
    }
    moves = MovedAnchor.objects.filter(symbol__in=symbols).exclude(new_symbol="")
    left = {(move.symbol, move.language, move.old_anchor): move for move in moves}
    found = []
    for symbol, language, at, revision in keys:
        act = (symbol, language, revision)
        first = firsts.get((symbol, language)) == revision
        again = min(acts[symbol, language, at]) < revision
        event = _event(
            (symbol, language, at, revision), opened[act], closed[act], first, retired.get(act), left
        )
        found.append(replace(event, again=again))
    return found


def _firsts(symbols: Iterable[str]) -> dict[tuple[str, str], int]:
    rows = IssuedText.objects.filter(symbol__in=symbols).order_by().values_list("symbol", "language")
    return {(symbol, language): first for symbol, language, first in rows.annotate(Min("since_revision"))}


def _event(
    key: Key,
    opened: list[IssuedText],
    closed: list[IssuedText],
    first: bool,
    retired: RetiredDocument | None,
    left: dict,
) -> Event:
    items = tuple(_items(opened, closed, left))
    why = next(((row.cause, row.reason, row.by) for row in closed if row.cause), None)
    why = why or next(((row.since_cause, row.since_reason, row.since_by) for row in opened), ("", "", ""))
    kind = NEW if first else retired.ending if retired else CHANGED
    if kind == CHANGED and not closed and opened and why[0] == Cause.CORRECTION:
        kind = RESTORED
    return Event(*key, kind, *why, retired.successor if retired else "", items)


def _items(opened: list[IssuedText], closed: list[IssuedText], left: dict) -> Iterable[Item]:
    """Generates each text that came or went once: moved words are one item, not a loss and a gain."""
    by_words, by_anchor = defaultdict(list), {row.anchor: row for row in opened}
    for row in opened:
        by_words[row.fingerprint].append(row)
    told: set[int] = set()
    for row in closed:
        places = by_words[row.fingerprint]
        if row.ending == IssuedText.Ending.MOVED and len(places) == 1:
            told.add(places[0].pk)
            yield Item("moved", row, places[0], places[0].symbol, places[0].anchor)
        elif row.ending == IssuedText.Ending.MOVED:
            move = left.get((row.symbol, row.language, row.anchor))
            place = (move.new_symbol, move.new_anchor) if move else ("", "")
            yield Item("moved" if move else "gone", row, None, *place)
    for row in closed:
        new = by_anchor.get(row.anchor)
        if row.ending == IssuedText.Ending.EDITED and new and new.pk not in told:
            told.add(new.pk)
            yield Item("edited", row, new)
        elif row.ending != IssuedText.Ending.MOVED:
            yield Item("gone", row, None)
    for row in opened:
        if row.pk not in told:
            yield Item("added", None, row)
