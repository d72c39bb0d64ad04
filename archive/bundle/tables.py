"""Which tables a bundle holds, by what their rows are named and in which order they are written.

Columns are taken from the models, so that none is forgotten; a table that is not listed here is an error of
the tests. Rows refer only to tables above them, or to their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.db import models

from archive.models import (
    Body,
    BodyMention,
    CatalogueRecord,
    Document,
    DocumentSeries,
    DroppedLine,
    FetchAttempt,
    ImportOutcome,
    ImportRun,
    IssuedText,
    Mention,
    MovedAnchor,
    OwnReference,
    Paragraph,
    Pinpoint,
    Resolution,
    RetiredDocument,
    SecondOriginal,
    ShortLink,
    SourceFile,
    State,
    StateMention,
    SymbolAlias,
    Theme,
    ThemeMention,
    ThesaurusConcept,
    Treaty,
    TreatyMention,
)


@dataclass(frozen=True)
class Table:
    """``key`` names a row; ``order`` sorts rows for reading, equal ones as they came in.

    Both are names of columns. A column that refers to another row counts as the key, or order, of that row;
    a ``digested`` one as the SHA-256 of its text, or "" where it is empty.
    """

    name: str
    model: type[models.Model]
    key: tuple[str, ...]
    order: tuple[str, ...] = ()
    digested: tuple[str, ...] = ()

    @cached_property
    def columns(self) -> list[models.Field]:
        """All columns but the number of the row and the bytes of a source, which become a file."""
        return [
            field
            for field in self.model._meta.concrete_fields
            if not field.primary_key and not isinstance(field, models.BinaryField)
        ]

    @property
    def rows(self) -> models.QuerySet:
        return self.model._default_manager.all()

    @property
    def path(self) -> str:
        return f"data/{self.name}.jsonl"


REFERENCES = (
    Table("bodies", Body, ("name",)),
    Table("states", State, ("alpha3",)),
    Table("resolutions", Resolution, ("symbol",), ("number", "symbol")),
    Table("document_series", DocumentSeries, ("prefix",)),
    Table("treaties", Treaty, ("slug",)),
    Table("themes", Theme, ("slug",), ("position", "slug")),
    Table("thesaurus", ThesaurusConcept, ("slug",)),
)
HOLDINGS = (
    Table("source_files", SourceFile, ("name", "sha256", "sidecar"), digested=("sidecar",)),
    Table("documents", Document, ("symbol", "language")),
    Table("second_originals", SecondOriginal, ("document", "source")),
    Table("symbol_aliases", SymbolAlias, ("symbol",)),
    Table("dropped_lines", DroppedLine, ("document", "line"), ("document", "line")),
    Table("paragraphs", Paragraph, ("document", "anchor"), ("document", "position")),
    Table(
        "mentions",
        Mention,
        ("paragraph", "start", "end", "symbol"),
        ("paragraph", "start", "end", "symbol"),
    ),
    Table("pinpoints", Pinpoint, ("mention", "anchor"), ("mention", "position", "anchor")),
    Table("body_mentions", BodyMention, ("paragraph", "start", "end")),
    Table("treaty_mentions", TreatyMention, ("paragraph", "start")),
    Table("own_references", OwnReference, ("paragraph", "start", "anchor")),
    Table("theme_mentions", ThemeMention, ("paragraph", "start", "theme")),
    Table("state_mentions", StateMention, ("paragraph", "start")),
)
HISTORY = (
    Table(
        "issued_texts",
        IssuedText,
        ("symbol", "language", "anchor", "since", "since_revision"),
        ("since_revision", "since", "symbol", "language"),
    ),
    Table("moved_anchors", MovedAnchor, ("symbol", "language", "old_anchor")),
    Table("retired_documents", RetiredDocument, ("symbol", "language", "at", "at_revision")),
    Table("short_links", ShortLink, ("code",)),
    Table("import_runs", ImportRun, ("started",)),
    Table("import_outcomes", ImportOutcome, ("run", "file_name"), ("run",)),
    Table("catalogue_records", CatalogueRecord, ("symbol",)),
    Table("fetch_attempts", FetchAttempt, ("run", "symbol", "language")),
)
TABLES = (*REFERENCES, *HOLDINGS, *HISTORY)
BY_NAME = {table.name: table for table in TABLES}
