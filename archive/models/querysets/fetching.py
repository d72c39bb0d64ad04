"""Reads what was asked of the UN, and what its catalogue says."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.db.models import Max


class FetchAttemptQuerySet(models.QuerySet):
    def shown(self) -> FetchAttemptQuerySet:
        """Attempts that say something to readers: made, and not only to see what the service does."""
        return self.exclude(outcome="planned").filter(probe=False)

    def latest(self, symbols: Iterable[str] | None = None, language: str = "zh") -> dict[str, models.Model]:
        """The last attempt to get the text in ``language`` of each of ``symbols``, by symbol; where None, of
        all that were asked for.
        """
        rows = self.shown().filter(language=language)
        if symbols is not None:
            rows = rows.filter(symbol__in=list(symbols))
        last = rows.order_by().values("symbol").annotate(last=Max("pk")).values("last")
        return {row.symbol: row for row in self.filter(pk__in=last).defer("steps")}


class CatalogueQuerySet(models.QuerySet):
    def of(self, symbol: str) -> models.Model | None:
        """The record of ``symbol``, or None."""
        return self.filter(symbol=symbol).first()
