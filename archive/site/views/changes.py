"""The change log of the archive and of one document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.models import Cause, IssuedText
from archive.site.http.paging import (
    BadRequestError,
    CursorError,
    ListPage,
    choice_parameter,
    paginate,
    text_parameter,
    year_parameter,
)
from archive.site.opendata.feeds import Entry, Feed, feed_of
from archive.site.opendata.tables import Table
from archive.site.presenters.history import (
    ChangeEvent,
    event_as_text,
    event_in_words,
    event_path,
    headline,
    item_in_words,
    why_in_words,
)
from archive.store.database.bulk import batched
from archive.store.links.changes import NEW, Event, Item, Key, events, moments
from archive.store.values import UNSET, Schema, UnsetType, answers
from archive.text.typed_places import read_symbol

from .fallback import held_or_404
from .page import page
from .respond import ending, moved, respond


class ChangeFilters(Schema, frozen=True, kw_only=True):
    """The filters of the list of changes; empty strings where unset. Absent in a history."""

    document: str | UnsetType = UNSET
    year: int | None | UnsetType = UNSET
    cause: str | UnsetType = UNSET


class Changes(Schema, frozen=True, kw_only=True):
    """A list of changes, newest first."""

    filters: ChangeFilters
    page: ListPage
    changes: list[ChangeEvent]


PER_PAGE, ITEMS_SHOWN, ITEMS_OF_ONE = 20, 5, 500
CAUSES = {NEW: gettext_lazy("新入库"), **{str(value): label for value, label in Cause.choices}}


@answers(Changes)
@page
def change_log(request: HttpRequest, twin: bool | str = False) -> HttpResponseBase:
    """Shows ``/changes``: every changed paragraph, with time and cause."""
    spelled = text_parameter(request, "document")
    symbol = read_symbol(spelled) or spelled
    year = year_parameter(request)
    cause = choice_parameter(request, "cause", CAUSES, _("缘由"))
    chosen = {"document": symbol, "year": year, "cause": cause}

    def behind(values: tuple) -> QuerySet:
        return moments(symbol, year, cause, _behind(values))

    return _answer(request, moments(symbol, year, cause), chosen, "", twin, behind=behind)


@answers(Changes)
@page
def history(request: HttpRequest, symbol: str, twin: bool | str = False) -> HttpResponseBase:
    """Shows ``/S/2010/52/history``: the changes of one document; with ``?at=``, one of them whole."""
    held = held_or_404(symbol)
    if held.symbol != symbol:
        return moved(request, f"/{held.symbol}/history{ending(twin)}")
    if at := text_parameter(request, "at"):
        moment = _moment(at)
        rows = [key for key in moments(symbol) if key[2] == moment]
        if not rows:
            raise Http404(_("那时没有改动。"))
        return _answer(request, rows, {}, symbol, twin, ITEMS_OF_ONE)
    return _answer(
        request,
        moments(symbol),
        {},
        symbol,
        twin,
        behind=lambda values: moments(symbol, behind=_behind(values)),
    )


def _moment(at: str) -> dt.datetime:
    try:
        moment = parse_datetime(at.replace(" ", "+"))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise BadRequestError(_("“%(value)s”不是时间。") % {"value": at[:40]})
    return moment


def _values_of(key: Key) -> tuple[int, str, str]:
    """Returns the cursor values of an event."""
    symbol, language, _at, revision = key
    return revision, symbol, language


def _behind(values: tuple) -> tuple[int, str, str]:
    """Returns the place that a cursor names. Cursors of earlier releases held a time."""
    if not isinstance(values[0], int):
        raise CursorError
    return values


def _answer(
    request: HttpRequest,
    rows: QuerySet | list[Key],
    chosen: dict,
    symbol: str,
    twin: bool | str,
    most: int = ITEMS_SHOWN,
    behind: Callable[[tuple], QuerySet] | None = None,
) -> HttpResponseBase:
    # Feeds are turned by the cursor that all feeds have.
    parameter = "before" if twin == "atom" else "after"
    listing = paginate(request, rows, PER_PAGE, _values_of if behind else None, parameter, behind)
    found = events(list(listing.items))
    name = _("变动记录") + (f"-{symbol}" if symbol else "")
    context = {
        "symbol": symbol,
        "listing": listing,
        "events": [] if twin else [event_in_words(event, most) for event in found],
        "chosen": {name: value for name, value in chosen.items() if value},
        "causes": list(CAUSES.items()),
        "cause": chosen.get("cause", ""),
    }
    return respond(
        request,
        "archive/changes.html",
        context,
        lambda: Changes(
            filters=ChangeFilters(**chosen), page=listing, changes=list(map(ChangeEvent.of, found))
        ),
        twin,
        table=lambda: change_table(request, name, rows),
        feed=lambda: _feed(request, listing, found, symbol),
    )


def _feed(request: HttpRequest, listing: ListPage, found: list[Event], symbol: str) -> Feed:
    title = _("1540文献库变动记录") + (f"：{symbol}" if symbol else "")
    entries = [
        Entry(
            event_path(event),
            f"{event.symbol}：{headline(event)}",
            event_as_text(event),
            event.by or _("1540文献库"),
            event.at,
            event.at,
            event.ident,
        )
        for event in found
    ]
    return feed_of(request, title, listing, entries)


# The change log as a table: a row for each paragraph that changed, one for a document that came in.


def change_table(request: HttpRequest, name: str, keys: Iterable[Key]) -> Table:
    """Returns the events at ``keys``, in that order."""
    head = [
        _("时间"), _("文号"), _("改动"), _("段落"), _("原来的文字"), _("现在的文字"), _("缘由"), _("网址"),
    ]  # fmt: skip
    return Table(name, head, _rows(request, keys))


def _rows(request: HttpRequest, keys: Iterable[Key]) -> Iterator[tuple]:
    for some in batched(keys):
        for event in events(some):
            items = event.items if event.kind != NEW else [None]
            yield from (_row(request, event, item) for item in items)


def _row(request: HttpRequest, event: Event, item: Item | None) -> tuple:
    what = item_in_words(item)["what"] if item else ""
    then, now = (item.then, item.now) if item else (None, None)
    why = why_in_words(event.cause, event.reason, event.by)
    address = request.build_absolute_uri(event_path(event))
    return event.at.isoformat(), event.symbol, headline(event), what, _words(then), _words(now), why, address


def _words(text: IssuedText | None) -> str:
    return text.shown_text if text else ""
