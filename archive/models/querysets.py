"""How the archive is read. Each page calls one of these; none issues a query for every row.

A ``symbol`` argument is canonical. Mentions that are not certain never count. "Cited by" and "citing" count
paragraphs, not mentions: a paragraph that names a resolution twice cites it once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Prefetch, Q, Subquery, When
from django.db.models.functions import Coalesce

if TYPE_CHECKING:
    from .documents import Document
    from .paragraphs import Paragraph


def _rows(model: str) -> models.QuerySet:
    return apps.get_model("archive", model).objects.order_by()


def _count_of(rows: models.QuerySet, group: str, what: str) -> Coalesce:
    """An annotation: how many distinct ``what`` of the correlated ``rows``, which share ``group``."""
    counted = rows.values(group).annotate(figure=Count(what, distinct=True)).values("figure")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


class DocumentQuerySet(models.QuerySet):
    def find(self, symbol: str) -> Document | None:
        """The document held under ``symbol`` or an alias, Chinese before others; else None."""
        found = self.filter(Q(symbol=symbol) | Q(aliases__symbol=symbol))
        own = Case(When(symbol=symbol, then=0), default=1)
        chinese = Case(When(language="zh", then=0), default=1)
        return found.order_by(own, chinese).first()

    def newest_first(self) -> DocumentQuerySet:
        """By the date that sorts a document, undated ones last, then by symbol."""
        return self.order_by(F("sort_date").desc(nulls_last=True), "symbol")

    def of_type(self, document_type: str) -> DocumentQuerySet:
        return self.filter(document_type=document_type)

    def in_year(self, year: int) -> DocumentQuerySet:
        return self.filter(year=year)

    def of_organ(self, organ: str) -> DocumentQuerySet:
        return self.filter(organ=organ)

    def of_state(self, alpha3: str) -> DocumentQuerySet:
        """Documents that a State sent, or in which it speaks or replies."""
        spoken = _rows("Paragraph").filter(document=OuterRef("pk"), state__alpha3=alpha3)
        return self.filter(Q(state__alpha3=alpha3) | Exists(spoken))

    def citing(self, symbol: str, paragraph: str | None = None) -> DocumentQuerySet:
        """Documents that mention ``symbol``; with ``paragraph`` (an anchor), that paragraph of it."""
        paragraphs = _rows("Paragraph").citing(symbol, paragraph)
        return self.filter(pk__in=paragraphs.values("document"))

    def with_counts(self) -> DocumentQuerySet:
        """Adds ``paragraph_count``, ``mention_count`` ``cited_by_count`` (paragraphs elsewhere)."""
        mentions = _rows("Mention").certain()
        own = mentions.filter(paragraph__document=OuterRef("pk"))
        incoming = mentions.filter(target=OuterRef("pk")).exclude(paragraph__document=OuterRef("pk"))
        return self.annotate(
            paragraph_count=_count_of(_rows("Paragraph").filter(document=OuterRef("pk")), "document", "pk"),
            mention_count=_count_of(own, "paragraph__document", "pk"),
            cited_by_count=_count_of(incoming, "target", "paragraph"),
        )

    def by_year(self) -> models.QuerySet:
        """Rows ``{"year", "documents", "paragraphs"}``, newest first; ``year`` None for undated ones."""
        return self._counted_by("year").order_by(F("year").desc(nulls_last=True))

    def by_type(self) -> models.QuerySet:
        """Rows ``{"document_type", "documents", "paragraphs"}``, most documents first."""
        return self._counted_by("document_type").order_by("-documents", "document_type")

    def by_organ(self) -> models.QuerySet:
        """Rows ``{"organ", "documents", "paragraphs"}``, most documents first."""
        return self._counted_by("organ").order_by("-documents", "organ")

    def _counted_by(self, field: str) -> models.QuerySet:
        return (
            self.order_by()
            .values(field)
            .annotate(documents=Count("pk", distinct=True), paragraphs=Count("paragraphs"))
        )


class ParagraphQuerySet(models.QuerySet):
    def in_reading_order(self) -> ParagraphQuerySet:
        """Documents by symbol, the paragraphs of each as they stand in it."""
        return self.order_by("document__symbol", "document", "position")

    def citing(self, symbol: str, paragraph: str | None = None) -> ParagraphQuerySet:
        """Paragraphs that mention ``symbol``; with ``paragraph`` (an anchor), that paragraph of it."""
        mentions = _rows("Mention").certain().of(symbol)
        if paragraph is not None:
            mentions = mentions.at_paragraph(paragraph)
        return self.filter(pk__in=mentions.values("paragraph"))

    def mentioning(self, body: models.Model) -> ParagraphQuerySet:
        """Paragraphs that name ``body``."""
        return self.filter(pk__in=_rows("BodyMention").filter(body=body).values("paragraph"))

    def of_state(self, alpha3: str) -> ParagraphQuerySet:
        """Paragraphs in which a State speaks or replies, and those of documents that it sent."""
        return self.filter(Q(state__alpha3=alpha3) | Q(document__state__alpha3=alpha3, state=None))

    def in_body_text(self) -> ParagraphQuerySet:
        """Without headings, which repeat a name but say nothing about it."""
        return self.exclude(kind="heading")

    def with_mentions(self) -> ParagraphQuerySet:
        """With the rows that linking a paragraph's text needs, in three further queries."""
        mentions = _rows("Mention").select_related("target", "target_paragraph").order_by("start", "-end")
        bodies = _rows("BodyMention").select_related("body").order_by("start", "-end")
        return self.prefetch_related(
            Prefetch("mentions", mentions), "mentions__pinpoints", Prefetch("body_mentions", bodies)
        )

    def with_citing_counts(self) -> ParagraphQuerySet:
        """Adds ``cited_by_count``: how many paragraphs cite each one."""
        pinpoints = _rows("Pinpoint").certain().filter(target_paragraph=OuterRef("pk"))
        return self.annotate(cited_by_count=_count_of(pinpoints, "target_paragraph", "mention__paragraph"))

    def neighbours(self, paragraph: Paragraph, before: int = 1, after: int = 1) -> ParagraphQuerySet:
        """The paragraphs around ``paragraph`` in its document, itself included, in order."""
        first, last = paragraph.position - before, paragraph.position + after
        return self.filter(document=paragraph.document_id, position__range=(first, last)).order_by("position")

    def numbered(self, document: Document, number: str) -> ParagraphQuerySet:
        """Those whose anchor is ``number`` or ends with it after a dot: ``14`` finds ``annex.14``."""
        ending = Q(anchor=number) | Q(anchor__endswith=f".{number}")
        return self.filter(ending, document=document).order_by("position")


