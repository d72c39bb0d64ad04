"""``/coverage``: what is held and what is known to be missing. ``/accuracy``: how right the parser is."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.accuracy.ranker import features_in_words, ranker_report, steps_in_words
from archive.accuracy.report import shown_report
from archive.http.paging import paginate
from archive.models import Document
from archive.opendata.tables import Table
from archive.reading.coverage import SeriesRow, count_blocks, series_rows
from archive.schemas import answers, lists, site
from archive.search_index import index_coverage, index_revision
from archive.summaries import Subject, totals

from .page import page, page_beside
from .respond import respond

DOCUMENTS_PER_PAGE = 100
CITED_SHOWN = 20

MEASURES = {
    "facts": gettext_lazy("文号、日期等"),
    "blocks": gettext_lazy("段落的文字和划分"),
    "kinds": gettext_lazy("段落的类别"),
    "numbers": gettext_lazy("段落的编号"),
    "parents": gettext_lazy("段落的上下级"),
    "attribution": gettext_lazy("发言人和答复方"),
    "mentions": gettext_lazy("提及的文件"),
    "pinpoints": gettext_lazy("提及的段次"),
    "bodies": gettext_lazy("提及的机构"),
    "relations_tune": gettext_lazy("引用方式（调试规则时用过的标注）"),
    "relations_judge": gettext_lazy("引用方式（从未用来调试的标注）"),
}


@answers(site.Coverage)
@page_beside(index_revision)
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
        lambda: site.Coverage(
            series=[_series_as_json(row) for row in series],
            documents=[_document_as_json(document) for document in count_blocks(listing.items)],
            page=listing.as_json(),
            index=index.as_json() if index else None,
        ),
        twin,
        table=lambda: _table(series),
    )


@answers(site.Accuracy)
@page
def accuracy(request: HttpRequest, twin: bool = False) -> HttpResponseBase:
    # JSON as the commands wrote it, in the shape that ``site.Accuracy`` tells.
    report: Any = shown_report()
    ranker: Any = ranker_report()
    context = {
        "report": report and _in_words(report),
        "ranker": ranker,
        "ranker_steps": steps_in_words(ranker),
        "features": features_in_words(ranker),
    }
    return respond(
        request, "archive/accuracy.html", context, site.Accuracy(report=report, search=ranker), twin
    )


def _series_as_json(row: SeriesRow) -> lists.SeriesLine:
    return lists.SeriesLine.from_row(
        row,
        held=[document.symbol for document in row.held],
        missing_numbers=row.gaps,
        cited_but_not_held=row.cited,
        known_missing=row.missing_count,
    )


def _document_as_json(document: Any) -> lists.DocumentState:
    return lists.DocumentState.from_row(
        document, doubts=len(document.doubts), uncertain_mentions=document.uncertain
    )


def _table(series: list[SeriesRow]) -> Table:
    head = [
        _("系列"),
        _("名称"),
        _("已藏"),
        _("起"),
        _("止"),
        _("编号空缺"),
        _("被引用而未藏"),
        _("已知缺藏"),
    ]
    rows = (
        (
            row.prefix,
            row.name,
            len(row.held),
            *(row.years or ("", "")),
            " ".join(row.gaps),
            " ".join(row.cited),
            row.missing_count,
        )
        for row in series
    )
    return Table(_("覆盖范围"), head, rows)


def _in_words(report: dict[str, Any]) -> dict[str, Any]:
    def rows(measures: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{**measure, "label": MEASURES.get(measure["name"], measure["name"])} for measure in measures]

    found = report.get("independent")
    return {
        **report,
        "independent": {**found, "measures": rows(found["measures"])} if found else None,
        "total": rows(report["total"]),
        "documents": [
            {"symbol": one["symbol"], "measures": rows(one["measures"])} for one in report["documents"]
        ],
    }
