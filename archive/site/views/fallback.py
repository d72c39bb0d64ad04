"""Addresses without a page: other spellings of a symbol are redirected, the rest is explained (404, 410)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextvars import copy_context
from functools import partial, wraps
from typing import Any
from urllib.parse import unquote

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import Resolver404, get_script_prefix, resolve
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from archive.models import Document, IssuedText, Paragraph, Resolution
from archive.models.querysets.languages import CHINESE, text_language, texts_in
from archive.site.http.formats import any_of, endings_of, is_machine_address
from archive.site.http.problems import problem
from archive.site.presenters.reading import Reader
from archive.site.presenters.symbols import is_understood, nearest, read_aloud
from archive.site.presenters.wording import spoken_symbol
from archive.site.views.numbering import numbering, numbers_as_json
from archive.store.addresses.paths import RANGE, document_path, paragraph_path
from archive.store.links.ranges import path_of_place, spell
from archive.store.reading import queries as reads
from archive.text.fingerprint import DIGEST_PREFIX
from archive.text.pinpoints.value import Pinpoint
from archive.text.symbols.symbol import un_url
from archive.text.typed_places import FILE_ENDING, read_symbol

from .respond import json_response, moved

LONGEST = 2000
# Chinese marks, quotation marks and white space: what stands behind one is no part of an address.
MARK = re.compile('[，。；：、！？“”‘’《》〈〉「」『』【】…<>"\\s]')
# A link to words, whole; no letter or digit may follow, which might be lost ones of its own.
WHOLE = re.compile(
    r".*(?:/p/[^/]+/[0-9a-f]{8,64}|^/c/[0-9a-z]{8})(?=[^\w./])", re.IGNORECASE | re.DOTALL | re.ASCII
)
CLOSED = {")": "(", "）": "（", "]": "[", "］": "［"}
OWN_WORD = re.compile(r"/(?:p|cited-by|cite|history|source|dropped|range)(?:/|$)", re.IGNORECASE)
ADDRESS = re.compile(r"https?:/+|(?:www\.)?(?:undocs|docs\.un|documents\.un)\.org/", re.IGNORECASE)


View = Callable[..., HttpResponseBase]


def in_language(view: View) -> View:
    """Makes ``view`` answer with the texts in the language before an address, ``/en/S/2010/52``, which it is
    called with as ``language``. It sees the address without it.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, language: str = CHINESE, **kwargs: Any) -> HttpResponseBase:
        if language == CHINESE:
            return view(request, *args, **kwargs)
        path = request.path_info
        request.path_info = path.removeprefix(f"/{language}")
        try:
            with texts_in(language):
                response = view(request, *args, **kwargs)
                if isinstance(response, StreamingHttpResponse):  # written when this is left
                    rows = map(bytes, response)
                    response.streaming_content = iter(partial(copy_context().run, next, rows, None), None)
        finally:
            request.path_info = path
        return response

    return answer


@csrf_exempt
@require_safe
@in_language
def typed(request: HttpRequest, typed: str) -> HttpResponse:
    """Redirects (301) an address without a route to the page that was meant; else raises Http404."""
    return (
        redirect_to_meant(request, typed)
        or without_ending(request)
        or not_found(request, Http404(_("没有这个地址。")))
    )


def without_ending(request: HttpRequest) -> HttpResponse | None:
    """Redirects (301) to the address without the punctuation or words that a sentence or chat appended. For
    addresses without an answer only.
    """
    target = _shorter(request.path_info, request.META.get("QUERY_STRING", ""))
    return moved(request, document_path(target.lstrip("/"))) if target else None


def _shorter(path: str, query: str = "") -> str | None:
    """Returns the path without a final full stop, unmatched bracket, words after a Chinese mark, or text
    after a fingerprint or short code, if it has a page.
    """
    if len(path) > LONGEST or "\x00" in path:
        return None
    whole = WHOLE.match(path)
    before = (path, MARK.split(path, maxsplit=1)[0], *([whole[0]] if whole else []))
    for shorter in dict.fromkeys(map(_stripped, before)):
        if shorter != path and len(shorter) > 1:
            target = shorter if _has_page(shorter) else _meant_path(shorter[1:], query)
            if target and target != path:
                return target
    return None


# Links of ours, pasted where a place is expected: from a footnote, a chat, a bundle, another host.

UN = re.compile(r"https?:/+[^/]*\bun(?:docs)?\.org(?:/|$)", re.IGNORECASE)  # read as symbols
SCHEME = re.compile(r"https?:/+[^/]*", re.IGNORECASE)
HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::\d+)?(?=/)")
# What tells an address without scheme from a symbol.
OF_OURS = re.compile(r"/[pc]/|#p-")


