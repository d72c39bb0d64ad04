"""English titles of documents whose titles follow a fixed form. Others have none: nothing is translated.

They are ours, not the documents': every form sets them in square brackets behind the Chinese title.
"""

from __future__ import annotations

import datetime as dt

from archive.models import Document

from .missions import ADDRESSEES, english_sender
from .record import Name

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def english_title(document: Document, author: Name) -> str:
    """``Summary record of the 74th meeting``; empty where a part of the form is not known for certain."""
    kind = document.document_type
    if document.meeting.isdecimal():
        if kind == Document.Type.SUMMARY_RECORD:
            return f"Summary record of the {ordinal(int(document.meeting))} meeting"
        if kind == Document.Type.VERBATIM_RECORD:
            return f"Verbatim record of the {ordinal(int(document.meeting))} meeting"
    if kind in (Document.Type.LETTER, Document.Type.NOTE_VERBALE) and document.communication_date:
        return _communication(document, author)
    return ""


def _communication(document: Document, author: Name) -> str:
    sender, addressee = _sender(document, author), ADDRESSEES.get(document.addressee)
    day = document.communication_date
    if not sender or not addressee or not day:
        return ""
    form = "Note verbale" if document.document_type == Document.Type.NOTE_VERBALE else "Letter"
    return f"{form} dated {english_date(day)} from the {sender} addressed to {addressee}"


def _sender(document: Document, author: Name) -> str:
    """The office that signs, in English; empty where a Chinese word would remain."""
    sender = document.sender
    if document.body and sender == f"{document.body.name}主席" and author.english.isascii():
        return f"Chair of the {author.english}"
    english = "Secretary-General" if sender == "秘书长" else english_sender(sender, document.state)
    return "" if any(char > "⺀" for char in english) else english


def english_date(date: dt.date) -> str:
    """``29 January 2010``, whatever the language of the machine."""
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def ordinal(number: int) -> str:
    """``74th``, ``3rd``, ``112th``."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
