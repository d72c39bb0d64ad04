"""Reading what was issued under an address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from ..history import IssuedText, MovedAnchor


class IssuedTextQuerySet(models.QuerySet["IssuedText"]):
    def standing(self) -> Self:
        return self.filter(until=None)

    def under(self, symbol: str, anchor: str, language: str = "zh") -> Self:
        """Every text that was public under this address, oldest first."""
        return self.filter(symbol=symbol, anchor=anchor, language=language).order_by("since_revision", "pk")


class MovedAnchorQuerySet(models.QuerySet["MovedAnchor"]):
    def destination(self, symbol: str, anchor: str, language: str = "zh") -> str | None:
        """Where a chain of moves inside a document ends; None where the anchor never moved, or left it."""
        place = self.place(symbol, anchor, language)
        return place[1] if place and place[0] == symbol else None

    def place(self, symbol: str, anchor: str, language: str = "zh") -> tuple[str, str] | None:
        """(symbol, anchor) where a chain of moves ends, in one query for each document that it passes."""
        start, place, seen = (symbol, anchor), (symbol, anchor), set()
        moves = self._of(symbol, language)
        while place not in seen and (step := moves.get(place[1])):
            seen.add(place)
            place = (step[0] or place[0], step[1])
            if step[0]:
                moves = self._of(place[0], language)
        return None if place == start else place

    def leading_to(self, symbol: str, anchor: str, language: str = "zh") -> models.QuerySet:
        """The moves that lead straight to an anchor, in this document or from another, newest first."""
        here = models.Q(symbol=symbol, new_symbol="") | models.Q(new_symbol=symbol)
        return self.filter(here, new_anchor=anchor, language=language).order_by("-revision", "pk")

    def _of(self, symbol: str, language: str) -> dict[str, tuple[str, str]]:
        rows = self.filter(symbol=symbol, language=language)
        return {
            old: (home, new) for old, home, new in rows.values_list("old_anchor", "new_symbol", "new_anchor")
        }
