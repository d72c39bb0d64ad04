"""What is to be set: the stored structure of a document as items with their marks, shapes and notes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from archive.text import parse_document
from archive.text.parsed import Facts, ParsedDocument, ParsedParagraph

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = (
    ROOT / "fixtures" / "documents",
    ROOT / "tests" / "documents",
    Path(__file__).parent / "documents",  # what the others have little of: tables with long cells
)


@dataclass(frozen=True, slots=True)
class Item:
    """A block as it is printed: ``marks`` are the notes called in its text, by place in it.

    ``shape`` is heading, numbered, item, paragraph, signature, attribution, row or note; ``level`` the number
    of columns of a row's table.
    """

    shape: str
    prefix: str
    text: str
    marks: tuple[tuple[int, str], ...] = ()
    notes: tuple[Item, ...] = ()
    level: int = 0


@dataclass(frozen=True, slots=True)
class Copy:
    """A document to be set, and what must come back: number, kind and text of every block."""

    name: str
    facts: Facts
    items: tuple[Item, ...]
    blocks: tuple[tuple[str | None, str, str], ...]


def sources() -> dict[str, Path]:
    """The held documents by name."""
    return {
        path.stem: path
        for folder in FOLDERS
        for path in sorted(folder.iterdir())
        if path.suffix in (".txt", ".md")
    }


@cache
def copy_of(name: str) -> Copy:
    """The document ``name`` as it is stored, to be set again."""
    parsed = parse_document(sources()[name])
    return Copy(name, parsed.facts, tuple(_items(parsed)), blocks_of(parsed))


def blocks_of(parsed: ParsedDocument) -> tuple[tuple[str | None, str, str], ...]:
    """Number, kind and text of each block; notes behind all others, for a page puts them where it can."""
    notes = {p.anchor for p in parsed.paragraphs if p.kind == "footnote"}
    last = sorted(parsed.paragraphs, key=lambda p: p.anchor in notes or p.parent in notes)
    return tuple((p.number, str(p.kind), p.text) for p in last)


def _items(parsed: ParsedDocument) -> Iterator[Item]:
    notes = [p for p in parsed.paragraphs if p.kind == "footnote"]
    marked = {mark.anchor for p in parsed.paragraphs for mark in p.notes}
    by_anchor = {p.anchor: p for p in parsed.paragraphs}
    columns = _columns(parsed.paragraphs)
    placed: set[str] = set()
    below = {note.anchor: [p for p in parsed.paragraphs if p.parent == note.anchor] for note in notes}
    of_notes = {p.anchor for inside in below.values() for p in inside}
    for index, paragraph in enumerate(parsed.paragraphs):
        if paragraph.kind == "footnote" or paragraph.anchor in of_notes:
            continue
        called = {mark.anchor: mark for mark in paragraph.notes if mark.anchor not in placed}.values()
        placed |= {mark.anchor for mark in called}
        # A note that nothing calls (its asterisk stands in the masthead) is one of the first page.
        loose = [] if index else [one for one in notes if one.anchor not in marked]
        yield Item(
            shape=_shape_of(paragraph),
            prefix=paragraph.prefix,
            text=paragraph.text,
            marks=tuple((mark.at, by_anchor[mark.anchor].number or "") for mark in paragraph.notes),
            notes=tuple(
                _note(part)
                for one in (*loose, *(by_anchor[mark.anchor] for mark in called))
                for part in (one, *below[one.anchor])
            ),
            level=columns.get(index, 0),
        )
        submitter = paragraph.submitter
        if paragraph.kind == "heading" and submitter and submitter.name == paragraph.text:
            if submitter.original_language:
                yield Item("attribution", "", f"[原件：{submitter.original_language}]")
            if submitter.date:
                year, month, day = submitter.date.split("-")
                yield Item("attribution", "", f"[{year}年{int(month)}月{int(day)}日]")


def _columns(paragraphs: Sequence[ParsedParagraph]) -> dict[int, int]:
    """For each row of a table how many columns its table has."""
    found: dict[int, int] = {}
    run: list[int] = []
    for index, paragraph in enumerate((*paragraphs, None)):
        if paragraph is not None and paragraph.kind == "row":
            run.append(index)
            continue
        widest = max((paragraphs[row].text.count("\t") + 1 for row in run), default=0)
        found |= dict.fromkeys(run, widest)
        run = []
    return found


def _note(paragraph: ParsedParagraph) -> Item:
    return Item("note", paragraph.number or "", paragraph.text)


def _shape_of(paragraph: ParsedParagraph) -> str:
    if paragraph.kind in ("heading", "signature", "row"):
        return str(paragraph.kind)
    if paragraph.kind in ("subparagraph", "list_item"):
        return "item"
    return "numbered" if paragraph.prefix else "paragraph"


_LATIN = re.compile(r"[!-'*-~\u00a1-\u024f–(]+[!-'*-~)]*|.", re.DOTALL)
_CLOSING = "，。、；：！？）)》〉”’」』】]％%,;!?…."
_OPENING = "“‘（(《〈「『【["


def units_of(item: Item) -> list[tuple[str, bool]]:
    """The text in pieces that no wrap parts, and whether each is raised; a blank is a piece of its own."""
    units: list[tuple[str, bool]] = []
    at = 0
    ends = [*((place, number) for place, number in item.marks), (len(item.text), "")]
    for place, number in ends:
        for piece in _LATIN.findall(item.text[at:place]):
            last = units[-1] if units else None
            stuck = last is not None and not last[1] and last[0] != " " and piece != " "
            if stuck and (piece[0] in _CLOSING and not piece[0].isalnum() or last[0][-1] in _OPENING):
                units[-1] = (last[0] + piece, False)
            else:
                units.append((piece, False))
        if number:
            units.append((number, True))
        at = place
    return units
