"""Memento (RFC 7089): ``/timegate/…`` leads to the state of a moment, ``/timemap/…`` lists all,
``/memento/…`` is one. Kept words alone are shown; what law forbids to show is in none of them.
"""

from __future__ import annotations

import datetime as dt
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date, parse_http_date_safe
from django.utils.translation import gettext as _

from archive.http.addresses import document_path, memento_path, paragraph_path, timegate_path, timemap_path
from archive.http.paging import BadRequestError
from archive.links.mementos import State, state_at, states
from archive.models import Document
from archive.opendata.signposts import Signpost, link_header
from archive.presenters.wording import cited_paragraph_name, spoken_symbol

from .page import page
from .respond import led_on, moved
from .typed import another_spelling

LINK_FORMAT = "application/link-format"


@partial(page, own_mark=True)
def timegate(request: HttpRequest, of: str, anchor: str = "") -> HttpResponse:
    """302 to the state that stood at ``Accept-Datetime``; to the newest without it."""
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
    """Every state, as links (RFC 6690)."""
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
    """What stood at ``moment``; a moment at which nothing changed leads to the state that stood then."""
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
    """The symbol as it is written, where ``symbol`` is another spelling of it; else empty."""
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
    """The links of a state: the original, its gate and map, the first and last state, and this one."""
    places = sorted({0, place, len(found) - 1})
    return [
        Signpost(_original(symbol, anchor), "original"),
        Signpost(timegate_path(symbol, anchor), "timegate"),
        Signpost(timemap_path(symbol, anchor), "timemap", {"type": LINK_FORMAT}),
        *(_memento(found, each, symbol, anchor) for each in places),
    ]
