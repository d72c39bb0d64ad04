"""Open data other than twins of pages: the dump, citations, cards, maps."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.html import format_html, format_html_join
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from lxml import etree

from archive.export.dump import (
    DUMPED,
    DumpManifest,
    columns,
    is_clean,
    name_of,
    offered,
    open_file,
    read_manifest,
)
from archive.models import Mention, Pinpoint
from archive.site.citations.files import in_script
from archive.site.http.formats import FORMATS, MEDIA
from archive.site.http.problems import TYPES as PROBLEMS
from archive.site.opendata import sitemaps
from archive.site.opendata.feeds import writable
from archive.site.opendata.oai import LOCATION, OAI, VERBS, XSI, Asked, OaiError, add, check_arguments, stamp
from archive.site.opendata.operations import PAGES, Route, describe, machine_routes
from archive.site.opendata.tables import Pieces, Table, table_response
from archive.store.addresses.paths import SAFE
from archive.store.reading import queries as reads
from archive.store.values import Schema, answers

from .page import page
from .respond import respond


class CitationTables(Schema, frozen=True, kw_only=True):
    """The addresses of the table of citations."""

    csv: str
    xlsx: str


class OpenData(Schema, frozen=True, kw_only=True):
    """The bulk downloads: addresses by name."""

    dump: DumpManifest | None
    files: dict[str, str]
    citations: CitationTables
    lists: dict[str, str]
    feeds: dict[str, str]
    description: str
    sitemap: str


# Lists of what is asked; and what has a section of its own on the page.
NO_LISTS = ("search", "concordance", "citations")


@answers(OpenData)
@page
def data(request: HttpRequest, twin: bool = False) -> HttpResponseBase:
    """Shows the bulk downloads."""
    lying = read_manifest(offered())
    manifest = lying if lying and is_clean(lying) else None
    files = manifest.files if manifest else ()
    lists = {name: path for name, path in whole_lists("csv") if name not in NO_LISTS}
    citations = {kind: reverse(f"citations_{kind}") for kind in ("csv", "xlsx")}
    facts = OpenData(
        dump=manifest,
        files={file.name: reverse("data_file", args=[file.name]) for file in files},
        citations=CitationTables(**citations),
        lists=lists,
        feeds=dict(whole_lists("atom")),
        description=reverse("openapi"),
        sitemap=reverse("sitemap"),
    )
    coverage = reads.coverage()
    changed = coverage.changed
    context = {
        "manifest": manifest,
        "held_back": bool(lying and not manifest),
        "json_ld": in_script(dataset(manifest, coverage, request.build_absolute_uri)),
        "changed": changed,
        "outdated": bool(manifest and changed and manifest.date != changed),
        "files": [(file, reverse("data_file", args=[file.name])) for file in files],
        "tables": [(name_of(table), table.model._meta.verbose_name, columns(table)) for table in DUMPED],
        "lists": [(PAGES[name].words, path) for name, path in lists.items()],
    }
    return respond(request, "archive/data.html", context, facts, twin)


@page
def api(request: HttpRequest, twin: bool = False) -> HttpResponseBase:
    """Shows the interface described: for people, and as OpenAPI for programs."""
    return respond(
        request, "archive/api.html", {} if twin else api_context(request.build_absolute_uri), describe, twin
    )


@partial(page, own_mark=True)
def data_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """Shows a file of the dump, byte for byte, or a range of it. Only what the manifest names; 503 while it
    was not made anew since other words are withheld.

    Its ETag is its SHA-256: a download that broke off goes on while the file is the same, whatever else of
    the archive changed.
    """
    manifest = read_manifest(offered())
    file = next((one for one in manifest.files if one.name == name), None) if manifest else None
    if manifest is None or file is None:
        raise Http404(_("整库下载里没有这个文件。"))
    if not is_clean(manifest):
        refusal = _("这份整库文件是在依法不予显示的文字有变之前制作的，重新制作之前不提供下载。")
        return HttpResponse(refusal, status=503, content_type="text/plain; charset=utf-8")
    # What is compressed already is not compressed on the way, and keeps its length.
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
    kind = TYPES.get(Path(file.name).suffix, "application/octet-stream")
    etag = f'"{file.sha256}"'
    if settled := get_conditional_response(request, etag=etag):
        return settled
    part = asked_range(request, file.bytes, etag)
    headers = {
        "ETag": etag,
        "Accept-Ranges": "bytes",
        "Cache-Control": "no-cache",
        "Content-Disposition": content_disposition_header(True, file.name),
    }
    if part is not None and not part:
        headers |= {"Content-Range": f"bytes */{file.bytes}"}
        words = _("这个文件只有%(size)s个字节。") % {"size": file.bytes}
        return HttpResponse(words, status=416, headers=headers, content_type="text/plain; charset=utf-8")
    opened = open_file(offered(), manifest, file)
    if opened is None:
        words = _("整库文件正在更换，请稍后再试。")
        refused = {"Retry-After": "1", "Cache-Control": "no-store"}
        return HttpResponse(words, status=503, headers=refused, content_type="text/plain; charset=utf-8")
    if part is None:
        status, length = 200, file.bytes
    else:
        opened.seek(part.start)
        status, length = 206, len(part)
        headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{file.bytes}"
    headers["Content-Length"] = str(length)
    return StreamingHttpResponse(Pieces(opened, length), status=status, headers=headers, content_type=kind)


@page
def citations_table(request: HttpRequest, twin: str) -> HttpResponseBase:
    return table_response(citation_table(), twin)


@page
def sitemap(request: HttpRequest) -> HttpResponse:
    return sitemaps.sitemap(request).render()


@page
def sitemap_section(request: HttpRequest, section: str) -> HttpResponse:
    return sitemaps.sitemap_section(request, section).render()


# Who cites what, as a table: each row a mention with one of its pinpoints. Written while it is sent.

AT_ONCE = 2000
# Names in English, for programs. ``target_anchor`` is that of the held paragraph, else the paragraph as it is
# cited; ``pinpoint`` as it is cited. ``counts`` is whether the archive counts the edge as citing: certain, in
# running text, in no body's name.
HEAD = (
    "source_symbol", "source_anchor", "source_year", "target_symbol", "target_anchor", "target_held",
    "surface", "pinpoint", "certain", "counts", "relation",
)  # fmt: skip
IN_ORDER = ("paragraph__document__symbol", "paragraph__position", "start", "pk")
OF_MENTION = (
    "paragraph__document__symbol", "paragraph__anchor", "paragraph__document__year", "paragraph__kind",
    "symbol", "target__symbol", "surface", "certain", "in_body_name", "relation",
)  # fmt: skip


def edges() -> Iterator[tuple]:
    """Generates every edge, by document and paragraph. Two queries, however many there are."""
    whole = Mention.objects.filter(pinpoints=None).order_by(*IN_ORDER).values_list(*OF_MENTION)
    order, names = (tuple(f"mention__{path}" for path in paths) for paths in (IN_ORDER, OF_MENTION))
    in_order = Pinpoint.objects.order_by(*order, "position")
    parts = in_order.values_list(*names, "anchor", "target_paragraph__anchor")
    for row in chain(whole.iterator(AT_ONCE), parts.iterator(AT_ONCE)):
        symbol, anchor, year, kind, cited, held, surface, certain, in_body_name, relation, *at = row
        pinpoint, held_anchor = at or ("", "")
        target = (held or cited, held_anchor or pinpoint, held is not None)
        counts = certain and not in_body_name and kind != "heading"
        yield symbol, anchor, year, *target, surface, pinpoint, certain, counts, relation


def citation_table() -> Table:
    """Returns the edges as a table."""
    return Table("citations", HEAD, map(_row, edges()))


def _row(edge: tuple) -> list:
    return [str(value).lower() if isinstance(value, bool) else value for value in edge]


# The archive as a data set (schema.org ``Dataset``), for search engines of data sets.

TYPES = {".gz": "application/gzip", ".sqlite3": "application/vnd.sqlite3"}


def dataset(
    manifest: DumpManifest | None, coverage: reads.Figures, absolute: Callable[[str], str]
) -> dict[str, Any]:
    """Returns the dataset's description; files only with a dump. ``coverage`` is of ``reads.coverage``."""
    first, last = coverage.first, coverage.last
    changed = manifest.date if manifest and manifest.date else coverage.changed
    return {
        "@type": "Dataset",
        "@id": absolute(reverse("data")),
        "name": _("1540文献库"),
        "alternateName": "1540 Archive",
        "description": _(
            "联合国安全理事会第1540(2004)号决议的中文文件，逐段附正式编号：各段文字、历次文字和指纹，"
            "对决议、文件、机构、国家和条约的提及，以及哪一段引用了哪份文件的哪一段。"
        ),
        "url": absolute(reverse("data")),
        "inLanguage": "zh-CN",
        "isAccessibleForFree": True,
        "keywords": [
            _("第1540(2004)号决议"),
            _("不扩散"),
            _("安全理事会"),
            "UNSCR 1540",
            "non-proliferation",
        ],
        "usageInfo": absolute(reverse("data") + "#terms"),
        "creator": {"@type": "Organization", "name": _("1540文献库"), "url": absolute("/")},
        "version": manifest.revision if manifest else None,
        "dateModified": changed.isoformat() if changed else None,
        "temporalCoverage": f"{first}/{last}" if first and last else None,
        "includedInDataCatalog": {"@type": "DataCatalog", "name": _("1540文献库"), "url": absolute("/")},
        "distribution": _files(manifest, absolute),
    }


