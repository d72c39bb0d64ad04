"""Citation statistics of a resolution: relations, places, authors and joint citations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from archive.models import Document, Mention, Paragraph, Pinpoint, Resolution
from archive.presenters.wording import cited_paragraph_name, spoken_symbol
from archive.reading.distribution import Spread
from archive.text.symbols import Symbol, SymbolError
from archive.values import Schema

from .citing_filters import named


class Neighbours(Schema, frozen=True, kw_only=True):
    """The symbols before and after one."""

    before: str | None
    after: str | None


TOGETHER_SHOWN = 20
SPEAKERS_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Record:
    """Counts of citing paragraphs, each with the filters of its list, and the neighbours in series.

    ``unpinned`` counts those that name no paragraph of the cited document.
    """

    relations: list[dict]
    pinpoints: list[dict]
    unpinned: int
    states: list[dict]
    bodies: list[dict]
    together: list[dict]
    family: tuple[str, str]
    series: tuple[str, str]

    def lists(self) -> dict[str, Any]:
        """Returns the counts and neighbours as ``UnheldDocument`` names them."""
        return {
            "by_relation": [(row["code"], row["paragraphs"], row["documents"]) for row in self.relations],
            "by_paragraph": [(row["cited"], row["paragraphs"]) for row in self.pinpoints],
            "by_state": [(row["code"], row["paragraphs"]) for row in self.states],
            "by_body": [(row["code"], row["paragraphs"]) for row in self.bodies],
            "cited_together_with": [(row["symbol"], row["paragraphs"]) for row in self.together],
            "family": Neighbours(before=self.family[0] or None, after=self.family[1] or None),
            "series": Neighbours(before=self.series[0] or None, after=self.series[1] or None),
        }


def record_of(symbol: str, spread: Spread) -> Record:
    """Returns the citation statistics of ``symbol``; ``spread`` counts the paragraphs that cite it."""
    citing = Paragraph.objects.citing(symbol).order_by()
    return Record(
        relations=named(Mention.objects.of(symbol).by_relation()),
        pinpoints=pinpoints_of(symbol),
        unpinned=spread.total - _pinned(symbol),
        states=spread.states()[:SPEAKERS_SHOWN],
        bodies=spread.bodies()[:SPEAKERS_SHOWN],
        together=_together(symbol, citing),
        family=_neighbours(symbol, _family()),
        series=_neighbours(symbol, _series(symbol)),
    )


def pinpoints_of(symbol: str) -> list[dict]:
    """Returns the paragraphs of ``symbol`` that are cited, most cited first."""
    rows = Pinpoint.objects.of(symbol).counts()
    return [{**row, "name": cited_paragraph_name(row["cited"])} for row in rows]


def _pinned(symbol: str) -> int:
    """Counts the paragraphs that cite a specific paragraph of ``symbol``."""
    return Pinpoint.objects.citing().of(symbol).order_by().values("mention__paragraph").distinct().count()


def _together(symbol: str, citing) -> list[dict]:
    """Returns the resolutions and decisions that the same paragraphs cite, most often first."""
    rows = (
        Mention.objects.citing()
        .filter(paragraph__in=citing.values("pk"))
        .exclude(symbol=symbol)
        .order_by()
        .values("symbol")
        .annotate(paragraphs=Count("paragraph", distinct=True))
        .order_by("-paragraphs", "symbol")
    )
    own = _kind_and_number(symbol)
    found = [
        {**row, "name": spoken_symbol(row["symbol"])}
        for row in rows
        if (parsed := _kind_and_number(row["symbol"])) and parsed != own
    ]
    return found[:TOGETHER_SHOWN]


def _kind_and_number(symbol: str) -> tuple | None:
    """Returns the identity of a resolution or decision; None for other documents."""
    try:
        parsed = Symbol.parse(symbol)
    except SymbolError:
        return None
    return (symbol,) if parsed.kind in ("resolution", "decision") else None


def _family() -> list[str]:
    return list(Resolution.objects.filter(family=True).order_by("number").values_list("symbol", flat=True))


def _series(symbol: str) -> list[str]:
    """Returns the known symbols of the same series, in order: stored, cited or in its table."""
    series = _series_of(symbol)
    if not series:
        return []
    begins = {"symbol__startswith": series}
    known = {
        symbol,
        *Document.objects.filter(**begins).order_by().values_list("symbol", flat=True),
        *Resolution.objects.filter(**begins).order_by().values_list("symbol", flat=True),
        *Mention.objects.certain().filter(**begins).order_by().values_list("symbol", flat=True).distinct(),
    }
    numbered = ((Symbol.parse(each).number, each) for each in known if _series_of(each) == series)
    return [each for number, each in sorted((number or 0, each) for number, each in numbered)]


def _series_of(symbol: str) -> str:
    """Returns ``S/RES/`` of S/RES/1540(2004), ``A/RES/73/`` of A/RES/73/55; empty for others."""
    try:
        parsed = Symbol.parse(symbol)
    except SymbolError:
        return ""
    if parsed.kind not in ("resolution", "decision") or parsed.number is None:
        return ""
    head, slash, _number = symbol.rpartition("/")
    return head + slash


def _neighbours(symbol: str, ordered: list[str]) -> tuple[str, str]:
    """Returns the symbols before and after ``symbol``; empty at the ends, and where it is missing."""
    if symbol not in ordered:
        return "", ""
    place = ordered.index(symbol)
    return (ordered[place - 1] if place else ""), (ordered[place + 1] if place + 1 < len(ordered) else "")
