"""Formats: every form in which an address answers programs. Routes, media types, links in the page and in the
``Link`` header, downloads, limits, robots.txt and the description of the interface read them here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """A format: the last part of a route's name, its label, its media type, and what is written so: the data
    of a ``page``, a ``concept``, plain ``text``, a ``citation``, or a briefing ``sheet``.
    """

    key: str
    label: str
    media: str
    of: str

    @property
    def ending(self) -> str:
        """The ending of its addresses."""
        return ".txt" if self.key == "text" else f".{self.key}"


FORMATS = {
    one.key: one
    for one in (
        Format("json", "JSON", "application/json", "page"),
        Format("jsonld", "SKOS", "application/ld+json", "concept"),
        Format("csv", "CSV", "text/csv", "page"),
        Format("xlsx", "Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "page"),
        Format("atom", "Atom", "application/atom+xml", "page"),
        Format("tmx", "TMX", "application/x-tmx+xml", "page"),
        Format("text", "TXT", "text/plain", "text"),
        Format("ris", "RIS", "application/x-research-info-systems", "citation"),
        Format("bib", "BibTeX", "application/x-bibtex", "citation"),
        Format("csl.json", "CSL-JSON", "application/vnd.citationstyles.csl+json", "citation"),
        Format(
            "docx", "Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "sheet"
        ),
    )
}
MEDIA = {key: one.media for key, one in FORMATS.items()}


def formats_of(*kinds: str) -> list[Format]:
    """Returns the formats in which one of ``kinds`` is written, in the order in which they are offered."""
    return [one for one in FORMATS.values() if one.of in kinds]


def endings_of(*kinds: str) -> tuple[str, ...]:
    """Returns the endings of the addresses of ``formats_of``."""
    return tuple(one.ending for one in formats_of(*kinds))


def any_of(*endings: str) -> str:
    """Returns a pattern of these endings, the longer first."""
    return rf"(?:{'|'.join(map(re.escape, sorted(endings, key=len, reverse=True)))})"


ENDING = any_of(*endings_of("page", "concept", "text", "citation"), ".xml")
# ``/suggest`` and ``/mcp`` have no ending.
MACHINE = re.compile(rf"(?:{ENDING}|^/(?:suggest(?:/opensearch)?|mcp))$", re.IGNORECASE)
# For django-cors-headers, which asks the whole path.
CORS = re.compile(rf"^/(?:.*(?:{ENDING}|\.gz|\.sqlite3)|.*/source|suggest(?:/opensearch)?|mcp|linker\.js)$")


# Files that people take along have the language of the text, too. Suggestions are part of a page.
_FILE = any_of(*(one.ending for one in FORMATS.values()), ".xml", ".gz", ".sqlite3", ".svg")
_SERVICE = any_of("oai", "unapi", "healthz", "metrics", "robots.txt", "llms.txt", "mcp", "favicon.ico")
ONE_LANGUAGE = re.compile(
    rf".*{_FILE}|.*/source(?:/\w+)?|.*/pages/\d+|/{_SERVICE}|/suggest/opensearch|/(?:static|\.well-known)/.*",
    re.IGNORECASE,
)


def has_one_language(path: str) -> bool:
    """Returns True if what answers at ``path`` is the same whatever language a reader's interface has.

    >>> has_one_language("/S/2010/52.ris"), has_one_language("/S/2010/52")
    (True, False)
    """
    return ONE_LANGUAGE.fullmatch(path) is not None


def is_machine_address(path: str) -> bool:
    """Returns True if ``path`` is an address for programs rather than people.

    >>> is_machine_address("/S/2010/52.json"), is_machine_address("/S/2010/52")
    (True, False)
    """
    return MACHINE.search(path) is not None
