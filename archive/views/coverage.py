"""``/coverage``: what is held and what is known to be missing. ``/accuracy``: how right the parser is."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.accuracy.ranker import features_in_words, ranker_report, steps_in_words
from archive.accuracy.report import shown_report
from archive.http.paging import ListPage, paginate
from archive.models import Document
from archive.opendata.tables import Table
from archive.reading.coverage import SeriesRow, count_blocks, series_rows
from archive.search_index import IndexCoverage, index_coverage, index_revision
from archive.summaries import Subject, totals
from archive.values import UNSET, Counted, Instant, Schema, UnsetType, answers

from .page import page, page_beside
from .respond import respond


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


class Measure(Schema, frozen=True, kw_only=True):
    """The parser's accuracy for one kind of thing; ``missed`` and ``wrong`` list the cases."""

    name: str
    right: int
    missed: list[str]
    wrong: list[str]
    precision: float | None
    recall: float | None


class CountedMeasure(Schema, frozen=True, kw_only=True):
    """The same over documents of which no word may be shown."""

    name: str
    right: int
    missed: int
    wrong: int
    precision: float | None
    recall: float | None


class MeasuredDocument(Schema, frozen=True, kw_only=True):
    """The parser's accuracy for one document."""

    symbol: str
    measures: list[Measure]


class Marked(Schema, frozen=True, kw_only=True):
    """The size of the annotated sample."""

    documents: int
    blocks: int


class IndependentMeasures(Schema, frozen=True, kw_only=True):
    """Measured on documents marked by others; ``by``: who marked how many; ``refused`` could not be read."""

    documents: int
    by: list[Counted]
    refused: int
    measures: list[CountedMeasure]


class ParserAccuracy(Schema, frozen=True, kw_only=True):
    """The parser's accuracy against human annotations."""

    parser_version: str
    gold: str
    marked: Marked
    documents: list[MeasuredDocument]
    total: list[Measure]
    independent: IndependentMeasures | None | UnsetType = UNSET


class RankingFigures(Schema, frozen=True, kw_only=True):
    """The quality of a ranking; ``first``: share of queries whose first result is right."""

    ndcg: float
    recall: float
    first: float | None | UnsetType = UNSET


class RankingByKind(Schema, frozen=True, kw_only=True):
    """Both steps of the order, for one kind of query."""

    queries: int
    first_stage: RankingFigures
    by_words: RankingFigures
    second_stage: RankingFigures


class RankingAccuracy(Schema, frozen=True, kw_only=True):
    """The ranking quality of search; ``by_words``: without semantics; ``ablation``: without each feature."""

    weights: dict[str, float]
    weights_by_words: dict[str, float]
    queries: int
    reordered: int
    folds: int
    first_stage: RankingFigures
    by_words: RankingFigures
    second_stage: RankingFigures
    kinds: dict[str, RankingByKind]
    ablation: dict[str, RankingFigures]


class Accuracy(Schema, frozen=True, kw_only=True):
    """The accuracy of the parser and of search."""

    report: ParserAccuracy | None
    search: RankingAccuracy


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


@answers(Coverage)
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
        lambda: Coverage(
            series=list(map(SeriesLine.of, series)),
            documents=list(map(DocumentState.of, count_blocks(listing.items))),
            page=listing,
            index=IndexCoverage(**index.facts()) if index else None,
        ),
        twin,
        table=lambda: _table(series),
    )


@answers(Accuracy)
@page
def accuracy(request: HttpRequest, twin: bool = False) -> HttpResponseBase:
    # JSON as the commands wrote it, in the shape that ``Accuracy`` tells.
    report: Any = shown_report()
    ranker: Any = ranker_report()
    context = {
        "report": report and _in_words(report),
        "ranker": ranker,
        "ranker_steps": steps_in_words(ranker),
        "features": features_in_words(ranker),
    }
    return respond(request, "archive/accuracy.html", context, Accuracy(report=report, search=ranker), twin)


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
