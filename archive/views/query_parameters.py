"""Query parameters that a page does not know: left out where an address names a thing, refused where a
program asks a list, told of where a person does.

Links come back with what others hung on them (``utm_source``, ``fbclid``, ``isappinstalled``). What names a
document, a paragraph, a State must not break over it, nor become a second address with a cache of its own.
A program that misspells a filter would take the whole list for the filtered one, so it is told.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from archive.opendata.api.operations import FORMS, PAGES, Page
from archive.opendata.api.routes import page_of_route

from .respond import json_response

LISTS_FOR_PROGRAMS = (".json", ".jsonld", ".csv", ".xlsx", ".atom")
NOTHING_ASKED = Page("")
SHOWN, LONGEST_SHOWN = 5, 40


class QueryParametersMiddleware:
    """Takes what a page does not know out of ``request.GET`` before any view, cache or validator sees it.

    What a list left out is in ``request.unknown_parameters``, for its page to say so.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Callable, _args: list, _kwargs: dict
    ) -> HttpResponse | None:
        page = _page_of(request)
        unknown = [name for name in request.GET if name not in page.names] if page else []
        if page is None or not unknown:
            return None
        if page.listing and request.path_info.endswith(LISTS_FOR_PROGRAMS):
            return json_response({"error": _refusal(unknown, page)}, 400)
        known = request.GET.copy()
        for name in unknown:
            del known[name]
        request.GET = QueryDict(known.urlencode(), encoding=known.encoding)
        if page.listing:
            # The stubs know nothing of what a middleware tells templates of a request.
            request.unknown_parameters = [name[:LONGEST_SHOWN] for name in unknown[:SHOWN]]  # type: ignore[attr-defined]
        else:
            # One thing, one address: validators, caches and redirects are made from this.
            request.META["QUERY_STRING"] = known.urlencode()
        return None


def _page_of(request: HttpRequest) -> Page | None:
    """What the page of a request accepts; None where the address is none of a page's own (admin, typed), or
    it has rules of its own for them (OAI-PMH)."""
    match = request.resolver_match
    if match is None or match.namespaces or match.url_name in (None, "typed", "oai"):
        return None
    name = page_of_route(match.url_name)
    return PAGES.get(name) or FORMS.get(name) or NOTHING_ASKED


def _refusal(unknown: list[str], page: Page) -> str:
    names = _("、").join(f"“{name[:LONGEST_SHOWN]}”" for name in unknown[:SHOWN])
    known = _("、").join(sorted(page.names))
    if not known:
        return _("不认识的筛选条件%(names)s；这个地址没有筛选条件。") % {"names": names}
    return _("不认识的筛选条件%(names)s；这个地址的条件有%(known)s。") % {"names": names, "known": known}
