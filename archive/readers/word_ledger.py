"""What a Word file prints, counted apart from the reader of its text, by the marks around each character."""

from __future__ import annotations

from collections import Counter

from archive.text.characters import ink

from .package import Package
from .word_styles import renamed
from .xml_stream import Budget, read_xml

_UNPRINTED = frozenset({"w:del", "w:moveFrom", "w:rt", "w:instrText", "mc:Fallback"})
_UNSEEN = frozenset({"w:vanish", "w:strike", "w:dstrike"})
_OFF = ("0", "false", "off")


def printed_in(package: Package, budget: Budget) -> Counter[str]:
    """How often each character stands in the text and the notes, as the file has them.

    Without what its own run hides or strikes out, the reading above a word, the second form of what is said
    in two, and the results of fields that count pages. Raises what ``read_xml`` does.
    """
    notes = package.relations(package.document, ("footnotes", "endnotes"))
    counted = _Printed()
    for part in (package.document, *(note.target for note in notes if note.target in package)):
        read_xml(package.chunks(part), budget, counted.start, counted.end, counted.text)
    return ink(*counted.pieces)


class _Printed:
    """Takes the events of an XML file; ``pieces`` is the text."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._outside = 0  # marks that are open inside of what is not printed
        self._unseen = self._reads = self._counts_pages = self._in_result = False

    def start(self, name: str, given: list[str]) -> None:
        name, values = renamed(name), given[1::2]
        counts = name == "w:fldSimple" and any("PAGE" in value for value in values)
        if self._outside or name in _UNPRINTED or counts:
            self._outside += 1
        elif name in ("w:r", "m:r"):
            self._unseen = False
        elif name in _UNSEEN and not set(values) & set(_OFF):
            self._unseen = True
        elif name == "w:fldChar":
            self._in_result = "separate" in values
            self._counts_pages = self._counts_pages and self._in_result
        shown = not (self._outside or self._unseen or (self._counts_pages and self._in_result))
        self._reads = name in ("w:t", "m:t") and shown
        self._instruction = name == "w:instrText"

    def end(self, _name: str) -> None:
        self._outside -= self._outside > 0
        self._reads = self._instruction = False

    def text(self, characters: str) -> None:
        if self._instruction and "PAGE" in characters:
            self._counts_pages = True
        if self._reads:
            self.pieces.append(characters)
