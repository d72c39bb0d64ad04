"""Documents cited but not held: the page of one, and the list of all, ranked by number of citations."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django.db.models import Max
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.models import CatalogueRecord, Document, FetchAttempt, IssuedText, Mention, Paragraph
from archive.site.citations.build import unheld_record
from archive.site.citations.forms import panel
from archive.site.http.paging import ListPage, choice_parameter, paginate
from archive.site.opendata import tables
from archive.site.opendata.tables import Table
from archive.site.presenters.symbols import eur_lex_url, read_aloud, year_of
from archive.site.presenters.wording import spoken_symbol
from archive.site.views.resolutions import Neighbours
from archive.store.addresses.paths import document_path
from archive.store.reading import queries as reads
from archive.store.reading import records as values
from archive.store.reading.coverage import wanted_documents
from archive.store.reading.queries import spread_of
from archive.store.reading.records import Naming
from archive.store.values import Counted, CountOfKind, CountOfYear, Instant, Schema, answers
from archive.text.symbols.symbol import parsed_symbol, un_url

from .fallback import another_spelling
from .page import page
from .resolutions import citing_sections, head_of, record_of
from .respond import ending, moved, respond


class Attempt(Schema, frozen=True, kw_only=True):
    """The last attempt to get a document from the UN."""

    outcome: str
    meaning: str
    reason: str | None
    language: str
    at: Instant

    @classmethod
    def of(cls, row: FetchAttempt | None) -> Self | None:
        """Builds it from a stored attempt; None where there was none."""
        if row is None or row.asked is None:
            return None
        return cls.from_row(row, meaning=str(row.get_outcome_display()), at=row.asked)


class CatalogueLink(Schema, frozen=True, kw_only=True):
    """A link of a record of the UN's catalogue."""

    url: str
    note: str | None


class CatalogueFacts(Schema, frozen=True, kw_only=True):
    """The UN catalogue's record of a document that is not held."""

    title: str | None
    date: str | None
    authors: list[str]
    agenda: list[str]
    subjects: list[str]
    links: list[CatalogueLink]
    record: str | None
    source: str
    imported: Instant

    @classmethod
    def of(cls, row: CatalogueRecord | None) -> Self | None:
        """Builds it from a stored record; None where there is none."""
        if row is None:
            return None
        links = [CatalogueLink(url=address, note=note or None) for address, note in row.links]
        return cls.from_row(row, links=links)


class WantedDocument(Schema, frozen=True, kw_only=True):
    """A document cited but not held; ``first`` and ``last``: years of the citing documents."""

    symbol: str
    name: str
    kind: str
    paragraphs: int
    documents: int
    first: int | None
    last: int | None
    un_url: str | None
    eur_lex_url: str | None
    asked: Attempt | None
    same_document: list[str]


class Wanted(Schema, frozen=True, kw_only=True):
    """A list of documents cited but not held, most cited first."""

    kind: str | None
    page: ListPage
    wanted: list[WantedDocument]


class CountedCitations(Schema, frozen=True, kw_only=True):
    """The numbers of citing paragraphs and documents, and of those that only name the document."""

    paragraphs: int
    documents: int
    url: str
    not_counted: Naming


class UnheldDocument(Schema, frozen=True, kw_only=True):
    """A document cited but not held, with statistics. Each list: what, paragraphs (and documents)."""

    symbol: str
    held: bool
    name: str
    url: str
    un_url: str | None
    eur_lex_url: str | None
    adopted: dt.date | None
    meeting: int | None
    summary: str | None
    asked: Attempt | None
    catalogue: CatalogueFacts | None
    same_document: list[str]
    cited_by: CountedCitations
    by_year: list[CountOfYear]
    by_document: list[Counted]
    by_relation: list[CountOfKind]
    by_paragraph: list[Counted]
    by_state: list[Counted]
    by_body: list[Counted]
    cited_together_with: list[Counted]
    family: Neighbours
    series: Neighbours


