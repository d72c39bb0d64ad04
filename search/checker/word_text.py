"""The text of a Word file (.docx, .docm, .dotx): its document, then its footnotes and endnotes.

Each part of XML is read as a stream: paragraphs, tables and text boxes in order. What a tracked change took
out is left out, what it put in is read. The file comes from a stranger, so that nothing is built of it but
its words.
"""

from __future__ import annotations

from collections.abc import Iterable

from archive.readers.package import Package, opened
from archive.readers.xml_stream import Budget, DamagedFileError, read_xml

MOST_NOTES = 8  # parts of notes
NOTES = ("footnotes", "endnotes")  # the ends of the types of relations

# As Word writes, and as ISO/IEC 29500 Strict has it.
_WORD = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_MATH = (
    "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "http://purl.oclc.org/ooxml/officeDocument/math",
)
_COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def _names(namespaces: Iterable[str], *locals_: str) -> frozenset[str]:
    return frozenset(f"{namespace} {local}" for namespace in namespaces for local in locals_)


ROOTS = _names(_WORD, "document", "footnotes", "endnotes")
PARAGRAPH = _names(_WORD, "p")
TEXT = _names(_WORD, "t") | _names(_MATH, "t")
WRITTEN = {
    **dict.fromkeys(_names(_WORD, "tab", "ptab"), "\t"),
    **dict.fromkeys(_names(_WORD, "br", "cr"), "\n"),
    **dict.fromkeys(_names(_WORD, "noBreakHyphen"), "-"),
}
# w:rt is the reading (拼音) above a word; Fallback says once more what its neighbour says.
SKIPPED = _names(_WORD, "del", "moveFrom", "instrText", "pPr", "rPr", "rt") | {f"{_COMPATIBILITY} Fallback"}
ELSEWHERE = _names(_WORD, "altChunk", "subDoc")  # text that stands in a file of another kind


class TextElsewhereError(Exception):
    """Some of its text stands in a file inside it that is not read."""


def is_zip(content: bytes) -> bool:
    return content.startswith(b"PK")


def text_of(content: bytes, most: int) -> str:
    """The text, a paragraph a line: all of it, or TextElsewhereError or one of the three errors of
    ``xml_stream``. ``most`` characters are read.
    """
    budget = Budget(most)
    with opened(content, budget) as package:
        lines = [line for part in _parts(package) for line in lines_of(package.chunks(part), budget)]
    return "\n".join(lines)


def _parts(package: Package) -> list[str]:
    """The names of the parts with text: the document and its notes."""
    document = package.document
    notes = [relation.target for relation in package.relations(document, NOTES)]
    if len(notes) > MOST_NOTES or len(set(notes)) < len(notes):
        raise DamagedFileError
    return [document, *notes]


def lines_of(chunks: Iterable[bytes], budget: Budget) -> list[str]:
    """The paragraphs of a part in order; one inside another (a text box) behind the one that holds it."""
    part = _Part(budget)
    read_xml(chunks, budget, part.start, part.end, part.text)
    return ["".join(pieces) for pieces in part.lines]


class _Part:
    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.lines: list[list[str]] = []
        self.open: list[list[str]] = []  # the paragraphs that hold the present place
        self.root = True
        self.skipping = 0  # how deep inside something skipped
        self.in_text = False

    def start(self, name: str, _attributes: list[str]) -> None:
        if self.root and name not in ROOTS:
            raise DamagedFileError
        self.root = False
        if name in ELSEWHERE:
            raise TextElsewhereError
        if self.skipping or name in SKIPPED:
            self.skipping += 1
            return
        self.in_text = name in TEXT
        if name in PARAGRAPH:
            self.budget.spend(characters=bool(self.lines))  # its line end
            self.open.append([])
            self.lines.append(self.open[-1])
        elif name in WRITTEN:
            self._write(WRITTEN[name])

    def end(self, name: str) -> None:
        self.in_text = False
        if self.skipping:
            self.skipping -= 1
        elif name in PARAGRAPH:
            self.open.pop()

    def text(self, characters: str) -> None:
        if self.in_text and not self.skipping:
            self._write(characters)

    def _write(self, characters: str) -> None:
        if self.open:
            self.budget.spend(characters=len(characters))
            self.open[-1].append(characters)
