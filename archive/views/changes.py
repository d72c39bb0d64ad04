"""The change log of the archive and of one document, and their past states (Memento)."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.dateparse import parse_datetime
from django.utils.http import http_date, parse_http_date_safe
from django.utils.translation import gettext as _

from archive.bulk import batched
from archive.http.addresses import document_path, memento_path, paragraph_path, timegate_path, timemap_path
from archive.http.paging import (
    BadRequestError,
    CursorError,
    ListPage,
    choice_parameter,
    paginate,
    text_parameter,
    year_parameter,
)
from archive.links.changes import NEW, Event, Item, Key, events, moments
from archive.models import Cause, Document, IssuedText, RetiredDocument
from archive.opendata.feeds import Entry, Feed, feed_of
from archive.opendata.signposts import Signpost, link_header
from archive.opendata.tables import Table
from archive.presenters.history import (
    ChangeEvent,
    event_as_text,
    event_in_words,
    event_path,
    headline,
    item_in_words,
    why_in_words,
)
from archive.presenters.wording import cited_paragraph_name, spoken_symbol
from archive.reading import queries as reads
from archive.values import UNSET, Schema, UnsetType, answers

from .fallback import another_spelling, held_or_404
from .page import page
from .respond import ending, led_on, moved, respond


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
CAUSES = {NEW: _("新入库"), **{str(value): label for value, label in Cause.choices}}


@answers(Changes)
@page
def change_log(request: HttpRequest, twin: bool | str = False) -> HttpResponseBase:
    """Shows ``/changes``: every changed paragraph, with time and cause."""
    spelled = text_parameter(request, "document")
    symbol = reads.canonical(spelled) or spelled
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
        raise CursorError(values[0])
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


# Memento (RFC 7089): ``/timegate/…`` leads to the state of a moment, ``/timemap/…`` lists all, ``/memento/…``
# is one. What law forbids to show is in none of them.

LINK_FORMAT = "application/link-format"


@partial(page, own_mark=True)
def timegate(request: HttpRequest, of: str, anchor: str = "") -> HttpResponse:
    """Redirects to the state at ``Accept-Datetime``; to the newest without it (RFC 7089)."""
    if official := _other_spelling(of):
        return moved(request, timegate_path(official, anchor))
    found = _found(of, anchor)
    asked = request.headers.get("Accept-Datetime", "")
    seconds = parse_http_date_safe(asked) if asked else None
    if asked and seconds is None:
        raise BadRequestError(_("Accept-Datetime“%(asked)s”不是HTTP日期。") % {"asked": asked[:60]})
    moment = dt.datetime.fromtimestamp(seconds, dt.UTC) if seconds is not None else dt.datetime.max
    place = state_at(found, moment.replace(tzinfo=dt.UTC))
    response = led_on(request, memento_path(found[place].moment, of, anchor))
    response["Link"] = link_header(request, _around(found, place, of, anchor))
    patch_vary_headers(response, ["Accept-Datetime"])
    return response


@page
def timemap(request: HttpRequest, of: str, anchor: str = "") -> HttpResponse:
    """Shows every state, as links (RFC 6690)."""
    if official := _other_spelling(of):
        return moved(request, timemap_path(official, anchor))
    found = _found(of, anchor)
    of_map = {"type": LINK_FORMAT, "from": http_date(found[0].at.timestamp())}
    of_map["until"] = http_date(found[-1].at.timestamp())
    links = [
        Signpost(_original(of, anchor), "original"),
        Signpost(timegate_path(of, anchor), "timegate"),
        Signpost(timemap_path(of, anchor), "self", of_map),
        *(_memento(found, place, of, anchor) for place in range(len(found))),
    ]
    content = ",\n".join(link.written(request) for link in links) + "\n"
    return HttpResponse(content, content_type=LINK_FORMAT)


@page
def memento(request: HttpRequest, moment: dt.datetime, of: str, anchor: str = "") -> HttpResponse:
    """Shows the state at ``moment``; a moment between two changes redirects to the state of that time."""
    if official := _other_spelling(of):
        return moved(request, memento_path(moment, official, anchor))
    found = _found(of, anchor)
    place = state_at(found, moment)
    state = found[place]
    if state.moment != moment:
        return led_on(request, memento_path(state.moment, of, anchor))
    context = {
        "symbol": of,
        "anchor": anchor,
        "name": cited_paragraph_name(anchor) if anchor else spoken_symbol(of),
        "state": state,
        "ocr_confidence": Document.objects.filter(symbol=of).values_list("ocr_confidence", flat=True).first(),
        "texts": [
            {
                "name": cited_paragraph_name(text.anchor),
                "address": paragraph_path(text.symbol, text.anchor, text.fingerprint),
                "text": text.shown_text,
                "withheld": text.withheld,
            }
            for text in state.texts
        ],
        "original": _original(of, anchor),
        "before": memento_path(found[place - 1].moment, of, anchor) if place else "",
        "after": memento_path(found[place + 1].moment, of, anchor) if place + 1 < len(found) else "",
    }
    response = render(request, "archive/memento.html", context)
    response["Memento-Datetime"] = http_date(state.at.timestamp())
    response["Link"] = link_header(request, _around(found, place, of, anchor))
    response["X-Robots-Tag"] = "noindex"
    return response


def _found(symbol: str, anchor: str) -> list[State]:
    if found := states(symbol, anchor):
        return found
    raise Http404(_("本库没有发布过它，或者它的文字依法不予显示。"))


def _other_spelling(symbol: str) -> str:
    """Returns the symbol as it is written, where ``symbol`` is another spelling of it; else empty."""
    official = another_spelling(symbol)
    return official if official and official != symbol else ""


def _original(symbol: str, anchor: str) -> str:
    return paragraph_path(symbol, anchor) if anchor else document_path(symbol)


def _memento(found: list[State], place: int, symbol: str, anchor: str) -> Signpost:
    ends = ("first" if place == 0 else "", "last" if place == len(found) - 1 else "")
    relation = " ".join(filter(None, (*ends, "memento")))
    state = found[place]
    when = {"datetime": http_date(state.at.timestamp())}
    return Signpost(memento_path(state.moment, symbol, anchor), relation, when)


def _around(found: list[State], place: int, symbol: str, anchor: str) -> list[Signpost]:
    """Returns the links of a state: original, timegate, timemap, first and last state, itself."""
    places = sorted({0, place, len(found) - 1})
    return [
        Signpost(_original(symbol, anchor), "original"),
        Signpost(timegate_path(symbol, anchor), "timegate"),
        Signpost(timemap_path(symbol, anchor), "timemap", {"type": LINK_FORMAT}),
        *(_memento(found, each, symbol, anchor) for each in places),
    ]


# Past states of documents and paragraphs, from the kept history (RFC 7089, Memento).

SECOND = dt.timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class State:
    """The state from ``at`` on, after the act with this ``revision``; ``moment`` is in its address.

    ``clock`` is the act's time as recorded, ``doubtful``: it contradicts the order of revisions.
    ``standing``: it is still current, and no text was added since. ``among`` are all texts of the history, in
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
        """The texts of the state. Withheld ones are among them, so that the state can mention them."""
        return [text for text in self.among if _stood(text, self.revision)]


