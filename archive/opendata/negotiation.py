"""Content negotiation (RFC 9110, section 12): a page asked for as data leads to its twin, by ``Accept``.

Each form has an address of its own, by its ending; negotiation only finds it (303), so that every cache keeps
what it keeps under one address, and every ETag is that of one form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import unquote, urlsplit

from django.http import HttpRequest, HttpResponse
from django.http.request import MediaType
from django.urls import get_resolver
from django.utils.cache import patch_vary_headers
from django.utils.encoding import iri_to_uri

from archive.http.internal_requests import answer_at
from archive.models import Document

from .api.routes import MEDIA

HTML = ("text/html", "application/xhtml+xml")
# The ending of a route's name → that of its address.
ENDINGS = {"json": ".json", "jsonld": ".jsonld", "csv": ".csv", "xlsx": ".xlsx", "atom": ".atom"}
# Files of what is held, on pages whose routes are not named after them.
CITED = {"text": ".txt", "ris": ".ris", "bib": ".bib", "csl.json": ".csl.json"}
FILES: Mapping[str, Mapping[str, str]] = {
    **dict.fromkeys(("document", "paragraph", "range", "cited_words", "cited_range"), CITED),
}
# Of words that were edited or withdrawn there are not all forms: the address of the form leads to the page.
OF_CITED_WORDS = ("cited_words", "cited_range")
# Other names under which the same forms are asked for.
ALSO = {"bib": ("text/x-bibtex",), "ris": ("application/x-endnote-refer",)}


class ContentNegotiation:
    """303 from a page to the form that its reader prefers; ``Vary: Accept`` on all that a page answers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if _forms(_name(request)):
            patch_vary_headers(response, ["Accept"])
        return response

    def process_view(
        self, request: HttpRequest, _view: Callable, _args: list, kwargs: dict
    ) -> HttpResponse | None:
        if request.method not in ("GET", "HEAD") or "Accept" not in request.headers:
            return None
        forms = _forms(_name(request))
        ending = forms and preferred(request, forms)
        if not ending or (ending not in ENDINGS.values() and not _is_held(kwargs.get("symbol", ""))):
            return None
        path = "/index" if _name(request) == "home" else request.path
        if _name(request) in OF_CITED_WORDS and _leads_back(request, path + ending):
            return None
        query = request.META.get("QUERY_STRING", "")
        location = f"{iri_to_uri(path)}{ending}{'?' if query else ''}{query}"
        # A script of another site is led on to what any site may read.
        headers = {"Location": location, "Access-Control-Allow-Origin": "*", "Cache-Control": "no-cache"}
        return HttpResponse(status=303, headers=headers)


def preferred(request: HttpRequest, forms: Mapping[str, str]) -> str:
    """The ending of the form that the reader prefers; empty for the page itself: where it is asked for no
    less than the others, and where nothing that there is was asked for.
    """
    try:
        refused = [media for media in _all_types(request) if not media.quality]
        offered = [media for media in (*HTML, *forms) if not any(_is(media, one) for one in refused)]
        return forms.get(request.get_preferred_type(offered) or "", "")
    except ValueError:  # a parameter in an encoding that there is not (RFC 2231)
        return ""


def _all_types(request: HttpRequest) -> list[MediaType]:
    return [MediaType(token) for token in request.headers["Accept"].split(",") if token.strip()]


def _is(media: str, one: MediaType) -> bool:
    """Whether ``one`` names ``media`` itself: what names many is for those that are named nowhere else."""
    return f"{one.main_type}/{one.sub_type}" == media


def _name(request: HttpRequest) -> str:
    match = request.resolver_match
    return (match.url_name or "") if match and not match.namespaces else ""


def _forms(name: str) -> dict[str, str]:
    """Media type → ending, for the forms that the page with this route has beside HTML."""
    known = get_resolver().reverse_dict
    own = {kind: ending for kind, ending in ENDINGS.items() if name and f"{name}_{kind}" in known}
    kinds = {**own, **FILES.get(name, {})}
    return {media: ending for kind, ending in kinds.items() for media in (MEDIA[kind], *ALSO.get(kind, ()))}


def _is_held(symbol: str) -> bool:
    return bool(symbol) and Document.objects.find(symbol) is not None


def _leads_back(request: HttpRequest, path: str) -> bool:
    """Whether ``path`` leads to the page that is asked for: who follows would go round for ever."""
    location = answer_at(request, path).get("Location", "")
    return unquote(urlsplit(location).path) == request.path
