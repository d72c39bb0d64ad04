"""Positions of the paragraphs on the pages of a source, stored with the page images."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field

from archive.models import Document, IssuedText, SourceFile
from archive.readers import format_of
from archive.readers.source import Box, Sheet, Source
from archive.store import derived
from archive.store.withholding.words import shows_withheld
from archive.text.fingerprint import fingerprint
from archive.text.parsed import ParsedDocument

FOLDER, PLACES, ENDING = "pages", "places.json", ".webp"
CHANGED = f"{FOLDER}/changed"  # another content with each image that is made or removed
HEAD = 1024  # bytes within which a PDF file says what it is
VERSION = 1  # of the file and of how images are drawn: another one is made anew


@dataclass(frozen=True, slots=True)
class Place:
    """The position of a paragraph: its pages, from 1, and the boxes of its lines where known.

    ``words`` is the fingerprint of its text: the position does not apply to other words.
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
        """Returns the position of ``anchor`` if it has these ``words`` (a fingerprint), or None."""
        place = self.paragraphs.get(anchor)
        return place if place and place.words == words else None

    def as_json(self) -> str:
        told = {anchor: asdict(place) for anchor, place in self.paragraphs.items()}
        return json.dumps({"version": VERSION, "sheets": self.sheets, "paragraphs": told})


def has_pages(content: bytes | memoryview) -> bool:
    """Returns True if an original is a PDF, whose page images can be shown with the text.

    Called for every page of a paragraph: only the beginning is read, and no package is opened.
    """
    head = bytes(content[:HEAD])
    return b"%PDF-" in head and format_of(head) == "pdf"


def folder_of(sha256: str) -> str:
    """Returns the folder of the images of a source, among the derived files."""
    return f"{FOLDER}/{sha256}"


def image_of(sha256: str, page: int) -> str:
    """Returns the image of a page, from 1."""
    return f"{folder_of(sha256)}/{page}{ENDING}"


def places_of(sha256: str) -> str:
    """Returns the name of the file of positions, which is written last: without it no image is shown."""
    return f"{folder_of(sha256)}/{PLACES}"


def read_places(sha256: str) -> Places | None:
    """Reads the positions stored for a source; None where they are missing, or of another version."""
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
    """Returns the places of the paragraphs of ``parsed``, which was parsed from the lines of ``read``."""
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


# Which pages may not be shown because words stand on them that law forbids to show.


def paged_original(document: Document) -> str | None:
    """Returns the SHA-256 of the original with page images: the first, else a second one that has pages; None
    where none has.
    """
    if has_pages(bytes(document.source.content)):
        return document.source.sha256
    seconds = document.second_originals.offered().filter(format="pdf")
    in_order = seconds.order_by("source__name", "source__sha256")
    return in_order.values_list("source__sha256", flat=True).first()


def blocked_pages(sha256: str, places: Places) -> Collection[int]:
    """Returns the pages, from 1, of an original that show a withheld paragraph of its document.

    All pages where it is in the file and nobody knows on which page. Called at every request, so that an
    image that is still there is not served.
    """
    symbols = Document.objects.with_original(sha256).values("symbol")
    rows = IssuedText.objects.filter(withheld=True, symbol__in=symbols)
    blocked: set[int] = set()
    unknown = []
    for anchor, words, text in rows.values_list("anchor", "fingerprint", "text"):
        if place := places.of(anchor, words):
            blocked.update(range(place.pages[0], place.pages[-1] + 1))
        else:
            unknown.append(text)
    if unknown and _in_source(sha256, unknown):
        return range(1, len(places.sheets) + 1)
    return blocked


def _in_source(sha256: str, texts: list[str]) -> bool:
    source = SourceFile.objects.filter(sha256=sha256).first()
    # A text whose words the archive does not have (restored from a bundle) is compared with nothing.
    return not all(texts) or source is None or shows_withheld(bytes(source.content), texts)
