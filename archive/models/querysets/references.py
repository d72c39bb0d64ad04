"""Reading bodies, States and resolutions with what the archive says of them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Count, Exists, OuterRef
from django.db.models.functions import Coalesce, Length

from .authors import OWN_LETTER
from .counting import count_of, rows_of

if TYPE_CHECKING:
    from ..references import Body, DocumentSeries, Resolution, State, Treaty


def _by_mentions(rows: models.QuerySet, group: str) -> dict[str, Coalesce]:
    """Annotations: in how many paragraphs and documents the correlated ``rows`` of mentions stand."""
    return {
        "paragraph_count": count_of(rows, group, "paragraph"),
        "document_count": count_of(rows, group, "paragraph__document"),
    }


class BodyQuerySet(models.QuerySet["Body"]):
    def with_counts(self) -> Self:
        """Adds ``paragraph_count`` and ``document_count``: paragraphs and documents that name the body."""
        mentions = rows_of("BodyMention").filter(body=OuterRef("pk"))
        return self.annotate(**_by_mentions(mentions, "body"))

    def confirmed(self) -> Self:
        """Bodies that are counted: those whose names somebody has confirmed."""
        return self.filter(unconfirmed=False)

    def confirmed_or_mentioned(self) -> Self:
        """All but those that nobody has confirmed and no paragraph names."""
        named = Exists(rows_of("BodyMention").filter(body=OuterRef("pk")))
        return self.filter(models.Q(unconfirmed=False) | named)

    def mentioned(self) -> Self:
        """Bodies that some paragraph names."""
        return self.filter(Exists(rows_of("BodyMention").filter(body=OuterRef("pk"))))


class TreatyQuerySet(models.QuerySet["Treaty"]):
    def with_counts(self) -> Self:
        """Adds ``paragraph_count`` and ``document_count``: paragraphs and documents that name the treaty."""
        mentions = rows_of("TreatyMention").filter(treaty=OuterRef("pk"))
        return self.annotate(**_by_mentions(mentions, "treaty"))


class ResolutionQuerySet(models.QuerySet["Resolution"]):
    def counted(self) -> list[Resolution]:
        """All of them, with ``paragraph_count`` and ``document_count`` of those that cite it; two queries."""
        resolutions: list[Any] = list(self)
        symbols = [resolution.symbol for resolution in resolutions]
        citing = rows_of("Mention").citing().filter(symbol__in=symbols).values_list("symbol")
        paragraphs = Count("paragraph", distinct=True)
        documents = Count("paragraph__document", distinct=True)
        counts = {symbol: figures for symbol, *figures in citing.annotate(paragraphs, documents)}
        for resolution in resolutions:
            found = counts.get(resolution.symbol, (0, 0))
            resolution.paragraph_count, resolution.document_count = found
        return resolutions


class SeriesQuerySet(models.QuerySet["DocumentSeries"]):
    def of(self, symbol: str) -> DocumentSeries | None:
        """The series whose prefix is the longest that begins ``symbol``, or None."""
        beginnings = [symbol[:end] for end in range(1, len(symbol) + 1)]
        return self.filter(prefix__in=beginnings).order_by(Length("prefix").desc()).first()


class StateQuerySet(models.QuerySet["State"]):
    def with_counts(self) -> Self:
        """Adds ``paragraph_count``: what the State said or wrote; and ``document_count``: documents in which
        it speaks or replies, or that it sent."""
        paragraphs = rows_of("Paragraph").with_words().filter(state=OuterRef("pk"))
        letters = rows_of("Paragraph").with_words().filter(OWN_LETTER, document__state=OuterRef("pk"))
        speaking = rows_of("Paragraph").with_words().filter(state=OuterRef(OuterRef("pk")))
        sent = rows_of("Document").filter(state=OuterRef("pk")).exclude(pk__in=speaking.values("document"))
        return self.annotate(
            paragraph_count=count_of(paragraphs, "state", "pk") + count_of(letters, "document__state", "pk"),
            document_count=count_of(paragraphs, "state", "document") + count_of(sent, "state", "pk"),
        )

    def counted(self) -> list[State]:
        """All of them with the counts of ``with_counts``, each counted for all at once: for long lists."""
        words = rows_of("Paragraph").with_words()
        spoken = words.filter(state__isnull=False).values_list("state", "document").annotate(Count("pk"))
        letters = words.filter(OWN_LETTER, document__state__isnull=False).values_list("document__state")
        speaking = words.filter(state=OuterRef("state"), document=OuterRef("pk"))
        sent = rows_of("Document").filter(~Exists(speaking), state__isnull=False).values_list("state")
        paragraphs = Counter(dict(letters.annotate(Count("pk"))))
        documents = Counter(dict(sent.annotate(Count("pk"))))
        for state, _document, figure in spoken:
            paragraphs[state] += figure
            documents[state] += 1
        states: list[Any] = list(self)
        for state in states:
            state.paragraph_count, state.document_count = paragraphs[state.pk], documents[state.pk]
        return states
