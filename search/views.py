"""The search page and its JSON twin."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from archive.paging import BadRequestError, NoSuchPageError
from archive.views.respond import json_response

from .answer import Answer, answer
from .forms import read_request
from .generations import IndexUnavailableError
from .presenter import page_context
from .twin import as_json

log = logging.getLogger(__name__)


@require_safe
@cache_control(no_cache=True)
def search(request: HttpRequest, twin: bool = False) -> HttpResponse:
    """Results for ``?q=`` and the filters beside it; without a query, how to search."""
    try:
        found = _answer(request)
    except BadRequestError as error:
        if twin:
            return json_response({"error": str(error)}, error.status)
        return render(
            request,
            "archive/bad_request.html",
            {"message": str(error), "here": request.path},
            status=error.status,
        )
    except IndexUnavailableError:
        log.exception("the search index cannot be read")
        return _unavailable(request, twin)
    if twin:
        return json_response(as_json(found))
    return render(request, _template(found), page_context(request, found))


def _answer(request: HttpRequest) -> Answer:
    found = answer(read_request(request.GET))
    if found.asked.page > found.pages:
        raise NoSuchPageError(
            _("没有第%(page)s页：结果共%(pages)s页。") % {"page": found.asked.page, "pages": found.pages}
        )
    return found


def _template(found: Answer) -> str:
    if found.found is None:
        return "search/ask.html"
    return "search/results.html" if found.found.paragraphs else "search/nothing.html"


def _unavailable(request: HttpRequest, twin: bool) -> HttpResponse:
    """Search is out of order and says so; the rest of the site goes on."""
    if twin:
        return json_response({"error": _("检索索引暂时不可用。")}, 503)
    query = request.GET.get("q", "")[:200]
    return render(request, "search/unavailable.html", {"query": query}, status=503)
