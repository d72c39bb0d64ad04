"""The first page, help, and what the archive holds, lacks and doubts, in figures."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any, Self

from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.intake.fetching.judge import advice_on_resolutions
from archive.models import Document, Mention, OwnReference, Paragraph, Resolution
from archive.site.http.paging import ListPage, paginate
from archive.site.opendata import feeds, tables
from archive.site.opendata.tables import Table
from archive.site.presenters.occurrences import (
    ListedParagraph,
    ParagraphCount,
    PlaceFilters,
    Remarks,
    occurrences,
)
from archive.site.presenters.relations import doubt, own_doubt
from archive.site.presenters.wording import spoken_symbol
from archive.store.reading import queries as reads
from archive.store.reading.coverage import (
    SeriesRow,
    count_blocks,
    doubtful_references,
    series_rows,
    wanted_documents,
)
from archive.store.reading.queries import Figures
from archive.store.reading.records import DocumentLine, ResolutionLine
from archive.store.search_index import IndexCoverage, index_coverage, index_revision
from archive.store.summaries import Subject, totals, with_figures
from archive.store.values import Counted, CountOfYear, Instant, Schema, answers
from archive.text.reference import FIXTURES

from .page import page, page_beside
from .respond import respond


class Home(Schema, frozen=True, kw_only=True):
    """The first page."""

    coverage: Figures
    index: IndexCoverage | None
    family: list[ResolutionLine]
    latest: list[DocumentLine]


class About(Schema, frozen=True, kw_only=True):
    """The totals of the archive, and the most cited documents it lacks: symbol and paragraphs."""

    coverage: Figures
    cited_but_not_held: list[Counted]


class Addresses(Schema, frozen=True, kw_only=True):
    """The patterns of addresses."""

    document: str
    paragraph: str
    permalink: str
    cited_by: str
    paragraph_cited_by: str
    source: str
    twin: str
    text: str


class Help(Schema, frozen=True, kw_only=True):
    """The construction of addresses and fingerprints."""

    addresses: Addresses
    fingerprint: str


LATEST = 8
EXAMPLE_AMONG = 100  # documents


@answers(Home)
@page_beside(index_revision)
def home(request: HttpRequest, twin: bool = False) -> HttpResponseBase:
    family = with_figures(Resolution.objects.filter(family=True), Subject.SYMBOL, "symbol")
    latest = Document.objects.count_for(list(Document.objects.order_by("-pk")[:LATEST]))
    coverage, index = reads.coverage(), index_coverage()
    example = _example() or (latest[0] if latest else None)
    return respond(
        request,
        "archive/home.html",
        {
            "family": with_shares(family),
            "latest": latest,
            "coverage": coverage,
            "example": example,
            "index": index,
            "advice": advice_on_resolutions(),
        },
        lambda: Home(
            coverage=coverage,
            index=IndexCoverage(**index.facts()) if index else None,
            family=[ResolutionLine.of(resolution) for resolution in family],
            latest=[DocumentLine.of(document) for document in latest],
        ),
        twin,
    )


def with_shares(rows: list) -> list:
    """Gives each row its share of the largest ``paragraph_count``, for the bars."""
    most = max((row.paragraph_count for row in rows), default=0)
    for row in rows:
        row.share = round(100 * row.paragraph_count / most, 1) if most else 0
    return rows


def _example() -> Document | None:
    """Returns the newest document that has a paragraph 14, among the newest; None where none of those has."""
    dated = Document.objects.filter(sort_date__isnull=False).order_by("-sort_date", "symbol")
    newest = dated.values("pk")[:EXAMPLE_AMONG]
    fourteenth = Paragraph.objects.filter(document=OuterRef("pk"), number="14")
    return Document.objects.filter(Exists(fourteenth), pk__in=newest).newest_first().first()


# About the archive, with its coverage in figures; and help.

WANTED_SHOWN = 30


@answers(About)
@page
def about(request: HttpRequest, twin: bool = False) -> HttpResponseBase:
    figures = reads.coverage()
    wanted = [{**row, "name": spoken_symbol(row["symbol"])} for row in wanted_documents()[:WANTED_SHOWN]]
    types = [(Document.Type(row["document_type"]).label, row) for row in Document.objects.by_type()]
    return respond(
        request,
        "archive/about.html",
        {"coverage": figures, "wanted": wanted, "types": types},
        lambda: About(
            coverage=figures, cited_but_not_held=[(row["symbol"], row["paragraphs"]) for row in wanted]
        ),
        twin,
    )


@answers(Help)
@page
def help_page(request: HttpRequest, twin: bool = False) -> HttpResponseBase:
    return respond(
        request,
        "archive/help.html",
        {},
        Help(
            addresses=Addresses(
                document="/{symbol}",
                paragraph="/{symbol}/p/{anchor}",
                permalink="/{symbol}/p/{anchor}/{fingerprint}",
                cited_by="/{symbol}/cited-by",
                paragraph_cited_by="/{symbol}/p/{anchor}/cited-by",
                source="/{symbol}/source",
                twin="{address}.json",
                text="/{symbol}.txt",
            ),
            fingerprint="first 8 to 64 hex digits of SHA-256 over the text after NFKC, no white space",
        ),
        twin,
    )


# ``/coverage``: what is held and what is known to be missing. ``/accuracy``: how right the parser is.


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
    """The parser's accuracy for one kind of thing, in counts and shares."""

    name: str
    right: int
    missed: int
    wrong: int
    precision: float | None
    recall: float | None