def path_of_link(text: str) -> str | None:
    """Returns the path that ``text`` leads to, where it is the link of a document, a paragraph, a range, or a
    short one, with or without its host, as it may have been copied; else None. Whether there is anything to
    show is not asked.

    The host is not compared: an archive is moved, copied and mirrored, and its paths stay what they are.

    >>> path_of_link("https://any.host/S/2010/52/p/annex.14/3373bb0d?utm_source=x")
    '/S/2010/52/p/annex.14/3373bb0d'
    """
    if UN.match(text.strip()) or len(text) > LONGEST or "\x00" in text:
        return None
    address, _mark, fragment = text.strip().partition("#")
    for path in map(unquote, _paths(text, address.partition("?")[0])):
        for one in (path, _meant_path(path[1:]), _shorter(path)):
            if one and _has_page(one) and resolve(one).captured_kwargs.keys() & {"symbol", "typed"}:  # type: ignore[attr-defined]
                place = f"#{fragment}" if re.fullmatch(r"p-[A-Za-z0-9_.]+", fragment) else ""
                return document_path(one.lstrip("/")) + place
    return None


def _paths(text: str, address: str) -> Iterator[str]:
    """Generates the possible paths in ``address``, the likelier first."""
    if scheme := SCHEME.match(address):
        yield address[scheme.end() :] or "/"
    elif OF_OURS.search(text):
        yield f"/{address.lstrip('/')}"
        if host := HOST.match(address):
            yield address[host.end() :]


def _stripped(path: str) -> str:
    """Returns ``path`` without the marks at its end; a bracket that was opened inside it stays."""
    while path and unicodedata.category(path[-1])[0] not in "LNM":
        opening = CLOSED.get(path[-1])
        if opening and path.count(opening) >= path.count(path[-1]):
            break
        path = path[:-1]
    return path


def redirect_to_meant(request: HttpRequest, typed: str) -> HttpResponse | None:
    """Redirects (301) ``typed`` (a path without its first stroke) if it is another spelling; else None."""
    too_long = len(typed) > LONGEST or "\x00" in typed
    target = None if too_long else _meant_path(typed, request.META.get("QUERY_STRING", ""))
    if target is None or target == request.path_info:
        return None
    path = document_path(target.lstrip("/"))
    # The query string of a pasted address belonged to that address.
    return HttpResponsePermanentRedirect(path) if ADDRESS.match(typed) else moved(request, path)


def _meant_path(typed: str, query: str = "") -> str | None:
    """The path that was meant, or None. ``query`` is that of another site's address, where one was pasted."""
    if ADDRESS.match(typed):
        address = re.sub(r"^(https?):/+", r"\1://", typed, flags=re.IGNORECASE)
        symbol = read_symbol(f"{address}?{query}" if query else address)
        return f"/{symbol}" if symbol else None
    bare = re.sub("/{2,}", "/", typed.strip().strip("/"))
    folder, _slash, name = bare.lower().rpartition("/")
    for page in (bare, bare.lower(), f"{folder}/{name.upper()}", f"{bare}/"):
        if page[:1].islower() and page != typed and _has_page(f"/{page}"):
            return f"/{page}"
    return _symbol_path(bare)


def _symbol_path(bare: str) -> str | None:
    extension = match[0].lower() if (match := FORMAT.search(bare)) else ""
    bare = bare.removesuffix(match[0]) if match else bare
    tail = match[0] if (match := TAIL.search(bare)) else ""
    spelled = bare.removesuffix(tail) if tail else bare
    symbol = read_symbol(spelled)
    if OWN_WORD.search(spelled) or FILE_ENDING.search(spelled):
        return None
    if symbol is None:
        places = [] if tail else reads.places_typed(spelled)
        if len(places) != 1 or not _may_have_page(places[0].symbol):
            return None
        return f"/{unquote(path_of_place(places[0]).removeprefix(get_script_prefix()))}{extension}"
    if symbol != spelled and another_spelling(spelled) is None:
        return None
    return f"/{symbol}{_tail(tail)}{extension}"


def _tail(typed: str) -> str:
    """Normalises the end of a path: ``/OP/3(a)`` → ``/p/3.a``, paragraphs as they are cited. Anchors and
    fingerprints have no capitals; a fingerprint copied out of a table has its prefix.
    """
    typed = typed.lower().replace(f"/{DIGEST_PREFIX}", "/")
    match = re.fullmatch(r"/o?p/([^/]+)(.*)", typed)
    if match is None:
        return typed
    return f"/p/{_spelled(match[1])}{match[2]}"


def _spelled(typed: str) -> str:
    """Converts ``3(a)``, 第3(a)段, ``para. 3 (a)`` to ``3.a``; an anchor, or unreadable text, stays."""
    if re.fullmatch(RANGE, typed):
        return typed
    try:
        ends = Pinpoint.parse(typed).ends
    except ValueError:
        return typed
    if ends is None:
        return typed
    first, last = (end.anchor for end in ends)
    return first if first == last else spell(first, last)