def _files(manifest: DumpManifest | None, absolute: Callable[[str], str]) -> list[dict[str, Any]]:
    files = [
        {
            "@type": "DataDownload",
            "name": file.name,
            "contentUrl": absolute(reverse("data_file", args=[file.name])),
            "encodingFormat": next(kind for end, kind in TYPES.items() if file.name.endswith(end)),
            "contentSize": str(file.bytes),
            "sha256": file.sha256,
        }
        for file in (manifest.files if manifest else ())
    ]
    citations = {
        "@type": "DataDownload",
        "name": "citations.csv",
        "contentUrl": absolute(reverse("citations_csv")),
        "encodingFormat": MEDIA["csv"],
    }
    return [*files, citations]


# What the readable page of the interface shows.


@dataclass(slots=True)
class Row:
    """A page with the addresses of its twins and their parameters."""

    words: str
    routes: list[Route] = field(default_factory=list)
    parameters: list[tuple[str, str]] = field(default_factory=list)


def whole_lists(ending: str) -> list[tuple[str, str]]:
    """Returns page and address of each list with a twin of this ``ending`` (csv, atom) that needs no name."""
    found = [route for route in machine_routes() if route.name == f"{route.page}_{ending}"]
    return [(route.page, route.path) for route in found if not route.parameters and route.page in PAGES]


