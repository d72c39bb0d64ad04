"""Addresses that nobody issued: other spellings of a symbol are redirected, the rest is explained."""

from __future__ import annotations

import re

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from archive import reads
from archive.addresses import document_path
from archive.models import Document, Resolution
from archive.presenters.symbols import nearest, read_aloud
from archive.presenters.wording import spoken_symbol

from .document import un_url
from .respond import json_response, moved

LONGEST = 2000
ADDRESS = re.compile(r"https?:/+|(?:www\.)?(?:undocs|docs\.un|documents\.un)\.org/", re.IGNORECASE)
TAIL = re.compile(r"/(?:p/[^/]+(?:/[0-9a-f]{8}|/cited-by)?|cited-by|source|dropped)$", re.IGNORECASE)
FORMAT = re.compile(r"\.(?:json|txt)$", re.IGNORECASE)
TWIN = re.compile(r"\.json$", re.IGNORECASE)


def typed(request: HttpRequest, typed: str) -> HttpResponse:
    """Whatever no other route takes: 301 to the page that was meant, or 404."""
    target = _meant(request, typed) if len(typed) <= LONGEST and "\x00" not in typed else None
    if target is None or target == request.path_info:
        raise Http404(_("没有这个地址。"))
    path = document_path(target.lstrip("/"))
    # The query string of a pasted address belonged to that address.
    return HttpResponsePermanentRedirect(path) if ADDRESS.match(typed) else moved(request, path)


def _meant(request: HttpRequest, typed: str) -> str | None:
    """The path that was meant, or None."""
    if ADDRESS.match(typed):
        query = request.META.get("QUERY_STRING", "")
        address = re.sub(r"^(https?):/+", r"\1://", typed, flags=re.IGNORECASE)
        symbol = reads.canonical(f"{address}?{query}" if query else address)
        return f"/{symbol}" if symbol else None
    bare = typed.strip().strip("/")
    folder, _slash, name = bare.lower().rpartition("/")
    for page in (bare, bare.lower(), f"{folder}/{name.upper()}"):
        if page[:1].islower() and page != typed and _has_page(f"/{page}"):
            return f"/{page}"
    return _symbol_path(bare)


def _symbol_path(bare: str) -> str | None:
    extension = match[0].lower() if (match := FORMAT.search(bare)) else ""
    bare = bare.removesuffix(match[0]) if match else bare
    tail = match[0] if (match := TAIL.search(bare)) else ""
    symbol = reads.canonical(bare.removesuffix(tail) if tail else bare)
    if symbol is None:
        return None
    return f"/{symbol}{tail}{extension}"


def _has_page(path: str) -> bool:
    """Whether a route of our own, not this one, takes ``path``."""
    try:
        match = resolve(path)
    except Resolver404:
        return False
    return match.url_name not in ("typed", None)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: what the address says when read as a symbol, what is nearest, and a search box."""
    wanted = _wanted(request.path_info)
    if TWIN.search(request.path_info):
        return json_response({"error": _("没有这个地址。"), "asked": request.path}, 404)
    message = str(exception.args[0]) if exception.args and isinstance(exception.args[0], str) else ""
    looks_like_symbol = bool(wanted) and not wanted.startswith(("static/", "admin"))
    parts = read_aloud(wanted) if looks_like_symbol else []
    known = reads.canonical(wanted) if looks_like_symbol else None
    suggestions = _suggestions(wanted) if looks_like_symbol else []
    has_page = any(near["symbol"] == known for near in suggestions)
    context = {
        "asked": request.path,
        "wanted": wanted if known else "",
        "message": message,
        "parts": parts if known and not has_page else [],
        "reason": parts[0].meaning if parts and not known and re.match(r"[A-Za-z-]+/", wanted) else "",
        "suggestions": suggestions[:1] if has_page else suggestions,
        "un_url": un_url(known) if known else None,
        "symbol": known,
    }
    return render(request, "404.html", context, status=404)


def _wanted(path: str) -> str:
    """What of an address may have been meant as a symbol; at most 200 characters."""
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


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a page that asks nothing of what may be broken."""
    return TemplateResponse(request, "500.html", status=500).render()
