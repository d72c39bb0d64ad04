"""The tables of the archive, each defined once for bundle, restore and dump.

Columns, and what names a row, come from the models: a new field goes out by itself. A model is listed here or
among ``LEFT_OUT``. Rows refer only to tables above them, or to their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import EllipsisType
from typing import Any

from django.db import models
from django.db.models import F, Value
from django.db.models.functions import RowNumber

from archive import models as m


@dataclass(frozen=True, eq=False)
class Table:
    """``named_by`` are the columns that name a row, where the model has no rule of it; ``order`` those that
    sort rows for reading, equal ones as they came in. A column that refers to another row counts as the name,
    or order, of that row; a ``digested`` one as the SHA-256 of its text, or "" where it is empty.

    The rest is for the SQLite file of the dump. A table with a reason in ``private`` is not in it, nor are
    columns that are ``hidden``: they serve our own work. ``dumped_as`` is its name there, ``renamed`` those
    of columns, ``layout`` their order where it is not the model's (... are all others), ``dump_key`` what
    names a row there. References that are ``inside`` stay in one document. ``computed`` columns are not as
    they are stored, or of ``shown`` rows alone.
    """

    name: str
    model: type[models.Model]
    named_by: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    digested: tuple[str, ...] = ()
    private: str = ""
    hidden: tuple[str, ...] = ()
    dumped_as: str = ""
    renamed: Mapping[str, str] = field(default_factory=dict)
    layout: tuple[str | EllipsisType, ...] = ()
    dump_key: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    computed: Mapping[str, models.Expression | F] = field(default_factory=dict)
    shown: Callable[[], models.QuerySet] | None = None

    @cached_property
    def columns(self) -> list[models.Field[Any, Any]]:
        """All columns but the number of the row and the bytes of a source, which become a file."""
        return [
            column
            for column in self.model._meta.concrete_fields
            if not column.primary_key and not isinstance(column, models.BinaryField)
        ]

    @cached_property
    def key(self) -> tuple[str, ...]:
        """The columns that name a row: told, or the first that the database keeps different in all rows."""
        unique: list[tuple[str, ...]] = [(column.name,) for column in self.columns if column.unique]
        unique += [
            tuple(rule.fields)
            for rule in self.model._meta.constraints
            if isinstance(rule, models.UniqueConstraint) and rule.condition is None
        ]
        return self.named_by or unique[0]

    @property
    def rows(self) -> models.QuerySet:
        return self.model._default_manager.all()

    @property
    def path(self) -> str:
        """The file of a bundle."""
        return f"data/{self.name}.jsonl"


OF_PARAGRAPH = ("symbol", "language", "anchor")
AS_CITED = {"anchor": "cited_anchor", "target_paragraph": "held_anchor"}

REFERENCES = (
    Table(
        "bodies", m.Body, layout=("slug", ..., "parent"),
        hidden=("aliases", "contextual_aliases", "traditional"),
    ),
    Table("states", m.State, hidden=("aliases",)),
    Table("resolutions", m.Resolution, order=("number", "symbol")),
    Table("document_series", m.DocumentSeries, private="rules of symbols, no data"),
    Table("treaties", m.Treaty),
    Table("themes", m.Theme, order=("position", "slug")),
    Table("thesaurus", m.ThesaurusConcept),
)  # fmt: skip
HOLDINGS = (
    Table(
        "source_files", m.SourceFile, ("name", "sha256", "sidecar"), digested=("sidecar",),
        private="the files themselves are in the bundle",
        renamed={"name": "source", "sha256": "source_sha256"}, dump_key=("source", "source_sha256"),
    ),
    Table(
        "documents", m.Document, layout=(..., "state", "body", "source", "revision"),
        hidden=(
            "sort_date", "distribution", "organ_body", "input_hash", "content_hash", "parsed_facts",
            "corrections", "ocr_confidence", "doubts", "imported", "changed", "counted",
        ),
        computed={"revision": F("revision")}, shown=m.Document.objects.with_revision,
    ),
    Table(
        "second_originals", m.SecondOriginal, layout=("document", ..., "source"),
        dump_key=("symbol", "language", "source_sha256", "source"), shown=m.SecondOriginal.objects.offered,
    ),
    Table("symbol_aliases", m.SymbolAlias, dumped_as="aliases", renamed={"symbol": "alias"}),
    Table("dropped_lines", m.DroppedLine, ("document", "line"), private="in the lines of the documents"),
    Table(
        "paragraphs", m.Paragraph, order=("document", "position"), layout=("document", "anchor", ...),
        hidden=("notes", "first_line", "last_line", "submitter_original_language", "submitter_date"),
        inside=("parent",),
    ),
    Table("mentions", m.Mention, renamed={"symbol": "cited"}, hidden=("target", "target_paragraph")),
    Table("pinpoints", m.Pinpoint, order=("mention", "position", "anchor"), renamed=AS_CITED),
    Table("body_mentions", m.BodyMention),
    Table("treaty_mentions", m.TreatyMention),
    Table("own_references", m.OwnReference, renamed=AS_CITED, inside=("target_paragraph",)),
    Table("theme_mentions", m.ThemeMention),
    Table("state_mentions", m.StateMention, ("paragraph", "start", "state")),
)  # fmt: skip
HISTORY = (
    Table(
        "issued_texts", m.IssuedText, (*OF_PARAGRAPH, "since", "since_revision"),
        order=("since_revision", "since", "symbol", "language"),
        layout=(*OF_PARAGRAPH, "number", ...), dump_key=(*OF_PARAGRAPH, "number"),
        computed={
            "number": models.Window(
                RowNumber(), partition_by=[*map(F, OF_PARAGRAPH)], order_by=["since_revision", "pk"]
            ),
            # Words that law forbids to show are in no copy.
            "text": models.Case(
                models.When(withheld=True, then=Value("")), default=F("text"), output_field=models.TextField()
            ),
        },
    ),
    Table("moved_anchors", m.MovedAnchor),
    Table(
        "retired_documents", m.RetiredDocument, ("symbol", "language", "at", "at_revision"),
        layout=("symbol", "language", "at", "at_revision", "ending", "successor", "reason", ...),
        hidden=("facts",),
    ),
    Table("short_links", m.ShortLink),
    Table("import_runs", m.ImportRun, ("started",), private="how the site was run"),
    Table("import_outcomes", m.ImportOutcome, ("run", "file_name"), ("run",), private="of these runs"),
    Table("catalogue_records", m.CatalogueRecord, private="the library's words of documents not held"),
    Table("fetch_attempts", m.FetchAttempt, private="how files were got; the last stands in /wanted.json"),
)  # fmt: skip
TABLES = (*REFERENCES, *HOLDINGS, *HISTORY)
BY_MODEL: dict[Any, Table] = {table.model: table for table in TABLES}
# Models that are in no bundle and no dump, and why.
LEFT_OUT: dict[type[models.Model], str] = {
    m.Revision: "the number of changes in this database, not what was changed",
    m.DocumentRevision: "the same, of each document",
    m.SearchIndex: "which index answers, not what is in it",
    m.ShippedRecord: "what the program brought of the tables, not what they are",
    m.IntakeBatch: "files that nobody has published",
    m.IntakeItem: "the same",
}
