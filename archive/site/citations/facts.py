"""The facts of a citation from the rows: title, author, missions, year where no date is printed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from archive.models import Body, Document, Paragraph, State
from archive.site.presenters.english import ENGLISH, country, english_date, ordinal, spaced
from archive.text.symbols.symbol import parsed_symbol

from .record import Name

JOB_NUMBER_YEAR = re.compile(r"(?<!\d)(\d\d)-\d{5}(?!\d)")
# Fixed words of the English forms, by the editorial manual and as UN documents print them.
FIRST_YEAR = 46  # of the United Nations, and of its job numbers


def one_line(text: str) -> str:
    """Removes line breaks, runs of space and control characters, which no citation may have."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def title_of(document: Document) -> str:
    """Returns the title as printed; empty where there is none.

    Resolutions of the Security Council bear no title (editorial manual): their printed heading serves, or,
    where the copy lacks it, the number in the form of that heading.
    """
    if document.title:
        return one_line(document.title)
    if document.document_type == Document.Type.RESOLUTION and document.symbol.startswith("S/RES/"):
        number = document.symbol.removeprefix("S/RES/")
        return f"Resolution {spaced(number)}" if document.language == "en" else f"第{number}号决议"
    return ""


def inferred_year(document: Document) -> int | None:
    """Returns the year in which an undated document was issued, as far as it can be inferred; else None.

    In this order: the year in the symbol (S/2010/52), the year in the job number (19-11880), the year of the
    letter, the meeting or the last dated reply. Not from a session alone: the seventy-fourth began in 2019
    and ended in 2020.
    """
    symbol = parsed_symbol(document.symbol)
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


# English titles of documents whose titles follow a fixed form. Others have none: nothing is translated.


def english_title(document: Document, author: Name) -> str:
    """Returns a title such as ``Summary record of the 74th meeting``; empty where a part is uncertain."""
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
    """Returns the office that signs, in English; empty where a Chinese word would remain."""
    sender = document.sender
    if document.body and sender == f"{document.body.name}主席" and author.english.isascii():
        return f"Chair of the {author.english}"
    english = "Secretary-General" if sender == "秘书长" else english_sender(sender, document.state)
    return "" if any(char > "⺀" for char in english) else english


# Who is responsible for a document, in Chinese and English.

SECRETARY_GENERAL = Name("联合国秘书长", "UN Secretary-General", "UNSG")
# Principal organs stand with the name of the organization in front.
UNDER_THE_UN = ("安全理事会", "大会", "经济及社会理事会", "人权理事会", "托管理事会")
SHORT_IN_OSCOLA = {"UNSC", "UNGA", "ECOSOC", "UNHRC"}


@dataclass(frozen=True, slots=True)
class Names:
    """English names, and openings of notes verbales, for a number of documents: at most two queries."""

    bodies: dict[str, tuple[str, str]]
    openings: dict[int, str]

    @classmethod
    def of(cls, documents: Iterable[Document], submitters: Iterable[str] = ()) -> Names:
        documents = list(documents)
        wanted = {organ_of(document) for document in documents} | set(submitters)
        keys = {document.body_id for document in documents if document.body_id}
        rows = Body.objects.filter(Q(name__in=wanted) | Q(pk__in=keys)).order_by()
        bodies = {row[0]: row[1:] for row in rows.values_list("name", "english", "acronym")}
        notes = [d.pk for d in documents if d.document_type == Document.Type.NOTE_VERBALE and d.sender]
        return cls(bodies, _openings(notes) if notes else {})

    def english(self, chinese: str) -> str:
        """Returns the English name of a body, or the Chinese one if unknown: nothing is translated."""
        return self.bodies.get(chinese, ("", ""))[0] or chinese

    def acronym(self, chinese: str) -> str:
        return self.bodies.get(chinese, ("", ""))[1]


def _openings(documents: list[int]) -> dict[int, str]:
    """Returns the sentence with which each note verbale names its sender: 某国常驻…代表团向…致意."""
    found = Paragraph.objects.filter(document__in=documents, text__contains=COMPLIMENTS)
    rows = found.order_by("document", "-position").values_list("document", "text")
    return dict(rows)


def organ_of(document: Document) -> str:
    """Returns the body whose series the symbol belongs to, else the organ that the document prints."""
    symbol = parsed_symbol(document.symbol)
    return (symbol and symbol.organ) or document.organ


def author_of(document: Document, names: Names) -> Name:
    """Returns the author in the sense of GB/T 7714; all empty where neither sender nor organ is known."""
    sender = one_line(document.sender)
    if not sender or document.document_type in (Document.Type.RESOLUTION, Document.Type.DECISION):
        return _organ(organ_of(document), names)
    if sender in ("秘书长", "联合国秘书长"):
        return SECRETARY_GENERAL
    if document.body and sender.startswith(document.body.name):
        return _organ(document.body.name, names)
    chinese = mission_in_full(sender, names.openings.get(document.pk, "")) or sender
    return Name(chinese, english_sender(chinese, document.state))


def _organ(organ: str, names: Names) -> Name:
    """Returns a body with 联合国 and UN in front where it is a principal organ."""
    organ = one_line(organ)
    english = names.english(organ)
    chinese = f"联合国{organ}" if organ in UNDER_THE_UN else organ
    acronym = names.acronym(organ)
    if chinese != organ or organ == "联合国大会":
        english = f"UN {english}"
    return Name(chinese, english, acronym if acronym in SHORT_IN_OSCOLA else "")


# Permanent missions and representatives, by the fixed forms in which UN documents name them.

COMPLIMENTS = "致意"
# A State's mission, as the document names it, after the State's name.
OFFICES: dict[str, str] = ENGLISH["offices"]
ADDRESSEES: dict[str, str] = ENGLISH["addressees"]


def mission_in_full(sender: str, opening: str) -> str:
    """Returns the sender that a note names itself; empty where it names none, or another country.

    The title may name it shortly: 乌克兰常驻代表团 for 乌克兰常驻联合国日内瓦办事处和日内瓦其他国际组织代表团
    (CD/2118).
    """
    match = re.match(r"([^，。；]{4,60}?)(?:谨)?向[^，。；]{2,60}?致意", opening)
    return match[1] if match and match[1][:2] == sender[:2] else ""


def english_sender(chinese: str, state: State | None) -> str:
    """Returns the English form of a State's office; the Chinese one unless the form is a fixed one."""
    if state is None or not state.english:
        return chinese
    for name in (state.name, state.official_name, *state.aliases):
        office = chinese.removeprefix(name) if name and chinese.startswith(name) else ""
        if office in OFFICES:
            return OFFICES[office].format(country(state.english))
    return chinese
