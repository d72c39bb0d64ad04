"""Cited but not held: what the archive should acquire, ranked by how often it is cited."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.http.paging import choice_parameter, paginate
from archive.models import FetchAttempt
from archive.opendata import tables
from archive.presenters.fetching import attempt_as_json
from archive.presenters.symbols import eur_lex_url, un_url
from archive.presenters.wording import spoken_symbol
from archive.reading.coverage import wanted_documents
from archive.schemas import answers, lists
from archive.text.symbols import Symbol, SymbolError

from .page import page
from .respond import respond

PER_PAGE = 100
KINDS = {
    "resolution": gettext_lazy("决议"),
    "decision": gettext_lazy("决定"),
    "document": gettext_lazy("文件"),
    "eu_act": gettext_lazy("欧洲联盟法令"),
}


@answers(lists.Wanted)
@page
def wanted(request: HttpRequest, twin: bool | str = False) -> HttpResponseBase:
    """``/wanted``: every symbol that a paragraph cites for certain and that no held document has."""
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
        lambda: lists.Wanted(
            kind=kind or None,
            page=listing.as_json(),
            wanted=list(listing.items),
        ),
        twin,
        table=lambda: tables.wanted(request, rows),
    )


def _rows() -> list[lists.WantedDocument]:
    """The rows of ``wanted_documents`` as the page and its twins have them; five queries."""
    asked = FetchAttempt.objects.latest_by_symbol()
    return [_row(row, [row["symbol"], *row["others"]], asked) for row in wanted_documents()]


def _row(row: dict[str, Any], symbols: list[str], asked: dict[str, FetchAttempt]) -> lists.WantedDocument:
    return lists.WantedDocument(
        symbol=row["symbol"],
        name=spoken_symbol(row["symbol"]),
        kind=_kind(row["symbol"]),
        un_url=next(filter(None, map(un_url, symbols)), None),
        eur_lex_url=eur_lex_url(row["symbol"]),
        asked=attempt_as_json(_latest(asked, symbols)),
        same_document=row["others"],
        **{name: row[name] for name in ("paragraphs", "documents", "first", "last")},
    )


def _latest(asked: dict[str, FetchAttempt], symbols: list[str]) -> FetchAttempt | None:
    """The newest attempt to get the document under any of its symbols."""
    attempts = [asked[symbol] for symbol in symbols if symbol in asked]
    return max(attempts, key=lambda attempt: attempt.pk, default=None)


def _kind(symbol: str) -> str:
    try:
        kind = str(Symbol.parse(symbol).kind)
    except SymbolError:
        return "document"
    return kind if kind in KINDS else "document"