def api_context(absolute: Callable[[str], str]) -> dict:
    """Returns the pages in table order, and the problems by status; ``absolute`` completes addresses."""
    rows: dict[str, Row] = {}
    for name, told in PAGES.items():
        given = [(parameter.name, str(parameter.words)) for parameter in told.parameters]
        rows[name] = Row(str(told.words), parameters=given)
    for route in machine_routes():
        if route.page in rows:
            rows[route.page].routes.append(route)
    problems = [(status, *words) for status, words in PROBLEMS.items()]
    return {
        "rows": [row for row in rows.values() if row.routes],
        "problems": problems,
        "seconds": settings.CPU_SECONDS_PER_MINUTE,
        "reading": settings.READING_SECONDS_PER_MINUTE,
        "address": absolute("/").rstrip("/"),
    }


# ``/unapi``: the entries of a list as records for reference managers (unAPI 1, unapi.info).

RECORDS = {"ris": FORMATS["ris"], "bibtex": FORMATS["bib"]}
# Of what there are files that cite it.
CITED = ("document", "paragraph", "range", "cited_words", "cited_range")


@page
def unapi(request: HttpRequest) -> HttpResponse:
    """Serves unAPI: without ``id`` all formats; with it those of one entry; with ``format`` its record."""
    identifier, wanted = request.GET.get("id", ""), request.GET.get("format", "")
    if not identifier:
        return _formats("", 200)
    # A reader may escape the identifier or not: both come out as the path.
    path = unquote(identifier).replace(" ", "+")
    if not _is_cited(path):
        return _plain(_("这不是本库给出的标识：%(id)s") % {"id": identifier[:200]}, 404)
    if not wanted:
        return _formats(identifier, 300)
    if wanted not in RECORDS:
        known = _("、").join(RECORDS)
        return _plain(
            _("没有这种格式：%(format)s。有%(known)s。") % {"format": wanted[:40], "known": known}, 406
        )
    return HttpResponseRedirect(f"{quote(path, safe=SAFE)}{RECORDS[wanted].ending}")


