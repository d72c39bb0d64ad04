"""The twins of the page at hand, found by the names of the routes: every page shows its own data."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django import template
from django.http import QueryDict
from django.urls import get_resolver, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from archive.addresses import cited_by_path, document_path, ordered_query, query_string
from archive.opendata.api.routes import MEDIA
from archive.parameters import PLACES

register = template.Library()

# The ending of a route's name → of the address, what it is called, its media type.
FORMATS = (
    ("json", ".json", "JSON", "application/json"),
    ("jsonld", ".jsonld", "SKOS", "application/ld+json"),
    ("csv", ".csv", "CSV", "text/csv"),
    ("xlsx", ".xlsx", "Excel", MEDIA["xlsx"]),
    ("atom", ".atom", "Atom", "application/atom+xml"),
    ("text", ".txt", "TXT", "text/plain"),
    ("akn", ".akn.xml", "Akoma Ntoso", "application/akn+xml"),
)
HELD = ("document", "paragraph", "range")
CARDS = ("paragraph", "cited_words", "range", "cited_range")


@dataclass(frozen=True, slots=True)
class Twin:
    label: str
    address: str
    media: str


@register.simple_tag(takes_context=True)
def twins_of_page(context: template.Context) -> list[Twin]:
    """The twins of the page, with its filters; none of an error page."""
    request = context.get("request")
    name = getattr(getattr(request, "resolver_match", None), "url_name", None)
    if not name or context.get("no_twins"):
        return []
    if name == "api":
        return [Twin("OpenAPI", "/openapi.json", "application/json")]
    known = get_resolver().reverse_dict
    kinds = _kinds(name, context)
    path = "/index" if name == "home" else request.path
    return [
        Twin(label, f"{path}{ending}{_query(request.GET, kind)}", media)
        for kind, ending, label, media in FORMATS
        if kind in kinds and f"{name}_{kind}" in known
    ]


def _kinds(name: str, context: template.Context) -> set[str]:
    """Of what is not held there are no words; of what is withdrawn only what became of it."""
    if name not in HELD or context.get("document") is not None:
        return {kind for kind, *_others in FORMATS}
    return (
        {"json", "csv", "xlsx"}
        if name == "document" and "un_url" in context and "known" in context
        else {"json"}
    )


def _query(given: QueryDict, kind: str) -> str:
    """The filters; a table and a feed are of the whole list."""
    query = given.copy()
    for name in () if kind == "json" else PLACES:
        query.pop(name, None)
    return ordered_query(dict(query.lists()))


@register.simple_tag(takes_context=True)
def feeds_of_page(context: template.Context) -> list[Twin]:
    """The feeds that tell what becomes of the page's subject, for readers of feeds to find: of the whole
    archive on the front page; of new citations and changes on documents, resolutions and paragraphs.
    """
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    name = match.url_name if match else ""
    if context.get("no_twins"):
        return []
    if name == "home":
        found = [(_("新文件"), reverse("documents_atom")), (_("变动记录"), reverse("changes_atom"))]
    elif name == "document" and ("un_url" in context or context.get("document")):
        symbol = match.kwargs["symbol"]
        found = [(_("引用%(symbol)s的段落") % {"symbol": symbol}, f"{cited_by_path(symbol)}.atom")]
        if context.get("document"):
            words = _("%(symbol)s的改动经过") % {"symbol": symbol}
            found.append((words, f"{document_path(symbol)}/history.atom"))
    elif name in ("paragraph", "cited_words") and context.get("document") and context.get("focus"):
        symbol, anchor = context["document"].symbol, context["focus"].anchor
        told = {"symbol": symbol, "name": context["focus"].name}
        found = [
            (_("引用%(symbol)s%(name)s的段落") % told, f"{cited_by_path(symbol, anchor)}.atom"),
            (_("%(symbol)s的改动经过") % told, f"{document_path(symbol)}/history.atom"),
        ]
    else:
        found = []
    return [Twin(label, address, MEDIA["atom"]) for label, address in found]


@register.simple_tag(takes_context=True)
def oembed_address(context: template.Context) -> str:
    """Where the card of the paragraph at hand is; empty on other pages."""
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    if match is None or match.url_name not in CARDS:
        return ""
    address = request.build_absolute_uri(request.path)
    return request.build_absolute_uri("/oembed" + query_string(url=address, format="json"))


@register.simple_tag(takes_context=True)
def unapi_id(context: template.Context, address: str) -> SafeString | str:
    """The identifier of an entry of a list for reference managers: its path. None on the page of one thing,
    whose own tags it would outrank.
    """
    if "citation" in context:
        return ""
    return format_html('<abbr class="unapi-id" title="{}"></abbr>', urlsplit(address).path)


@register.simple_tag
def oembed_title() -> str:
    return _("嵌入卡片")
