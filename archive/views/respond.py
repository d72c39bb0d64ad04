"""Answers: a page or one of its twins (JSON, CSV, Atom), a redirect."""

from __future__ import annotations

from collections.abc import Callable

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from archive.http.problems import problem
from archive.opendata.feeds import Feed, feed_response
from archive.opendata.signposts import link_header, of_past, signposts
from archive.opendata.tables import Table, table_response
from archive.values import Schema, as_values, encode


def ending(twin: bool | str) -> str:
    """Returns the ending of a twin's address: ``.json``; empty for the page itself."""
    return f".{'json' if twin is True else twin}" if twin else ""


def respond(
    request: HttpRequest,
    template: str,
    context: dict,
    twin: Schema | dict | Callable[[], Schema | dict],
    asked: bool | str = False,
    status: int = 200,
    table: Callable[[], Table] | None = None,
    feed: Callable[[], Feed] | None = None,
) -> HttpResponseBase:
    """Returns the page, or the requested twin: True or "json", "csv", "xlsx", "atom".

    A twin may be a function, so that it is built only when needed.
    """
    if asked in ("csv", "xlsx") and table is not None:
        return table_response(table(), asked)
    if asked == "atom" and feed is not None:
        return feed_response(request, feed())
    if asked in ("csv", "xlsx", "atom"):
        raise Http404(_("这个地址没有这种格式。"))
    if asked:
        return json_response(twin() if callable(twin) else twin, status)
    response = render(request, template, context, status=status)
    told = {200: signposts, 410: of_past}.get(status)
    if told and (links := told(request, context)):
        response["Link"] = link_header(request, links)
    return response


def json_response(data: Schema | dict, status: int = 200, indent: int | None = 1) -> HttpResponse:
    """Returns readable JSON: Chinese as it is, indented; a problem for an error ``status``."""
    if status >= 400:
        facts = as_values(data)
        return problem(status, str(facts.get("error") or ""), facts)
    return HttpResponse(encode(data, indent), content_type="application/json", status=status)


def moved(request: HttpRequest, path: str) -> HttpResponsePermanentRedirect:
    """Redirects (301) to ``path`` of this site, the query string kept."""
    return HttpResponsePermanentRedirect(_with_query(request, path))


def led_on(request: HttpRequest, path: str) -> HttpResponseRedirect:
    """Redirects (302) to ``path`` of this site, the query string kept: the target may change."""
    return HttpResponseRedirect(_with_query(request, path))


def _with_query(request: HttpRequest, path: str) -> str:
    query = request.META.get("QUERY_STRING", "")
    # "//host" would lead to another site.
    target = "/" + path.lstrip("/") if path.startswith("//") else path
    return f"{target}?{query}" if query else target