def _is_cited(path: str) -> bool:
    if not path.isprintable():  # no XML holds such a sign, and no address of ours
        return False
    try:
        return path.startswith("/") and resolve(path).url_name in CITED
    except Resolver404:
        return False


def _formats(identifier: str, status: int) -> HttpResponse:
    each = ((name, kind.media) for name, kind in RECORDS.items())
    rows = format_html_join("", '<format name="{}" type="{}"/>', each)
    opening = format_html('<formats id="{}">', identifier) if identifier else "<formats>"
    content = f'<?xml version="1.0" encoding="UTF-8"?>{opening}{rows}</formats>'
    return HttpResponse(content, content_type="application/xml; charset=utf-8", status=status)


def _plain(words: str, status: int) -> HttpResponse:
    return HttpResponse(words, content_type="text/plain; charset=utf-8", status=status)


# ``/oai``: OAI-PMH 2.0, by GET and POST.

SCHEMA = f"{OAI}OAI-PMH.xsd"


@csrf_exempt  # nothing is changed
@require_http_methods(["GET", "HEAD", "POST"])
def oai(request: HttpRequest) -> HttpResponse:
    """Shows the answer to a verb; errors are answers, too (200), as the protocol wants."""
    given = request.POST if request.method == "POST" else request.GET
    root = etree.Element(f"{{{OAI}}}OAI-PMH", nsmap={None: OAI, "xsi": XSI})
    root.set(LOCATION, f"{OAI} {SCHEMA}")
    add(root, "responseDate", stamp(timezone.now()))
    echoed = add(root, "request", request.build_absolute_uri("/oai"))
    try:
        arguments = check_arguments(dict(given.lists()))
        host = request.get_host().partition(":")[0]
        asked = Asked(arguments, host, request.build_absolute_uri, _email(host))
        part = etree.Element(f"{{{OAI}}}{arguments['verb']}")
        VERBS[arguments["verb"]][0](asked, part)
        root.append(part)
    except OaiError as error:
        add(root, "error", str(error), code=error.code)
        told = {} if error.code in ("badVerb", "badArgument") else arguments
    else:
        told = arguments
    for name, value in told.items():
        echoed.set(name, writable(value))
    content = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    headers = {"Cache-Control": "no-cache"}
    return HttpResponse(content, content_type="text/xml; charset=utf-8", headers=headers)


def _email(host: str) -> str:
    """Returns the e-mail address for errors; else that which every host has (RFC 2142)."""
    contact = settings.ERROR_CONTACT
    return contact.removeprefix("mailto:") if contact.startswith("mailto:") else f"postmaster@{host}"


# A range of a file (RFC 9110, section 14).

ONE_RANGE = re.compile(r"bytes=[ \t]*(?P<first>[0-9]*)-(?P<last>[0-9]*)[ \t]*", re.IGNORECASE)
DIGITS = 18  # of a number in a range; no file is larger


def asked_range(request: HttpRequest, size: int, etag: str) -> range | None:
    """Returns the requested byte range of a file of ``size``; None for the whole file, empty where it lies
    outside (416).

    The whole file also answers a request for no single range of bytes, and for a range of a file with another
    ``etag`` (If-Range): a download that broke off goes on only where the file is the same.
    """
    match = ONE_RANGE.fullmatch(request.headers.get("Range", "")) if request.method == "GET" else None
    if match is None or request.headers.get("If-Range", etag).strip() != etag:
        return None
    first, last = match["first"], match["last"]
    if not first and not last or max(len(first), len(last)) > DIGITS:
        return None
    if not first:
        return range(max(size - int(last), 0), size)
    if last and int(last) < int(first):
        return None
    return range(int(first), min(int(last) + 1, size) if last else size)
