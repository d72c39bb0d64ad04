"""The linker: a script that other sites embed, and the page that tells how."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .page import page

FILE = settings.BASE_DIR / "static" / "js" / "linker.js"
KEPT = 86_400  # seconds for which browsers ask no second time


@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """Returns the script at an address that stays, whatever its file is called after a change."""
    response = HttpResponse(FILE.read_bytes(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={KEPT}"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@page
def linker(request: HttpRequest) -> HttpResponseBase:
    """Shows how to embed the script, what it sends, and a form to try it."""
    return render(request, "archive/linker.html", {"site": request.build_absolute_uri("/").rstrip("/")})
