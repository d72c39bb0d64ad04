"""Reading mentions: who cites what, and which paragraph of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce

from archive.text.symbols import symbols_within

from .counting import rows_of

IN_HEADING = Q(paragraph__kind="heading")
CITES = Q(certain=True, in_body_name=False) & ~IN_HEADING


class MentionQuerySet(models.QuerySet):
    def certain(self) -> MentionQuerySet:
        return self.filter(certain=True)

    def citing(self) -> MentionQuerySet:
        """Those that make their paragraph one that cites: certain, in running text, in no body's name."""
        return self.filter(CITES)

    def of(self, symbol: str) -> MentionQuerySet:
        """Mentions of ``symbol``, also under another symbol of the document that is held under it."""
        held = rows_of("Document").under(symbol)
        return self.filter(Q(symbol__in=symbols_within(symbol)) | Q(target__in=held.values("pk")))

    def at_paragraph(self, anchor: str) -> MentionQuerySet:
        """Mentions that name this paragraph: the held one, or as cited where none is held."""
        pinpoints = rows_of("Pinpoint").at(anchor)
        return self.filter(pk__in=pinpoints.values("mention"))

    def cited_symbols(self, relation: str | None = None) -> models.QuerySet:
        """Rows ``{"symbol", "target", "mentions", "paragraphs", "documents"}``, most cited first.

        ``target`` is the key of the document where it is held, else None. What stands only in names of bodies
        and in headings has a row too, with no citing paragraph. With ``relation``, counted is what cites so.
        """
        rows = self.certain() if relation is None else self.citing().filter(relation=relation)
        return (
            rows.order_by()
            .values("symbol", "target")
            .annotate(
                mentions=Count("pk"),
                paragraphs=Count("paragraph", distinct=True, filter=CITES),
                documents=Count("paragraph__document", distinct=True, filter=CITES),
            )
            .order_by("-paragraphs", "symbol")
        )

    def by_relation(self) -> models.QuerySet:
        """Rows ``{"relation", "paragraphs", "documents"}`` of citing mentions, most paragraphs first.

        A paragraph that cites in two ways counts in both. The empty relation: none was read.
        """
        return (
            self.citing()
            .order_by()
            .values("relation")
            .annotate(
                paragraphs=Count("paragraph", distinct=True),
                documents=Count("paragraph__document", distinct=True),
            )
            .order_by("-paragraphs", "relation")
        )

    def not_held(self) -> MentionQuerySet:
        return self.filter(target=None)


class PinpointQuerySet(models.QuerySet):
    def citing(self) -> PinpointQuerySet:
        """Pinpoints of mentions that make their paragraph one that cites."""
        heading = Q(mention__paragraph__kind="heading")
        return self.filter(~heading, mention__certain=True, mention__in_body_name=False)

    def of(self, symbol: str) -> PinpointQuerySet:
        """Pinpoints of the mentions of ``symbol``."""
        return self.filter(mention__in=rows_of("Mention").of(symbol).values("pk"))

    def at(self, anchor: str) -> PinpointQuerySet:
        return self.filter(Q(target_paragraph__anchor=anchor) | Q(target_paragraph=None, anchor=anchor))

    def counts(self) -> models.QuerySet:
        """Rows ``{"cited", "paragraphs", "held"}``: per paragraph, how many paragraphs cite it.

        ``cited`` is the anchor of the held paragraph, else the paragraph as cited; ``held`` its key or None.
        """
        return (
            self.citing()
            .order_by()
            .values(cited=Coalesce("target_paragraph__anchor", "anchor"), held=F("target_paragraph"))
            .annotate(paragraphs=Count("mention__paragraph", distinct=True))
            .order_by("-paragraphs", "cited")
        )
