"""Path converters: how symbols, anchors and fingerprints stand in an address."""

from __future__ import annotations

import datetime as dt

from django.urls import register_converter
from django.urls.converters import StringConverter

ANCHOR = r"[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*"  # 14, 5.b, annex.14, s2.h1.u3
RANGE = rf"{ANCHOR}[-‐‑–—~～至]{ANCHOR}"  # a hyphen, or what may stand for one: 14-16, annex.14-16
PARTS = {
    # Begins with an upper-case series; no part begins with a lower-case letter. So a symbol never meets the
    # pages, whose names begin with a lower-case word, nor its own tails (/p/…, /cited-by, /source). What is
    # spelled otherwise goes to views.typed.
    "symbol": r"[A-Z][^/\s]*(?:/[A-Z0-9(（][^/\s]*)*",
    "anchor": ANCHOR,
    "range": RANGE,
    # The first digits of a paragraph's SHA-256; all that are given are compared.
    "fingerprint": r"[0-9a-f]{8,64}",
    # What is left of a fingerprint whose end was lost: fewer digits than tell two texts apart.
    "cut": r"[0-9a-f]{1,7}",
    "name": r"[^/\s]+",  # a body's address name, which may be Chinese
    "speaker": r".+",  # with the delegation, as printed: Kim Heun Jin(大韩民国)
    "alpha3": r"[A-Z]{3}",  # a State's ISO 3166 code
}


class MomentConverter:
    """A moment in UTC to the second, as web archives write it: ``20260117083000``."""

    regex = r"[0-9]{14}"

    def to_python(self, value: str) -> dt.datetime:
        """Raises ValueError for what is no moment, as a thirteenth month: then there is no such address."""
        return dt.datetime.strptime(value, "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC)

    def to_url(self, value: dt.datetime) -> str:
        return f"{value.year:04}{value:%m%d%H%M%S}"  # %Y has no zeros before a year


class YearConverter:
    """A year of four digits, as a number; also one that no document can have, for links to it from a list."""

    regex = r"[0-9]{4}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return f"{value:04d}"


def register() -> None:
    """Make the converters known under the names used in ``archive.urls``."""
    plain = {name: type(name, (StringConverter,), {"regex": regex}) for name, regex in PARTS.items()}
    for name, converter in {**plain, "year": YearConverter, "moment": MomentConverter}.items():
        register_converter(converter, name)
