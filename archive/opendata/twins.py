"""The twins of a page, found by the names of the routes: every page shows its own data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import get_resolver

from archive.http.addresses import ordered_query
from archive.http.parameters import PLACES

from .api.routes import MEDIA

# The ending of a route's name → of the address, what it is called, its media type.
FORMATS = (
    ("json", ".json", "JSON", "application/json"),
    ("jsonld", ".jsonld", "SKOS", "application/ld+json"),
    ("csv", ".csv", "CSV", "text/csv"),
    ("xlsx", ".xlsx", "Excel", MEDIA["xlsx"]),
    ("atom", ".atom", "Atom", "application/atom+xml"),
    ("text", ".txt", "TXT", "text/plain"),
)
HELD = ("document", "paragraph", "range")


@dataclass(frozen=True, slots=True)
class Twin:
    label: str
    address: str
    media: str


def twins_of_page(context: Mapping[str, Any]) -> list[Twin]:
    """The twins of the page, with its filters; none of an error page."""
    request = context.get("request")
    name = getattr(getattr(request, "resolver_match", None), "url_name", None)
    if request is None or not name or context.get("no_twins"):
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


def _kinds(name: str, context: Mapping[str, Any]) -> set[str]:
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
