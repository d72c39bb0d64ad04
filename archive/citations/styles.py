"""The written styles: footnotes as in United Nations documents, in Chinese and English, and GB/T 7714.

Editorial manual of the UN: a document is identified by its symbol, resolutions and decisions by organ and
number, which is their name, for they bear no other; paragraphs are cited, not pages. UN documents cite each
other without address; ``linked`` adds it, with the day of access, in the form given for electronic sources.
"""

from __future__ import annotations

import re

from archive.presenters.wording import chinese_date, spoken_symbol

from .facts import english_date
from .record import Record

ENGLISH_OWNERS = {
    "S/": "Security Council",
    "A/HRC/": "Human Rights Council",
    "A/": "General Assembly",
    "E/": "Economic and Social Council",
}
NUMBERED = re.compile(r"(?P<owner>S/|A/HRC/|A/|E/)(?P<kind>RES|DEC)/(?P<number>.+)")


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


def spoken_english(symbol: str) -> str:
    """Returns ``Security Council resolution 1540 (2004)``; the symbol itself where it has no such name."""
    match = NUMBERED.fullmatch(symbol)
    if not match:
        return symbol
    kind = "resolution" if match["kind"] == "RES" else "decision"
    return f"{ENGLISH_OWNERS[match['owner']]} {kind} {spaced(match['number'])}"


def spaced(number: str) -> str:
    """Puts a space before a symbol's bracket: ``1540 (2004)``, as English texts do and Chinese do not."""
    return re.sub(r"(?<=\d)\(", " (", number)


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
    author = f"{record.author.chinese}. " if record.author.chinese else ""
    entry = f"{author}{_title(record)}{colon}{record.symbol}[{TYPE_CODE}/{CARRIER}]. "
    entry += f"{middle}. " if middle else ""
    # The closing full stop is optional (clause 6) and would become part of the link.
    return (entry + record.link).strip()


def _title(record: Record) -> str:
    """Returns the printed title; if there is none, our own in [ ]: the kind of document (7.2)."""
    return record.title or f"[{record.kind_chinese}]"


def _estimated(record: Record) -> str:
    """Returns ``[2010]`` where no date is printed and the year is inferred (7.5.4.3); else nothing."""
    return f"[{record.year}]" if record.year else ""
