"""Writes a document as Akoma Ntoso."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from archive.locations import printed_number
from archive.models import Document, Paragraph
from archive.presenters.wording import speaker_name

from .ids import Ids, eid
from .inline import Inline, writable
from .meta import meta, recognition_notes, references
from .naming import names_of
from .tree import Kind, Node, Part, parts_of

NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
DEBATES = {"debate", "debateReport"}


def akoma_ntoso(document: Document, blocks: Sequence[Paragraph], absolute: Callable[[str], str]) -> bytes:
    """The whole document; ``blocks`` in order with their mentions, ``absolute`` makes addresses of paths."""
    return Writer(document, blocks, absolute).write()


class Writer:
    def __init__(
        self, document: Document, blocks: Sequence[Paragraph], absolute: Callable[[str], str]
    ) -> None:
        self.document, self.names = document, names_of(document)
        self.parts = parts_of(blocks, preamble=self.names.form.element != "debate")
        self.ids = Ids()
        self.ids.given |= {"author", "archive"}
        confidences = sorted({block.ocr_confidence for block in blocks if block.ocr_confidence is not None})
        self.recognized = {sure: self.ids.once(f"note_ocr_{sure}") for sure in confidences}
        self.inline = Inline(absolute, eid, self.recognized)
        self.people = self._people(blocks)

    def write(self) -> bytes:
        root = Element("akomaNtoso", xmlns=NAMESPACE)
        main, *annexes = self.parts
        form = self.names.form
        outer = SubElement(root, form.element, name=form.name, contains="originalVersion")
        declared = meta(outer, self.names, self.document.changed.date(), "main", "main")
        author = self.document.body.name if self.document.body else self.document.organ or "联合国"
        references(declared, author, self.people)
        recognition_notes(declared, self.recognized)
        self._part(outer, main, form.element)
        if annexes:
            attachments = SubElement(outer, "attachments")
            for number, annex in enumerate(annexes, start=1):
                self._annex(attachments, annex, number)
        return tostring(root, encoding="utf-8", xml_declaration=True)

    def _annex(self, attachments: Element, annex: Part, number: int) -> None:
        attachment = SubElement(attachments, "attachment", eId=self.ids.once(eid(annex.name)))
        inner = SubElement(attachment, "doc", name="annex", contains="originalVersion")
        meta(inner, self.names, self.document.changed.date(), annex.name, f"annex_{number}")
        self._part(inner, annex, "doc")

    def _part(self, parent: Element, part: Part, element: str) -> None:
        debate = element in DEBATES
        if part.preface:
            self._paragraphs(SubElement(parent, "preface"), part.preface)
        if part.preamble:
            self._preamble(SubElement(parent, "preamble"), part.preamble)
        body = SubElement(parent, "debateBody" if element == "debate" else "mainBody")
        for node in part.body:
            (self._debate if debate else self._hierarchy)(body, node)
        if not part.body:
            self._nothing(body, debate)
        if part.conclusions:
            self._paragraphs(SubElement(parent, "conclusions"), part.conclusions)

    def _nothing(self, body: Element, debate: bool) -> None:
        """A body must hold something."""
        holder = (
            SubElement(body, "debateSection", eId=self.ids.once("dbsect_0"), name="empty") if debate else body
        )
        SubElement(holder, "p")

    def _paragraphs(self, parent: Element, blocks: Sequence[Paragraph]) -> None:
        for block in blocks:
            element = SubElement(parent, "p", self._named(block))
            wrapper = {"title": "docTitle", "organ": "docAuthority"}.get(block.role)
            if block.kind == Kind.SIGNATURE:
                wrapper = "signature"
            self.inline.fill(SubElement(element, wrapper) if wrapper else element, block)

    def _preamble(self, parent: Element, blocks: Sequence[Paragraph]) -> None:
        for block in blocks:
            name = "preambular" if block.kind == Kind.PREAMBULAR else str(block.kind)
            self._text(SubElement(parent, "container", self._named(block), name=name), block)

    def _hierarchy(self, parent: Element, node: Node) -> None:
        """Headings as sections, numbered and unnumbered paragraphs, lists of points; each with num."""
        block = node.block
        if block.kind == Kind.HEADING:
            self._section(parent, node)
            return
        element = SubElement(parent, *self._element(block))
        self._number(element, block)
        if not node.children:
            self._text(SubElement(element, "content"), block)
            return
        holder = SubElement(element, "list", eId=self.ids.of(block.anchor, "list_1"))
        self._text(SubElement(holder, "intro"), block)
        for child in node.children:
            self._hierarchy(holder, child)

    def _element(self, block: Paragraph) -> tuple[str, dict[str, str]]:
        named = self._named(block)
        if block.kind in (Kind.SUBPARAGRAPH, Kind.LIST_ITEM):
            return "point", named
        if block.kind in (Kind.PARAGRAPH, Kind.OPERATIVE):
            return "paragraph", named
        return "hcontainer", {**named, "name": str(block.kind)}

    def _section(self, parent: Element, node: Node) -> None:
        block = node.block
        reply = block.role == "submitter"
        named = self._named(block)
        element = SubElement(parent, "hcontainer" if reply else "section", named)
        if reply:
            element.set("name", "reply")
        self._number(element, block)
        self.inline.fill(SubElement(element, "heading"), block)
        for child in node.children:
            self._hierarchy(element, child)

    def _debate(self, parent: Element, node: Node) -> None:
        """Every block a section of the debate: speeches with who speaks, the rest as it stands."""
        block = node.block
        heading = block.kind == Kind.HEADING
        name = "item" if heading else str(block.kind)
        element = SubElement(parent, "debateSection", self._named(block), name=name)
        self._number(element, block)
        if heading:
            self.inline.fill(SubElement(element, "heading"), block)
        elif block.speaker_name:
            speech = SubElement(element, "speech", by=f"#{self._person(block)}")
            if block.speaker_delegation:
                speech.set("as", f"#{self._delegation(block)}")
            self._text(speech, block)
        else:
            self._text(element, block)
        for child in node.children:
            self._debate(element, child)

    def _text(self, parent: Element, block: Paragraph) -> None:
        paragraph = SubElement(parent, "p")
        if block.kind == Kind.FOOTNOTE:
            note = SubElement(paragraph, "authorialNote", marker=block.number or "*")
            paragraph = SubElement(note, "p")
        self.inline.fill(paragraph, block)

    def _number(self, element: Element, block: Paragraph) -> None:
        if block.number and block.kind != Kind.FOOTNOTE:
            SubElement(element, "num").text = writable(printed_number(block))

    def _named(self, block: Paragraph) -> dict[str, str]:
        # The label of an annex has the anchor of the annex, whose eId is the attachment's.
        ident = self.ids.of(block.anchor, "p_1" if block.anchor == block.part else "")
        named = {"eId": ident, "wId": block.anchor}
        if not block.number and block.kind == Kind.PARAGRAPH:
            named["class"] = "unnumbered"
        return named

    def _people(self, blocks: Sequence[Paragraph]) -> dict[str, tuple[str, str]]:
        """Speakers and their delegations, numbered in the order in which they first speak."""
        self.numbers: dict[tuple[str, str], str] = {}
        people: dict[str, tuple[str, str]] = {}
        for block in blocks:
            pairs = [("TLCPerson", speaker_name(block)), ("TLCRole", block.speaker_delegation)]
            for kind, name in pairs if block.speaker_name else ():
                if name and (kind, name) not in self.numbers:
                    number = sum(known == kind for known, _name in self.numbers) + 1
                    ident = self.ids.once(f"{kind[3:].lower()}_{number}")
                    self.numbers[kind, name] = ident
                    people[ident] = (kind, name)
        return people

    def _person(self, block: Paragraph) -> str:
        return self.numbers["TLCPerson", speaker_name(block)]

    def _delegation(self, block: Paragraph) -> str:
        return self.numbers["TLCRole", block.speaker_delegation]
