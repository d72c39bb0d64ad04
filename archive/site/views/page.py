"""HTTP handling that all pages share: methods, conditional requests, answers to the unknown or malformed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial, wraps
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from archive.models import Document, IssuedText, RetiredDocument
from archive.models.querysets.languages import CHINESE, text_language
from archive.site.cache.freshness import fresh
from archive.site.http.formats import any_of, endings_of, is_machine_address
from archive.site.http.paging import BadRequestError
from archive.site.presenters import history
from archive.site.presenters.history import why_in_words
from archive.site.presenters.wording import (
    cited_paragraph_name,
    language_name,
    part_name,
    range_name,
    recognized_in_words,
    spoken_symbol,
)
from archive.store.addresses.paths import SAFE, cited_by_path, document_path, paragraph_path
from archive.store.links.numbers import Place, places_meant, ranges_meant, words_meant
from archive.store.links.permalinks import last_issued, place_now
from archive.store.links.ranges import SEPARATOR, readings, spell
from archive.store.reading.queries import standing_retirement
from archive.store.values import as_values
from archive.text.pinpoints.anchors import split_part
from archive.text.symbols.symbol import un_url

from .fallback import OtherLanguageError, in_language, not_found, redirect_to_meant, without_ending
from .gone import withdrawn
from .respond import led_on, moved, plain_text, respond


def page(
    view: Callable[..., HttpResponseBase], state: Callable[[], object] = lambda: None, own_mark: bool = False
) -> Callable[..., HttpResponseBase]:
    """Makes a function a page: GET and HEAD only, 304 where nothing changed, errors explained in words.

    The view is called with ``twin=True`` for the JSON twin of its address, and never for what was withdrawn
    or merged, once issued and is no more, or is a number without its part. ``state``: what the page
    depends on beside the archive (``page_with_state``). ``own_mark``: the view gives the ETag itself, since
    its answer outlives changes of the archive.
    """

    @wraps(view)
    def careful(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response = (retired_answer(request, kwargs) if "symbol" in kwargs else None) or view(
                request, *args, **kwargs
            )
        except OtherLanguageError as error:
            response = _in_other_language(request, kwargs["symbol"], error)
        except Http404 as error:
            response = (
                _redirect_of_misspelling(request) or once_issued(request, kwargs) or not_found(request, error)
            )
        except BadRequestError as error:
            context = {"message": str(error), "here": request.path, "no_twins": True}
            twin = {"error": str(error)}
            template = "archive/bad_request.html"
            response = respond(request, template, context, twin, kwargs.get("twin", False), error.status)
        if response.status_code != HTTPStatus.NOT_FOUND:
            return response
        return as_short_form(request, kwargs) or without_ending(request) or response

    # Nothing is changed by any page: what would change something is 405, not a missing token.
    return csrf_exempt(require_safe(in_language(careful if own_mark else fresh(careful, state))))


def _in_other_language(request: HttpRequest, symbol: str, error: OtherLanguageError) -> HttpResponseBase:
    """Leads from a bare address to the only text that is held; says that no text is held in the language that
    an address names, with the same place in the text that is."""
    held, wanted, twin = error.held, error.wanted, _twin(request)
    path = document_path(symbol, held.language if held else CHINESE) + _rest(request, symbol)
    if held is None or wanted == CHINESE:
        return led_on(request, path)
    told = _("本库没有这份文件的%(language)s文本。") % {"language": language_name(wanted)}
    context = {"document": held, "message": told, "address": path, "un_url": un_url(held.symbol)}
    context["no_twins"] = True
    facts = {"error": told, "symbol": held.symbol, "held": path}
    if twin == ".txt":
        return plain_text(f"{told}\n{path}\n", 404)
    return respond(request, "archive/other_language.html", context, facts, bool(twin), 404)


def page_with_state(state: Callable[[], object]) -> Callable[[Callable[..., HttpResponseBase]], Callable]:
    """Decorates a view whose page also depends on ``state()``."""
    return partial(page, state=state)


def _redirect_of_misspelling(request: HttpRequest) -> HttpResponse | None:
    """Redirects where an address read as a symbol is a page of ours in capitals, or a misspelled symbol."""
    typed = request.path_info[1:]
    return redirect_to_meant(request, typed) if typed[:1].isupper() else None


# Addresses of documents that were withdrawn or merged: asked for before any view that takes a symbol.

# Lists of what others say of it: they stand as for any document that is not held.
CITED_BY = {"cited_by", "paragraph_cited_by"}
ENDING = re.compile(rf"(?:/cite)?\.json$|/cite$|{any_of(*endings_of('text', 'citation'))}$")


def retired_answer(request: HttpRequest, kwargs: dict) -> HttpResponseBase | None:
    """Answers for a retired symbol in the address; None where a view can answer as usual."""
    retired = standing_retirement(kwargs.get("symbol", ""))
    if retired is None:
        return None
    if retired.facts.get("alias"):
        return moved(request, document_path(retired.successor) + _rest(request, retired.symbol))
    if "fingerprint" in kwargs and "anchor" in kwargs:
        return None
    if retired.ending == RetiredDocument.Ending.MERGED:
        return _merged(request, retired, kwargs)
    if _name(request) in CITED_BY:
        return None
    return once_issued(request, kwargs)


def once_issued(request: HttpRequest, kwargs: dict) -> HttpResponseBase | None:
    """Returns 410 for an address that was issued and has no page now; None for one never issued."""
    symbol, anchor, twin = kwargs.get("symbol", ""), kwargs.get("anchor", ""), _twin(request)
    retired = standing_retirement(symbol)
    issued = last_issued(symbol, anchor) if anchor else None
    if issued:
        return withdrawn(request, symbol, _document_of(symbol), issued, twin)
    return _retired_page(request, retired, twin) if retired else None


def _merged(request: HttpRequest, retired: RetiredDocument, kwargs: dict) -> HttpResponseBase | None:
    symbol, anchor = retired.symbol, kwargs.get("anchor", "")
    if anchor:
        place = place_now(symbol, anchor)
        if place is None:
            return as_short_form(request, kwargs) or once_issued(request, kwargs)
        path = cited_by_path(*place) if _name(request) in CITED_BY else paragraph_path(*place)
        return moved(request, path + _ending(request))
    if "spelled" in kwargs:
        return once_issued(request, kwargs)
    return moved(request, document_path(retired.successor) + _rest(request, symbol))


def _retired_page(request: HttpRequest, retired: RetiredDocument, twin: bool | str) -> HttpResponseBase:
    """Answers 410: who retired the document, when and why, and its text as it was, unless law forbids."""
    texts = _texts(retired)
    why = why_in_words("", retired.reason, retired.by)
    sure = retired.facts.get("ocr_confidence")
    if twin == ".txt":
        shown = [text.shown_text for text in texts]
        told = [f"410 {retired.symbol} {why}", *filter(None, [recognized_in_words(sure)]), *shown]
        return plain_text("\n\n".join(told) + "\n", 410)
    title = "" if retired.withheld else retired.facts.get("title", "")
    context = {
        "symbol": retired.symbol,
        "name": spoken_symbol(retired.symbol),
        "title": title,
        "retired": retired,
        "ocr_confidence": sure,
        "merged": retired.ending == RetiredDocument.Ending.MERGED,
        "texts": [
            {
                "name": cited_paragraph_name(text.anchor),
                "part": part_name(split_part(text.anchor)[0]),
                "address": paragraph_path(text.symbol, text.anchor, text.fingerprint),
                "text": text.shown_text,
            }
            for text in texts
            if not text.withheld
        ],
        "un_url": un_url(retired.symbol),
    }
    facts = {
        "symbol": retired.symbol,
        "ending": retired.ending,
        "successor": retired.successor or None,
        "title": title or None,
        "by": retired.by,
        "reason": retired.reason,
        "at": retired.at,
        "withheld": retired.withheld,
        "ocr_confidence": sure,
        "texts": [
            as_values(history.IssuedText.of(text))
            | {"permalink": paragraph_path(text.symbol, text.anchor, text.fingerprint)}
            for text in texts
        ],
    }
    return respond(request, "archive/withdrawn_document.html", context, facts, bool(twin), 410)


def _texts(retired: RetiredDocument) -> list[IssuedText]:
    """Returns the texts of a document at its retirement, in reading order."""
    order = {anchor: place for place, anchor in enumerate(retired.facts.get("anchors", []))}
    rows = IssuedText.objects.of(retired).filter(until_revision=retired.at_revision)
    return sorted(rows, key=lambda row: (order.get(row.anchor, len(order)), row.pk))


def _document_of(symbol: str) -> Document | None:
    return Document.objects.filter(symbol=symbol, language=text_language()).first()


def _name(request: HttpRequest) -> str:
    match = request.resolver_match
    return (match.url_name or "").removesuffix("_json") if match else ""


def _ending(request: HttpRequest) -> str:
    found = ENDING.search(request.path_info)
    return found[0] if found else ""


def _twin(request: HttpRequest) -> bool | str:
    """Returns the form of an error: ".txt" for plain text, True for a problem document, False for a page."""
    path = request.path_info
    return ".txt" if path.endswith(".txt") else is_machine_address(path)


def _rest(request: HttpRequest, symbol: str) -> str:
    """Returns the part of the requested address that follows the symbol."""
    return quote(request.path_info.partition(symbol)[2], safe=SAFE)


# An address whose number lacks its part: led on where it can mean one place, else the choice between all.

# The words of a place, or what cites them: of a table, of all its rows.
FILE = re.compile(r"\.(?!json$)|/cite\b")


def as_short_form(request: HttpRequest, kwargs: Mapping[str, Any]) -> HttpResponseBase | None:
    """Resolves a bare number in an address: redirects to its one meaning, 300 for several, None for none.

    To be called where the address itself has no answer, or not the words of its fingerprint.
    """
    symbol, asked = kwargs.get("symbol", ""), kwargs.get("anchor") or kwargs.get("spelled") or ""
    if not symbol or not asked:
        return None
    held, number, cited = Document.objects.find(symbol), asked.lower(), kwargs.get("fingerprint", "")
    tail = request.path_info.partition(f"/p/{asked}")[2]
    found = words_meant(symbol, held, number, cited) if cited else []
    if not found:
        if SEPARATOR.search(number):
            found = ranges_meant(symbol, held, number)
        else:
            found = places_meant(symbol, held, number, words=bool(cited or FILE.match(tail)))
        if cited and len(found) > 1:
            return None  # none of them ever had the words
    paths = [paragraph_path(*place) + quote(tail, safe=SAFE) for place in found]
    return _choice(request, symbol, number, found, paths) if len(found) > 1 else _led_on(request, paths)


def _led_on(request: HttpRequest, paths: Sequence[str]) -> HttpResponse | None:
    return led_on(request, paths[0]) if paths and paths[0] != request.path else None


def _choice(
    request: HttpRequest, symbol: str, number: str, found: Sequence[Place], paths: Sequence[str]
) -> HttpResponseBase:
    firsts = [SEPARATOR.split(anchor, maxsplit=1)[0] for _symbol, anchor in found]
    rows = IssuedText.objects.standing().filter(
        symbol__in={place[0] for place in found}, anchor__in=firsts, language=text_language()
    )
    standing = {(row.symbol, row.anchor): row.shown_text for row in rows}
    choices = [
        {
            "symbol": home,
            "anchor": anchor,
            "name": spoken_range(anchor),
            "url": path,
            "stands": (home, first) in standing,
            "text": standing.get((home, first)),
        }
        for (home, anchor), first, path in zip(found, firsts, paths, strict=True)
    ]
    if request.path.endswith(".txt"):
        lines = "".join(f"{choice['symbol']} {choice['name']} {choice['url']}\n" for choice in choices)
        return plain_text(lines, 300)
    facts = {"symbol": symbol, "asked": number, "choices": choices}
    context = {"symbol": symbol, "number": number, "choices": choices}
    return respond(request, "archive/choice.html", context, facts, is_machine_address(request.path_info), 300)


def spoken_range(anchor: str) -> str:
    """Returns the display name of an anchor, or of a range as it is spelled: 附件第2至3段."""
    if not SEPARATOR.search(anchor):
        return cited_paragraph_name(anchor)
    first, last = next(ends for ends in readings(anchor) if spell(*ends) == anchor)
    return range_name(cited_paragraph_name(first), cited_paragraph_name(last))
