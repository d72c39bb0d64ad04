"""Coverage: which series and documents are held, and how well they were read."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from archive.models import Document
from archive.site.http.paging import ListPage, paginate
from archive.site.opendata import tables
from archive.site.opendata.tables import Table
from archive.store.reading.coverage import SeriesRow, count_blocks, series_rows
from archive.store.search_index import IndexCoverage, index_coverage, index_revision
from archive.store.summaries import Subject, totals
from archive.store.values import Instant, Schema, answers

from .page import page_with_state
from .respond import respond


def with_shares(rows: list) -> list:
    """Gives each row its share of the largest ``paragraph_count``, for the bars."""
    most = max((row.paragraph_count for row in rows), default=0)
    for row in rows:
        row.share = round(100 * row.paragraph_count / most, 1) if most else 0
    return rows


class SeriesLine(Schema, frozen=True, kw_only=True):
    """A series of symbols: what of it is held, and what is missing."""

    prefix: str
    name: str | None
    held: list[str]
    years: tuple[int, int] | None
    missing_numbers: list[str]
    cited_but_not_held: list[str]
    known_missing: int

    @classmethod
    def of(cls, row: SeriesRow) -> Self:
        return cls.from_row(
            row,
            held=[document.symbol for document in row.held],
            missing_numbers=row.gaps,
            cited_but_not_held=row.cited,
            known_missing=row.missing_count,
        )


class DocumentState(Schema, frozen=True, kw_only=True):
    """The import of a document: time, parser version, and the number of its doubts."""

    symbol: str
    language: str
    date: dt.date | None
    communication_date: dt.date | None
    meeting_date: dt.date | None
    imported: Instant
    changed: Instant
    parser_version: str
    blocks: int
    doubts: int
    uncertain_mentions: int

    @classmethod
    def of(cls, document: Any) -> Self:
        return cls.from_row(document, doubts=len(document.doubts), uncertain_mentions=document.uncertain)


class Coverage(Schema, frozen=True, kw_only=True):
    """Coverage by series of symbols: documents held and missing, and the import of each."""

    series: list[SeriesLine]
    documents: list[DocumentState]
    page: ListPage
    index: IndexCoverage | None


DOCUMENTS_PER_PAGE, CITED_SHOWN = 100, 20


@answers(Coverage)
@page_with_state(index_revision)
def coverage(request: HttpRequest, twin: bool | str = False) -> HttpResponseBase:
    series, found, index = series_rows(), totals(), index_coverage()
    rows = Document.objects.order_by("pk").defer("parsed_facts", "corrections")
    listing = paginate(request, rows, DOCUMENTS_PER_PAGE)
    context = {
        "series": [(row, row.cited[:CITED_SHOWN], len(row.cited) - CITED_SHOWN) for row in series],
        "held": sum(len(row.held) for row in series),
        "missing": sum(row.missing_count for row in series),
        "listing": listing,
        "documents": count_blocks(listing.items),
        "doubts": found[Subject.DOUBT].mentions,
        "uncertain": found[Subject.UNCERTAIN].mentions,
        "index": index,
    }
    return respond(
        request,
        "archive/coverage.html",
        context,
        lambda: Coverage(
            series=list(map(SeriesLine.of, series)),
            documents=list(map(DocumentState.of, count_blocks(listing.items))),
            page=listing,
            index=IndexCoverage(**index.facts()) if index else None,
        ),
        twin,
        table=lambda: _table(series),
    )


def _table(series: list[SeriesRow]) -> Table:
    columns: tables.Columns = {
        _("系列"): "prefix",
        _("名称"): "name",
        _("已藏"): lambda row: len(row.held),
        _("起"): lambda row: row.years[0] if row.years else "",
        _("止"): lambda row: row.years[1] if row.years else "",
        _("编号空缺"): lambda row: " ".join(row.gaps),
        _("被引用而未藏"): lambda row: " ".join(row.cited),
        _("已知缺藏"): "missing_count",
    }
    return Table.of(_("覆盖范围"), columns, series)
