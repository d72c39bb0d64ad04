"""The search page and its JSON twin, the form that writes a query, and the OpenSearch description."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from archive.models import Document
from archive.site.http.paging import NoSuchPageError
from archive.site.http.parameters import LONGEST_VALUE
from archive.site.views.respond import json_response
from archive.store.values import Schema, answers
from search.engine.index.generations import IndexUnavailableError
from search.engine.live.index import live_index
from search.pages.http.addresses import with_parameters
from search.pages.http.serving import answering
from search.query.language import parse
from search.query.language.messages import message_of
from search.query.planning.names import Names, names_of

from .advanced import AdvancedFields, form_of, query_of, read_form
from .answer import Answer, answer
from .forms import filters_of, query_text, read_request
from .presenter import chips, page_context
from .values import Search, search_value


@answers(Search)
@require_safe
@cache_control(no_cache=True)
@answering
def search(request: HttpRequest, twin: bool = False) -> HttpResponse:
    """Shows the results of ``?q=`` and the filters; without a query, help on searching."""
    found = _answer(request, twin)
    if twin:
        return json_response(search_value(found, _following(request, found)))
    return render(request, _template(found), page_context(request, found))


def _answer(request: HttpRequest, twin: bool) -> Answer:
    found = answer(read_request(request.GET), every_value=twin)
    if found.asked.page > found.pages:
        raise NoSuchPageError(
            _("没有第%(page)s页：结果共%(pages)s页。") % {"page": found.asked.page, "pages": found.pages}
        )
    return found


def _following(request: HttpRequest, found: Answer) -> str | None:
    if not found.following:
        return None
    return request.path + with_parameters(request.GET, page=None, after=found.following)


def _template(found: Answer) -> str:
    if found.found is None:
        return "search/ask.html"
    return "search/results.html" if found.found.paragraphs else "search/nothing.html"


# How programs may search: an OpenSearch description (https://github.com/dewitt/opensearch, 1.1 draft 6).

ANSWERS = (
    ("text/html", "search"),
    ("application/json", "search_json"),
    ("application/atom+xml", "search_atom"),
    ("text/csv", "search_csv"),
)


@csrf_exempt
@require_safe
@cache_control(max_age=86400)
def description(request: HttpRequest) -> HttpResponse:
    """Returns the OpenSearch description, with which a browser or another archive can search here."""
    kinds = [(kind, request.build_absolute_uri(reverse(name))) for kind, name in ANSWERS]
    here, icon = request.build_absolute_uri(request.path), request.build_absolute_uri(static("favicon.svg"))
    return render(
        request,
        "search/opensearch.xml",
        {
            "kinds": kinds,
            "here": here,
            "icon": icon,
            "suggestions": request.build_absolute_uri(reverse("suggestions")),
        },
        content_type="application/opensearchdescription+xml; charset=utf-8",
    )


# ``/search/advanced``: a form that writes the query, filled in from one where it is given.


class AdvancedSearch(Schema, frozen=True, kw_only=True):
    """A form as a query; ``url`` of its results, null where it asks nothing."""

    fields: AdvancedFields
    query: str
    filters: dict[str, list[str]]
    url: str | None
    errors: list[str]


DISTANCES = ("0", "5", "10", "20", "50", "100", "200")


@answers(AdvancedSearch)
@require_safe
@cache_control(no_cache=True)
@answering
def page(request: HttpRequest, twin: bool = False) -> HttpResponse:
    """Shows the form; ``?q=`` fills it from a query, ``?go=1`` redirects (302) to its search, if any."""
    given = request.GET
    q = query_text(given.get("q", ""))
    form = form_of(q) if q else read_form(given, LONGEST_VALUE)
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
    types = [str(label) for label in Document.Type.labels]
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
        return names_of(live_index().manifest.names)
    except IndexUnavailableError:
        return None


def _first_of(names: Names | None, field: str) -> list[str]:
    return sorted({known[0] for known in names.known.get(field, {}).values() if known}) if names else []


def _family(names: Names | None) -> list[str]:
    """Returns the resolutions of the 1540 family: 1540(2004) and those after it."""
    return [symbol.removeprefix("S/RES/") for symbol in names.known.get("family", ())] if names else []
