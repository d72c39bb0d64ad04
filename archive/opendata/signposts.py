"""Signposting (FAIR Signposting Profile, https://signposting.org): what a page is, how it is cited, where its
parts and its descriptions are, as ``Link`` headers (RFC 8288) that programs read without the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, QueryDict
from django.urls import get_resolver

from archive.http.addresses import document_path, ordered_query
from archive.http.formats import FORMATS, formats_of
from archive.http.parameters import PLACES

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


SCHEMA = "https://schema.org/"
OF_WORDS = ("document", "paragraph", "range", "cited_words", "cited_range")
# The page → what it is.
TYPES = {
    "document": ("AboutPage", "Report"),
    **dict.fromkeys(OF_WORDS[1:], ("AboutPage", "CreativeWork")),
    "data": ("Dataset",),
    "search": ("SearchResultsPage",),
}
OF_LISTS = ("CollectionPage",)
CONTENT = ("text/plain",)  # forms that hold the words; the others describe
LONGEST = 2500  # characters; the commonest proxy keeps 4,096 bytes for the whole head of an answer


@dataclass(frozen=True, slots=True)
class Signpost:
    """A link: its address, relation (registered by IANA) and further parameters."""

    address: str
    relation: str
    parameters: Mapping[str, str] = field(default_factory=dict)

    def written(self, request: HttpRequest) -> str:
        """Formats the signpost as a value of the ``Link`` header."""
        parameters = "".join(f'; {name}="{value}"' for name, value in self.parameters.items())
        return f'<{request.build_absolute_uri(self.address)}>; rel="{self.relation}"{parameters}'


def link_header(request: HttpRequest, signposts: Iterable[Signpost]) -> str:
    """The ``Link`` header of these; addresses are made absolute and escaped. Those that would make it longer
    than ``LONGEST`` are left out: proxies answer 502 for heads that fill their buffer; a query may be long.
    """
    written, length = [], 0
    for link in (signpost.written(request) for signpost in signposts):
        if length + len(link) <= LONGEST:
            written.append(link)
            length += len(link) + 2
    return ", ".join(written)


def signposts(request: HttpRequest, context: Mapping[str, Any]) -> list[Signpost]:
    """Returns the signposts of a page with ``context``; none for an error page."""
    twins = twins_of_page({**context, "request": request})
    match = request.resolver_match
    if not twins or not match:
        return []
    name, symbol = match.url_name or "", match.kwargs.get("symbol", "")
    held, citation = context.get("document"), context.get("citation")
    found = [Signpost(f"{SCHEMA}{kind}", "type") for kind in TYPES.get(name, OF_LISTS)]
    if citation and held:
        found.append(Signpost(citation.link, "cite-as"))
    for twin in twins:
        is_content = name in TYPES and twin.media in CONTENT
        relation = "item" if is_content else "describedby" if name in TYPES else "alternate"
        found.append(Signpost(twin.address, relation, {"type": twin.media}))
    if citation and held:
        found += [
            Signpost(address, "describedby", {"type": media}) for _label, address, media in citation.files
        ]
    if held and name == "document":
        found.append(Signpost(f"{document_path(symbol)}/source", "item"))
    elif symbol and name != "document":
        found.append(Signpost(document_path(symbol), "collection" if name in TYPES else "about"))
    return found


def of_form(request: HttpRequest) -> list[Signpost]:
    """Returns the signpost from a file of a document, paragraph or range to its page; else none."""
    match = request.resolver_match
    if match is None:
        return []
    if match.url_name == "source":
        return [Signpost(document_path(match.kwargs["symbol"]), "collection", {"type": "text/html"})]
    page, _line, kind = (match.url_name or "").rpartition("_")
    form = FORMATS.get(kind)
    if page not in OF_WORDS or form is None:
        return []
    relation = "collection" if form.of == "text" else "describes"
    return [Signpost(request.path.removesuffix(form.ending), relation, {"type": "text/html"})]


def of_results(request: HttpRequest, addresses: Iterable[str]) -> list[Signpost]:
    """Returns the signposts of a page of results, whose entries have these ``addresses``."""
    items = [Signpost(address, "item", {"type": "text/html"}) for address in addresses]
    return [*signposts(request, {}), *items]
