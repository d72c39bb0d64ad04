"""Paragraphs that were withdrawn from a document that stays: no import brings them back."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import fields, replace
from typing import Any

from archive.models import Document
from archive.text.fingerprint import fingerprint
from archive.text.parsed import ParsedDocument, ParsedParagraph

# Beside the corrected facts in ``Document.corrections``: anchor → fingerprint of what is kept out.
KEPT_OUT = "withdrawn_paragraphs"


def kept_out(document: Document | None) -> dict[str, str]:
    """What is withdrawn from ``document`` now: anchor → fingerprint."""
    return dict(document.corrections.get(KEPT_OUT, {})) if document else {}


def keep_out(document: Document, kept: dict[str, str]) -> None:
    """Set what is withdrawn from ``document``. Does not save."""
    facts = {name: value for name, value in document.corrections.items() if name != KEPT_OUT}
    document.corrections = {**facts, KEPT_OUT: kept} if kept else facts


def find_kept_out(document: Document | None, parsed: ParsedDocument) -> dict[str, str]:
    """Where the paragraphs withdrawn from ``document`` stand in ``parsed``: anchor → fingerprint.

    The same words, under whatever anchor; but a twin that stands is another paragraph. Where the words are
    not found, the paragraph under the same anchor is theirs, corrected, unless its words stood elsewhere:
    then the paragraphs were renumbered. What stands nowhere is kept, for the import that has it again.
    """
    withdrawn = kept_out(document)
    if document is None or not withdrawn:
        return {}
    standing = dict(document.paragraphs.values_list("anchor", "fingerprint"))
    words = {paragraph.anchor: fingerprint(paragraph.text) for paragraph in parsed.paragraphs}
    places = defaultdict(list)
    for anchor, print_of in words.items():
        places[print_of].append(anchor)
    found: dict[str, str] = {}
    for anchor, cited in withdrawn.items():
        if words.get(anchor) == cited:
            found[anchor] = cited
        elif cited in places:
            new = (place for place in places[cited] if standing.get(place) != cited)
            found |= dict.fromkeys(new, cited)
        elif anchor in words and words[anchor] not in standing.values():
            found[anchor] = words[anchor]
        else:
            found.setdefault(anchor, cited)
    return found


def leave_out(parsed: ParsedDocument, kept: dict[str, str]) -> ParsedDocument:
    """``parsed`` without the paragraphs under the anchors of ``kept``, where their words are those, and
    without what they mention. Blocks below them stand under the block above."""
    parents = {
        paragraph.anchor: paragraph.parent
        for paragraph in parsed.paragraphs
        if kept.get(paragraph.anchor) == fingerprint(paragraph.text)
    }
    if not parents:
        return parsed
    without: dict[str, Any] = {
        field.name: tuple(item for item in getattr(parsed, field.name) if _anchor(item) not in parents)
        for field in fields(parsed)
        if field.name != "facts"
    }
    without["paragraphs"] = tuple(_parted(paragraph, parents) for paragraph in without["paragraphs"])
    without["own_references"] = tuple(
        replace(item, target=None, doubt="absent") if item.target in parents else item
        for item in without["own_references"]
    )
    return replace(parsed, **without)


def _anchor(item: Any) -> str | None:
    return getattr(item, "anchor", None)


def _parted(paragraph: ParsedParagraph, parents: dict[str, str | None]) -> ParsedParagraph:
    parent = paragraph.parent
    while parent in parents:
        parent = parents[parent]
    notes = tuple(note for note in paragraph.notes if note.anchor not in parents)
    if parent == paragraph.parent and notes == paragraph.notes:
        return paragraph
    return replace(paragraph, parent=parent, notes=notes)
