"""The first page, the totals of the archive, and help on its addresses."""

from __future__ import annotations

from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from archive.fetching.judge import advice_on_resolutions
from archive.models import Document, Paragraph, Resolution
from archive.presenters.values import DocumentLine, ResolutionLine
from archive.presenters.wording import spoken_symbol
from archive.reading import queries as reads
from archive.reading.coverage import wanted_documents
from archive.reading.queries import Figures
from archive.search_index import IndexCoverage, index_coverage, index_revision
from archive.summaries import Subject, with_figures
from archive.values import Counted, Schema, answers

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
            coverage=figures,
            cited_but_not_held=[(row["symbol"], row["paragraphs"]) for row in wanted],
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
