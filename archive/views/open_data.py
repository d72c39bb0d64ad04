"""What machines ask for that is no twin of a page: Akoma Ntoso."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from archive.addresses import document_path
from archive.opendata.akn import akoma_ntoso

from .document import held_or_404
from .page import page
from .respond import moved


@page
def document_akn(request: HttpRequest, symbol: str) -> HttpResponse:
    """A held document as Akoma Ntoso."""
    held = held_or_404(symbol)
    if held.symbol != symbol:
        return moved(request, f"{document_path(held.symbol)}.akn.xml")
    blocks = list(held.paragraphs.order_by("position").with_mentions())
    content = akoma_ntoso(held, blocks, request.build_absolute_uri)
    return HttpResponse(content, content_type="application/akn+xml; charset=utf-8")
