"""``/uncertain``: the references of which it is not certain what they mean, each with the reason."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from archive.http.addresses import paragraph_path, range_path
from archive.http.paging import ListPage
from archive.links.permalinks import last_issued
from archive.links.ranges import Outline
from archive.models import Document, IssuedText, Mention, OwnReference, Paragraph
from archive.opendata import feeds, tables
from archive.presenters import history
from archive.presenters.occurrences import ListedParagraph, ParagraphCount, PlaceFilters, Remarks, occurrences
from archive.presenters.relations import doubt, own_doubt
from archive.presenters.wording import cited_paragraph_name, spoken_symbol
from archive.reading.coverage import doubtful_references
from archive.values import Counted, CountOfYear, Schema, answers, as_values

from .cited import renamed_anchor
from .document import find_document
from .fallback import another_spelling
from .page import page
from .respond import ending, moved, respond


class Uncertain(Schema, frozen=True, kw_only=True):
    """Paragraphs with references that are in doubt, and how many these are."""

    references: int
    total: ParagraphCount
    by_year: list[CountOfYear]
    by_document: list[Counted]
    filters: PlaceFilters
    page: ListPage
    paragraphs: list[ListedParagraph]


@answers(Uncertain)
@page
def uncertain(request: HttpRequest, twin: bool | str = False) -> HttpResponseBase:
    """Paragraphs with a doubtful mention of a document, or of a paragraph of their own document."""
    mentions, own = doubtful_references()
    rows = Paragraph.objects.filter(
        pk__in=mentions.order_by().values("paragraph").union(own.order_by().values("paragraph"))
    )
    listed = occurrences(request, rows, _places, remarks=_remarks)
    called = _("存疑的提及")
    places = sum(
        refs.filter(paragraph__in=listed.rows.order_by().values("pk")).count() for refs in (mentions, own)
    )
    return respond(
        request,
        "archive/uncertain.html",
        {"occurrences": listed, "places": places, "name": called},
        lambda: Uncertain.from_row(listed, references=places),
        twin,
        table=lambda: tables.occurrences(request, called, listed),
        feed=lambda: feeds.occurrences(request, called, listed),
    )


def _found(shown: Sequence[Paragraph]) -> tuple[list[Mention], list[OwnReference]]:
    mentions, own = (refs.filter(paragraph__in=shown).order_by("start") for refs in doubtful_references())
    return list(mentions), list(own)


def _places(shown: Sequence[Paragraph]) -> dict:
    places: dict[int, list[tuple[int, int]]] = {}
    for references in _found(shown):
        for one in references:
            places.setdefault(one.paragraph_id, []).append((one.start, one.end))
    return {key: sorted(set(found)) for key, found in places.items()}


def _remarks(shown: Sequence[Paragraph]) -> dict[int, Remarks]:
    """Returns the reasons for which each paragraph is listed, each reason once."""
    said: dict[int, dict[str, None]] = {}
    mentions, own = _found(shown)
    for mention in mentions:
        words = _("%(doubt)s，可能指%(name)s") % {
            "doubt": doubt(mention),
            "name": spoken_symbol(mention.symbol),
        }
        said.setdefault(mention.paragraph_id, {})[words] = None
    for one in own:
        words = f"{own_doubt(one)}（“{one.surface}”）"
        said.setdefault(one.paragraph_id, {})[words] = None
    return {key: Remarks(tuple(words)) for key, words in said.items()}


# A link whose fingerprint lost its end on the way: what it names, and what it may have ended with.

LEAST = 8


@page
def cut_short(
    request: HttpRequest, symbol: str, digits: str, anchor: str = "", spelled: str = "", twin: bool = False
) -> HttpResponseBase:
    """Answers 404 for ``/S/2010/52/p/annex.14/3373b``: too few digits prove nothing; with the ways on.

    Never led on to the paragraph: the page would not say whether the words are those that were cited.
    """
    held = find_document(symbol)
    official = held.symbol if held else another_spelling(symbol) or symbol
    tail = f"/{digits}{ending(twin)}"
    if official != symbol:
        return moved(request, paragraph_path(official, anchor or spelled) + tail)
    if spelled:
        if held is None or Outline(held).ends(spelled) is None:
            raise Http404(_("这份文件没有这个区间。"))
        address, name, texts = range_path(symbol, spelled), spelled, []
    else:
        if redirect := _elsewhere(request, held, symbol, anchor, tail):
            return redirect
        address, name = paragraph_path(symbol, anchor), cited_paragraph_name(anchor)
        texts = list(IssuedText.objects.under(symbol, anchor).filter(fingerprint__startswith=digits))
    context = {
        "symbol": symbol,
        "name": name,
        "digits": digits,
        "least": LEAST,
        "address": address,
        "ocr_confidence": held.ocr_confidence if held else None,
        "texts": [(text, paragraph_path(symbol, anchor, text.fingerprint)) for text in texts],
    }
    facts = {
        "error": _("链接末尾的指纹不全：只有%(count)s位，至少要%(least)s位。")
        % {"count": len(digits), "least": LEAST},
        "symbol": symbol,
        "anchor": anchor or None,
        "range": spelled or None,
        "digits": digits,
        "url": address,
        "ocr_confidence": held.ocr_confidence if held else None,
        "beginning_with": [
            as_values(history.IssuedText.of(text))
            | {"permalink": paragraph_path(symbol, anchor, text.fingerprint)}
            for text in texts
        ],
    }
    return respond(request, "archive/cut_short.html", context, facts, twin, 404)


def _elsewhere(
    request: HttpRequest, held: Document | None, symbol: str, anchor: str, tail: str
) -> HttpResponse | None:
    """Returns a redirect where the paragraph has another address; Http404 where nothing is known of it."""
    if held and held.paragraphs.filter(anchor=anchor).exists():
        return None
    if held and (new := renamed_anchor(held, anchor)):
        return moved(request, paragraph_path(symbol, new) + tail)
    if last_issued(symbol, anchor) is None:
        raise Http404(_("这份文件没有这一段。") if held else _("本库未藏这份文件。"))
    return None
