"""Work, Expression and Manifestation of a document, and the class it belongs to: AKN4UN parts 1 and 2."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from archive.models import Document

LANGUAGES = {"zh": "zho", "en": "eng", "fr": "fra", "ru": "rus", "es": "spa", "ar": "ara"}
Type = Document.Type


@dataclass(frozen=True, slots=True)
class Form:
    """The element of a class of documents, its prescribed subtype and the suggested name."""

    element: str
    subtype: str
    name: str


FORMS = {
    Type.RESOLUTION: Form("statement", "deliberation", "resolution"),
    Type.DECISION: Form("statement", "deliberation", "decision"),
    Type.PRESIDENTIAL_STATEMENT: Form("statement", "deliberation", "presidentialStatement"),
    Type.VERBATIM_RECORD: Form("debate", "record", "verbatimRecord"),
    Type.SUMMARY_RECORD: Form("debateReport", "minute", "meetingMinute"),
    Type.LETTER: Form("doc", "communication", "officialLetter"),
    Type.NOTE_VERBALE: Form("doc", "communication", "note"),
    Type.NOTE: Form("doc", "communication", "note"),
    Type.REPORT: Form("doc", "paper", "progressReport"),
    Type.DOCUMENT: Form("doc", "communication", "document"),
}
# The guidelines name ``un-ga``; these are ours, in their manner.
ACTORS = (
    ("S/AC.44/", "un-sc-c1540"),
    ("S/", "un-sc"),
    ("A/HRC/", "un-ga-hrc"),
    ("A/", "un-ga"),
    ("E/", "un-ecosoc"),
    ("ST/", "un-sg"),
    ("CD/", "un-cd"),
)
COMMITTEE = "1540-committee"


@dataclass(frozen=True, slots=True)
class Names:
    """The IRIs of a document and what they are made of.

    The Work has the date of the letter, note or meeting, the Expression that of issue: the pair that forms
    of citation cannot keep apart. Where no day is known the Work has 1 January, where nothing is known the
    first day that can be written, named ``unknown``.
    """

    form: Form
    actor: str
    symbol: str
    number: str
    created: dt.date
    created_name: str
    issued: dt.date | None
    language: str

    @property
    def work(self) -> str:
        form = self.form
        return f"/akn/un/{form.element}/{form.subtype}/{self.actor}/{self.created}/{self.number}"

    @property
    def expression(self) -> str:
        return f"{self.work}/{self.language}@{self.issued or ''}"


def names_of(document: Document) -> Names:
    """How a held document is named."""
    created, name = _created(document)
    issued = document.date if document.date and document.date != created else None
    return Names(
        FORMS[Type(document.document_type)],
        _actor(document),
        document.symbol,
        document.symbol.removeprefix("S/RES/").replace("/", "-").replace(" ", "_"),
        created,
        name,
        issued,
        LANGUAGES.get(document.language, "zho"),
    )


def _created(document: Document) -> tuple[dt.date, str]:
    dates = (
        (document.meeting_date, "meeting"),
        (document.communication_date, "communication"),
        (document.date, "issue"),
        (document.sort_date, "sorting"),
    )
    for date, name in dates:
        if date:
            return date, name
    return (dt.date(document.year, 1, 1), "year") if document.year else (dt.date(1, 1, 1), "unknown")


def _actor(document: Document) -> str:
    if document.body is not None and document.body.slug == COMMITTEE:
        return "un-sc-c1540"
    if document.document_type == Type.REPORT and document.symbol.startswith("A/"):
        return "un-sg"
    return next((actor for prefix, actor in ACTORS if document.symbol.startswith(prefix)), "un")
