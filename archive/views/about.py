"""About the archive, with its coverage in figures; and help."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from archive.models import Document
from archive.presenters import twins
from archive.presenters.wording import spoken_symbol
from archive.reading import queries as reads
from archive.reading.wanted import wanted_documents
from archive.schemas import answers, site

from .page import page
from .respond import respond

WANTED_SHOWN = 30


@answers(site.About)
@page
def about(request: HttpRequest, twin: bool = False) -> HttpResponseBase:
    figures = reads.coverage()
    wanted = [{**row, "name": spoken_symbol(row["symbol"])} for row in wanted_documents()[:WANTED_SHOWN]]
    types = [(Document.Type(row["document_type"]).label, row) for row in Document.objects.by_type()]
    return respond(
        request,
        "archive/about.html",
        {"coverage": figures, "wanted": wanted, "types": types},
        lambda: site.About(
            coverage=twins.coverage(figures),
            cited_but_not_held=[(row["symbol"], row["paragraphs"]) for row in wanted],
        ),
        twin,
    )


@answers(site.Help)
@page
def help_page(request: HttpRequest, twin: bool = False) -> HttpResponseBase:
    return respond(
        request,
        "archive/help.html",
        {},
        site.Help(
            addresses=site.Addresses(
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
