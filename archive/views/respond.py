"""Answers: a page or its JSON twin, a redirect."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.shortcuts import render

from archive.opendata.problems import problem


def respond(
    request: HttpRequest,
    template: str,
    context: dict,
    twin: dict | Callable[[], dict],
    as_json: object = False,
    status: int = 200,
) -> HttpResponse:
    """The page, or its JSON twin, which may be a function, so that it is built only when asked for."""
    if as_json:
        return json_response(twin() if callable(twin) else twin, status)
    return render(request, template, context, status=status)


def json_response(data: dict, status: int = 200) -> JsonResponse:
    """Readable JSON: Chinese as it is, indented; a problem where ``status`` says that something is wrong."""
    if status >= 400:
        return problem(status, str(data.get("error") or ""), data)
    return JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 1})


def moved(request: HttpRequest, path: str) -> HttpResponsePermanentRedirect:
    """301 to ``path`` of this site, the query string kept."""
    query = request.META.get("QUERY_STRING", "")
    # "//host" would lead to another site.
    target = "/" + path.lstrip("/") if path.startswith("//") else path
    return HttpResponsePermanentRedirect(f"{target}?{query}" if query else target)
