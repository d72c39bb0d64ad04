"""The first page: what is here."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from archive.models import Document, Resolution
from archive.presenters import twins
from archive.reading import queries as reads
from archive.schemas import answers, site
from archive.search_index import index_coverage, index_revision

from .page import page_beside
from .respond import respond

LATEST = 8


@answers(site.Home)
@page_beside(index_revision)
def home(request: HttpRequest, twin: bool = False) -> HttpResponse:
    family = Resolution.objects.filter(family=True).counted()
    latest = Document.objects.count_for(list(Document.objects.order_by("-pk")[:LATEST]))
    coverage, index = reads.coverage(), index_coverage()
    example = Document.objects.newest_first().filter(paragraphs__number="14").first() or (
        latest[0] if latest else None
    )
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
