"""A paragraph that was public once and is no more: 410, with its words and the reason."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse

from archive import reads
from archive.addresses import document_path, paragraph_path
from archive.models import Document, IssuedText, Paragraph
from archive.permalinks import Fate
from archive.presenters.reading import Reader
from archive.presenters.wording import cited_paragraph_name

from .respond import respond


def withdrawn(
    request: HttpRequest,
    symbol: str,
    held: Document | None,
    issued: IssuedText,
    twin: bool,
    candidates: Sequence[Paragraph] = (),
) -> HttpResponse:
    """410. ``candidates`` are the several places where the same words came to stand when this one ended."""
    context = {
        "symbol": symbol,
        "held": held,
        "issued": issued,
        "name": cited_paragraph_name(issued.anchor),
        "address": document_path(symbol),
        "candidates": named(held, candidates) if held else [],
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
        "same_words_at": [paragraph_path(symbol, other.anchor) for other in candidates],
    }
    return respond(request, "archive/withdrawn.html", context, facts, twin, 410)


def named(held: Document, paragraphs: Sequence[Paragraph]) -> list[tuple[str, str]]:
    """(address, name) of each paragraph."""
    if not paragraphs:
        return []
    reader = Reader(held, [], [*paragraphs, *reads.ancestors(paragraphs)], on_page=False)
    return [(paragraph_path(held.symbol, other.anchor), reader.name_of(other)) for other in paragraphs]
