"""Names of the pages of a bundle: safe on every file system, also where case is not told apart."""

from __future__ import annotations

import re
from urllib.parse import quote

# Symbols are in capitals; what else they hold is written as ~ and its number.
_OTHER = re.compile(r"[^A-Z0-9.()-]")


def file_name(symbol: str) -> str:
    """``S/RES/1540(2004)`` → ``S_RES_1540(2004)``; two symbols never share a name.

    >>> file_name("EU:(CFSP)2018/1939")
    'EU~3a~(CFSP)2018_1939'
    """
    return _OTHER.sub(lambda found: "_" if found[0] == "/" else f"~{ord(found[0]):x}~", symbol)


def document_page(symbol: str, language: str = "zh") -> str:
    """The path of a document's page in the bundle."""
    ending = "" if language == "zh" else f"@{language}"
    return f"documents/{file_name(symbol)}{ending}.html"


def cited_page(symbol: str) -> str:
    """The path of the page that lists who cites a document."""
    return f"cited/{file_name(symbol)}.html"


def place(page: str, anchor: str = "") -> str:
    """A page and a place on it, as a link from a page in another folder."""
    return f"../{quote(page, safe='/()@.-_~')}" + (f"#p-{quote(anchor)}" if anchor else "")