class Accuracy(Schema, frozen=True, kw_only=True):
    """The parser's accuracy against human annotations of so many documents and blocks."""

    documents: int
    blocks: int
    measures: list[Measure]


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
    """Shows ``/accuracy``: the counts of the report that ``make accuracy`` wrote."""
    report = json.loads((FIXTURES / "accuracy.json").read_text("utf-8"))
    counts = ({**one, "missed": len(one["missed"]), "wrong": len(one["wrong"])} for one in report["measures"])
    answer = Accuracy(**report["marked"], measures=[Measure(**one) for one in counts])
    context = {
        "marked": report["marked"],
        "measures": [(MEASURES.get(one.name, one.name), one) for one in answer.measures],
    }
    return respond(request, "archive/accuracy.html", context, answer, twin)


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


# ``/uncertain``: the references of which it is not certain what they mean, each with the reason.


class Uncertain(Schema, frozen=True, kw_only=True):
    """Paragraphs with references that are in doubt, and how many these are."""

    references: int
    total: ParagraphCount
    by_year: list[CountOfYear]
    by_document: list[Counted]
    filters: PlaceFilters
    page: ListPage
    paragraphs: list[ListedParagraph]


@answers(Uncertain)
@page
def uncertain(request: HttpRequest, twin: bool | str = False) -> HttpResponseBase:
    """Paragraphs with a doubtful mention of a document, or of a paragraph of their own document."""
    mentions, own = doubtful_references()
    rows = Paragraph.objects.filter(
        pk__in=mentions.order_by().values("paragraph").union(own.order_by().values("paragraph"))
    )
    listed = occurrences(request, rows, _doubtful_places, remarks=_reasons)
    called = _("存疑的提及")
    places = sum(
        refs.filter(paragraph__in=listed.rows.order_by().values("pk")).count() for refs in (mentions, own)
    )
    return respond(
        request,
        "archive/uncertain.html",
        {"occurrences": listed, "places": places, "name": called},
        lambda: Uncertain.from_row(listed, references=places),
        twin,
        table=lambda: tables.occurrences(request, called, listed),
        feed=lambda: feeds.occurrences(request, called, listed),
    )


def _doubtful(shown: Sequence[Paragraph]) -> tuple[list[Mention], list[OwnReference]]:
    mentions, own = (refs.filter(paragraph__in=shown).order_by("start") for refs in doubtful_references())
    return list(mentions), list(own)


def _doubtful_places(shown: Sequence[Paragraph]) -> dict:
    places: dict[int, list[tuple[int, int]]] = {}
    for references in _doubtful(shown):
        for one in references:
            places.setdefault(one.paragraph_id, []).append((one.start, one.end))
    return {key: sorted(set(found)) for key, found in places.items()}


def _reasons(shown: Sequence[Paragraph]) -> dict[int, Remarks]:
    """Returns the reasons for which each paragraph is listed, each reason once."""
    said: dict[int, dict[str, None]] = {}
    mentions, own = _doubtful(shown)
    for mention in mentions:
        words = _("%(doubt)s，可能指%(name)s") % {
            "doubt": doubt(mention),
            "name": spoken_symbol(mention.symbol),
        }
        said.setdefault(mention.paragraph_id, {})[words] = None
    for one in own:
        words = f"{own_doubt(one)}（“{one.surface}”）"
        said.setdefault(one.paragraph_id, {})[words] = None
    return {key: Remarks(tuple(words)) for key, words in said.items()}
