"""GB/T 7714 entries, numeric system: the edition of 2025 and that of 2015.

How each field is derived, and where the standard is silent, is told in DERIVATION.md beside this file.
"""

from __future__ import annotations

from .record import Record

# Codes of Annex A by document type. The standard names none for UN documents: see DERIVATION.md.
TYPE_CODE = "R"
CARRIER = "OL"


def gbt7714_2025(record: Record, half_width: bool = False) -> str:
    """The form of reports (clause 8.8): author, title, symbol, code, date of issue, place, address.

    ``half_width`` writes the colons of the form as ``: ``; those of title and symbol are never converted.
    """
    colon = ": " if half_width else "："
    date = record.issued.isoformat() if record.issued else _estimated(record)
    return _entry(record, colon, colon.join(piece for piece in (date, record.place) if piece))


def gbt7714_2015(record: Record) -> str:
    """The form of electronic resources: ``[R/OL]. 2004: 第3(a)段(2004-04-28)[2026-11-21]. URL``.

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
    """The title as printed; where there is none, the kind of document as a title of ours, in [ ] (7.2)."""
    return record.title or f"[{record.kind_chinese}]"


def _estimated(record: Record) -> str:
    """``[2010]``: no date is printed, and this year is told by the document (7.5.4.3). Else nothing."""
    return f"[{record.year}]" if record.year else ""
