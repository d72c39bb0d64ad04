"""The first page: what is here."""

from __future__ import annotations

from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from archive.models import Document, Paragraph, Resolution
from archive.presenters import twins
from archive.presenters.advice import advice_on_resolutions
from archive.reading import queries as reads
from archive.schemas import answers, site
from archive.search_index import index_coverage, index_revision
from archive.summaries.reading import with_figures
from archive.summaries.shares import Subject

from .page import page_beside
from .respond import respond

LATEST = 8
EXAMPLE_AMONG = 100  # documents


@answers(site.Home)
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
        lambda: site.Home(
            coverage=twins.coverage(coverage),
            index=index.as_json() if index else None,
            family=[twins.resolution(resolution) for resolution in family],
            latest=[twins.document_line(document) for document in latest],
        ),
        twin,
    )


def with_shares(rows: list) -> list:
    """Give each row its share of the largest ``paragraph_count``, for the bars."""
    most = max((row.paragraph_count for row in rows), default=0)
    for row in rows:
        row.share = round(100 * row.paragraph_count / most, 1) if most else 0
    return rows


def _example() -> Document | None:
    """The newest document that has a paragraph 14, among the newest; None where none of those has."""
    dated = Document.objects.filter(sort_date__isnull=False).order_by("-sort_date", "symbol")
    newest = dated.values("pk")[:EXAMPLE_AMONG]
    fourteenth = Paragraph.objects.filter(document=OuterRef("pk"), number="14")
    return Document.objects.filter(Exists(fourteenth), pk__in=newest).newest_first().first()
