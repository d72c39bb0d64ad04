"""The contents list of a document: its parts, headings and speakers, with the numbers they cover."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from archive.locations import TITLE_ROLES
from archive.models import Document, Paragraph
from archive.text.shapes import read_part_label

from .reading import COVER_ROLES
from .wording import part_name, speaker_name

DEEPEST = 2
DEEPEST_WITH_SPEECHES = 3
SPEECH = 8


@dataclass(slots=True)
class Entry:
    """One line of the contents. ``first`` and ``last`` are the official numbers below it, or empty."""

    anchor: str
    title: str
    depth: int
    where: str = ""
    first: str = ""
    last: str = ""
    entries: list[Entry] = field(default_factory=list)

    @property
    def numbers(self) -> str:
        return self.first if self.first == self.last else f"{self.first}–{self.last}"


def contents(document: Document, paragraphs: Sequence[Paragraph]) -> list[Entry]:
    """The contents of ``paragraphs`` (in order); empty where there is nothing to choose.

    It is nested two deep, with speeches three. Each part of a document that has annexes is an entry of
    its own, and a speech is an entry below its heading.
    """
    several = len({paragraph.part for paragraph in paragraphs}) > 1
    top: list[Entry] = []
    open_entries: list[Entry] = []
    part, turn, base = None, None, _first_level(paragraphs)
    for paragraph in paragraphs:
        if several and paragraph.part != part:
            part, turn = paragraph.part, None
            label = read_part_label(paragraph.text) if paragraph.role == "annex_label" else None
            name = (label.words if label else part_name(part)) or document.get_document_type_display()
            open_entries = [_add(top, [], Entry(paragraph.anchor, name, 0))]
            base = _first_level([p for p in paragraphs if p.part == part])
        if _is_heading(paragraph):
            turn = None
            depth = min(max((paragraph.level or base) - base, 0) + several, SPEECH - 1)
            title = f"{paragraph.number}　{paragraph.text}" if paragraph.number else paragraph.text
            entry = Entry(paragraph.anchor, title.replace("\n", ""), depth)
            open_entries = [other for other in open_entries if other.depth < depth]
            open_entries.append(_add(top, open_entries, entry))
        elif paragraph.speaker_name and _key(paragraph) != turn:
            turn = _key(paragraph)
            open_entries = [other for other in open_entries if other.depth < SPEECH]
            entry = Entry(paragraph.anchor, speaker_name(paragraph), SPEECH, _whence(paragraph))
            open_entries.append(_add(top, open_entries, entry))
        _count(paragraph, open_entries)
    spoken = any(paragraph.speaker_name for paragraph in paragraphs)
    deepest = DEEPEST_WITH_SPEECHES if spoken else DEEPEST
    return _kept(top, deepest) if len(top) > 1 or (top and top[0].entries) else []


def _add(top: list[Entry], above: Sequence[Entry], entry: Entry) -> Entry:
    (above[-1].entries if above else top).append(entry)
    return entry


def _count(paragraph: Paragraph, open_entries: Sequence[Entry]) -> None:
    official = paragraph.kind in (Paragraph.Kind.PARAGRAPH, Paragraph.Kind.OPERATIVE)
    if official and paragraph.number:
        for entry in open_entries:
            entry.first = entry.first or paragraph.number
            entry.last = paragraph.number


def _kept(entries: list[Entry], depth: int) -> list[Entry]:
    for entry in entries:
        entry.entries = _kept(entry.entries, depth - 1) if depth > 1 else []
    return entries


def _is_heading(paragraph: Paragraph) -> bool:
    if paragraph.kind != Paragraph.Kind.HEADING or paragraph.role in TITLE_ROLES | COVER_ROLES:
        return False
    return paragraph.anchor != paragraph.part and paragraph.role != "subtitle"


def _first_level(paragraphs: Sequence[Paragraph]) -> int:
    return min((p.level for p in paragraphs if p.level and _is_heading(p)), default=1)


def _key(paragraph: Paragraph) -> tuple[str, str, str]:
    return (paragraph.speaker_name, paragraph.speaker_honorific, paragraph.speaker_delegation)


def _whence(paragraph: Paragraph) -> str:
    whence = paragraph.speaker_delegation or paragraph.speaker_capacity
    return "" if whence == speaker_name(paragraph) else whence
