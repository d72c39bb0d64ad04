"""A document that is not held: what is known of it, and who cites it."""

from __future__ import annotations

from django.db.models import Max
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from archive.http.addresses import document_path
from archive.models import (
    CatalogueRecord,
    Document,
    FetchAttempt,
    IssuedText,
    Mention,
    Paragraph,
)
from archive.opendata.tables import Table
from archive.presenters.fetching import advice_on_resolutions, attempt_as_json, catalogue_as_json
from archive.presenters.symbols import eur_lex_url, read_aloud, un_url
from archive.presenters.wording import spoken_symbol
from archive.reading import queries as reads
from archive.reading.distribution import DocumentRow, spread_of
from archive.schemas import passages
from archive.text.symbols import Symbol, SymbolError

from .record import record_of
from .resolutions import citing_sections, head_of
from .respond import ending, moved, respond
from .typed import another_spelling


def unheld(request: HttpRequest, symbol: str, twin: bool | str) -> HttpResponseBase:
    """The page of a symbol that no held document has. Raises Http404 where nothing at all is known."""
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
            "naming": naming,
            "attempt": attempt,
            "catalogue": catalogue,
            "advice": advice_on_resolutions() if head["family"] else "",
        },
        lambda: passages.UnheldDocument(
            symbol=symbol,
            held=False,
            name=spoken_symbol(symbol),
            url=document_path(symbol),
            un_url=url,
            eur_lex_url=eur_lex_url(symbol),
            adopted=known.adopted if known else None,
            meeting=known.meeting if known else None,
            summary=known.summary if known else None,
            asked=attempt_as_json(attempt),
            catalogue=catalogue_as_json(catalogue),
            same_document=also,
            cited_by=passages.CountedCitations(
                paragraphs=total,
                documents=len(documents),
                url=f"{document_path(symbol)}/cited-by.json",
                not_counted=passages.Naming(**naming),
            ),
            by_year=[(row.year, row.paragraphs) for row in spread.years() if row.held],
            by_document=[(row.symbol, row.paragraphs) for row in documents],
            **record.lists(),
        ),
        twin,
        table=lambda: _table(symbol, documents),
    )


def _table(symbol: str, documents: list[DocumentRow]) -> Table:
    """The documents that cite ``symbol``, as a file."""
    head = [_("文号"), _("标题"), _("引用段落")]
    return Table(symbol, head, ((row.symbol, row.title, row.paragraphs) for row in documents))


def _withdrawn(request: HttpRequest, symbol: str, twin: bool | str) -> HttpResponseBase:
    """A document that was held once: its texts are kept, its address says that it was withdrawn."""
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
    """The year of the newest document held, where all are older than ``year``: none of them could cite it."""
    latest = Document.objects.aggregate(latest=Max("year"))["latest"]
    return latest if year and latest and latest < year else None


def year_of(symbol: str) -> int | None:
    """The year that a symbol bears, or None."""
    try:
        return Symbol.parse(symbol).year
    except SymbolError:
        return None