class MentionQuerySet(models.QuerySet):
    def certain(self) -> MentionQuerySet:
        return self.filter(certain=True)

    def of(self, symbol: str) -> MentionQuerySet:
        """Mentions of ``symbol``, also under another symbol of the document that is held under it."""
        held = _rows("Document").filter(Q(symbol=symbol) | Q(aliases__symbol=symbol))
        return self.filter(Q(symbol=symbol) | Q(target__in=held.values("pk")))

    def at_paragraph(self, anchor: str) -> MentionQuerySet:
        """Mentions that name this paragraph: the held one, or as cited where none is held."""
        pinpoints = _rows("Pinpoint").at(anchor)
        return self.filter(pk__in=pinpoints.values("mention"))

    def outside_body_names(self) -> MentionQuerySet:
        """Without those that are part of a body's name (第1540(2004)号决议所设委员会)."""
        return self.filter(in_body_name=False)

    def outside_headings(self) -> MentionQuerySet:
        return self.exclude(paragraph__kind="heading")

    def cited_symbols(self) -> models.QuerySet:
        """Rows ``{"symbol", "target", "mentions", "paragraphs", "documents"}``, most cited first.

        ``target`` is the key of the document where it is held, else None.
        """
        return (
            self.certain()
            .order_by()
            .values("symbol", "target")
            .annotate(
                mentions=Count("pk"),
                paragraphs=Count("paragraph", distinct=True),
                documents=Count("paragraph__document", distinct=True),
            )
            .order_by("-paragraphs", "symbol")
        )

    def not_held(self) -> MentionQuerySet:
        return self.filter(target=None)

    def citing_by_year(self) -> models.QuerySet:
        """Rows ``{"year", "paragraphs", "documents"}`` by the year of the citing document, oldest first."""
        return (
            self.certain()
            .order_by()
            .values(year=F("paragraph__document__year"))
            .annotate(
                paragraphs=Count("paragraph", distinct=True),
                documents=Count("paragraph__document", distinct=True),
            )
            .order_by(F("year").asc(nulls_last=True))
        )

    def citing_by_document(self) -> models.QuerySet:
        """Rows ``{"document", "paragraphs"}`` of the citing documents, most paragraphs first."""
        return (
            self.certain()
            .order_by()
            .values(document=F("paragraph__document"))
            .annotate(paragraphs=Count("paragraph", distinct=True))
            .order_by("-paragraphs", "paragraph__document__symbol")
        )


