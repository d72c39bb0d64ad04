"""The list of resolutions: the 1540 family first, then all that are cited."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from archive.intake.fetching.family import mandates
from archive.models import Body, Document, Mention, Paragraph, Pinpoint, Resolution
from archive.site.http.paging import ListPage, choice_parameter, paginate
from archive.site.opendata import tables
from archive.site.presenters.relations import choices, stored_relation
from archive.site.presenters.wording import cited_paragraph_name, short_name, spoken_symbol
from archive.store.reading.queries import Spread
from archive.store.reading.records import ResolutionLine
from archive.store.summaries import Subject, with_figures
from archive.store.values import Schema, answers
from archive.text.symbols.symbol import Symbol, parsed_symbol, short_symbol

from .cited import citing_documents, named, quoted_paragraphs
from .coverage import with_shares
from .page import page
from .respond import respond


class CitedResolution(Schema, frozen=True, kw_only=True):
    """A resolution or decision that is cited; ``organ``: S, A, E or other."""

    symbol: str
    organ: str
    year: int | None
    session: str | None
    number: int
    held: bool
    paragraphs: int
    documents: int


class Resolutions(Schema, frozen=True, kw_only=True):
    """The family of resolution 1540, and every resolution and decision that is cited."""

    family: list[ResolutionLine]
    relation: str | None
    page: ListPage
    resolutions: list[CitedResolution]


PER_PAGE = 100
ORGANS = {"S": _("安全理事会"), "A": _("大会"), "E": _("经济及社会理事会"), "other": _("其他机关")}
SORTS = {"cited": _("引用多少"), "number": _("编号"), "year": _("年份")}


@answers(Resolutions)
@page
def resolution_list(request: HttpRequest, twin: bool = False) -> HttpResponseBase:
    organ = choice_parameter(request, "organ", ORGANS, _("机关"))
    sort = choice_parameter(request, "sort", SORTS, _("排序方式")) or "cited"
    relation = choice_parameter(request, "relation", choices(), _("引用方式"))
    family = with_figures(Resolution.objects.filter(family=True), Subject.SYMBOL, "symbol")
    everything = _cited_resolutions(stored_relation(relation))
    rows = [row for row in everything if not organ or row["organ"] == organ]
    rows.sort(key=_order(sort))
    listing = paginate(request, rows, PER_PAGE, key=_order(sort))
    counts = {code: sum(row["organ"] == code for row in everything) for code in ORGANS}
    return respond(
        request,
        "archive/resolution_list.html",
        {
            "family": with_shares(family),
            "listing": listing,
            "rows": listing.items,
            "organ": organ,
            "organ_name": ORGANS.get(organ, ""),
            "sort": sort,
            "organs": [(code, name, counts[code]) for code, name in ORGANS.items() if counts[code]],
            "sorts": list(SORTS.items()),
            "total": len(everything),
            "relation": relation,
            "relations": named(Mention.objects.by_relation()),
        },
        lambda: Resolutions(
            family=[ResolutionLine.of(resolution) for resolution in family],
            relation=relation or None,
            page=listing,
            resolutions=[CitedResolution(**row) for row in listing.items],
        ),
        twin,
        table=lambda: tables.resolutions(request, rows),
    )


def _cited_resolutions(relation: str | None = None) -> list[dict]:
    """Returns every resolution and decision cited (by ``relation``), with its parsed symbol. One query."""
    rows = []
    for row in Mention.objects.cited_symbols(relation):
        symbol = _resolution(row["symbol"])
        if symbol is None:
            continue
        series = symbol.components[0]
        rows.append(
            {
                "symbol": row["symbol"],
                "organ": series if series in ORGANS and symbol.organ_code == series else "other",
                "year": symbol.year,
                "session": symbol.session,
                "number": symbol.number or 0,
                "held": row["target"] is not None,
                "paragraphs": row["paragraphs"],
                "documents": row["documents"],
            }
        )
    return rows


def _order(sort: str):
    return {
        "cited": lambda row: (-row["paragraphs"], row["symbol"]),
        "number": lambda row: (row["organ"], row["session"] or "", row["number"], row["symbol"]),
        "year": lambda row: (-(row["year"] or 0), row["symbol"]),
    }[sort]


# What the page of a resolution or decision tells beside its text, alike whether the text is held or not.


def head_of(symbol: str) -> dict:
    """Returns content, adoption, committee, mandate and family of a resolution, as far as known.

    ``known`` is its row in the table of resolutions or None; ``mandate`` ``{"until", "last", "last_until"}``.
    """
    known = Resolution.objects.filter(symbol=symbol).first()
    members = Resolution.objects.filter(family=True) if known and known.family else []
    family = with_figures(members, Subject.SYMBOL, "symbol")
    ends = _ends_of(symbol)
    return {
        "known": known,
        "family": family,
        "committee": _committee_of(next(iter(ends), symbol)),
        "mandate": mandate_of(symbol),
    }


def _committee_of(symbol: str) -> Body | None:
    """Returns the committee that a resolution set up, by its name; None where the archive knows none."""
    named = Body.objects.filter(name__contains=f"第{short_symbol(symbol)}号决议所设委员会")
    return min(named.order_by("name"), key=lambda body: len(body.name), default=None)


def _ends_of(symbol: str) -> dict[str, str]:
    """Returns the mandates of the family of ``symbol``, oldest first; empty where it is of none."""
    return next((ends for ends, members in mandates() if symbol in members), {})


def mandate_of(symbol: str) -> dict | None:
    """Returns the last day of the committee's mandate by a resolution, and by the latest of its family."""
    ends = _ends_of(symbol)
    if not ends:
        return None
    last = list(ends)[-1]
    until = ends.get(symbol)
    return {
        "until": _date(until),
        "last": last if last != symbol else "",
        "last_number": short_name(last),
        "last_until": _date(ends[last]),
    }


def _date(written: str | None) -> dt.date | None:
    return dt.date.fromisoformat(written) if written else None


def citing_sections(symbol: str, spread: Spread, record: Record, since: int | None) -> dict:
    """Builds the sections on citations of ``symbol``: by paragraph, by document, and figures."""
    quoted, other_pinpoints = quoted_paragraphs(symbol, record.pinpoints)
    documents = spread.documents
    return {
        "record": record,
        "quoted": quoted,
        "other_pinpoints": other_pinpoints,
        "groups": citing_documents(symbol, Paragraph.objects.citing(symbol), documents),
        "documents": documents,
        "years": spread.years(since),
    }


# Citation statistics of a resolution: relations, places, authors and joint citations.


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
    found = [{**row, "name": spoken_symbol(row["symbol"])} for row in rows if _resolution(row["symbol"])]
    return found[:TOGETHER_SHOWN]


def _resolution(symbol: str) -> Symbol | None:
    """Returns the parts of the symbol of a resolution or decision; None of other documents."""
    parsed = parsed_symbol(symbol)
    return parsed if parsed and parsed.kind in ("resolution", "decision") else None


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
    parsed = _resolution(symbol)
    if parsed is None or parsed.number is None:
        return ""
    head, slash, _number = symbol.rpartition("/")
    return head + slash


def _neighbours(symbol: str, ordered: list[str]) -> tuple[str, str]:
    """Returns the symbols before and after ``symbol``; empty at the ends, and where it is missing."""
    if symbol not in ordered:
        return "", ""
    place = ordered.index(symbol)
    return (ordered[place - 1] if place else ""), (ordered[place + 1] if place + 1 < len(ordered) else "")
