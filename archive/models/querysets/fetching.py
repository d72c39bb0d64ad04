"""Reads what was asked of the UN, and what its catalogue says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Max

if TYPE_CHECKING:
    from ..fetching import CatalogueRecord, FetchAttempt


class FetchAttemptQuerySet(models.QuerySet["FetchAttempt"]):
    def shown(self) -> Self:
        """Attempts that say something to readers: made, and not only to see what the service does."""
        return self.exclude(outcome="planned").filter(probe=False)

    def latest_by_symbol(
        self, symbols: Iterable[str] | None = None, language: str = "zh"
    ) -> dict[str, FetchAttempt]:
        """The last attempt to get the text in ``language`` of each of ``symbols``, by symbol; where None, of
        all that were asked for.
        """
        rows = self.shown().filter(language=language)
        if symbols is not None:
            rows = rows.filter(symbol__in=list(symbols))
        last = rows.order_by().values("symbol").annotate(last=Max("pk")).values("last")
        return {row.symbol: row for row in self.filter(pk__in=last).defer("steps")}


class CatalogueQuerySet(models.QuerySet["CatalogueRecord"]):
    def of(self, symbol: str) -> CatalogueRecord | None:
        """The record of ``symbol``, or None."""
        return self.filter(symbol=symbol).first()
