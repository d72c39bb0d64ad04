"""Who is responsible for a document, in Chinese and English.

GB/T 7714 (7.1.4) takes a corporate author as the source names it, with the parent in front: 联合国安全理事会.
The standard is silent on circulated letters; the sender is taken, and for a letter of a committee's chair the
committee. Resolutions and records belong to the body of their series.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from archive.models import Body, Document, Paragraph
from archive.text.symbols import Symbol, SymbolError

from .facts import one_line
from .missions import COMPLIMENTS, english_sender, mission_in_full
from .record import Name

SECRETARY_GENERAL = Name("联合国秘书长", "UN Secretary-General", "UNSG")
# Principal organs stand with the name of the organization in front.
UNDER_THE_UN = {
    "安全理事会": "联合国安全理事会",
    "大会": "联合国大会",
    "经济及社会理事会": "联合国经济及社会理事会",
    "人权理事会": "联合国人权理事会",
    "托管理事会": "联合国托管理事会",
}
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
        """The English name of a body, or the Chinese one where none is known: nothing is translated here."""
        return self.bodies.get(chinese, ("", ""))[0] or chinese

    def acronym(self, chinese: str) -> str:
        return self.bodies.get(chinese, ("", ""))[1]


def _openings(documents: list[int]) -> dict[int, str]:
    """The sentence with which each note verbale names its sender: 某国常驻…代表团向…致意."""
    found = Paragraph.objects.filter(document__in=documents, text__contains=COMPLIMENTS)
    rows = found.order_by("document", "-position").values_list("document", "text")
    return dict(rows)


def organ_of(document: Document) -> str:
    """The body whose series the symbol belongs to, else the organ that the document prints."""
    try:
        organ = Symbol.parse(document.symbol).organ
    except SymbolError:
        organ = None
    return organ or document.organ


def author_of(document: Document, names: Names) -> Name:
    """The author in the sense of GB/T 7714; all empty where neither sender nor organ is known."""
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
    """A body with 联合国 and UN in front where it is a principal organ."""
    organ = one_line(organ)
    english = names.english(organ)
    chinese = UNDER_THE_UN.get(organ, organ)
    acronym = names.acronym(organ)
    if chinese != organ or organ == "联合国大会":
        english = f"UN {english}"
    return Name(chinese, english, acronym if acronym in SHORT_IN_OSCOLA else "")
