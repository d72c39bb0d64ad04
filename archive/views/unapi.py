"""``/unapi``: the entries of a list as records for reference managers (unAPI 1, unapi.info).

A list carries the path of each entry as its identifier; Zotero asks for each in the format that it knows,
and is led to the file that cites it. Pages of one thing carry none: their tags say more.
"""

from __future__ import annotations

from urllib.parse import quote, unquote

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from lxml import etree

from archive.citations import FILES
from archive.http.addresses import SAFE
from archive.opendata.feeds import writable
from archive.opendata.oai import LOCATION, OAI, VERBS, XSI, Asked, OaiError, add, check_arguments, stamp

from .page import page

FORMATS = {"ris": FILES["ris"], "bibtex": FILES["bib"]}
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
    if wanted not in FORMATS:
        known = _("、").join(FORMATS)
        return _plain(
            _("没有这种格式：%(format)s。有%(known)s。") % {"format": wanted[:40], "known": known}, 406
        )
    return HttpResponseRedirect(f"{quote(path, safe=SAFE)}.{FORMATS[wanted].ending}")


def _is_cited(path: str) -> bool:
    if not path.isprintable():  # no XML holds such a sign, and no address of ours
        return False
    try:
        return path.startswith("/") and resolve(path).url_name in CITED
    except Resolver404:
        return False


def _formats(identifier: str, status: int) -> HttpResponse:
    each = ((name, kind.media_type) for name, kind in FORMATS.items())
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
