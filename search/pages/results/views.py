"""The search page and its JSON twin."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from archive.site.http.paging import check_page
from archive.site.views.respond import json_response
from archive.store.values import answers
from search.pages.http.addresses import with_parameters
from search.pages.http.serving import search_page

from .answer import Answer, answer
from .forms import read_request
from .presenter import page_context
from .values import Search, search_value


@answers(Search)
@search_page()
def search(request: HttpRequest, twin: bool = False) -> HttpResponse:
    """Shows the results of ``?q=`` and the filters; without a query, help on searching."""
    found = _answer(request, twin)
    if twin:
        return json_response(search_value(found, _following(request, found)))
    return render(request, _template(found), page_context(request, found))


def _answer(request: HttpRequest, twin: bool) -> Answer:
    found = answer(read_request(request.GET), every_value=twin)
    check_page(found.asked.page, found.pages)
    return found


def _following(request: HttpRequest, found: Answer) -> str | None:
    if not found.following:
        return None
    return request.path + with_parameters(request.GET, page=None, after=found.following)


def _template(found: Answer) -> str:
    if found.found is None:
        return "search/ask.html"
    return "search/results.html" if found.found.paragraphs else "search/nothing.html"
