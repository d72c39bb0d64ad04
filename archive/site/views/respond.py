"""Answers: a page or one of its twins (JSON, CSV, Atom), a redirect; and what becomes of query parameters."""

from __future__ import annotations

from collections.abc import Callable

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
    QueryDict,
)
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _

from archive.site.http.formats import endings_of
from archive.site.http.problems import problem
from archive.site.opendata.feeds import Feed, feed_response
from archive.site.opendata.operations import FORMS, PAGES, Page, page_of_route
from archive.site.opendata.signposts import link_header
from archive.site.opendata.tables import Table, table_response
from archive.store.values import Schema, as_values, encode


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
    if status == 200 and (links := link_header(request, context)):
        response["Link"] = links
    return response


def json_response(data: Schema | dict, status: int = 200, indent: int | None = 1) -> HttpResponse:
    """Returns readable JSON: Chinese as it is, indented; a problem for an error ``status``."""
    if status >= 400:
        facts = as_values(data)
        return problem(status, str(facts.get("error") or ""), facts)
    return HttpResponse(encode(data, indent), content_type="application/json", status=status)


def plain_text(text: str, status: int = 200) -> HttpResponse:
    return HttpResponse(text, content_type="text/plain; charset=utf-8", status=status)


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


# Query parameters that a page does not know, and values that are none of their kind (the year "abc"): left
# out where an address names a thing (links come back with ``utm_source`` hung on), refused where a program
# asks a list (it would take the whole list for the filtered one), told of where a person does.

LISTS_FOR_PROGRAMS = endings_of("page", "concept")
NOTHING_ASKED = Page("")
SHOWN, LONGEST_SHOWN = 5, 40


class QueryParametersMiddleware(MiddlewareMixin):
    """Middleware that drops unknown parameters from ``request.GET`` before any view, cache or validator.

    Those that a list ignored are in ``request.unknown_parameters`` and, in sentences,
    ``request.mistaken_values``, for its page to say so.
    """

    def process_view(
        self, request: HttpRequest, _view: Callable, _args: list, _kwargs: dict
    ) -> HttpResponse | None:
        page = _page_of(request)
        if page is None or not request.GET:
            return None
        unknown = [name for name in request.GET if name not in page.names]
        known, mistaken = _read(request.GET, page)
        if not unknown and known == request.GET:
            return None
        if page.listing and request.path_info.endswith(LISTS_FOR_PROGRAMS) and (unknown or mistaken):
            words = _refusal(unknown, page) if unknown else _("；").join(mistaken) + _("。")
            return json_response({"error": words}, 400)
        for name in unknown:
            del known[name]
        request.GET = QueryDict(known.urlencode(), encoding=known.encoding)
        if page.listing:
            # The stubs know nothing of what a middleware tells templates of a request.
            request.unknown_parameters = [name[:LONGEST_SHOWN] for name in unknown[:SHOWN]]  # type: ignore[attr-defined]
            request.mistaken_values = _("；").join(mistaken)  # type: ignore[attr-defined]
        else:
            # One thing, one address: validators, caches and redirects are made from this.
            request.META["QUERY_STRING"] = known.urlencode()
        return None


def _page_of(request: HttpRequest) -> Page | None:
    """Returns the parameters that a page accepts; None for an address without a page (the desk, typed) or
    with its own rules (OAI-PMH).
    """
    match = request.resolver_match
    if match is None or match.namespaces or match.url_name in (None, "typed", "oai"):
        return None
    if match.route.startswith("admin/"):
        return None
    name = page_of_route(match.url_name)
    return PAGES.get(name) or FORMS.get(name) or NOTHING_ASKED


def _read(given: QueryDict, page: Page) -> tuple[QueryDict, list[str]]:
    """The parameters with values as they are looked up; and of each value that is none of its kind, and was
    left out, what it is not."""
    known, mistaken = given.copy(), list[str]()
    for parameter in page.parameters:
        if parameter.read is None or parameter.name not in given:
            continue
        values = [value.replace("\x00", "").strip() for value in given.getlist(parameter.name)]
        read = {value: parameter.read(value) for value in values if value}
        del known[parameter.name]
        for one in filter(None, map(read.get, values)):
            known.appendlist(parameter.name, one)
        wrong = [value[:LONGEST_SHOWN] for value, one in read.items() if one is None]
        words = {"name": parameter.name}
        mistaken += [str(parameter.kind) % {**words, "value": value} for value in wrong[:SHOWN]]
    return known, mistaken


def _refusal(unknown: list[str], page: Page) -> str:
    names = _("、").join(f"“{name[:LONGEST_SHOWN]}”" for name in unknown[:SHOWN])
    known = _("、").join(sorted(page.names))
    if not known:
        return _("不认识的筛选条件%(names)s；这个地址没有筛选条件。") % {"names": names}
    return _("不认识的筛选条件%(names)s；这个地址的条件有%(known)s。") % {"names": names, "known": known}
