"""Paragraphs that documents once had: where they moved to, and when they went."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from archive.models import Cause, IssuedText, MovedAnchor
from archive.text.pinpoints import endings

LANGUAGE = "zh"


@dataclass(frozen=True, slots=True)
class Gone:
    """A paragraph that was public under ``anchor`` until ``at``; ``decided`` where an editor took it down."""

    anchor: str
    at: datetime
    decided: bool


class Past:
    """What is no more in the documents ``symbols``, in two queries; found by whole anchors or endings."""

    def __init__(self, symbols: Iterable[str]) -> None:
        of_them = {"symbol__in": sorted(symbols), "language": LANGUAGE}
        moves = MovedAnchor.objects.filter(**of_them).order_by("pk")
        self._moves = {
            (symbol, old): (new_symbol or symbol, new)
            for symbol, old, new_symbol, new in moves.values_list(
                "symbol", "old_anchor", "new_symbol", "new_anchor"
            )
        }
        closed = IssuedText.objects.filter(**of_them).exclude(until=None).order_by("since_revision", "pk")
        self._gone = {
            (symbol, anchor): Gone(
                anchor, until, ending == IssuedText.Ending.WITHDRAWN and cause == Cause.WITHDRAWN
            )
            for symbol, anchor, until, ending, cause in closed.values_list(
                "symbol", "anchor", "until", "ending", "cause"
            )
            if until is not None
        }
        self._by_ending: dict[tuple[str, str], list[str]] = defaultdict(list)
        for symbol, anchor in dict.fromkeys([*self._moves, *self._gone]):
            for ending in endings(anchor):
                self._by_ending[symbol, ending].append(anchor)

    def moved(self, symbol: str, anchor: str) -> tuple[str, str] | None:
        """``(symbol, anchor)`` at the end of the moves from an address, or None."""
        place, seen = (symbol, anchor), set()
        while place in self._moves and place not in seen:
            seen.add(place)
            place = self._moves[place]
        return place if seen else None

    def gone(self, symbol: str, anchor: str) -> Gone | None:
        """The last paragraph that was public under an address and is closed."""
        return self._gone.get((symbol, anchor))

    def ending_in(self, symbol: str, ending: str) -> str | None:
        """The one anchor that ended so, ``annex.14`` for ``14``; None where there were several, or none."""
        found = self._by_ending.get((symbol, ending), [])
        return found[0] if len(found) == 1 else None
