"""The search page and its JSON twin."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from archive.http.paging import NoSuchPageError
from archive.opendata.signposts import link_header, of_results
from archive.values import answers
from archive.views.respond import json_response
from search.http.addresses import with_parameters
from search.http.serving import answering

from .answer import Answer, answer
from .forms import read_request
from .presenter import page_context
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
    response = render(request, _template(found), page_context(request, found))
    response["Link"] = link_header(request, of_results(request, (hit.url for hit in found.hits)))
    return response


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
