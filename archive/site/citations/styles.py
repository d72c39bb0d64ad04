"""The written styles: footnotes as in United Nations documents, in Chinese and English, GB/T 7714; and the
CSL-JSON item, of which a reader's own tools make any other.

Editorial manual of the UN: a document is identified by its symbol, resolutions and decisions by organ and
number, which is their name, for they bear no other; paragraphs are cited, not pages. UN documents cite each
other without address; ``linked`` adds it, with the day of access, in the form given for electronic sources.
"""

from __future__ import annotations

import datetime as dt

from msgspec import field

from archive.site.presenters.english import english_date, spoken_english
from archive.site.presenters.wording import chinese_date, recognized_in_words, spoken_symbol
from archive.store.values import UNSET, Schema, UnsetType

from .record import Record


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


def gbt7714_2025(record: Record) -> str:
    """Returns the form of reports (clause 8.8): author, title, symbol, code, date, place, address."""
    date = record.issued.isoformat() if record.issued else _estimated(record)
    return _entry(record, "：", "：".join(piece for piece in (date, record.place) if piece))


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


# One CSL-JSON item for the reader's own tools.


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
