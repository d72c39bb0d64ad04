"""The ``meta`` of a document and of its annexes: who made what when, and whom the file speaks of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement

from archive.presenters.recognition import recognized_in_words
from archive.presenters.wording import part_name

from .inline import writable
from .naming import Names

ARCHIVE = "archive"


def meta(parent: Element, names: Names, marked_up: dt.date, part: str, component: str) -> Element:
    """``meta`` with the three levels; gives it back, so that references can be added."""
    element = SubElement(parent, "meta")
    identification = SubElement(element, "identification", source=f"#{ARCHIVE}")
    _level(identification, "FRBRWork", names.work, component, names.created, names.created_name)
    work = identification[-1]
    SubElement(work, "FRBRauthor", href="#author")
    SubElement(work, "FRBRcountry", value="un")
    SubElement(work, "FRBRsubtype", value=names.form.subtype)
    SubElement(work, "FRBRnumber", value=names.number, showAs=_shown(names, part))
    issued = names.issued or names.created
    _level(identification, "FRBRExpression", names.expression, component, issued, "issue")
    SubElement(identification[-1], "FRBRauthor", href="#author")
    SubElement(identification[-1], "FRBRlanguage", language=names.language)
    _level(identification, "FRBRManifestation", names.expression, component, marked_up, "markup", ".xml")
    SubElement(identification[-1], "FRBRauthor", href=f"#{ARCHIVE}")
    SubElement(identification[-1], "FRBRformat", value="application/akn+xml")
    return element


def _level(
    parent: Element, tag: str, iri: str, component: str, date: dt.date, name: str, ending: str = ""
) -> None:
    level = SubElement(parent, tag)
    SubElement(level, "FRBRthis", value=f"{iri}/!{component}{ending}")
    SubElement(level, "FRBRuri", value=f"{iri}{ending}")
    # isoformat: strftime leaves out the zeros of an early year.
    SubElement(level, "FRBRdate", date=date.isoformat(), name=name)


def _shown(names: Names, part: str) -> str:
    return f"{names.symbol} {part_name(part)}".strip()


def references(element: Element, author: str, people: dict[str, tuple[str, str]]) -> None:
    """Declared once, in the outer ``meta``, for eIds are unique in the whole file.

    ``people`` are speakers and their delegations: eId → (kind, name).
    """
    declared = SubElement(element, "references", source=f"#{ARCHIVE}")
    organization(declared, "author", author)
    organization(declared, ARCHIVE, "1540文献库")
    for ident, (kind, name) in people.items():
        SubElement(
            declared, kind, eId=ident, href=f"/akn/ontology/{kind[3:].lower()}/{ident}", showAs=writable(name)
        )


def recognition_notes(element: Element, notes: Mapping[int, str]) -> None:
    """The notes that texts recognized in a picture lead to: confidence (0 to 100) → eId."""
    if not notes:
        return
    declared = SubElement(element, "notes", source=f"#{ARCHIVE}")
    for confidence, ident in notes.items():
        note = SubElement(declared, "note", eId=ident)
        SubElement(note, "p").text = recognized_in_words(confidence)


def organization(parent: Element, ident: str, name: str) -> None:
    href = f"/akn/ontology/organization/{ident}"
    SubElement(parent, "TLCOrganization", eId=ident, href=href, showAs=writable(name))
