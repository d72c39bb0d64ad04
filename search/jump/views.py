"""``/go``: to the one place that was named, a choice between several, or what was understood."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from archive.values import Schema, answers
from archive.views.respond import json_response
from search.http.addresses import search_address

from .name_lookup import Destination
from .resolve import Found, find_destinations


class Destinations(Schema, frozen=True, kw_only=True):
    """The typed text, its interpretation (``parts``: piece and meaning), and the pages it leads to."""

    typed: str
    understood: str | None
    parts: list[tuple[str, str]]
    targets: list[Destination]
    nearest: list[Destination]
    search: str


@csrf_exempt
@require_safe
@cache_control(no_cache=True)
def page(request: HttpRequest) -> HttpResponse:
    """Redirects (302) to the one place named; else a choice (200), or 404 where nothing is named."""
    found = find_destinations(request.GET.get("q", ""))
    if len(found.targets) == 1:
        return HttpResponseRedirect(found.targets[0].url)
    return render(request, "search/go.html", _context(found), status=_status(found))


@answers(Destinations)
@csrf_exempt
@require_safe
@cache_control(no_cache=True)
def twin(request: HttpRequest) -> HttpResponse:
    found = find_destinations(request.GET.get("q", ""))
    data = Destinations.from_row(
        found,
        parts=[(part.text, str(part.meaning)) for part in found.parts],
        targets=list(found.targets),
        nearest=list(found.nearest),
        search=search_address(found.typed) if found.typed else reverse("search"),
    )
    return json_response(data, _status(found))


def _status(found: Found) -> int:
    return 404 if found.typed and not found.targets else 200


def _context(found: Found) -> dict:
    return {
        "found": found,
        "search": search_address(found.typed),
        "twin": f"{reverse('go_json')}?{search_address(found.typed).partition('?')[2]}",
    }
