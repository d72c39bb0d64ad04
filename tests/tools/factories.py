"""Small documents for tests, as the core would hand them over."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from archive.intake.importing import parse_source
from archive.models import Document
from archive.store.ingest.store import store_document
from archive.store.ingest.values import Outcome, Source
from archive.text.parsed import Doubt, Facts, Kind, ParsedBody, ParsedDocument, ParsedMention, ParsedParagraph

COMMITTEE = "安全理事会第1540(2004)号决议所设委员会"


def block(anchor: str, text: str, **fields: Any) -> ParsedParagraph:
    """A paragraph; its number is the last label of its anchor where that is a number."""
    label = anchor.rpartition(".")[2]
    fields.setdefault("number", label if label.isdecimal() else None)
    return ParsedParagraph(anchor=anchor, kind=fields.pop("kind", Kind.PARAGRAPH), text=text, **fields)


def parsed(
    symbol: str | None,
    *blocks: ParsedParagraph | tuple[str, str],
    mentions: Iterable[tuple] = (),
    bodies: Iterable[tuple[str, str, str]] = (),
    doubts: Iterable[tuple[str, str]] = (),
    **facts: Any,
) -> ParsedDocument:
    """A parsed document from ``(anchor, text)`` pairs or paragraphs.

    Mentions are ``(anchor, surface, symbol[, pinpoint[, certain]])``, bodies ``(anchor, surface, body)``;
    each stands where its surface first occurs in the text. Doubts are ``(message, anchor)``.
    """
    rows = tuple(row if isinstance(row, ParsedParagraph) else block(*row) for row in blocks)
    texts = {row.anchor: row.text for row in rows}

    def span(anchor: str, surface: str) -> tuple[str, int, int, str]:
        start = texts[anchor].index(surface)
        return anchor, start, start + len(surface), surface

    return ParsedDocument(
        facts=Facts(symbol=symbol, **facts),
        paragraphs=rows,
        mentions=tuple(ParsedMention(*span(*row[:2]), *row[2:]) for row in mentions),
        bodies=tuple(ParsedBody(*span(*row[:2]), row[2]) for row in bodies),
        doubts=tuple(Doubt(message, None, anchor) for message, anchor in doubts),
    )


def source(name: str = "x.txt", content: str = "", sidecar: str = "") -> Source:
    return Source(name, content.encode("utf-8"), sidecar)


def store(
    document: ParsedDocument, name: str | None = None, content: str | None = None, **options: Any
) -> Outcome:
    """Store a parsed document as if it had been read from a file of its own."""
    words = "\n".join(row.text for row in document.paragraphs) if content is None else content
    name = name or f"{(document.facts.symbol or 'none').replace('/', '_')}.txt"
    return store_document(document, source(name, words), **options)


def stored(document: ParsedDocument, **options: Any) -> Document:
    """Store a parsed document and give its row."""
    return Document.objects.get(pk=store(document, **options).document)


def taken_in(given: Source) -> Document:
    """Parse a source, store what it says, and give its row."""
    return Document.objects.get(pk=store_document(parse_source(given), given).document)
