"""Path converters: how symbols, anchors and fingerprints stand in an address."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import register_converter


class PathPart:
    regex = ""

    def to_python(self, value: str) -> Any:
        return value

    def to_url(self, value: Any) -> str:
        return str(value)


class SymbolConverter(PathPart):
    """A symbol: begins with an upper-case series; no part begins with a lower-case letter.

    So a symbol never meets the pages, whose names begin with a lower-case word, nor its own tails
    (``/p/…``, ``/cited-by``, ``/source``). What is spelled otherwise goes to ``views.typed``.
    """

    regex = r"[A-Z][^/\s]*(?:/[A-Z0-9(（][^/\s]*)*"


class AnchorConverter(PathPart):
    """A paragraph's anchor: ``14``, ``5.b``, ``annex.14``, ``s2.h1.u3``."""

    regex = r"[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*"


class RangeConverter(PathPart):
    """Two anchors with a hyphen, or what may stand for one, between them: ``14-16``, ``annex.14-16``."""

    regex = rf"{AnchorConverter.regex}[-‐‑–—~～至]{AnchorConverter.regex}"


class FingerprintConverter(PathPart):
    """The first 8 to 64 hexadecimal digits of a paragraph's SHA-256; all that are given are compared."""

    regex = r"[0-9a-f]{8,64}"


class CutFingerprintConverter(PathPart):
    """What is left of a fingerprint whose end was lost: fewer digits than tell two texts apart."""

    regex = r"[0-9a-f]{1,7}"


class SlugConverter(PathPart):
    """A body's address name, which may be Chinese."""

    regex = r"[^/\s]+"


class SpeakerConverter(PathPart):
    """A speaker with the delegation, as printed: ``Kim Heun Jin(大韩民国)``."""

    regex = r".+"


class Alpha3Converter(PathPart):
    """A State's ISO 3166 alpha-3 code."""

    regex = r"[A-Z]{3}"


class MomentConverter(PathPart):
    """A moment in UTC to the second, as web archives write it: ``20260117083000``."""

    regex = r"[0-9]{14}"

    def to_python(self, value: str) -> dt.datetime:
        """Raises ValueError for what is no moment, as a thirteenth month: then there is no such address."""
        return dt.datetime.strptime(value, "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC)

    def to_url(self, value: dt.datetime) -> str:
        return f"{value.year:04}{value:%m%d%H%M%S}"  # %Y has no zeros before a year


class YearConverter(PathPart):
    """A year of four digits, as a number; also one that no document can have, for links to it from a list."""

    regex = r"[0-9]{4}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return f"{value:04d}"


def register() -> None:
    """Make the converters known under the names used in ``archive.urls``."""
    for name, converter in {
        "symbol": SymbolConverter,
        "anchor": AnchorConverter,
        "range": RangeConverter,
        "fingerprint": FingerprintConverter,
        "cut": CutFingerprintConverter,
        "name": SlugConverter,
        "speaker": SpeakerConverter,
        "alpha3": Alpha3Converter,
        "year": YearConverter,
        "moment": MomentConverter,
    }.items():
        register_converter(converter, name)
