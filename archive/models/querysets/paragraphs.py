"""Reading paragraphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import OuterRef, Prefetch, Q

from .counting import count_of, rows_of

if TYPE_CHECKING:
    from ..documents import Document
    from ..paragraphs import Paragraph


class ParagraphQuerySet(models.QuerySet):
    def in_reading_order(self) -> ParagraphQuerySet:
        """Documents by symbol, the paragraphs of each as they stand in it."""
        return self.order_by("document__symbol", "document", "position")

    def citing(self, symbol: str, paragraph: str | None = None) -> ParagraphQuerySet:
        """Paragraphs that cite ``symbol``; with ``paragraph`` (an anchor), that paragraph of it.

        Not those that name it only as part of a body's name, nor headings: see ``only_naming``.
        """
        mentions = rows_of("Mention").citing().of(symbol)
        if paragraph is not None:
            mentions = mentions.at_paragraph(paragraph)
        return self.filter(pk__in=mentions.values("paragraph"))

    def only_naming(self, symbol: str, headings: bool = False) -> ParagraphQuerySet:
        """Paragraphs that name ``symbol`` only inside a body's name; or the ``headings`` that name it."""
        mentions = rows_of("Mention").certain().of(symbol)
        naming = self.filter(pk__in=mentions.values("paragraph"))
        if headings:
            return naming.filter(kind="heading")
        return naming.exclude(kind="heading").exclude(pk__in=rows_of("Paragraph").citing(symbol).values("pk"))

    def mentioning(self, body: models.Model) -> ParagraphQuerySet:
        """Paragraphs that name ``body``."""
        return self.filter(pk__in=rows_of("BodyMention").filter(body=body).values("paragraph"))

    def of_state(self, alpha3: str) -> ParagraphQuerySet:
        """Paragraphs in which a State speaks or replies."""
        return self.filter(state__alpha3=alpha3)

    def with_mentions(self) -> ParagraphQuerySet:
        """With the rows that linking a paragraph's text needs, in three further queries."""
        mentions = rows_of("Mention").select_related("target", "target_paragraph").order_by("start", "-end")
        bodies = rows_of("BodyMention").select_related("body").order_by("start", "-end")
        return self.prefetch_related(
            Prefetch("mentions", mentions), "mentions__pinpoints", Prefetch("body_mentions", bodies)
        )

    def with_citing_counts(self) -> ParagraphQuerySet:
        """Adds ``cited_by_count``: how many paragraphs cite each one."""
        pinpoints = rows_of("Pinpoint").citing().filter(target_paragraph=OuterRef("pk"))
        return self.annotate(cited_by_count=count_of(pinpoints, "target_paragraph", "mention__paragraph"))

    def neighbours(self, paragraph: Paragraph, before: int = 1, after: int = 1) -> ParagraphQuerySet:
        """The paragraphs around ``paragraph`` in its document, itself included, in order."""
        first, last = paragraph.position - before, paragraph.position + after
        return self.filter(document=paragraph.document_id, position__range=(first, last)).order_by("position")

    def numbered(self, document: Document, number: str) -> ParagraphQuerySet:
        """Those whose anchor is ``number`` or ends with it after a dot: ``14`` finds ``annex.14``."""
        ending = Q(anchor=number) | Q(anchor__endswith=f".{number}")
        return self.filter(ending, document=document).order_by("position")
