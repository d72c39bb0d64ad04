"""Reading what was issued under an address."""

from __future__ import annotations

from django.db import models


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
