"""The form that writes the query language, and adds to any query."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from archive.site.http.parameters import LONGEST_VALUE
from archive.site.views.respond import json_response
from archive.store.values import Schema, answers
from search.engine.index.generations import IndexUnavailableError
from search.engine.live.index import live_index
from search.pages.http.addresses import with_parameters
from search.pages.http.serving import search_page
from search.query.language.messages import message_of
from search.query.language.parser import parse
from search.query.planning.names import Names, type_names

from .advanced import AdvancedFields, form_with, query_of, read_form
from .forms import filters_of, query_text
from .presenter import chips


class AdvancedSearch(Schema, frozen=True, kw_only=True):
    """A form as a query; ``url`` of its results, null where it asks nothing."""

    fields: AdvancedFields
    query: str
    filters: dict[str, list[str]]
    url: str | None
    errors: list[str]


DISTANCES = ("0", "5", "10", "20", "50", "100", "200")


@answers(AdvancedSearch)
@search_page()
def advanced(request: HttpRequest, twin: bool = False) -> HttpResponse:
    """Shows the form; ``?q=`` is the query to add to, ``?go=1`` redirects (302) to its search, if any."""
    given = request.GET
    q = query_text(given.get("q", ""))
    form = form_with(rest=q) if q else read_form(given, LONGEST_VALUE)
    query = query_of(form)
    filters = filters_of(given)
    only = {name: list(values) for name, values in filters.items()}
    target = reverse("search") + with_parameters(given.__class__(), q=query, **only) if query else None
    if twin:
        return json_response(
            AdvancedSearch(
                fields=form,
                query=query,
                filters=only,
                url=target,
                errors=[message_of(problem) for problem in parse(query).problems],
            )
        )
    if target and given.get("go"):
        return HttpResponseRedirect(target)
    context = _context(request, form, query, filters) | {"empty": bool(given.get("go")) and not query}
    return render(request, "search/advanced.html", context)


def _context(
    request: HttpRequest, form: AdvancedFields, query: str, filters: Mapping[str, tuple[str, ...]]
) -> dict[str, Any]:
    names = _names()
    types = type_names()
    return {
        "form": form,
        "query": query,
        "filters": filters,
        "chips": chips(filters, names, request.GET) if names else [],
        "types": types,
        "listed": form.kind in types,
        "distances": _distances(form.distance),
        "states": _first_of(names, "state"),
        "bodies": _first_of(names, "body"),
        "resolutions": _family(names),
        "problems": [message_of(problem) for problem in parse(query).problems],
    }


def _distances(chosen: str) -> list[tuple[str, str]]:
    """Returns value and label of each distance, the chosen one included."""
    values = sorted({*DISTANCES, *([chosen] if chosen != "s" else [])}, key=int)
    return [(value, _("相隔至多%(count)s个字") % {"count": value}) for value in values] + [
        ("s", _("在同一句里"))
    ]


def _names() -> Names | None:
    """Returns the names of States and bodies that the form suggests; none without an index."""
    try:
        return Names(live_index().manifest.names)
    except IndexUnavailableError:
        return None


def _first_of(names: Names | None, field: str) -> list[str]:
    return sorted({known[0] for known in names.known.get(field, {}).values() if known}) if names else []


def _family(names: Names | None) -> list[str]:
    """Returns the resolutions of the 1540 family: 1540(2004) and those after it."""
    return [symbol.removeprefix("S/RES/") for symbol in names.known.get("family", ())] if names else []
