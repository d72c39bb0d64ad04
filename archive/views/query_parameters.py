"""Query parameters that a page does not know, and values that are none of their kind (the year "abc"): left
out where an address names a thing, refused where a program asks a list, told of where a person does.

Links come back with what others hung on them (``utm_source``, ``fbclid``, ``isappinstalled``). What names a
document, a paragraph, a State must not break over it, nor become a second address with a cache of its own.
A program that misspells a filter would take the whole list for the filtered one, so it is told; and nobody
is told that nothing was found by what could find nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from archive.opendata.api.operations import FORMS, PAGES, Page, page_of_route

from .respond import json_response

LISTS_FOR_PROGRAMS = (".json", ".jsonld", ".csv", ".xlsx", ".atom")
NOTHING_ASKED = Page("")
SHOWN, LONGEST_SHOWN = 5, 40


class QueryParametersMiddleware:
    """Middleware that drops unknown parameters from ``request.GET`` before any view, cache or validator.

    Those that a list ignored are in ``request.unknown_parameters`` and, in sentences,
    ``request.mistaken_values``, for its page to say so.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

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
