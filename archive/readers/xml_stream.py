"""XML from a stranger, read as a stream within bounds.

Elements are counted as they pass, and every bound is one of the work done so far, not of what the file says
of itself. A document type declaration, and so every entity, is refused.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

MOST_BYTES = 40_000_000  # of all parts that are read
MOST_MARKS = 1_000_000  # elements and attributes
DEEPEST = 256  # elements inside one another
LONGEST_MARK = 1_000_000  # bytes of one tag, comment or instruction: the reader keeps them whole
MOST_SECONDS = 8  # of this thread's own work, should the counts above not be enough on some machine


Renaming = Callable[[str], str]


def _as_it_is(name: str) -> str:
    return name


class DamagedFileError(Exception):
    """It is no file of its kind, or cannot be opened."""


class TooLargeInsideError(Exception):
    """Unpacked it would be larger than any such file is."""


class TooManyCharactersError(Exception):
    """It has more characters than are read."""


@dataclass(slots=True)
class Budget:
    """What may still be spent on a file, all of its parts together."""

    characters: int
    marks: int = MOST_MARKS
    bytes: int = MOST_BYTES
    seconds: float = MOST_SECONDS
    ends: float = 0.0

    def __post_init__(self) -> None:
        self.ends = time.thread_time() + self.seconds

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


def read_blocks(
    chunks: Iterable[bytes],
    budget: Budget,
    is_holder: Callable[[str], bool],
    take: Callable[[Element], None],
    renamed: Renaming = _as_it_is,
) -> None:
    """Call ``take`` with each element that stands directly in a holder, as soon as it is whole.

    ``is_holder(name)`` tells the holders, which are the root and elements that follow one another from it
    down (a document and its body). Only one such element is in memory at a time. Raises what ``read_xml``
    does.
    """
    builder: TreeBuilder | None = None
    depth = 0

    def start(name: str, given: list[str]) -> None:
        nonlocal builder, depth
        name = renamed(name)
        if builder is None:
            if is_holder(name):
                return
            builder = TreeBuilder()
        depth += 1
        builder.start(name, dict(zip(map(renamed, given[::2]), given[1::2], strict=True)))

    def end(name: str) -> None:
        nonlocal builder, depth
        if builder is None:
            return
        builder.end(renamed(name))
        depth -= 1
        if not depth:
            whole, builder = builder.close(), None
            take(whole)

    def text(characters: str) -> None:
        if builder is not None:
            budget.spend(characters=len(characters))
            builder.data(characters)

    read_xml(chunks, budget, start, end, text)
