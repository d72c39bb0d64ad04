"""Backlinks: the paragraphs that cite a document, or one paragraph of it, with the citing sentence."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.http.addresses import cited_by_path, paragraph_path, query_string, range_path
from archive.http.paging import ListPage, choice_parameter
from archive.http.parameters import PLACES
from archive.links.permalinks import find_paragraph, moved_to
from archive.links.ranges import as_cited, readings
from archive.models import Document, Mention, Paragraph
from archive.opendata import feeds, tables
from archive.presenters.occurrences import ListedParagraph, ParagraphCount, PlaceFilters, occurrences
from archive.presenters.reading import Reader
from archive.presenters.symbols import eur_lex_url, un_url
from archive.presenters.values import Naming
from archive.presenters.wording import cited_name, cited_paragraph_name, spoken_symbol
from archive.reading import queries as reads
from archive.values import UNSET, Counted, CountOfKind, CountOfYear, Schema, UnsetType, answers

from .citing_filters import CitingFilters, citing_remarks, relation_counts
from .document import find_document
from .fallback import another_spelling
from .page import as_short_form, page
from .respond import ending, moved, respond
from .unheld import year_of


class CitedBy(Schema, frozen=True, kw_only=True):
    """The paragraphs that cite a document, or one paragraph of it (``only`` and ``not_counted`` are absent
    then). ``by_state`` and ``by_body`` are absent where ``only`` is asked; where the text is held here,
    ``un_url`` and ``eur_lex_url`` are.
    """

    symbol: str
    anchor: str | None
    held: bool
    un_url: str | None | UnsetType = UNSET
    eur_lex_url: str | None | UnsetType = UNSET
    only: str | None | UnsetType = UNSET
    not_counted: Naming | UnsetType = UNSET
    cited_filters: CitingFilters
    by_relation: list[CountOfKind]
    by_state: list[Counted] | UnsetType = UNSET
    by_body: list[Counted] | UnsetType = UNSET
    total: ParagraphCount
    by_year: list[CountOfYear]
    by_document: list[Counted]
    filters: PlaceFilters
    page: ListPage
    paragraphs: list[ListedParagraph]


# Paragraphs that name a document and do not count as citing it: ``?only=`` in the address.
NAMING = {
    "body-names": gettext_lazy("只在机构名称中"),
    "headings": gettext_lazy("在标题中"),
    "uncertain": gettext_lazy("存疑"),
}
WHOSE = {"state": gettext_lazy("国家的话"), "body": gettext_lazy("机构的话")}
AUTHORS_SHOWN = 30


@answers(CitedBy)
@page
def cited_by(request: HttpRequest, symbol: str, anchor: str = "", twin: bool = False) -> HttpResponseBase:
    """Shows ``/…/cited-by`` and ``/…/p/<anchor>/cited-by``: the citing paragraphs (backlinks)."""
    held = find_document(symbol)
    redirect = _elsewhere(request, symbol, anchor, held, twin)
    if redirect:
        return redirect
    name = ""
    if anchor:
        name = _paragraph_name(held, anchor) if held else cited_paragraph_name(anchor)
    return _listing(request, symbol, held, anchor, name, twin)


def cited_pinpoint(request: HttpRequest, symbol: str, anchor: str, twin: bool) -> HttpResponseBase:
    """Answers for a paragraph or range of a document that is not held: its citing paragraphs. Raises Http404
    where the document is unknown, or nobody cites such a number.
    """
    official = as_cited(anchor)
    if not reads.is_cited(symbol) or (official is None and not _is_cited(symbol, anchor)):
        raise Http404(_("本库未藏这份文件，也没有文件引用它的这一段。"))
    if official and official != anchor:
        return moved(request, paragraph_path(symbol, official) + ending(twin))
    name = cited_name(*next(readings(anchor))) if "-" in anchor else cited_name(anchor)
    return _listing(request, symbol, None, anchor, name, twin)


def _listing(
    request: HttpRequest, symbol: str, held: Document | None, anchor: str, name: str, twin: bool
) -> HttpResponseBase:
    at = anchor or None
    only = "" if anchor else choice_parameter(request, "only", NAMING, _("范围"))
    filters = CitingFilters.of(request, symbol, at, only)
    found = occurrences(
        request,
        filters.paragraphs,
        lambda shown: reads.citing_places(shown, filters.mentions),
        since=held.year if held else year_of(symbol),
        remarks=lambda shown: citing_remarks(shown, filters.mentions),
    )
    relations = [] if only else filters.relations(found.filters.year, found.filters.document or "")
    whose = [] if only else [("state", found.spread.states()), ("body", found.spread.bodies())]
    elsewhere = {} if anchor else reads.naming_counts(symbol)
    context = {
        "symbol": symbol,
        "held": held,
        "anchor": anchor,
        "stands": held is not None and held.paragraphs.filter(anchor=anchor).exists() if anchor else False,
        "paragraph_name": name,
        "name": spoken_symbol(symbol),
        "occurrences": found,
        "base": range_path(symbol, anchor) if "-" in anchor else cited_by_path(symbol, anchor),
        "un_url": None if held else un_url(symbol),
        "only": only,
        "only_words": NAMING.get(only, ""),
        "citing_total": Paragraph.objects.citing(symbol).count() if only else found.total.paragraphs,
        "naming": elsewhere,
        "filters": filters,
        "relations": relations,
        "whose": [(WHOSE[name], _choices(request, name, rows)) for name, rows in whose if rows],
        "kept": filters.query,
    }
    counts: dict[str, Any] = {
        f"by_{name}": [(row["code"], row["paragraphs"]) for row in rows] for name, rows in whose
    }
    called = _("引用%(symbol)s%(name)s的段落") % {"symbol": symbol, "name": name}
    return respond(
        request,
        "archive/cited_by.html",
        context,
        lambda: CitedBy.from_row(
            found,
            symbol=symbol,
            anchor=at,
            held=held is not None,
            un_url=UNSET if held else un_url(symbol),
            eur_lex_url=UNSET if held else eur_lex_url(symbol),
            only=UNSET if anchor else only or None,
            not_counted=UNSET if anchor else Naming(**elsewhere),
            cited_filters=filters,
            by_relation=relation_counts(relations),
            **counts,
        ),
        twin,
        table=lambda: tables.occurrences(request, called, found),
        feed=lambda: feeds.occurrences(request, called, found),
    )


def _choices(request: HttpRequest, name: str, rows: list[dict]) -> list[dict]:
    """Rows of a facet, each with the address that chooses it, or takes the choice away."""
    asked = {key: value for key, value in request.GET.items() if key not in (name, *PLACES)}
    chosen = request.GET.get(name, "")
    return [
        {
            **row,
            "chosen": row["code"] == chosen,
            "address": query_string(**asked, **({name: row["code"]} if row["code"] != chosen else {})) or "?",
        }
        for row in rows[:AUTHORS_SHOWN]
    ]


def _elsewhere(
    request: HttpRequest, symbol: str, anchor: str, held: Document | None, twin: bool
) -> HttpResponseBase | None:
    """Redirects if symbol or anchor has another address; raises Http404 where nothing is known."""
    tail = ending(twin)
    if held and held.symbol != symbol:
        return moved(request, cited_by_path(held.symbol, anchor) + tail)
    if held is None and not reads.is_cited(symbol):
        if official := another_spelling(symbol):
            return moved(request, cited_by_path(official, anchor) + tail)
        raise Http404(_("没有这份文件。"))
    if held and anchor and not held.paragraphs.filter(anchor=anchor).exists():
        if new := renamed_anchor(held, anchor):
            return moved(request, cited_by_path(symbol, new) + tail)
        if response := as_short_form(request, {"symbol": symbol, "anchor": anchor}):
            return response
        # Cited is also what the text here has no block for: 3(c), where its items run on in one paragraph.
        if not _is_cited(symbol, anchor):
            raise Http404(_("这份文件没有这一段。"))
    return None


def _is_cited(symbol: str, anchor: str) -> bool:
    return Mention.objects.certain().of(symbol).at_paragraph(anchor).exists()


def renamed_anchor(held: Document, anchor: str) -> str | None:
    """Returns the anchor to which ``anchor`` moved, or its lower-case spelling; else None."""
    if new := moved_to(held.symbol, anchor):
        return new
    lower = anchor.lower()
    return lower if lower != anchor and held.paragraphs.filter(anchor=lower).exists() else None


def _paragraph_name(held: Document, anchor: str) -> str:
    paragraph = find_paragraph(held, anchor)
    if paragraph is None:
        return cited_paragraph_name(anchor)
    return Reader(held, [paragraph], reads.ancestors([paragraph])).name_of(paragraph)