def states(symbol: str, anchor: str = "", language: str = "zh") -> list[State]:
    """Returns the states of a document, or of one paragraph of it, oldest first; those in which nothing
    stood, or nothing that law lets be shown, are left out. Four queries at most, whatever the history.
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
    """Returns the index of the state with ``moment`` in its address, else of that current then."""
    own = next((place for place, state in enumerate(found) if state.moment == moment), None)
    return max(bisect_right([state.at for state in found], moment) - 1, 0) if own is None else own


def _stood(text: IssuedText, revision: int) -> bool:
    ended = text.ended_at
    return text.since_revision <= revision and (ended is None or ended > revision)


def _changes_of_shown(texts: Sequence[IssuedText]) -> Counter[int]:
    """Returns by revision the change in the number of current texts that may be shown."""
    change: Counter[int] = Counter()
    for text in texts:
        if not text.withheld:
            change[text.since_revision] += 1
            if text.ended_at is not None:
                change[text.ended_at] -= 1
    return change


def _acts(texts: Sequence[IssuedText]) -> dict[int, dt.datetime]:
    """Returns the time of each act by revision, in order."""
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
    """Returns the longest rising run of ``times`` by places; of several, that which ends first."""
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
    """Returns the time of each act, corrected to be later than those before. A doubtful last one is put at
    the beginning of today.
    """
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
    """Returns the place of each anchor. History stores none: taken from the present or the retired document;
    a removed text comes after its neighbour in the act that issued it.
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
