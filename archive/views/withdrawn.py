"""A paragraph that was public once and is no more: 410, with its words and the reason."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from archive.addresses import document_path
from archive.models import Document, IssuedText
from archive.permalinks import Fate
from archive.presenters.wording import cited_paragraph_name

from .respond import respond


def withdrawn(
    request: HttpRequest, symbol: str, held: Document | None, issued: IssuedText, twin: bool
) -> HttpResponse:
    context = {
        "symbol": symbol,
        "held": held,
        "issued": issued,
        "name": cited_paragraph_name(issued.anchor),
        "address": document_path(symbol),
    }
    facts = {
        "symbol": symbol,
        "anchor": issued.anchor,
        "fingerprint": issued.fingerprint,
        "fate": Fate.WITHDRAWN,
        "text": issued.text,
        "since": issued.since,
        "until": issued.until,
        "reason": issued.reason or None,
    }
    return respond(request, "archive/withdrawn.html", context, facts, twin, 410)
