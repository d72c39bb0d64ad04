"""Browsing by year."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from archive.http.paging import paginate
from archive.models import Document, Mention, Resolution
from archive.opendata import tables
from archive.presenters import twins
from archive.reading.distribution import year_ranges
from archive.schemas import answers, lists
from archive.summaries import NOTHING, Subject, figures_of, with_figures

from .page import page
from .respond import respond

PER_PAGE = 50


@answers(lists.Years)
@page
def year_list(request: HttpRequest, twin: bool = False) -> HttpResponseBase:
    figures = figures_of(Subject.YEAR)
    undated = figures.pop("", None)
    counted = {int(year): counts for year, counts in figures.items()}
    most = max((counts.paragraphs for counts in counted.values()), default=0)
    rows: list[dict[str, Any]] = []
    if counted:
        first, last = min(2004, *counted), max(dt.datetime.now(dt.UTC).year, *counted)
        for start, end, held in year_ranges(counted, first, last):
            counts = counted.get(start, NOTHING) if held else NOTHING
            rows.append(
                {
                    "label": str(start) if start == end else f"{start}–{end}",
                    "year": start if held else None,
                    "documents": counts.documents,
                    "paragraphs": counts.paragraphs,
                    "share": round(100 * counts.paragraphs / most, 1) if most else 0,
                }
            )
    return respond(
        request,
        "archive/year_list.html",
        {"rows": rows, "undated": undated},
        lambda: lists.Years(
            years=[
                lists.YearLine(year=row["year"], documents=row["documents"], paragraphs=row["paragraphs"])
                for row in rows
                if row["year"]
            ],
            undated=undated.documents if undated else 0,
        ),
        twin,
        table=lambda: tables.years(request, rows),
    )


@answers(lists.Year)
@page
def year(request: HttpRequest, year: int, twin: bool = False) -> HttpResponseBase:
    held = Document.objects.in_year(year)
    listing = paginate(request, held.newest_first(), PER_PAGE)
    documents = Document.objects.count_for(list(listing.items))
    cited = list(
        Mention.objects.filter(paragraph__document__year=year).cited_symbols().filter(paragraphs__gt=0)[:12]
    )
    adopted = with_figures(Resolution.objects.filter(year=year), Subject.SYMBOL, "symbol")
    years = Document.objects.order_by("year").values_list("year", flat=True).distinct()
    neighbours = [other for other in years if other is not None]
    before = max((other for other in neighbours if other < year), default=None)
    after = min((other for other in neighbours if other > year), default=None)
    return respond(
        request,
        "archive/year.html",
        {
            "year": year,
            "listing": listing,
            "documents": documents,
            "cited": cited,
            "adopted": adopted,
            "before": before,
            "after": after,
        },
        lambda: lists.Year(
            year=year,
            page=listing.as_json(),
            documents=[twins.document_line(document) for document in documents],
            resolutions_adopted=[twins.resolution(resolution) for resolution in adopted],
            most_cited=[(row["symbol"], row["paragraphs"]) for row in cited],
        ),
        twin,
        table=lambda: tables.documents(request, held.newest_first(), _("%(year)s年的文件") % {"year": year}),
    )
