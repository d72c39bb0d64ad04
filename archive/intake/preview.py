"""What was read of a file, as plain values that are kept beside it, and as its page shows them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from django.utils.safestring import SafeString

from archive.importing import Status
from archive.importing.words import LANGUAGES
from archive.ingest.facts import CORRECTABLE, as_plain, label_of
from archive.models import Document, IntakeItem, Paragraph
from archive.presenters.diff import compare
from archive.presenters.relations import doubt_in_words
from archive.text.parsed import ParsedDocument

MOST_CHANGES = 200
"""Paragraphs that are shown as they are held and as they would be."""


def preview_of(parsed: ParsedDocument) -> dict[str, Any]:
    """What a person looks at before a document is published, as JSON takes it."""
    return {
        "facts": as_plain(parsed.facts),
        "doubts": [asdict(doubt) for doubt in parsed.doubts],
        "blocks": [[row.anchor, row.kind.value, row.number or "", row.text] for row in parsed.paragraphs],
        "dropped": [[line.line, line.text, line.reason] for line in parsed.dropped],
        "uncertain": [[one.anchor, one.surface] for one in parsed.mentions if not one.certain],
    }


def doubts_in(parsed: ParsedDocument) -> int:
    """How many places of a document a person should look at."""
    return len(parsed.doubts) + sum(not mention.certain for mention in parsed.mentions)


class Doubtful(NamedTuple):
    """A doubt in words, and the block where it arose, if one is known."""

    words: str
    anchor: str


class Changed(NamedTuple):
    """A paragraph of the document that is held, and as it would be."""

    anchor: str
    then: SafeString
    now: SafeString


@dataclass(frozen=True, slots=True)
class Preview:
    """What the page of a file shows. ``held`` is the document of its symbol, ``changes`` what publishing
    would change of that, ``more`` how many changes are not shown.
    """

    facts: list[tuple[str, str]]
    doubts: list[Doubtful]
    blocks: list[tuple[str, str, str, str]]
    dropped: list[tuple[int, str, str]]
    uncertain: list[tuple[str, str]]
    held: Document | None
    changes: list[Changed]
    more: int


def shown_of(item: IntakeItem) -> Preview | None:
    """The preview of ``item``; None where nothing was read of it, or that is gone."""
    read = item.preview
    if not read:
        return None
    kinds = dict(Paragraph.Kind.choices)
    doubts = [Doubtful(doubt_in_words(one["message"]), one["anchor"] or "") for one in read["doubts"]]
    blocks = [(anchor, str(kinds.get(kind, kind)), *rest) for anchor, kind, *rest in read["blocks"]]
    held = Document.objects.find(item.symbol) if item.symbol else None
    changes = _changes(held, read["blocks"]) if held and item.outcome == Status.UPDATED else []
    return Preview(
        _facts(read["facts"]),
        doubts,
        blocks,
        [tuple(line) for line in read["dropped"]],
        [tuple(mention) for mention in read["uncertain"]],
        held,
        changes[:MOST_CHANGES],
        max(0, len(changes) - MOST_CHANGES),
    )


def _facts(read: dict[str, Any]) -> list[tuple[str, str]]:
    types = dict(Document.Type.choices)
    shown = []
    for name in ("symbol", "language", *CORRECTABLE[1:]):
        value = str(read.get(name) or "")
        if name == "document_type":
            value = str(types.get(value, value))
        elif name == "language":
            value = LANGUAGES.get(value, value)
        if value or name in ("symbol", "title", "date"):
            shown.append((label_of(name), value))
    return shown


def _changes(held: Document, blocks: list[list[str]]) -> list[Changed]:
    """The paragraphs that differ, those of the held document first."""
    then = dict(held.paragraphs.order_by("position").values_list("anchor", "text"))
    now = {anchor: text for anchor, _kind, _number, text in blocks}
    found = []
    for anchor in dict.fromkeys((*then, *now)):
        before, after = then.get(anchor, ""), now.get(anchor, "")
        if before != after:
            told = compare(before, after)
            found.append(Changed(anchor, told.then, told.now))
    return found
