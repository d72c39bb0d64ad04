"""A draft without the characters that nobody sees, which copies from web pages and PDF carry, and the way
back: what is found in it is told by its places in the draft as given.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

from msgspec import structs

from archive.text.typography import INVISIBLE, without_invisible

from .origins import Origins
from .report import CheckedCitation, CheckedQuotation, Report

Finding = TypeVar("Finding", CheckedCitation, CheckedQuotation)


@dataclass(frozen=True, slots=True)
class Visible:
    """``text`` is what is seen of ``given``; ``places`` says where each of its characters stands there."""

    given: str
    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in ``given`` of ``text[start:end]``; an empty one stays empty."""
        first = self.point(start)
        return first, self.places[end - 1] + 1 if start < end else first

    def point(self, place: int) -> int:
        """The place in ``given`` of the character at ``place``; its end for the end."""
        return self.places[place] if place < len(self.places) else len(self.given)

    def report(self, found: Report) -> Report:
        """What was ``found`` in ``text``, told of ``given``."""
        return replace(
            found,
            text=self.given,
            checked_to=self.point(found.checked_to),
            citations=tuple(self._told(one) for one in found.citations),
            quotations=tuple(self._told(one) for one in found.quotations),
            unpaired=tuple(map(self.point, found.unpaired)),
        )

    def _told(self, one: Finding) -> Finding:
        start, end = self.span(one.start, one.end)
        return structs.replace(one, start=start, end=end, surface=self.given[start:end])

    def origins(self, found: Origins) -> Origins:
        """As ``report``, of where the words stood first."""
        spans = [(one, *self.span(one.start, one.end)) for one in found.found]
        told = tuple(replace(one, start=start, end=end) for one, start, end in spans)
        return replace(found, found=told, until=self.point(found.until))


def visible(given: str) -> Visible:
    """What is seen of ``given``."""
    text = without_invisible(given)
    places = (
        range(len(given)) if text == given else (at for at, one in enumerate(given) if one not in INVISIBLE)
    )
    return Visible(given, text, tuple(places))
