"""The dump: its page, and its files whole or in ranges of bytes (RFC 9110)."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

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
from archive.site.citations.page_metadata import in_script
from archive.site.http.formats import MEDIA
from archive.site.opendata.operations import PAGES
from archive.site.opendata.tables import Pieces
from archive.site.views.api_description import whole_lists
from archive.store.reading import queries as reads
from archive.store.values import Schema, answers

from .page import page
from .respond import plain_text, respond


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
        return plain_text(refusal, 503)
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
