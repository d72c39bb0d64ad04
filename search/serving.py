"""What every page of search does with an address that makes no sense, and without an index."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from archive.paging import BadRequestError
from archive.views.respond import json_response

from .generations import IndexUnavailableError

log = logging.getLogger(__name__)
SHOWN_QUERY = 200


def answering(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """``view``, which may raise BadRequestError and IndexUnavailableError: readers get words, others JSON."""

    @functools.wraps(view)
    def answered(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except BadRequestError as error:
            return _refused(request, error)
        except IndexUnavailableError:
            log.exception("the search index cannot be read")
            return _unavailable(request)

    return answered


def _refused(request: HttpRequest, error: BadRequestError) -> HttpResponse:
    if _for_machines(request):
        return json_response({"error": str(error)}, error.status)
    context = {"message": str(error), "here": request.path, "no_twins": True}
    return render(request, "archive/bad_request.html", context, status=error.status)


def _unavailable(request: HttpRequest) -> HttpResponse:
    """Search is out of order and says so; the rest of the site goes on."""
    if _for_machines(request):
        return json_response({"error": _("检索索引暂时不可用。")}, 503)
    query = request.GET.get("q", "")[:SHOWN_QUERY]
    return render(request, "search/unavailable.html", {"query": query}, status=503)


def _for_machines(request: HttpRequest) -> bool:
    return request.path_info.endswith((".json", ".csv", ".atom")) or request.path_info == "/suggest"
