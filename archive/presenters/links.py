"""The links that a reader takes along: plain, with fingerprint, with the words, short."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from django.http import HttpRequest

from archive.http.addresses import document_path, place_path, short_path
from archive.models import Document

from .wording import spoken_symbol

WHOLE = 24
END = 8


@dataclass(frozen=True, slots=True)
class Links:
    """The absolute addresses of one passage, and the text quoted with them. ``short`` may be empty.

    ``fragment`` highlights the words in the whole document where the browser can; where it cannot, it leads
    to the paragraph all the same.
    """

    plain: str
    permalink: str
    fingerprint: str
    source: str
    text: str
    short: str
    fragment: str


def links(
    request: HttpRequest,
    held: Document,
    name: str,
    address: str,
    anchor: str,
    text: str,
    fingerprint: str,
    code: str = "",
) -> Links:
    """Returns the links of the passage ``name`` at ``address`` with its ``anchor`` and ``text``."""
    absolute = request.build_absolute_uri
    return Links(
        plain=absolute(address),
        permalink=absolute(f"{address}/{fingerprint}"),
        fingerprint=fingerprint,
        source=f"{_spoken(held)}，{name}",
        text=text,
        short=absolute(short_path(code)) if code else "",
        fragment=absolute(document_path(held.symbol)) + _fragment(held.symbol, anchor, text),
    )


def _spoken(held: Document) -> str:
    """Returns 安全理事会第1540(2004)号决议 for a resolution, named by number; else the symbol."""
    is_resolution = held.document_type in (Document.Type.RESOLUTION, Document.Type.DECISION)
    return spoken_symbol(held.symbol) if is_resolution else held.symbol


def _fragment(symbol: str, anchor: str, text: str) -> str:
    """Returns a text fragment, ``#p-14:~:text=大韩民国还希望,制度协作的机制。``: of long texts by both ends.

    https://wicg.github.io/scroll-to-text-fragment/. A text with a line break is given by its first line.
    """
    lines = text.split("\n")
    ends = [text] if len(text) <= WHOLE and len(lines) == 1 else [lines[0][:END], lines[-1][-END:]]
    place = place_path(symbol, anchor).removeprefix(document_path(symbol))
    return f"{place}:~:text=" + ",".join(quote(end, safe="").replace("-", "%2D") for end in ends)
