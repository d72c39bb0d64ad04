"""The tables of the SQLite file: columns, and the rows of the archive that fill them, in a fixed order."""

from __future__ import annotations

from archive.models import (
    Body,
    BodyMention,
    Document,
    Mention,
    Paragraph,
    Pinpoint,
    Resolution,
    SecondOriginal,
    State,
    SymbolAlias,
)

from . import history, namings
from .table import IN_ORDER, DumpTable, of_document, of_paragraph, same


def tables() -> list[DumpTable]:
    """All tables, those first that others name."""
    return [
        DumpTable(
            "states",
            same("alpha3", "alpha2", "name", "official_name", "english"),
            State.objects.order_by("alpha3"),
            ("alpha3",),
        ),
        DumpTable(
            "bodies",
            same("slug", "name", "english", "acronym", "provisional", "unconfirmed")
            | {"parent": "parent__slug"},
            Body.objects.order_by("slug"),
            ("slug",),
        ),
        DumpTable(
            "resolutions",
            same("symbol", "number", "year", "adopted", "meeting", "summary", "family"),
            Resolution.objects.order_by("symbol"),
            ("symbol",),
        ),
        DumpTable(
            "documents",
            same(
                "symbol", "language", "title", "document_type", "organ", "date", "communication_date",
                "meeting_date", "year", "original_language", "job_number", "session", "agenda_item",
                "meeting", "place", "chair", "sender", "addressee", "provenance", "parser_version",
            ) | {"state": "state__alpha3", "body": "body__slug", "source": "source__name",
                 "source_sha256": "source__sha256", "revision": "revision"},
            Document.objects.with_revision().order_by("symbol", "language"),
            ("symbol", "language"),
        ),
        DumpTable(
            "second_originals",
            of_document("document__")
            | {"format": "format", "source": "source__name", "source_sha256": "source__sha256"},
            SecondOriginal.objects.offered().order_by(
                "document__symbol", "document__language", "source__sha256", "source__name", "pk"
            ),
            ("symbol", "language", "source_sha256", "source"),
        ),
        DumpTable(
            "aliases",
            {"alias": "symbol", "symbol": "document__symbol", "language": "document__language"},
            SymbolAlias.objects.order_by("symbol"),
            ("alias",),
        ),
        DumpTable(
            "paragraphs",
            of_document("document__")
            | same("anchor", "position", "kind", "number")
            | {"parent": "parent__anchor"}
            | same(
                "part", "role", "level", "text", "fingerprint", "speaker_name", "speaker_honorific",
                "speaker_delegation", "speaker_status", "speaker_capacity", "turn", "submitter_name",
                "transmitted", "ocr_confidence",
            )
            | {"state": "state__alpha3", "body": "body__slug"},
            Paragraph.objects.order_by("document__symbol", "document__language", "position"),
            ("symbol", "language", "anchor"),
            {("symbol", "language", "parent"): "paragraphs"},
        ),
        DumpTable(
            "mentions",
            of_paragraph("paragraph__")
            | {"start": "start", "end": "end", "surface": "surface", "cited": "symbol"}
            | same("pinpoint", "certain", "in_body_name", "relation", "relation_start", "relation_end"),
            Mention.objects.order_by(*IN_ORDER, "symbol"),
            ("symbol", "language", "anchor", "start", "end", "cited"),
        ),
        DumpTable(
            "pinpoints",
            of_paragraph("mention__paragraph__")
            | {"start": "mention__start", "end": "mention__end", "cited": "mention__symbol"}
            | {"position": "position", "cited_anchor": "anchor", "held_anchor": "target_paragraph__anchor"},
            Pinpoint.objects.order_by(
                *(f"mention__{field}" for field in IN_ORDER), "mention__symbol", "position", "anchor"
            ),
            ("symbol", "language", "anchor", "start", "end", "cited", "cited_anchor"),
        ),
        DumpTable(
            "body_mentions",
            of_paragraph("paragraph__") | same("start", "end", "surface", "form") | {"body": "body__slug"},
            BodyMention.objects.order_by(*IN_ORDER),
            ("symbol", "language", "anchor", "start", "end"),
        ),
        *namings.tables(),
        *history.tables(),
    ]  # fmt: skip
