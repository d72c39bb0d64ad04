"""The first page: the family of resolution 1540, what came in last, an example of each way in."""

from __future__ import annotations

from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from archive.models import Document, Paragraph, Resolution
from archive.site.views.coverage import with_shares
from archive.store.reading import queries as reads
from archive.store.reading.queries import Figures
from archive.store.reading.records import DocumentLine, ResolutionLine
from archive.store.search_index import IndexCoverage, index_coverage, index_revision
from archive.store.summaries import Subject, with_figures
from archive.store.values import Schema, answers

from .page import page_with_state
from .respond import respond


class Home(Schema, frozen=True, kw_only=True):
    """The first page."""

    coverage: Figures
    index: IndexCoverage | None
    family: list[ResolutionLine]
    latest: list[DocumentLine]


LATEST = 8
EXAMPLE_AMONG = 100  # documents


@answers(Home)
@page_with_state(index_revision)
def home(request: HttpRequest, twin: bool = False) -> HttpResponseBase:
    family = with_figures(Resolution.objects.filter(family=True), Subject.SYMBOL, "symbol")
    latest = Document.objects.count_for(list(Document.objects.registry().order_by("-pk")[:LATEST]))
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
        },
        lambda: Home(
            coverage=coverage,
            index=IndexCoverage(**index.facts()) if index else None,
            family=[ResolutionLine.of(resolution) for resolution in family],
            latest=[DocumentLine.of(document) for document in latest],
        ),
        twin,
    )


def _example() -> Document | None:
    """Returns the newest document that has a paragraph 14, among the newest; None where none of those has."""
    dated = Document.objects.filter(sort_date__isnull=False).order_by("-sort_date", "symbol")
    newest = dated.values("pk")[:EXAMPLE_AMONG]
    fourteenth = Paragraph.objects.filter(document=OuterRef("pk"), number="14")
    return Document.objects.filter(Exists(fourteenth), pk__in=newest).newest_first().first()
