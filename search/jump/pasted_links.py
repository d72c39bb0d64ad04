"""Links of ours, pasted where a symbol is expected: from a footnote, a chat, a bundle, another host."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from django.urls import resolve

from archive.http.addresses import document_path
from archive.views.typed import pasted_path

UN = re.compile(r"https?:/+[^/]*\bun(?:docs)?\.org(?:/|$)", re.IGNORECASE)  # read as symbols
SCHEME = re.compile(r"https?:/+[^/]*", re.IGNORECASE)
HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::\d+)?(?=/)")
# What tells an address without scheme from a symbol.
OF_OURS = re.compile(r"/[pc]/")


def path_of_link(text: str) -> str | None:
    """The path that ``text`` leads to, where it is the link of a document, a paragraph, a range, or a short
    one, with or without its host; else None.

    The host is not compared: an archive is moved, copied and mirrored, and its paths stay what they are.

    >>> path_of_link("https://any.host/S/2010/52/p/annex.14/3373bb0d?utm_source=x")
    '/S/2010/52/p/annex.14/3373bb0d'
    """
    if UN.match(text.strip()):
        return None
    address, _mark, fragment = text.strip().partition("#")
    for path in _paths(address.partition("?")[0]):
        found = pasted_path(unquote(path))
        if found and resolve(found).captured_kwargs.keys() & {"symbol", "typed"}:  # type: ignore[attr-defined]
            place = f"#{fragment}" if re.fullmatch(r"p-[A-Za-z0-9_.]+", fragment) else ""
            return document_path(found.lstrip("/")) + place
    return None


def _paths(address: str) -> Iterator[str]:
    """What may be the path in ``address``, the likelier first."""
    if scheme := SCHEME.match(address):
        yield address[scheme.end() :]
    elif OF_OURS.search(address):
        yield f"/{address.lstrip('/')}"
        if host := HOST.match(address):
            yield address[host.end() :]
