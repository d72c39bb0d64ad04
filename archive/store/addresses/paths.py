"""Addresses: how the archive names its own pages. The only place where a path is put together.

Built as text rather than by ``reverse``, because a symbol that a document cites may have any shape and
must still have an address. Parentheses stay as they are, as the UN writes them in its links.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from django.urls import get_script_prefix, register_converter
from django.urls.converters import StringConverter

from archive.models.querysets.languages import CHINESE, text_language, texts_in
from archive.text.language import READ

if TYPE_CHECKING:
    from archive.models import Mention

SAFE = "/()*:,;@=+$!'~"


def document_path(symbol: str, language: str = "") -> str:
    """Returns a document's address: ``S/RES/1540(2004)`` → ``/S/RES/1540(2004)``; of its text in another
    language than Chinese ``/en/S/RES/1540(2004)``. Without ``language``, that in which texts are asked for.
    """
    language = language or text_language()
    prefix = "" if language == CHINESE else f"{language}/"
    return get_script_prefix() + prefix + quote(symbol, safe=SAFE)


def bilingual_path(symbol: str, with_: str) -> str:
    """Returns the address of a document's Chinese text beside another: ``/zh-en/S/RES/1540(2004)``."""
    return document_path(symbol, f"{CHINESE}-{with_}")


def place_path(symbol: str, anchor: str) -> str:
    """Returns the address of a paragraph in the whole document: ``/S/2010/52#p-annex.14``."""
    return f"{document_path(symbol)}#p-{quote(anchor)}"


def paragraph_path(symbol: str, anchor: str, fingerprint: str = "", language: str = "") -> str:
    """Returns the address of a paragraph, or of a range as ``archive.store.links.ranges.spell`` writes it,
    with the fingerprint of its words where they are cited: ``/S/2010/52/p/annex.14-16/3f9a2c1b``.
    """
    path = f"{document_path(symbol, language)}/p/{quote(anchor)}"
    return f"{path}/{fingerprint}" if fingerprint else path


def mention_path(mention: Mention) -> str:
    """Returns the address of what is mentioned: of its text in the language that is asked for where that is
    held (``ParagraphQuerySet.with_mentions``), else the bare one.
    """
    return document_path(mention.symbol, mention.language_held)


def original_file_path(symbol: str, sha256: str) -> str:
    """Returns the address of one of several originals, by SHA-256: ``/S/2010/52/source/3f9a…``."""
    return f"{document_path(symbol)}/source/{sha256}"


def page_image_path(symbol: str, page: int) -> str:
    """Returns the address of an original's page image, from 1: ``/S/2010/52/pages/3``."""
    return f"{document_path(symbol)}/pages/{page}"


def original_path(symbol: str, anchor: str) -> str:
    """Returns the address of a paragraph with its page image: ``/S/2010/52/p/annex.14/original``."""
    return f"{paragraph_path(symbol, anchor)}/original"


def short_path(code: str) -> str:
    """Returns the address of a short code: ``/c/7k3m9x2q``."""
    return f"{get_script_prefix()}c/{code}"


def cited_by_path(symbol: str, anchor: str = "", **filters: object) -> str:
    """Returns the address of the citing paragraphs of a document or paragraph, with filters as a query. They
    cite the document, not one of its texts.
    """
    with texts_in(CHINESE):
        path = paragraph_path(symbol, anchor) if anchor else document_path(symbol)
    return f"{path}/cited-by" + query_string(**filters)


def body_path(slug: str) -> str:
    return f"{get_script_prefix()}bodies/{quote(slug)}"


def treaty_path(slug: str, **filters: object) -> str:
    """Returns the address of a treaty's page, with filters as a query string."""
    return f"{get_script_prefix()}treaties/{quote(slug)}{query_string(**filters)}"


def concept_path(slug: str) -> str:
    """Returns the address of a thesaurus concept: ``/concepts/export-control``."""
    return f"{get_script_prefix()}concepts/{quote(slug)}"


def state_path(alpha3: str, **filters: object) -> str:
    """Returns the address of a State, with filters of its list as a query string."""
    return f"{get_script_prefix()}states/{quote(alpha3)}{query_string(**filters)}"


def speaker_path(name: str, whence: str) -> str:
    """Returns a speaker's address: ``/speakers/Sison(美利坚合众国)``; the organ without a delegation."""
    return f"{get_script_prefix()}speakers/{quote(f'{name}({whence})', safe=SAFE.replace('/', ''))}"


def query_string(**filters: object) -> str:
    """Returns the query string of the given ``filters``, ``?year=2016``; empty without any."""
    given = {name: [value] for name, value in filters.items() if value not in (None, "")}
    return ordered_query(given)


def ordered_query(parameters: Mapping[str, Sequence[object]]) -> str:
    """Returns a query string, ``?state=ESP&year=2016``, by name: a list has one address; empty of none."""
    pairs = sorted((name, list(values)) for name, values in parameters.items())
    return f"?{urlencode(pairs, doseq=True)}" if pairs else ""


# Path converters: how symbols, anchors and fingerprints stand in an address.

ANCHOR = r"[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*"  # 14, 5.b, annex.14, s2.h1.u3
RANGE = rf"{ANCHOR}[-‐‑–—~～至]{ANCHOR}"  # a hyphen, or what may stand for one: 14-16, annex.14-16
PARTS = {
    # Begins with an upper-case series; no part begins with a lower-case letter. So a symbol never meets the
    # pages, whose names begin with a lower-case word, nor its own tails (/p/…, /cited-by, /source). What is
    # spelled otherwise goes to views.fallback.
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
    "language": "|".join(code for code in READ if code != CHINESE),  # of a text that is not Chinese
}


class YearConverter:
    """A year of four digits, as a number; also one that no document can have, for links to it from a list."""

    regex = r"[0-9]{4}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return f"{value:04d}"


def register() -> None:
    """Makes the converters known under the names used in ``archive.urls``."""
    plain = {name: type(name, (StringConverter,), {"regex": regex}) for name, regex in PARTS.items()}
    for name, converter in {**plain, "year": YearConverter}.items():
        register_converter(converter, name)
