"""The tables of the SQLite file: columns, and the rows of the archive that fill them, in a fixed order.

Rows name each other as documents do, by symbol and anchor, not by the archive's internal keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import F, QuerySet

from archive.models import (
    Body,
    BodyMention,
    Document,
    Mention,
    Paragraph,
    Pinpoint,
    Resolution,
    State,
    SymbolAlias,
)

IN_ORDER = (
    "paragraph__document__symbol",
    "paragraph__document__language",
    "paragraph__position",
    "start",
    "end",
)


@dataclass(frozen=True, slots=True)
class DumpTable:
    """``columns``: name → the field it comes from. ``key`` are the columns that tell rows apart."""

    name: str
    columns: Mapping[str, str]
    rows: QuerySet
    key: tuple[str, ...]

    def values(self) -> QuerySet:
        """Rows of values in the order of ``columns``."""
        return self.rows.values_list(*(F(field) for field in self.columns.values()))


def tables() -> list[DumpTable]:
    """All tables, those first that others name."""
    return [
        DumpTable(
            "states",
            _same("alpha3", "alpha2", "name", "official_name", "english"),
            State.objects.order_by("alpha3"),
            ("alpha3",),
        ),
        DumpTable(
            "bodies",
            _same("slug", "name", "english", "acronym", "provisional") | {"parent": "parent__slug"},
            Body.objects.order_by("slug"),
            ("slug",),
        ),
        DumpTable(
            "resolutions",
            _same("symbol", "number", "year", "adopted", "meeting", "summary", "family"),
            Resolution.objects.order_by("symbol"),
            ("symbol",),
        ),
        DumpTable(
            "documents",
            _same(
                "symbol", "language", "title", "document_type", "organ", "date", "communication_date",
                "meeting_date", "year", "original_language", "job_number", "session", "agenda_item",
                "meeting", "place", "chair", "sender", "addressee", "provenance", "parser_version",
            ) | {"state": "state__alpha3", "body": "body__slug", "source": "source__name",
                 "source_sha256": "source__sha256"},
            Document.objects.order_by("symbol", "language"),
            ("symbol", "language"),
        ),
        DumpTable(
            "aliases",
            {"alias": "symbol", "symbol": "document__symbol", "language": "document__language"},
            SymbolAlias.objects.order_by("symbol"),
            ("alias",),
        ),
        DumpTable(
            "paragraphs",
            _of_document("document__")
            | _same("anchor", "position", "kind", "number")
            | {"parent": "parent__anchor"}
            | _same(
                "part", "role", "level", "text", "fingerprint", "speaker_name", "speaker_honorific",
                "speaker_delegation", "speaker_status", "speaker_capacity", "turn", "submitter_name",
                "transmitted",
            )
            | {"state": "state__alpha3", "body": "body__slug"},
            Paragraph.objects.order_by("document__symbol", "document__language", "position"),
            ("symbol", "language", "anchor"),
        ),
        DumpTable(
            "mentions",
            _of_paragraph("paragraph__")
            | {"start": "start", "end": "end", "surface": "surface", "cited": "symbol"}
            | _same("pinpoint", "certain", "in_body_name", "relation", "relation_start", "relation_end"),
            Mention.objects.order_by(*IN_ORDER, "symbol"),
            ("symbol", "language", "anchor", "start", "end", "cited"),
        ),
        DumpTable(
            "pinpoints",
            _of_paragraph("mention__paragraph__")
            | {"start": "mention__start", "end": "mention__end", "cited": "mention__symbol"}
            | {"position": "position", "cited_anchor": "anchor", "held_anchor": "target_paragraph__anchor"},
            Pinpoint.objects.order_by(
                *(f"mention__{field}" for field in IN_ORDER), "mention__symbol", "position", "anchor"
            ),
            ("symbol", "language", "anchor", "start", "end", "cited", "cited_anchor"),
        ),
        DumpTable(
            "body_mentions",
            _of_paragraph("paragraph__") | _same("start", "end", "surface", "form") | {"body": "body__slug"},
            BodyMention.objects.order_by(*IN_ORDER),
            ("symbol", "language", "anchor", "start", "end"),
        ),
    ]  # fmt: skip


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


def _of_document(path: str) -> dict[str, str]:
    return {"symbol": f"{path}symbol", "language": f"{path}language"}


def _of_paragraph(path: str) -> dict[str, str]:
    return {**_of_document(f"{path}document__"), "anchor": f"{path}anchor"}
