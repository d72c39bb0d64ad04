"""What is harvested: one item for each document that is or once was held, by its datestamp."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Greatest

from archive.models import Document, IssuedText


@dataclass(frozen=True, slots=True)
class Item:
    """``document`` is None where it is deleted: withdrawn, merged into another, or imported no more."""

    symbol: str
    stamp: dt.datetime
    document: Document | None


def find_item(symbol: str) -> Item | None:
    """The item of a symbol; None where it never was one. Two queries at most."""
    return next(iter(items(Q(symbol=symbol), 1)), None)


def items(
    chosen: Q,
    most: int,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    after: tuple = (),
) -> Sequence[Item]:
    """At most ``most`` items, by datestamp and symbol, from ``since`` to ``until`` (inclusive, to the
    second), behind the place ``after`` (datestamp, symbol). Two queries.

    By what changes last, so that an item that changes during a harvest comes once more, and none is missed.
    """
    held = Document.objects.filter(chosen, language="zh")
    gone = (
        IssuedText.objects.filter(chosen, language="zh")
        .filter(~Exists(Document.objects.filter(symbol=OuterRef("symbol"), language=OuterRef("language"))))
        .values("symbol")
        .annotate(stamp=Greatest(Max("until"), Max("since")))
    )
    found = [
        Item(row.symbol, row.changed, row)
        for row in _between(held, "changed", since, until, after).order_by("changed", "symbol")[:most]
    ]
    found += [
        Item(row["symbol"], row["stamp"], None)
        for row in _between(gone, "stamp", since, until, after).order_by("stamp", "symbol")[:most]
    ]
    return sorted(found, key=lambda item: (item.stamp, item.symbol))[:most]


def earliest() -> dt.datetime | None:
    """The earliest datestamp; None of an empty archive."""
    return next((item.stamp for item in items(Q(), 1)), None)


def _between(
    rows: QuerySet, stamp: str, since: dt.datetime | None, until: dt.datetime | None, after: tuple
) -> QuerySet:
    if since:
        rows = rows.filter(**{f"{stamp}__gte": since})
    if until:
        rows = rows.filter(**{f"{stamp}__lte": until.replace(microsecond=999_999)})
    if after:
        moment, symbol = after
        rows = rows.filter(Q(**{f"{stamp}__gt": moment}) | Q(**{stamp: moment, "symbol__gt": symbol}))
    return rows
