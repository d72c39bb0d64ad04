"""Writing a document's paragraphs with what they mention."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F

from archive.models import (
    BodyMention,
    Document,
    DroppedLine,
    Mention,
    OwnReference,
    Paragraph,
    Pinpoint,
    StateMention,
    ThemeMention,
    TreatyMention,
)
from archive.store.database.bulk import batched, insert_rows, set_references
from archive.text.fingerprint import fingerprint
from archive.text.parsed import ParsedBody, ParsedDocument, ParsedMention, ParsedParagraph, Speaker, Submitter
from archive.text.pinpoints.value import pinpoint_anchors

from .facts import as_date
from .names import Names
from .resolve import link_paragraph, resolve
from .subjects import write_states, write_themes_and_treaties
from .values import PLACE, place_of

# Positions are unique in a document: rows that stay are moved out of the way before they are renumbered.
_OUT_OF_THE_WAY = 1_000_000_000
_COLUMNS = {
    field.name: field.attname
    for field in Paragraph._meta.concrete_fields
    if field.name not in ("id", "document", "anchor")
}


@dataclass(frozen=True, slots=True)
class Written:
    """The rows of a document, in the order of its text."""

    paragraphs: list[Paragraph]
    mentions: list[Mention]


def write_paragraphs(document: Document, parsed: ParsedDocument, names: Names, *, new: bool) -> Written:
    """Make the paragraphs of ``document`` those of ``parsed``; a row stays the same row under its anchor.

    A ``new`` document has none yet. What they mention is resolved to what is held.
    """
    rows: dict[str, Paragraph] = {}
    if not new:
        _clear(document, keep={block.anchor for block in parsed.paragraphs})
        rows = {row.anchor: row for row in document.paragraphs.all()}
    kept = [(row, _values(row)) for row in rows.values()]
    for position, block in enumerate(parsed.paragraphs, start=1):
        row = rows.get(block.anchor) or Paragraph(document=document, anchor=block.anchor)
        rows[block.anchor] = row
        _fill(row, block, position, names)
    _make_room(document, kept)
    added = [row for row in rows.values() if row.pk is None]
    Paragraph.objects.bulk_create(added, batch_size=200)
    for block in parsed.paragraphs:
        rows[block.anchor].parent = rows[block.parent] if block.parent else None
    _update(kept)
    set_references(Paragraph, ["parent"], {row.pk: [row.parent_id] for row in added if row.parent_id})
    mentions = _write_mentions(parsed, rows)
    _write_bodies(parsed, rows, names)
    write_themes_and_treaties(parsed.themes, parsed.treaties, rows, names.revision)
    write_states(parsed.states, rows, names.revision)
    _write_own_references(parsed, rows)
    insert_rows(
        DroppedLine,
        ("document_id", "line", "text", "reason"),
        ((document.pk, dropped.line, dropped.text, dropped.reason) for dropped in parsed.dropped),
    )
    return Written([rows[block.anchor] for block in parsed.paragraphs], mentions)


def stands_as_parsed(document: Document, parsed: ParsedDocument) -> bool:
    """Whether the stored words are those of ``parsed``; SQL by hand changes them and no sum beside them."""
    stored = document.paragraphs.order_by("position").values_list("anchor", "text")
    return list(stored) == [(block.anchor, block.text) for block in parsed.paragraphs]


def reply_dates(parsed: ParsedDocument) -> list[date]:
    """The dates of the replies in a report."""
    printed = {block.submitter.date for block in parsed.paragraphs if block.submitter}
    return sorted(filter(None, map(as_date, printed)))


def _clear(document: Document, keep: set[str]) -> None:
    """Remove what is written anew, and the paragraphs whose anchors are gone."""
    for model in (Mention, BodyMention, TreatyMention, OwnReference, ThemeMention, StateMention):
        model.objects.filter(paragraph__document=document).delete()
    document.dropped_lines.all().delete()
    gone = [key for key, anchor in document.paragraphs.values_list("pk", "anchor") if anchor not in keep]
    for batch in batched(gone):
        # A paragraph takes its children with it, so they are parted first.
        Paragraph.objects.filter(parent__in=batch).update(parent=None)
        Paragraph.objects.filter(pk__in=batch).delete()


def _values(row: Paragraph) -> dict[str, Any]:
    return {name: getattr(row, column) for name, column in _COLUMNS.items()}


def _make_room(document: Document, kept: list[tuple[Paragraph, dict[str, Any]]]) -> None:
    """Where paragraphs that stay change places, free all places first."""
    if any(row.position != before["position"] for row, before in kept):
        document.paragraphs.update(position=F("position") + _OUT_OF_THE_WAY)
        for _row, before in kept:
            before["position"] += _OUT_OF_THE_WAY


def _update(kept: list[tuple[Paragraph, dict[str, Any]]]) -> None:
    """Write the paragraphs that stay, as far as they have changed."""
    changed = {
        row: {name for name, value in _values(row).items() if value != before[name]} for row, before in kept
    }
    rows = [row for row, columns in changed.items() if columns]
    if rows:
        Paragraph.objects.bulk_update(rows, sorted(set().union(*changed.values())), batch_size=200)


def _fill(row: Paragraph, block: ParsedParagraph, position: int, names: Names) -> None:
    speaker, submitter = block.speaker or Speaker(""), block.submitter or Submitter("")
    row.position = position
    row.kind, row.number, row.part = block.kind.value, block.number or "", block.part
    row.role, row.level = block.role or "", block.level
    row.text, row.fingerprint = block.text, fingerprint(block.text)
    row.notes = [[note.at, note.anchor] for note in block.notes]
    row.first_line, row.last_line = block.lines
    row.speaker_name, row.speaker_honorific = speaker.name, speaker.honorific or ""
    row.speaker_delegation, row.speaker_status = speaker.delegation or "", speaker.status or ""
    row.speaker_capacity = speaker.capacity or ""
    row.submitter_name, row.submitter_date = submitter.name, as_date(submitter.date)
    row.submitter_original_language = submitter.original_language or ""
    row.turn, row.transmitted = block.turn, block.transmitted
    row.ocr_confidence = block.ocr_confidence
    link_paragraph(row, names)


def _write_mentions(parsed: ParsedDocument, rows: dict[str, Paragraph]) -> list[Mention]:
    names_of_bodies = _spans(parsed.bodies)
    pinpointed: list[tuple[Mention, list[Pinpoint]]] = []
    for found in parsed.mentions:
        mention = Mention(
            paragraph=rows[found.anchor],
            start=found.start,
            end=found.end,
            surface=found.surface,
            symbol=found.symbol,
            pinpoint=found.paragraph or "",
            certain=found.certain,
            relation=found.relation or "",
            relation_start=found.relation_start,
            relation_end=found.relation_end,
            in_body_name=_lies_inside(found, names_of_bodies.get(found.anchor, [])),
        )
        cited = enumerate(pinpoint_anchors(found.paragraph), start=1)
        pinpoints = [Pinpoint(position=position, anchor=anchor) for position, anchor in cited]
        pinpointed.append((mention, pinpoints))
    resolve(pinpointed)
    mentions = Mention.objects.bulk_create((mention for mention, _pinpoints in pinpointed), batch_size=200)
    insert_rows(
        Pinpoint,
        ("mention_id", "position", "anchor", "target_paragraph_id"),
        (
            (mention.pk, pinpoint.position, pinpoint.anchor, pinpoint.target_paragraph_id)
            for mention, pinpoints in pinpointed
            for pinpoint in pinpoints
        ),
    )
    return mentions


def _write_bodies(parsed: ParsedDocument, rows: dict[str, Paragraph], names: Names) -> None:
    insert_rows(
        BodyMention,
        (*PLACE, "form", "body_id"),
        ((*place_of(found, rows), found.form, names.body_or_new(found.body).pk) for found in parsed.bodies),
    )


def _write_own_references(parsed: ParsedDocument, rows: dict[str, Paragraph]) -> None:
    insert_rows(
        OwnReference,
        (*PLACE, "anchor", "target_paragraph_id", "doubt"),
        (
            (
                *place_of(found, rows),
                found.paragraph,
                rows[found.target].pk if found.target else None,
                found.doubt or "",
            )
            for found in parsed.own_references
        ),
    )


def _spans(bodies: tuple[ParsedBody, ...]) -> dict[str, list[tuple[int, int]]]:
    spans: dict[str, list[tuple[int, int]]] = {}
    for body in bodies:
        spans.setdefault(body.anchor, []).append((body.start, body.end))
    return spans


def _lies_inside(mention: ParsedMention, spans: list[tuple[int, int]]) -> bool:
    return any(start <= mention.start and mention.end <= end for start, end in spans)
