"""What machines ask for that is no twin of a page: the dump, citations, cards, maps."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from archive.citations.harvest import in_script
from archive.http.byte_ranges import Pieces, asked_range
from archive.opendata import citation_table, sitemaps
from archive.opendata.api import describe
from archive.opendata.api.operations import PAGES
from archive.opendata.api.page import context as api_context
from archive.opendata.api.page import whole_lists
from archive.opendata.dataset import TYPES, dataset
from archive.opendata.dump import DUMPED, columns, is_clean, name_of, offered, open_file, read_manifest
from archive.opendata.tables import table_response
from archive.reading import queries as reads
from archive.schemas import answers, site

from .page import page
from .respond import respond

# Lists of what is asked; and what has a section of its own on the page.
NO_LISTS = ("search", "concordance", "collocates", "phrase_years", "citations")


@answers(site.OpenData)
@page
def data(request: HttpRequest, twin: bool = False) -> HttpResponseBase:
    """What can be taken away as a whole."""
    lying = read_manifest(offered())
    manifest = lying if lying and is_clean(lying) else None
    files = manifest.files if manifest else ()
    lists = {name: path for name, path in whole_lists("csv") if name not in NO_LISTS}
    citations = {kind: reverse(f"citations_{kind}") for kind in ("csv", "xlsx")}
    facts = site.OpenData(
        dump=manifest,
        files={file.name: reverse("data_file", args=[file.name]) for file in files},
        citations=site.CitationTables(**citations),
        lists=lists,
        feeds=dict(whole_lists("atom")),
        description=reverse("openapi"),
        sitemap=reverse("sitemap"),
    )
    coverage = reads.coverage()
    changed = coverage["changed"]
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
    """The interface described: for people, and as OpenAPI for programs."""
    return respond(
        request, "archive/api.html", {} if twin else api_context(request.build_absolute_uri), describe, twin
    )


@partial(page, own_mark=True)
def data_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """A file of the dump, byte for byte, or a range of it. Only what the manifest names; 503 while it was not
    made anew since other words are withheld.

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
    return table_response(citation_table.table(), twin)


@page
def sitemap(request: HttpRequest) -> HttpResponse:
    return sitemaps.sitemap(request).render()


@page
def sitemap_section(request: HttpRequest, section: str) -> HttpResponse:
    return sitemaps.sitemap_section(request, section).render()
