"""Reading bodies and series."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef
from django.db.models.functions import Length

from .counting import rows_of

if TYPE_CHECKING:
    from ..references import Body, DocumentSeries, ShippedRecord


class BodyQuerySet(models.QuerySet["Body"]):
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


class SeriesQuerySet(models.QuerySet["DocumentSeries"]):
    def of(self, symbol: str) -> DocumentSeries | None:
        """The series whose prefix is the longest that begins ``symbol``, or None."""
        beginnings = [symbol[:end] for end in range(1, len(symbol) + 1)]
        return self.filter(prefix__in=beginnings).order_by(Length("prefix").desc()).first()


class ShippedQuerySet(models.QuerySet["ShippedRecord"]):
    def differing(self) -> Self:
        """What the program brings otherwise than a person decided, and nobody has decided since."""
        return self.exclude(offered={})
