"""How to cite a paragraph or a document: link with fingerprint, UN footnote, GB/T 7714.

The UN note follows the Chinese practice of UN documents (S/2010/52，附件，第14段). The entry follows
GB/T 7714—2025, clause 8.8 (report): author, title, symbol in the number slot, [R/OL], date of issue,
pinpoint in UN words in the page slot, address. The standard has no rule for UN documents; where no issue
date is printed the year stands in brackets (7.5.4.3), and the date of a letter or of a meeting never
takes the place of the issue date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.models import Document
from archive.text.symbols import Symbol, SymbolError

from .wording import spoken_symbol

COMPLIMENTS = "致意"
SECRETARY_GENERAL = "联合国秘书长"
# As the standard wants them: with the name of the organization in front.
ORGANS = {"安全理事会": "联合国安全理事会", "经济及社会理事会": "联合国经济及社会理事会"}


@dataclass(frozen=True, slots=True)
class Citation:
    """The three forms shown on a page; each stands for itself and can be copied."""

    link: str
    footnote: str
    gbt7714: str


def cite(document: Document, link: str, part: str = "", place: str = "") -> Citation:
    """Cite ``document`` at ``link``; ``part`` and ``place`` are 附件 and 第14段, empty for the whole."""
    note = "，".join(piece for piece in (_footnote_head(document), part, place) if piece)
    return Citation(link, f"{note}。", _gbt7714(document, link, part + place))


def _footnote_head(document: Document) -> str:
    """安全理事会第1540(2004)号决议 for resolutions, whose number is their name; else the symbol."""
    if document.document_type in (Document.Type.RESOLUTION, Document.Type.DECISION):
        return spoken_symbol(document.symbol)
    return document.symbol


def _gbt7714(document: Document, link: str, pinpoint: str) -> str:
    author = responsible(document)
    title = document.title or document.get_document_type_display()
    entry = f"{author}. " if author else ""
    entry += f"{title}：{document.symbol}[R/OL]. "
    date = issue_date(document)
    entry += "：".join(piece for piece in (date, pinpoint) if piece)
    entry += ". " if date or pinpoint else ""
    return entry + link


def issue_date(document: Document) -> str:
    """2016-11-20 as printed; [2010] where only the year is known; empty where nothing is."""
    if document.date:
        return document.date.isoformat()
    return f"[{document.year}]" if document.year else ""


def responsible(document: Document) -> str:
    """The author in the sense of the standard: the sender where one is named, else the body of the series."""
    kind, sender = document.document_type, document.sender
    if sender and kind not in (Document.Type.RESOLUTION, Document.Type.DECISION):
        if sender == "秘书长":
            return SECRETARY_GENERAL
        if kind == Document.Type.NOTE_VERBALE and (mission := _mission_in_full(document)):
            return mission
        # A letter of a committee's chair is the committee's.
        return document.body.name if document.body and sender.startswith(document.body.name) else sender
    organ = _organ_of_series(document.symbol) or document.organ
    return ORGANS.get(organ, organ)


def _mission_in_full(document: Document) -> str:
    """The sender of a note verbale as the note itself names it, 某国常驻…代表团向…致意; "" where it does not.

    The title names it shortly (乌克兰常驻代表团, CD/2118). One query.
    """
    openings = document.paragraphs.filter(text__contains=COMPLIMENTS).order_by("position")
    text = openings.values_list("text", flat=True).first() or ""
    match = re.match(r"([^，。；]{4,60}?)(?:谨)?向[^，。；]{2,60}?致意", text)
    same_country = match and match[1][:2] == document.sender[:2]
    return match[1] if same_country else ""


def _organ_of_series(symbol: str) -> str | None:
    try:
        return Symbol.parse(symbol).organ
    except SymbolError:
        return None
