"""The tables of what was: every text that was ever public, where it moved, and what is held no more."""

from __future__ import annotations

from django.db.models import Case, F, TextField, Value, When, Window
from django.db.models.functions import RowNumber

from archive.models import IssuedText, MovedAnchor, RetiredDocument, ShortLink

from .table import DumpTable, same


def tables() -> list[DumpTable]:
    """Words that the law forbids to show are in none of them."""
    under_anchor = [F("symbol"), F("language"), F("anchor")]
    numbered = Window(RowNumber(), partition_by=under_anchor, order_by=["since_revision", "pk"])
    shown = Case(When(withheld=True, then=Value("")), default=F("text"), output_field=TextField())
    return [
        DumpTable(
            "issued_texts",
            same("symbol", "language", "anchor")
            | {"number": "number", "fingerprint": "fingerprint", "text": "shown"}
            | same(
                "since", "since_revision", "since_cause", "since_reason", "since_by",
                "until", "until_revision", "ending", "cause", "reason", "by", "withheld",
            ),
            IssuedText.objects.annotate(number=numbered, shown=shown).order_by(
                *under_anchor, "since_revision", "pk"
            ),
            ("symbol", "language", "anchor", "number"),
        ),
        DumpTable(
            "moved_anchors",
            same(
                "symbol", "language", "old_anchor", "new_symbol", "new_anchor", "moved", "revision", "cause",
                "reason",
            ),
            MovedAnchor.objects.order_by("symbol", "language", "old_anchor"),
            ("symbol", "language", "old_anchor"),
        ),
        DumpTable(
            "retired_documents",
            same(
                "symbol", "language", "at", "at_revision", "ending", "successor", "reason", "by", "withheld",
                "lifted", "lifted_revision",
            ),
            RetiredDocument.objects.order_by("symbol", "language", "at_revision", "pk"),
            ("symbol", "language", "at", "at_revision"),
        ),
        DumpTable(
            "short_links",
            same("code", "symbol", "language", "anchor", "fingerprint"),
            ShortLink.objects.order_by("code"),
            ("code",),
        ),
    ]  # fmt: skip
