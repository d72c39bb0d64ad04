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

    def citing(
        self, symbol: str, paragraph: str | None = None, relation: str | None = None
    ) -> ParagraphQuerySet:
        """Paragraphs that cite ``symbol``; with ``paragraph`` (an anchor), that paragraph of it.

        With ``relation``, those that cite it so; with an empty one, those that do not say how. Not those that
        name it only as part of a body's name, nor headings: see ``only_naming``.
        """
        mentions = rows_of("Mention").citing().of(symbol)
        if paragraph is not None:
            mentions = mentions.at_paragraph(paragraph)
        if relation is not None:
            mentions = mentions.filter(relation=relation)
        return self.filter(pk__in=mentions.values("paragraph"))

    def only_naming(self, symbol: str, headings: bool = False) -> ParagraphQuerySet:
        """Paragraphs that name ``symbol`` only inside a body's name; or the ``headings`` that name it."""
        mentions = rows_of("Mention").certain().of(symbol)
        naming = self.filter(pk__in=mentions.values("paragraph"))
        if headings:
            return naming.filter(kind="heading")
        return naming.exclude(kind="heading").exclude(pk__in=rows_of("Paragraph").citing(symbol).values("pk"))

    def doubtfully_naming(self, symbol: str) -> ParagraphQuerySet:
        """Paragraphs that may name ``symbol``, but do not do so for certain anywhere."""
        doubtful = rows_of("Mention").filter(certain=False).of(symbol)
        certain = rows_of("Mention").certain().of(symbol)
        return self.filter(pk__in=doubtful.values("paragraph")).exclude(pk__in=certain.values("paragraph"))

    def naming_treaty(self, treaty: models.Model, article: str | None = None) -> ParagraphQuerySet:
        """Paragraphs that name ``treaty``; with ``article``, that article of it."""
        named = rows_of("TreatyMention").filter(treaty=treaty)
        if article is not None:
            named = named.filter(article=article)
        return self.filter(pk__in=named.values("paragraph"))

    def mentioning(self, body: models.Model) -> ParagraphQuerySet:
        """Paragraphs that name ``body``."""
        return self.filter(pk__in=rows_of("BodyMention").filter(body=body).values("paragraph"))

    def of_state(self, alpha3: str) -> ParagraphQuerySet:
        """Paragraphs in which a State speaks or replies."""
        return self.filter(state__alpha3=alpha3)

    def with_mentions(self) -> ParagraphQuerySet:
        """With the rows that linking a paragraph's text needs, in five further queries."""
        mentions = rows_of("Mention").select_related("target", "target_paragraph").order_by("start", "-end")
        bodies = rows_of("BodyMention").select_related("body").order_by("start", "-end")
        return self.prefetch_related(
            Prefetch("mentions", mentions),
            "mentions__pinpoints",
            Prefetch("body_mentions", bodies),
            Prefetch("treaty_mentions", rows_of("TreatyMention").select_related("treaty").order_by("start")),
            Prefetch(
                "own_references",
                rows_of("OwnReference").select_related("target_paragraph").order_by("start", "pk"),
            ),
        )

    def with_citing_counts(self) -> ParagraphQuerySet:
        """Adds ``cited_by_count`` and ``cited_by_documents``: who cites each, and in how many."""
        pinpoints = rows_of("Pinpoint").citing().filter(target_paragraph=OuterRef("pk"))
        return self.annotate(
            cited_by_count=count_of(pinpoints, "target_paragraph", "mention__paragraph"),
            cited_by_documents=count_of(pinpoints, "target_paragraph", "mention__paragraph__document"),
        )

    def neighbours(self, paragraph: Paragraph, before: int = 1, after: int = 1) -> ParagraphQuerySet:
        """The paragraphs around ``paragraph`` in its document, itself included, in order."""
        first, last = paragraph.position - before, paragraph.position + after
        return self.filter(document=paragraph.document_id, position__range=(first, last)).order_by("position")

    def numbered(self, document: Document, number: str) -> ParagraphQuerySet:
        """Those whose anchor is ``number`` or ends with it after a dot: ``14`` finds ``annex.14``."""
        ending = Q(anchor=number) | Q(anchor__endswith=f".{number}")
        return self.filter(ending, document=document).order_by("position")
