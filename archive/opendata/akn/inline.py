"""The inside of a paragraph: its text, with references and marks of footnotes that change no character."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from xml.etree.ElementTree import Element, SubElement

from archive.http.addresses import document_path, paragraph_path
from archive.locations import note_number
from archive.models import Mention, Paragraph
from archive.opendata.feeds import UNWRITABLE


class Inline:
    """Fills elements with texts; ``absolute`` makes an address of a path, ``note_id`` an eId of an anchor.

    ``recognized`` are the eIds of the notes that say how surely a text was recognized, by confidence.
    """

    def __init__(
        self, absolute: Callable[[str], str], note_id: Callable[[str], str], recognized: Mapping[int, str]
    ) -> None:
        self.absolute, self.note_id, self.recognized = absolute, note_id, recognized

    def fill(self, element: Element, block: Paragraph) -> None:
        """The text of ``block`` into ``element``; what was recognized leads to the note that says so."""
        text, at, last = writable(block.text), 0, None
        for start, end, make in self._pieces(block):
            last = _put(element, last, text[at:start])
            last = make(element, text[start:end])
            at = end
        _put(element, last, text[at:])
        if block.ocr_confidence is not None:
            SubElement(element, "noteRef", href=f"#{self.recognized[block.ocr_confidence]}", marker="OCR")

    def _pieces(self, block: Paragraph) -> list[tuple[int, int, Callable]]:
        """What is marked, in order, none over another: where two would overlap the first stands."""
        marked = [
            (mention.start, mention.end, self._reference(mention))
            for mention in block.mentions_in_order
            if mention.certain and not mention.in_body_name
        ]
        marked += [(at, at, self._note(anchor)) for at, anchor in block.notes]
        pieces, free = [], 0
        for start, end, make in sorted(marked, key=lambda piece: piece[:2]):
            if start >= free:
                pieces.append((start, end, make))
                free = end
        return pieces

    def _reference(self, mention: Mention) -> Callable:
        pinpoints = mention.pinpoints_in_order
        path = document_path(mention.symbol)
        if len(pinpoints) == 1:
            path = paragraph_path(mention.symbol, pinpoints[0].anchor)

        def make(element: Element, words: str) -> Element:
            reference = SubElement(element, "ref", href=self.absolute(path))
            reference.text = words
            return reference

        return make

    def _note(self, anchor: str) -> Callable:
        def make(element: Element, _nothing: str) -> Element:
            href = f"#{self.note_id(anchor)}"
            return SubElement(element, "noteRef", href=href, marker=note_number(anchor))

        return make


def writable(text: str) -> str:
    """XML has no place for a few control characters; each keeps its place as U+FFFD."""
    return UNWRITABLE.sub("\ufffd", text)


def _put(element: Element, last: Element | None, text: str) -> Element | None:
    if last is None:
        element.text = (element.text or "") + text
    else:
        last.tail = (last.tail or "") + text
    return last
