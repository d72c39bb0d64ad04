"""Where the paragraphs of a source stand on its pages, as written beside the images."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field

from archive import derived
from archive.readers import format_of
from archive.readers.source import Box, Sheet, Source
from archive.text.fingerprint import fingerprint
from archive.text.parsed import ParsedDocument

FOLDER, PLACES, ENDING = "pages", "places.json", ".webp"
CHANGED = f"{FOLDER}/changed"  # another content with each image that is made or removed
HEAD = 1024  # bytes within which a PDF file says what it is
VERSION = 1  # of the file and of how images are drawn: another one is made anew


@dataclass(frozen=True, slots=True)
class Place:
    """Where a paragraph stands: the pages, from 1, and the boxes of its lines where they are known.

    ``words`` is the fingerprint of its text: a paragraph of other words stands elsewhere.
    """

    words: str
    pages: tuple[int, ...]
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Places:
    """The pages of a source, and the places of its paragraphs by anchor."""

    sheets: tuple[Sheet, ...]
    paragraphs: Mapping[str, Place] = field(default_factory=dict)

    def of(self, anchor: str, words: str) -> Place | None:
        """The place of the paragraph ``anchor`` if it stands there with these ``words`` (a fingerprint)."""
        place = self.paragraphs.get(anchor)
        return place if place and place.words == words else None

    def as_json(self) -> str:
        told = {anchor: asdict(place) for anchor, place in self.paragraphs.items()}
        return json.dumps({"version": VERSION, "sheets": self.sheets, "paragraphs": told})


def has_pages(content: bytes | memoryview) -> bool:
    """Whether an original has pages whose images can stand beside the text.

    Asked for every page of a paragraph: only the beginning is looked at, and no package is opened.
    """
    head = bytes(content[:HEAD])
    return b"%PDF-" in head and format_of(head) == "pdf"


def folder_of(sha256: str) -> str:
    """The folder of the images of a source, among the derived files."""
    return f"{FOLDER}/{sha256}"


def image_of(sha256: str, page: int) -> str:
    """The image of a page, from 1."""
    return f"{folder_of(sha256)}/{page}{ENDING}"


def places_of(sha256: str) -> str:
    """What tells where paragraphs stand: there once all images are, which are not shown without it."""
    return f"{folder_of(sha256)}/{PLACES}"


def read_places(sha256: str) -> Places | None:
    """What is written beside the images of a source; None where there are none, or of another version."""
    try:
        told = json.loads(derived.read(places_of(sha256)) or b"")
        if told["version"] != VERSION:
            return None
        places = {
            anchor: Place(row["words"], tuple(row["pages"]), tuple(map(tuple, row["boxes"])))
            for anchor, row in told["paragraphs"].items()
        }
        return Places(tuple(map(tuple, told["sheets"])), places)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def places_in(read: Source, parsed: ParsedDocument) -> Places:
    """The places of the paragraphs of ``parsed``, which was parsed from the lines of ``read``."""
    aside = {line.line for line in parsed.dropped}
    aside |= {line for line, known in read.evidence.items() if known.furniture}
    owners: dict[int, str] = {}
    # A footnote stands between the lines of the paragraph that goes on behind it: the shorter stretch has it.
    for paragraph in sorted(parsed.paragraphs, key=lambda one: one.lines[0] - one.lines[1]):
        first, last = paragraph.lines
        for line in range(max(first, 1), last + 1):
            owners[line] = paragraph.anchor
    places = {}
    for paragraph in parsed.paragraphs:
        first, last = paragraph.lines
        own = [
            line
            for line in range(max(first, 1), last + 1)
            if line not in aside and (line in (first, last) or owners[line] == paragraph.anchor)
        ]
        if pages := sorted(set(_pages(read, own))):
            boxes = tuple(box for line in own for box in read.boxes.get(line, ()))
            places[paragraph.anchor] = Place(fingerprint(paragraph.text), tuple(pages), boxes)
    return Places(read.sheets, places)


def _pages(read: Source, lines: list[int]) -> Iterator[int]:
    for line in lines:
        if boxes := read.boxes.get(line):
            yield from (box[0] for box in boxes)
        elif (known := read.evidence.get(line)) and known.page:
            yield known.page
