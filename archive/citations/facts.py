"""What a document's row says of itself: title, year where no date is printed, kind in words."""

from __future__ import annotations

import datetime as dt
import re

from archive.models import Document
from archive.text.symbols import Symbol, SymbolError

JOB_NUMBER_YEAR = re.compile(r"(?<!\d)(\d\d)-\d{5}(?!\d)")
FIRST_YEAR = 46  # of the United Nations, and of its job numbers


def one_line(text: str) -> str:
    """Without line breaks, runs of space and control characters, none of which a citation may hold."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def title_of(document: Document) -> str:
    """The title as printed; empty where there is none.

    Resolutions of the Security Council bear no title (editorial manual): their printed heading serves, or,
    where the copy lacks it, the number in the form of that heading.
    """
    if document.title:
        return one_line(document.title)
    if document.document_type == Document.Type.RESOLUTION and document.symbol.startswith("S/RES/"):
        return f"第{document.symbol.removeprefix('S/RES/')}号决议"
    return ""


def year_told(document: Document) -> int | None:
    """The year in which an undated document was issued, as far as the document tells it; else None.

    In this order: the year in the symbol (S/2010/52), the year in the job number (19-11880), the year of the
    letter, the meeting or the last dated reply. A session alone does not tell: the seventy-fourth began in
    2019 and ended in 2020.
    """
    try:
        symbol = Symbol.parse(document.symbol)
    except SymbolError:
        symbol = None
    if symbol and symbol.year:
        return symbol.year
    if match := JOB_NUMBER_YEAR.search(document.job_number):
        short = int(match[1])
        return short + (1900 if short >= FIRST_YEAR else 2000)
    if told := document.communication_date or document.meeting_date:
        return told.year
    return _year_of_replies(document)


def _year_of_replies(document: Document) -> int | None:
    """The sorting date is that of the last reply, unless it is the first day of a year: a mere guess."""
    date: dt.date | None = document.sort_date
    return date.year if date and (date.month, date.day) != (1, 1) else None
