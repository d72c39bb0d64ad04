"""unAPI: the record of what a page shows, for reference managers."""

from __future__ import annotations

from urllib.parse import quote, unquote

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from archive.site.http.formats import FORMATS
from archive.store.addresses.paths import SAFE

from .page import page
from .respond import plain_text

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
        return plain_text(_("这不是本库给出的标识：%(id)s") % {"id": identifier[:200]}, 404)
    if not wanted:
        return _formats(identifier, 300)
    if wanted not in RECORDS:
        known = _("、").join(RECORDS)
        return plain_text(
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
