"""Short codes from print: ``/c/7k3m9x2q``, and the QR code that holds that address."""

from __future__ import annotations

from io import BytesIO

import segno
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from archive import shortlinks
from archive.http.addresses import paragraph_path, short_path
from archive.schemas import answers, site

from .page import page
from .respond import json_response, respond


@answers(site.ShortLink)
@page
def short(request: HttpRequest, typed: str, twin: bool = False) -> HttpResponseBase:
    """To the address with fingerprint that a code stands for; a page of its own where it stands for none.

    302, not 301: a browser keeps a 301 for good without asking again, and what is printed on paper is to be
    asked for at this address for ever, wherever the archive's own addresses may have moved by then.
    """
    code = shortlinks.read(typed)
    link = shortlinks.find(code) if code else None
    if link is None:
        context = {"typed": typed[:40], "code": code, "length": shortlinks.LENGTH}
        facts = {"error": _("本库没有发出过这个短码。"), "typed": typed[:40], "code": code}
        return respond(request, "archive/short_unknown.html", context, facts, twin, 404)
    path = paragraph_path(link.symbol, link.anchor, link.fingerprint)
    if twin:
        told = {name: getattr(link, name) for name in ("code", *shortlinks.CitedText._fields)}
        return json_response(site.ShortLink(**told, url=short_path(link.code), permalink=path))
    return HttpResponseRedirect(path)


@page
def qr(request: HttpRequest, typed: str) -> HttpResponse:
    """The QR code of a short link as SVG: attributes only, no style and no script. Error correction M."""
    code = shortlinks.read(typed)
    if code is None or shortlinks.find(code) is None:
        raise Http404(_("本库没有发出过这个短码。"))
    drawn = BytesIO()
    made = segno.make(request.build_absolute_uri(short_path(code)), error="m", micro=False)
    made.save(
        drawn, kind="svg", xmldecl=False, svgclass=None, lineclass=None, omitsize=True, border=2, light="#fff"
    )
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml")
