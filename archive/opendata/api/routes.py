"""The machine addresses of the site, read from its routes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from django.urls import URLPattern, URLResolver, get_resolver

from archive.http.machine_addresses import is_machine_address
from archive.schemas import Schema

PART = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")
NOT_DESCRIBED = ("admin/", "static/")
JSON = "application/json"
# The ending of a route's name → what it answers with.
MEDIA = {
    "json": "application/json",
    "csl.json": "application/vnd.citationstyles.csl+json",
    "jsonld": "application/ld+json",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "atom": "application/atom+xml",
    "text": "text/plain",
    "ris": "application/x-research-info-systems",
    "bib": "application/x-bibtex",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
PLAIN = {
    "suggest": "application/json", "openapi": "application/json",
    "sitemap": "application/xml", "sitemap_section": "application/xml", "robots": "text/plain",
    "data_file": "application/octet-stream", "source": "text/plain",
    "second_original": "application/octet-stream", "healthz": "application/json",
    "search_whole": "application/json", "opensearch": "application/opensearchdescription+xml",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Route:
    """One address: its path with ``{name}`` for what varies, the page that it belongs to, and the types of
    its answers by method, as its view names them.
    """

    path: str
    name: str
    page: str
    media: str
    parameters: tuple[tuple[str, str, str], ...]  # name, converter, regular expression
    answers: Mapping[str, tuple[type[Schema], ...]] = field(default_factory=dict, compare=False)

    @property
    def is_json(self) -> bool:
        return self.media == JSON


@cache
def machine_routes() -> tuple[Route, ...]:
    """Every machine address, by path."""
    return tuple(sorted(_routes(), key=lambda route: route.path))


def _routes() -> Iterator[Route]:
    for text, pattern in _patterns(get_resolver().url_patterns, ""):
        path = "/" + PART.sub(lambda match: "{" + match["name"] + "}", text)
        name = pattern.name or ""
        page, media = _page_and_media(name)
        if media and (is_machine_address(path) or name in PLAIN):
            converters = pattern.pattern.converters
            found = [(match["name"], match["converter"] or "str") for match in PART.finditer(text)]
            parameters = tuple((part, kind, converters[part].regex) for part, kind in found)
            told = getattr(pattern.callback, "answer_types", {}) if media == JSON else {}
            yield Route(path, name, page, media, parameters, told)


def _patterns(patterns: list, before: str) -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        text = before + str(pattern.pattern)
        if text.startswith(NOT_DESCRIBED):
            continue
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern.url_patterns, text)
        else:
            yield text, pattern


def page_of_route(name: str) -> str:
    """The page that a route belongs to: ``documents_csv`` → documents."""
    return _page_and_media(name)[0]


def _page_and_media(name: str) -> tuple[str, str]:
    """``documents_csv`` → (documents, text/csv)."""
    if name in PLAIN:
        return name, PLAIN[name]
    page, _line, ending = name.rpartition("_")
    return (page, MEDIA[ending]) if ending in MEDIA else (name, "")
