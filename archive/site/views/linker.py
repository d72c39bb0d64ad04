"""The linker: a script that other sites embed, and the page that tells how."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from archive.store.values import Schema, answers

from .page import page
from .respond import respond

FILE = settings.BASE_DIR / "static" / "js" / "linker.js"
KEPT = 86_400  # seconds for which browsers ask no second time


@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """Returns the script at an address that stays, whatever its file is called after a change."""
    response = HttpResponse(FILE.read_bytes(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={KEPT}"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


class Linker(Schema, frozen=True, kw_only=True):
    """What another page needs to embed the linker: the script, and where it asks for paragraphs."""

    script: str
    connects_to: str


@answers(Linker)
@page
def linker(request: HttpRequest, twin: bool = False) -> HttpResponseBase:
    """Shows how to embed the script, what it sends, and a form to try it."""
    site = request.build_absolute_uri("/").rstrip("/")
    script_address = request.build_absolute_uri(reverse("linker_script"))
    value = Linker(script=script_address, connects_to=site)
    return respond(request, "archive/linker.html", {"site": site}, value, twin)
