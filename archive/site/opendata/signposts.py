"""The twins of a page; and signposts (https://signposting.org): how what it shows is cited, what describes it
and on which terms it is used, as a ``Link`` header (RFC 8288) that programs read without the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict
from django.urls import get_resolver, reverse

from archive.site.http.formats import formats_of
from archive.site.http.parameters import PLACES
from archive.store.addresses.paths import ordered_query

# The twins of a page, found by the names of the routes: every page shows its own data.

OF_PAGES = formats_of("page", "concept", "text")
HELD = ("document", "paragraph", "range")


@dataclass(frozen=True, slots=True)
class Twin:
    label: str
    address: str
    media: str


def twins_of_page(context: Mapping[str, Any]) -> list[Twin]:
    """Returns the twins of the page, with its filters; none of an error page."""
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
        Twin(one.label, f"{path}{one.ending}{_query(request.GET, one.key)}", one.media)
        for one in OF_PAGES
        if one.key in kinds and f"{name}_{one.key}" in known
    ]


def _kinds(name: str, context: Mapping[str, Any]) -> set[str]:
    """Returns the formats of a page: only some for a document not held, only JSON for a withdrawn one."""
    if name not in HELD or context.get("document") is not None:
        return {one.key for one in OF_PAGES}
    return (
        {"json", "csv", "xlsx"}
        if name == "document" and "un_url" in context and "known" in context
        else {"json"}
    )


def _query(given: QueryDict, kind: str) -> str:
    """Returns the filters; a table and a feed are of the whole list."""
    query = given.copy()
    for name in () if kind == "json" else PLACES:
        query.pop(name, None)
    return ordered_query(dict(query.lists()))


CITED = (*HELD, "cited_words", "cited_range")
LONGEST = 2500  # characters; the commonest proxy keeps 4,096 bytes for the whole head of an answer


def link_header(request: HttpRequest, context: Mapping[str, Any]) -> str:
    """Returns the ``Link`` header of a document, paragraph, range or of ``/data``; empty for other pages.

    Links that would make it longer than ``LONGEST`` are left out: proxies answer 502 to heads that fill
    their buffer.
    """
    match, citation = request.resolver_match, context.get("citation")
    twins = twins_of_page({**context, "request": request})
    if not match or not twins or match.url_name not in (*CITED, "data"):
        return ""
    held = context.get("document") is not None
    files = [(one.address, one.media) for one in twins if one.media != "text/plain"]
    links = []
    if citation and held:
        links.append((citation.link, 'rel="cite-as"'))
        files += [(address, media) for _label, address, media in citation.files]
    if held or match.url_name == "data":
        links.append((f"{reverse('data')}#terms", 'rel="license"'))
    links += [(address, f'rel="describedby"; type="{media}"') for address, media in files]
    written, length = [], 0
    for address, told in links:
        link = f"<{request.build_absolute_uri(address)}>; {told}"
        if length + len(link) <= LONGEST:
            written.append(link)
            length += len(link) + 2
    return ", ".join(written)