class PinpointQuerySet(models.QuerySet):
    def certain(self) -> PinpointQuerySet:
        return self.filter(mention__certain=True)

    def of(self, symbol: str) -> PinpointQuerySet:
        """Pinpoints of the mentions of ``symbol``."""
        return self.filter(mention__in=_rows("Mention").of(symbol).values("pk"))

    def at(self, anchor: str) -> PinpointQuerySet:
        return self.filter(Q(target_paragraph__anchor=anchor) | Q(target_paragraph=None, anchor=anchor))

    def counts(self) -> models.QuerySet:
        """Rows ``{"cited", "paragraphs", "held"}``: per paragraph, how many paragraphs cite it.

        ``cited`` is the anchor of the held paragraph, else the paragraph as cited; ``held`` its key or None.
        """
        return (
            self.certain()
            .order_by()
            .values(cited=Coalesce("target_paragraph__anchor", "anchor"), held=F("target_paragraph"))
            .annotate(paragraphs=Count("mention__paragraph", distinct=True))
            .order_by("-paragraphs", "cited")
        )


class BodyMentionQuerySet(models.QuerySet):
    pass


class _CountedByMentions(models.QuerySet):
    def _with_counts(self, rows: models.QuerySet, group: str) -> _CountedByMentions:
        return self.annotate(
            paragraph_count=_count_of(rows, group, "paragraph"),
            document_count=_count_of(rows, group, "paragraph__document"),
        )


class BodyQuerySet(_CountedByMentions):
    def with_counts(self) -> BodyQuerySet:
        """Adds ``paragraph_count`` and ``document_count``: paragraphs and documents that name the body."""
        return self._with_counts(_rows("BodyMention").filter(body=OuterRef("pk")), "body")

    def mentioned(self) -> BodyQuerySet:
        """Bodies that some paragraph names."""
        return self.filter(Exists(_rows("BodyMention").filter(body=OuterRef("pk"))))


class ResolutionQuerySet(_CountedByMentions):
    def with_counts(self) -> ResolutionQuerySet:
        """Adds ``paragraph_count`` and ``document_count`` of those that cite the resolution."""
        return self._with_counts(_rows("Mention").certain().filter(symbol=OuterRef("symbol")), "symbol")


class StateQuerySet(models.QuerySet):
    def with_counts(self) -> StateQuerySet:
        """Adds ``paragraph_count`` and ``document_count``: where the State speaks, replies, or sends."""
        paragraphs = _rows("Paragraph").filter(state=OuterRef("pk"))
        sent = (
            _rows("Document")
            .filter(state=OuterRef("pk"))
            .exclude(pk__in=_rows("Paragraph").filter(state=OuterRef(OuterRef("pk"))).values("document"))
        )
        return self.annotate(
            paragraph_count=_count_of(paragraphs, "state", "pk"),
            document_count=_count_of(paragraphs, "state", "document") + _count_of(sent, "state", "pk"),
        )


class IssuedTextQuerySet(models.QuerySet):
    def standing(self) -> IssuedTextQuerySet:
        return self.filter(until=None)

    def under(self, symbol: str, anchor: str, language: str = "zh") -> IssuedTextQuerySet:
        """Every text that was public under this address, oldest first."""
        return self.filter(symbol=symbol, anchor=anchor, language=language).order_by("since", "pk")


class MovedAnchorQuerySet(models.QuerySet):
    def destination(self, symbol: str, anchor: str, language: str = "zh") -> str | None:
        """Where a chain of moves from ``anchor`` ends, in one query; None where it was never moved."""
        moves = dict(self.filter(symbol=symbol, language=language).values_list("old_anchor", "new_anchor"))
        end, seen = moves.get(anchor), {anchor}
        while end in moves and end not in seen:
            seen.add(end)
            end = moves[end]
        return end
