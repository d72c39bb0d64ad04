"""Addresses that nobody issued: other spellings of a symbol are redirected, the rest is explained."""

from __future__ import annotations

import re
import unicodedata

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.template.response import TemplateResponse
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from archive.http.addresses import RANGE, document_path
from archive.http.machine_addresses import is_machine_address
from archive.http.problems import problem
from archive.links.ranges import spell
from archive.presenters.symbols import is_understood
from archive.reading import queries as reads
from archive.text.fingerprint import DIGEST_PREFIX
from archive.text.pinpoints import Pinpoint

from .not_found import FORMAT, TAIL, not_found
from .respond import moved

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


@csrf_exempt
@require_safe
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
            target = shorter if _has_page(shorter) else _meant(shorter[1:], query)
            if target and target != path:
                return target
    return None


def pasted_path(path: str) -> str | None:
    """Returns the path of the page that ``path`` leads to, as it may have been copied: as it is, in another
    spelling, with what a sentence added to it; None where it is no page of ours. Whether the page has
    anything to show is not asked.
    """
    if not path.startswith("/") or len(path) > LONGEST or "\x00" in path:
        return None
    found = (path, _meant(path[1:]), _shorter(path))
    return next((one for one in found if one and _has_page(one)), None)


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
    target = None if too_long else _meant(typed, request.META.get("QUERY_STRING", ""))
    if target is None or target == request.path_info:
        return None
    path = document_path(target.lstrip("/"))
    # The query string of a pasted address belonged to that address.
    return HttpResponsePermanentRedirect(path) if ADDRESS.match(typed) else moved(request, path)


def _meant(typed: str, query: str = "") -> str | None:
    """The path that was meant, or None. ``query`` is that of another site's address, where one was pasted."""
    if ADDRESS.match(typed):
        address = re.sub(r"^(https?):/+", r"\1://", typed, flags=re.IGNORECASE)
        symbol = reads.canonical(f"{address}?{query}" if query else address)
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
    symbol = reads.canonical(spelled)
    if symbol is None or OWN_WORD.search(spelled):
        return None
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
    official = reads.canonical(symbol)
    if official is None or official == symbol:
        return None
    return official if is_understood(official) or reads.is_known(official) else None