def unheld(request: HttpRequest, symbol: str, twin: bool | str) -> HttpResponseBase:
    """Shows the page of a symbol without a stored document. Raises Http404 where nothing is known of it."""
    head = head_of(symbol)
    known = head["known"]
    if known is None and not Mention.objects.of(symbol).exists():
        if official := another_spelling(symbol):
            return moved(request, document_path(official) + ending(twin))
        if IssuedText.objects.filter(symbol=symbol).exists():
            return _withdrawn(request, symbol, twin)
        raise Http404(_("没有这份文件。"))
    spread = spread_of(Paragraph.objects.citing(symbol))
    documents, total = spread.documents, spread.total
    record = record_of(symbol, spread)
    url = un_url(symbol)
    naming = reads.naming_counts(symbol)
    attempt = FetchAttempt.objects.latest_by_symbol([symbol]).get(symbol)
    catalogue = CatalogueRecord.objects.of(symbol)
    also = reads.paired_symbols(symbol)
    return respond(
        request,
        "archive/unheld.html",
        {
            "symbol": symbol,
            "name": spoken_symbol(symbol),
            "also": also,
            **head,
            **citing_sections(symbol, spread, record, known.year if known else year_of(symbol)),
            "latest": None if total else _latest_before(known.year if known else year_of(symbol)),
            "parts": read_aloud(symbol),
            "un_url": url,
            "total": total,
            "how_cited": panel(unheld_record(request, symbol)),
            "naming": naming,
            "attempt": attempt,
            "catalogue": catalogue,
        },
        lambda: UnheldDocument(
            symbol=symbol,
            held=False,
            name=spoken_symbol(symbol),
            url=document_path(symbol),
            un_url=url,
            eur_lex_url=eur_lex_url(symbol),
            adopted=known.adopted if known else None,
            meeting=known.meeting if known else None,
            summary=known.summary if known else None,
            asked=Attempt.of(attempt),
            catalogue=CatalogueFacts.of(catalogue),
            same_document=also,
            cited_by=CountedCitations(
                paragraphs=total,
                documents=len(documents),
                url=f"{document_path(symbol)}/cited-by.json",
                not_counted=values.Naming(**naming),
            ),
            by_year=[(row.year, row.paragraphs) for row in spread.years() if row.held],
            by_document=[(row.symbol, row.paragraphs) for row in documents],
            **record.lists(),
        ),
        twin,
        table=lambda: Table.of(
            symbol, {_("文号"): "symbol", _("标题"): "title", _("引用段落"): "paragraphs"}, documents
        ),
    )


def _withdrawn(request: HttpRequest, symbol: str, twin: bool | str) -> HttpResponseBase:
    """Answers for a withdrawn document: its texts are kept, its address says that it was withdrawn."""
    last = (
        IssuedText.objects.filter(symbol=symbol)
        .exclude(until=None)
        .order_by("-until_revision", "-pk")
        .first()
    )
    context = {"symbol": symbol, "name": spoken_symbol(symbol), "last": last, "un_url": un_url(symbol)}
    facts = {
        "symbol": symbol,
        "withdrawn": last.until if last else None,
        "reason": (last.reason or None) if last else None,
    }
    return respond(request, "archive/withdrawn_document.html", context, facts, twin, 410)


def _latest_before(year: int | None) -> int | None:
    """Returns the year of the newest document, where all are older than ``year`` and could not cite it."""
    latest = Document.objects.aggregate(latest=Max("year"))["latest"]
    return latest if year and latest and latest < year else None


# Cited but not held: what the archive should acquire, ranked by how often it is cited.

PER_PAGE = 100
KINDS = {
    "resolution": gettext_lazy("决议"),
    "decision": gettext_lazy("决定"),
    "document": gettext_lazy("文件"),
    "eu_act": gettext_lazy("欧洲联盟法令"),
}


@answers(Wanted)
@page
def wanted(request: HttpRequest, twin: bool | str = False) -> HttpResponseBase:
    """Shows ``/wanted``: every symbol that a paragraph certainly cites and no stored document has."""
    kind = choice_parameter(request, "kind", KINDS, _("类别"))
    everything = _rows()
    rows = [row for row in everything if not kind or row.kind == kind]
    listing = paginate(request, rows, PER_PAGE, key=lambda row: (-row.paragraphs, row.symbol))
    counts = {code: sum(row.kind == code for row in everything) for code in KINDS}
    return respond(
        request,
        "archive/wanted.html",
        {
            "listing": listing,
            "rows": listing.items,
            "kind": kind,
            "kind_name": KINDS.get(kind, ""),
            "kinds": [(code, name, counts[code]) for code, name in KINDS.items() if counts[code]],
            "total": len(everything),
            "any_asked": any(row.asked for row in listing.items),
        },
        lambda: Wanted(kind=kind or None, page=listing, wanted=list(listing.items)),
        twin,
        table=lambda: tables.wanted(request, rows),
    )


def _rows() -> list[WantedDocument]:
    """Returns the rows of ``wanted_documents`` as the page and its twins have them; five queries."""
    asked = FetchAttempt.objects.latest_by_symbol()
    return [_row(row, [row["symbol"], *row["others"]], asked) for row in wanted_documents()]


def _row(row: dict[str, Any], symbols: list[str], asked: dict[str, FetchAttempt]) -> WantedDocument:
    return WantedDocument(
        symbol=row["symbol"],
        name=spoken_symbol(row["symbol"]),
        kind=_kind(row["symbol"]),
        un_url=next(filter(None, map(un_url, symbols)), None),
        eur_lex_url=eur_lex_url(row["symbol"]),
        asked=Attempt.of(_latest(asked, symbols)),
        same_document=row["others"],
        **{name: row[name] for name in ("paragraphs", "documents", "first", "last")},
    )


def _latest(asked: dict[str, FetchAttempt], symbols: list[str]) -> FetchAttempt | None:
    """Returns the newest attempt to get the document under any of its symbols."""
    attempts = [asked[symbol] for symbol in symbols if symbol in asked]
    return max(attempts, key=lambda attempt: attempt.pk, default=None)


def _kind(symbol: str) -> str:
    parsed = parsed_symbol(symbol)
    return str(parsed.kind) if parsed and str(parsed.kind) in KINDS else "document"
