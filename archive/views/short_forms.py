"""An address whose number lacks its part: led on where it can mean one place, else the choice between all."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from archive.http.addresses import SAFE, paragraph_path
from archive.http.machine_addresses import is_machine_address
from archive.links.numbers import Place, places_meant, ranges_meant, words_meant
from archive.links.ranges import SEPARATOR, readings, spell
from archive.models import Document, IssuedText
from archive.presenters.ranges import range_name
from archive.presenters.wording import cited_paragraph_name

from .respond import led_on, respond

# The words of a place, or what cites them: of a table, of all its rows.
FILE = re.compile(r"\.(?!json$)|/cite\b")


def as_short_form(request: HttpRequest, kwargs: Mapping[str, Any]) -> HttpResponseBase | None:
    """302 to what the number in an address means, 300 where it may mean several things, None where nothing.

    To be asked where the address itself answers nothing, or not with the words that its fingerprint names.
    """
    symbol, asked = kwargs.get("symbol", ""), kwargs.get("anchor") or kwargs.get("spelled") or ""
    if not symbol or not asked:
        return None
    held, number, cited = Document.objects.find(symbol), asked.lower(), kwargs.get("fingerprint", "")
    tail = request.path_info.partition(f"/p/{asked}")[2]
    found = words_meant(symbol, held, number, cited) if cited else []
    if not found:
        if SEPARATOR.search(number):
            found = ranges_meant(symbol, held, number)
        else:
            found = places_meant(symbol, held, number, words=bool(cited or FILE.match(tail)))
        if cited and len(found) > 1:
            return None  # none of them ever had the words
    paths = [paragraph_path(*place) + quote(tail, safe=SAFE) for place in found]
    return _choice(request, symbol, number, found, paths) if len(found) > 1 else _led_on(request, paths)


def _led_on(request: HttpRequest, paths: Sequence[str]) -> HttpResponse | None:
    return led_on(request, paths[0]) if paths and paths[0] != request.path else None


def _choice(
    request: HttpRequest, symbol: str, number: str, found: Sequence[Place], paths: Sequence[str]
) -> HttpResponseBase:
    firsts = [SEPARATOR.split(anchor, maxsplit=1)[0] for _symbol, anchor in found]
    rows = IssuedText.objects.standing().filter(symbol__in={place[0] for place in found}, anchor__in=firsts)
    standing = {(row.symbol, row.anchor): row.shown_text for row in rows}
    choices = [
        {
            "symbol": home,
            "anchor": anchor,
            "name": spoken_range(anchor),
            "url": path,
            "stands": (home, first) in standing,
            "text": standing.get((home, first)),
        }
        for (home, anchor), first, path in zip(found, firsts, paths, strict=True)
    ]
    if request.path.endswith(".txt"):
        lines = "".join(f"{choice['symbol']} {choice['name']} {choice['url']}\n" for choice in choices)
        return HttpResponse(lines, content_type="text/plain; charset=utf-8", status=300)
    facts = {"symbol": symbol, "asked": number, "choices": choices}
    context = {"symbol": symbol, "number": number, "choices": choices}
    return respond(request, "archive/choice.html", context, facts, is_machine_address(request.path_info), 300)


def spoken_range(anchor: str) -> str:
    """What an anchor, or a range as it is spelled, is called: 附件第2至3段."""
    if not SEPARATOR.search(anchor):
        return cited_paragraph_name(anchor)
    first, last = next(ends for ends in readings(anchor) if spell(*ends) == anchor)
    return range_name(cited_paragraph_name(first), cited_paragraph_name(last))
