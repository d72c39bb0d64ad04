"""Addresses of the UN's document services, and the symbol that each carries."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlsplit

from .errors import Reason, SymbolError

HOSTS = ("undocs.org", "un.org", "documents-dds-ny.un.org")
# undocs.org/zh/S/2010/52, undocs.org/ch/…, docs.un.org/en/…
LANGUAGE = re.compile(r"(?:zh|ch|en|fr|es|ru|ar|de)(?:-[a-z]+)?", re.IGNORECASE)
# documents.un.org/symbol-explorer?s=…, documents.un.org/api/symbol/access?s=…&l=zh, access.nsf/Get?Open&DS=…,
# view_doc.asp?symbol=…, undocs.org/Home/Mobile?FinalSymbol=…
QUERY_KEYS = frozenset({"s", "ds", "symbol", "finalsymbol", "docsymbol"})
# documents.un.org/doc/undoc/gen/n95/257/54/pdf/n9525754.pdf names a printing by its job number
JOB_PATH = re.compile(r"/doc/undoc/", re.IGNORECASE)
# Without a scheme the last part must be a usual one: CTBT-ART.XIV/2019/1 is a symbol.
ADDRESS = re.compile(
    r"(?:https?:)?//|(?:[a-z0-9-]+\.)+(?:org|com|net|int|edu|gov|info|cn|ch|io)(?::[0-9]+)?(?=[/?#]|$)",
    re.IGNORECASE,
)
SYMBOL_HOSTS = frozenset({"undocs.org", "www.undocs.org", "docs.un.org", "www.docs.un.org"})


def is_address(text: str) -> bool:
    """Whether ``text`` is a web address, with or without ``https://``."""
    return ADDRESS.match(text) is not None


def symbol_in_address(text: str) -> str:
    """The symbol that an address of the UN carries, still as it is spelled there.

    >>> symbol_in_address("https://undocs.org/zh/S/RES/1540(2004)")
    'S/RES/1540(2004)'

    Raises SymbolError for the addresses of others and for those that carry none (job numbers, records).
    """
    try:
        parts = urlsplit(text if "//" in text[:8] else f"//{text}")
        host = (parts.hostname or "").lower()
    except ValueError:
        raise SymbolError(Reason.SHAPE, text) from None
    if not any(host == known or host.endswith(f".{known}") for known in HOSTS):
        raise SymbolError(Reason.FOREIGN_ADDRESS, text)
    if JOB_PATH.match(parts.path):
        raise SymbolError(Reason.JOB_NUMBER, text)
    for key, value in parse_qsl(parts.query, max_num_fields=None):
        if key.lower() in QUERY_KEYS and "/" in value:
            return value
    path = unquote(parts.path).strip("/ ")
    first, _, rest = path.partition("/")
    if LANGUAGE.fullmatch(first):
        path = rest
    if host not in SYMBOL_HOSTS or "/" not in path:
        raise SymbolError(Reason.ADDRESS_WITHOUT_SYMBOL, text)
    return path
