"""The text of one XML part of a Word file, read as a stream: paragraphs, tables and text boxes in order.

What a tracked change took out is left out, what it put in is read. The part comes from a stranger, so that
nothing is built of it but its words: elements are counted as they pass, and every bound is one of the work
done so far, not of what the file says of itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from xml.parsers import expat

MOST_BYTES = 40_000_000  # of all parts that are read
MOST_MARKS = 1_000_000  # elements and attributes
DEEPEST = 256  # elements inside one another
LONGEST_MARK = 1_000_000  # bytes of one tag, comment or instruction: the reader keeps them whole
MOST_SECONDS = 8  # of this thread's own work, should the counts above not be enough on some machine

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


class DamagedFileError(Exception):
    """It is no Word file, or cannot be opened."""


class TooLargeInsideError(Exception):
    """Unpacked it would be larger than any draft is."""


class TooManyCharactersError(Exception):
    """It has more characters than a draft may have."""


class TextElsewhereError(Exception):
    """Some of its text stands in a file inside it that is not read."""


@dataclass(slots=True)
class Budget:
    """What may still be spent on a file, all of its parts together."""

    characters: int
    marks: int = MOST_MARKS
    bytes: int = MOST_BYTES
    ends: float = 0.0

    def __post_init__(self) -> None:
        self.ends = time.thread_time() + MOST_SECONDS

    def spend(self, *, marks: int = 0, size: int = 0, characters: int = 0) -> None:
        """Raises TooManyCharactersError or TooLargeInsideError where that was too much."""
        self.marks -= marks
        self.bytes -= size
        self.characters -= characters
        if self.characters < 0:
            raise TooManyCharactersError
        if self.marks < 0 or self.bytes < 0 or (size and time.thread_time() > self.ends):
            raise TooLargeInsideError


def read_xml(chunks: Iterable[bytes], budget: Budget, start: Callable, end: Callable, text: Callable) -> None:
    """Calls ``start(name, attributes)``, ``end(name)`` and ``text(characters)`` for what an XML file holds.

    Names are ``namespace name``, attributes a list of names and values in turn. Raises DamagedFileError for
    what is not well-formed or has a document type declaration, wherever it stands and however it is encoded;
    the errors of ``Budget`` for what is too large.
    """
    depth = 0

    def started(name: str, attributes: list[str]) -> None:
        nonlocal depth
        depth += 1
        budget.spend(marks=1 + len(attributes) // 2)
        if depth > DEEPEST:
            raise TooLargeInsideError
        start(name, attributes)

    def ended(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(name)

    def refused(*_declaration) -> None:
        raise DamagedFileError

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.ordered_attributes = parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = started, ended, text
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refused
    fed = 0
    try:
        for chunk in chunks:
            budget.spend(size=len(chunk))
            parser.Parse(chunk, False)
            fed += len(chunk)
            if fed - parser.CurrentByteIndex > LONGEST_MARK:
                raise TooLargeInsideError
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError) as error:  # ill-formed; an encoding nobody knows
        raise DamagedFileError from error


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