def _has_page(path: str) -> bool:
    """Returns True if a route other than this fallback matches ``path``."""
    try:
        match = resolve(path)
    except Resolver404:
        return False
    return match.url_name not in ("typed", None)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answers 500 with a page that depends on nothing that may be broken."""
    if is_machine_address(request.path_info):
        return problem(500, _("本库出了故障。链接不会失效，请稍后再试。"))
    return TemplateResponse(request, "500.html", status=500).render()


def another_spelling(symbol: str) -> str | None:
    """Returns the canonical form of another spelling, if every part of it can be read or it is known.

    ``S/2010/52.pdf`` could be written as a symbol, but means none: a redirect would only move the question.
    """
    official = read_symbol(symbol)
    if official is None or official == symbol:
        return None
    return official if _may_have_page(official) else None


def _may_have_page(symbol: str) -> bool:
    return is_understood(symbol) or reads.is_known(symbol)


# 404: what an address says when read as a symbol, what is nearest to it, and a search box.

# What may follow a symbol in an address of ours.
TAIL = re.compile(
    r"/(?:(?:p|op)/[^/]+(?:/[^/]+(?:/cite)?)?|cited-by|cite|history|range|source|dropped)$", re.IGNORECASE
)
FORMAT = re.compile(any_of(".akn.xml", *endings_of("page", "text", "citation")) + "$", re.IGNORECASE)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answers 404 with an explanation of the address read as a symbol, similar symbols, and a search box."""
    wanted = _wanted_symbol(request.path_info)
    message = str(exception.args[0]) if exception.args and isinstance(exception.args[0], str) else ""
    message = "" if message.isascii() else message  # Django's own, in English
    held = _document_of(request)
    numbers = numbering(held) if held else []
    if is_machine_address(request.path_info):
        facts = {"error": message or _("没有这个地址。"), "asked": request.path}
        return json_response(facts | numbers_as_json(held, numbers), 404)
    looks_like_symbol = bool(wanted) and not wanted.startswith(("static/", "admin"))
    parts = read_aloud(wanted) if looks_like_symbol else []
    known = read_symbol(wanted) if looks_like_symbol else None
    suggestions = _suggestions(wanted) if looks_like_symbol else []
    has_page = any(near["symbol"] == known for near in suggestions)
    context = {
        "asked": request.path,
        "no_twins": True,
        "wanted": wanted if known else "",
        "message": message.rstrip("。"),
        "parts": parts if known and not has_page else [],
        "reason": parts[0].meaning if parts and not known and re.match(r"[A-Za-z-]+/", wanted) else "",
        "suggestions": suggestions[:1] if has_page else suggestions,
        "un_url": un_url(known) if known else None,
        "symbol": known,
        "document": held,
        "numbering": numbers,
    }
    return render(request, "404.html", context, status=404)


def _document_of(request: HttpRequest) -> Document | None:
    """Returns the document of which a paragraph was requested that it does not have; else None."""
    match = request.resolver_match
    given = match.kwargs if match else {}
    return Document.objects.find(given["symbol"]) if "symbol" in given and "anchor" in given else None


def _wanted_symbol(path: str) -> str:
    """Returns the part of an address that may have been meant as a symbol; at most 200 characters."""
    bare = FORMAT.sub("", path.strip("/")[:200])
    return TAIL.sub("", bare).replace("\x00", "")


def _suggestions(wanted: str) -> list[dict]:
    near = nearest(wanted, reads.known_symbols())
    held = {document.symbol: document for document in Document.objects.filter(symbol__in=near)}
    family = {resolution.symbol: resolution for resolution in Resolution.objects.filter(symbol__in=near)}
    return [
        {
            "symbol": symbol,
            "name": spoken_symbol(symbol),
            "document": held.get(symbol),
            "resolution": family.get(symbol),
        }
        for symbol in near
    ]


def named(held: Document, paragraphs: Sequence[Paragraph]) -> list[tuple[str, str]]:
    """Returns (address, name) of each paragraph."""
    if not paragraphs:
        return []
    reader = Reader(held, [], [*paragraphs, *reads.ancestors(paragraphs)], on_page=False)
    return [(paragraph_path(held.symbol, other.anchor), reader.name_of(other)) for other in paragraphs]


# The document that an address means.


class OtherLanguageError(Exception):
    """No text in the language ``wanted`` is held; ``held`` is another of the document, or None."""

    def __init__(self, held: Document | None, wanted: str) -> None:
        super().__init__(wanted)
        self.held, self.wanted = held, wanted


def find_text(symbol: str) -> Document | None:
    """Returns ``find_document``; raises OtherLanguageError where a text in another language is held alone, or
    none is and the address names a language: what is known of it stands at the bare one."""
    held, wanted = reads.find_document(symbol), text_language()
    if held is None and wanted != CHINESE:
        known = another_spelling(symbol) or IssuedText.objects.of_symbol(symbol).exists()
        if not known and reads.is_known(symbol):
            raise OtherLanguageError(None, CHINESE)
    if held and held.language != wanted:
        raise OtherLanguageError(held, wanted)
    return held


def document_as_cited(symbol: str) -> Document | None:
    """Returns ``find_document`` for links with a fingerprint; None for what was merged with another document:
    its paragraphs lead elsewhere one by one; and where the text in the language of the link is not held.
    """
    held = reads.find_document(symbol)
    if held is None or held.language != text_language():
        return None
    return None if held.symbol != symbol and reads.standing_retirement(symbol) else held


def held_or_404(symbol: str) -> Document:
    held = find_text(symbol) or find_text(read_symbol(symbol) or symbol)
    if held is None:
        raise Http404(_("本库未藏这份文件。"))
    return held
