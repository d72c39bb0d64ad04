"""What the archive is, and how addresses and queries are written."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from archive.models import Document
from archive.site.presenters.wording import reads_english, spoken_symbol
from archive.store.reading import queries as reads
from archive.store.reading.coverage import wanted_documents
from archive.store.reading.queries import Figures
from archive.store.values import Counted, Schema, answers

from .page import page
from .respond import respond


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
        {"en": reads_english()},
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
