"""The list of stored documents, and of their years."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.models import Document, Mention, Resolution, State
from archive.models.querysets.documents import DocumentQuerySet
from archive.site.http.paging import ListPage, choice_parameter, paginate, text_parameter, year_parameter
from archive.site.opendata import feeds, tables
from archive.site.presenters.wording import language_name, name_order, spoken_symbol
from archive.store.reading.queries import year_rows
from archive.store.reading.records import DocumentLine, ResolutionLine
from archive.store.summaries import NOTHING, Subject, figures_of, with_figures
from archive.store.values import Counted, Schema, answers
from archive.text.language import READ
from archive.text.typed_places import read_symbol

from .page import page
from .respond import respond


class Documents(Schema, frozen=True, kw_only=True):
    """A list of stored documents; ``filters`` as requested, by name."""

    filters: dict[str, str]
    page: ListPage
    documents: list[DocumentLine]


class YearLine(Schema, frozen=True, kw_only=True):
    """A year with stored documents."""

    year: int
    documents: int
    paragraphs: int


class Years(Schema, frozen=True, kw_only=True):
    """The years, and how many documents have none."""

    years: list[YearLine]
    undated: int


class Year(Schema, frozen=True, kw_only=True):
    """One year; ``most_cited``: symbol and paragraphs of what its documents cite most."""

    year: int
    page: ListPage
    documents: list[DocumentLine]
    resolutions_adopted: list[ResolutionLine]
    most_cited: list[Counted]


PER_PAGE = 50
SORTS = {
    "newest": gettext_lazy("最新在前"),
    "oldest": gettext_lazy("最早在前"),
    "symbol": gettext_lazy("文号"),
}
ORDERS = {
    "newest": (F("sort_date").desc(nulls_last=True), "symbol"),
    "oldest": (F("sort_date").asc(nulls_last=True), "symbol"),
    "symbol": ("symbol",),
}

Chosen = list[tuple[str, str, object]]  # parameter, value, in words


@answers(Documents)
@page
def document_list(request: HttpRequest, twin: bool = False) -> HttpResponseBase:
    chosen, rows = _filtered(request)
    sort = choice_parameter(request, "sort", SORTS, _("排序方式")) or "newest"
    rows = rows.order_by(*ORDERS[sort])
    listing = paginate(request, rows, PER_PAGE)
    documents = Document.objects.count_for(list(listing.items))
    context = {
        "listing": listing,
        "documents": documents,
        "chosen": chosen,
        "kept": [(name, value) for name, value, *_rest in chosen if name != "q"],
        "q": text_parameter(request, "q"),
        "sort": sort,
        "sorts": list(SORTS.items()),
        "types": [
            (row["document_type"], Document.Type(row["document_type"]).label, row["documents"])
            for row in Document.objects.by_type()
        ],
        "years": [(row["year"], row["documents"]) for row in Document.objects.by_year() if row["year"]],
        "organs": [(row["organ"], row["documents"]) for row in Document.objects.by_organ() if row["organ"]],
        "states": sorted(
            (row for row in with_figures(State.objects.all(), Subject.STATE) if row.document_count),
            key=name_order,
        ),
    }
    return respond(
        request,
        "archive/document_list.html",
        context,
        lambda: Documents(
            filters={name: value for name, value, *_rest in chosen},
            page=listing,
            documents=[DocumentLine.of(document) for document in documents],
        ),
        twin,
        table=lambda: tables.documents(request, rows),
        feed=lambda: feeds.documents(request, _feed_title(chosen), rows.newest_first()),
    )


def _feed_title(chosen: Chosen) -> str:
    words = "，".join(str(words) for _name, _value, words in chosen)
    return _("1540文献库新文件：%(words)s") % {"words": words} if words else _("1540文献库新文件")


def _filtered(request: HttpRequest) -> tuple[Chosen, DocumentQuerySet]:
    """Returns the filters as (parameter, value, in words), and the documents that pass them."""
    rows, chosen = Document.objects.registry(), Chosen()
    if value := choice_parameter(request, "type", dict(Document.Type.choices), _("文件类型")):
        rows = rows.of_type(value)
        chosen.append(("type", value, Document.Type(value).label))
    if value := choice_parameter(request, "language", dict.fromkeys(READ), _("语文")):
        rows = rows.filter(Exists(Document.objects.filter(symbol=OuterRef("symbol"), language=value)))
        text = _("%(language)s本") % {"language": language_name(value)}
        chosen.append(("language", value, text))
    if year := year_parameter(request):
        rows = rows.in_year(year)
        chosen.append(("year", str(year), _("%(year)s年") % {"year": year}))
    if value := text_parameter(request, "organ"):
        rows = rows.of_organ(value)
        chosen.append(("organ", value, value))
    if value := text_parameter(request, "q"):
        rows = rows.filter(Q(title__icontains=value) | Q(symbol__icontains=value))
        chosen.append(("q", value, _("题名或文号含“%(value)s”") % {"value": value}))
    if value := text_parameter(request, "series"):
        rows = rows.filter(symbol__startswith=value)
        chosen.append(("series", value, _("文号以%(value)s开头") % {"value": value}))
    if value := text_parameter(request, "state").upper():
        names = dict(State.objects.filter(alpha3=value).values_list("alpha3", "name"))
        choice_parameter(request, "state", {**names, request.GET["state"]: 1} if names else {}, _("国家"))
        rows = rows.of_state(value)
        chosen.append(("state", value, names[value]))
    if value := text_parameter(request, "cites"):
        symbol = read_symbol(value) or value
        rows = rows.citing(symbol)
        chosen.append(("cites", symbol, _("引用%(name)s") % {"name": spoken_symbol(symbol)}))
    return chosen, rows


# Browsing by year.


@answers(Years)
@page
def year_list(request: HttpRequest, twin: bool = False) -> HttpResponseBase:
    figures = figures_of(Subject.YEAR)
    undated = figures.pop("", None)
    counted = Counter({int(year): counts.paragraphs for year, counts in figures.items()})
    rows: list[dict[str, Any]] = [
        asdict(row) | {"documents": figures.get(str(row.year), NOTHING).documents}
        for row in year_rows(counted, set(counted), 2004)
    ]
    return respond(
        request,
        "archive/year_list.html",
        {"rows": rows, "undated": undated},
        lambda: Years(
            years=[
                YearLine(year=row["year"], documents=row["documents"], paragraphs=row["paragraphs"])
                for row in rows
                if row["year"]
            ],
            undated=undated.documents if undated else 0,
        ),
        twin,
        table=lambda: tables.years(request, rows),
    )


@answers(Year)
@page
def year(request: HttpRequest, year: int, twin: bool = False) -> HttpResponseBase:
    held = Document.objects.registry().in_year(year)
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
        lambda: Year(
            year=year,
            page=listing,
            documents=[DocumentLine.of(document) for document in documents],
            resolutions_adopted=[ResolutionLine.of(resolution) for resolution in adopted],
            most_cited=[(row["symbol"], row["paragraphs"]) for row in cited],
        ),
        twin,
        table=lambda: tables.documents(request, held.newest_first(), _("%(year)s年的文件") % {"year": year}),
    )
