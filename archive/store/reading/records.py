"""Values that several answers share, for pages and JSON alike. Unknown ones are null."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Self

from archive import models
from archive.readers import format_of
from archive.store.addresses.paths import (
    body_path,
    document_path,
    mention_path,
    original_file_path,
    paragraph_path,
    state_path,
    treaty_path,
)
from archive.store.values import UNSET, Fingerprint, Instant, Schema, UnsetType
from archive.text.serialize import cells_as_json
from archive.text.symbols.symbol import short_symbol


class DocumentLine(Schema, frozen=True, kw_only=True):
    """A document in a list, with its paragraphs and those that cite it counted."""

    url: str
    symbol: str
    title: str | None
    document_type: str
    date: dt.date | None
    communication_date: dt.date | None
    meeting_date: dt.date | None
    year: int | None
    paragraphs: int
    cited_by: int

    @classmethod
    def of(cls, document: models.Document) -> Self:
        return cls.from_row(
            document,
            url=document_path(document.symbol, document.language),
            paragraphs=document.paragraph_count,
            cited_by=document.cited_by_count,
        )


class ResolutionLine(Schema, frozen=True, kw_only=True):
    """A resolution of the family, with the paragraphs and documents that cite it."""

    url: str
    symbol: str
    name: str
    adopted: dt.date | None
    meeting: int | None
    summary: str
    paragraphs: int
    documents: int

    @classmethod
    def of(cls, row: models.Resolution) -> Self:
        return cls.from_row(row, url=document_path(row.symbol), name=short_symbol(row.symbol), **_counts(row))


class BodyLine(Schema, frozen=True, kw_only=True):
    """A body."""

    url: str
    slug: str
    name: str
    english: str | None
    acronym: str | None
    provisional: bool
    unconfirmed: bool

    @classmethod
    def of(cls, body: models.Body, **told: Any) -> Self:
        return cls.from_row(body, url=body_path(body.slug), **told)


class CountedBody(BodyLine, frozen=True, kw_only=True):
    """A body, with the paragraphs and documents that name it."""

    paragraphs: int
    documents: int

    @classmethod
    def of(cls, body: models.Body, **told: Any) -> Self:
        return super().of(body, **_counts(body), **told)


class StateLine(Schema, frozen=True, kw_only=True):
    """A State, with the paragraphs in which it speaks or writes, and its documents."""

    url: str
    alpha3: str
    name: str
    official_name: str
    english: str
    paragraphs: int
    documents: int

    @classmethod
    def of(cls, state: models.State, **told: Any) -> Self:
        return cls.from_row(state, url=state_path(state.alpha3), **_counts(state), **told)


class TreatyLine(Schema, frozen=True, kw_only=True):
    """A treaty, with the paragraphs and documents that name it."""

    slug: str
    url: str
    name: str
    english: str | None
    acronym: str | None
    aliases: list[str]
    signed: str | None
    paragraphs: int
    documents: int

    @classmethod
    def of(cls, treaty: models.Treaty, **told: Any) -> Self:
        return cls.from_row(treaty, url=treaty_path(treaty.slug), **_counts(treaty), **told)


def _counts(row: models.Resolution | models.Body | models.State | models.Treaty) -> dict[str, int]:
    return {"paragraphs": row.paragraph_count, "documents": row.document_count}


class Source(Schema, frozen=True, kw_only=True):
    """The file that a document was read from."""

    name: str
    sha256: str


class SecondOriginal(Schema, frozen=True, kw_only=True):
    """Another file of a document, in another format, stored byte for byte besides that of its text."""

    name: str
    sha256: str
    format: str
    url: str

    @classmethod
    def all_of(cls, held: models.Document) -> list[Self]:
        """Returns the originals of ``held`` other than that of its text; one query, which reads no file."""
        rows = held.second_originals.offered().order_by("format", "source__name", "source__sha256")
        return [
            cls(name=name, sha256=sha256, format=format_, url=original_file_path(held.symbol, sha256))
            for name, sha256, format_ in rows.values_list("source__name", "source__sha256", "format")
        ]


def originals(held: models.Document) -> list[SecondOriginal]:
    """Returns all files of a document, that of the text first, where there are several; else none."""
    if not (seconds := SecondOriginal.all_of(held)):
        return []
    file, url = held.source, f"{document_path(held.symbol)}/source"
    kind = format_of(bytes(file.content))
    return [SecondOriginal(name=file.name, sha256=file.sha256, format=kind, url=url), *seconds]


class DocumentFacts(Schema, frozen=True, kw_only=True):
    """The metadata of a document; what is not printed is null. ``date`` is the date of issue."""

    symbol: str
    title: str | None
    document_type: str | None
    organ: str | None
    language: str | None
    date: dt.date | None
    communication_date: dt.date | None
    meeting_date: dt.date | None
    year: int | None
    original_language: str | None
    job_number: str | None
    session: str | None
    agenda_item: str | None
    meeting: str | None
    place: str | None
    chair: str | None
    sender: str | None
    addressee: str | None
    distribution: str | None
    provenance: str | None
    state: str | None
    url: str
    source: Source
    second_originals: list[SecondOriginal]
    parser_version: str
    imported: Instant
    changed: Instant

    @classmethod
    def of(cls, document: models.Document) -> Self:
        return cls.from_row(
            document,
            state=document.state.alpha3 if document.state else None,
            url=document_path(document.symbol, document.language),
            source=Source.from_row(document.source),
            second_originals=SecondOriginal.all_of(document),
        )


class Speaker(Schema, frozen=True, kw_only=True):
    """The speaker of a paragraph of a record."""

    name: str | None
    honorific: str | None
    delegation: str | None
    status: str | None
    capacity: str | None

    @classmethod
    def of(cls, block: models.Paragraph) -> Self | None:
        facts = {name: getattr(block, f"speaker_{name}") or None for name in cls.__struct_fields__}
        return cls(**facts) if block.speaker_name else None


class Submitter(Schema, frozen=True, kw_only=True):
    """The sender of the reply to which a paragraph belongs."""

    name: str | None
    original_language: str | None
    date: dt.date | None

    @classmethod
    def of(cls, block: models.Paragraph) -> Self | None:
        facts = {name: getattr(block, f"submitter_{name}") or None for name in cls.__struct_fields__}
        return cls(**facts) if block.submitter_name else None


class Cell(Schema, frozen=True, kw_only=True):
    """A cell of a row: its anchor and where it stands in the text, in code points, end exclusive."""

    anchor: str
    start: int
    end: int


class Paragraph(Schema, frozen=True, kw_only=True):
    """A block of a document. ``notes``: offset and mark of each footnote; ``cells``: of a row alone."""

    anchor: str
    kind: str
    number: str | None
    parent: str | None
    part: str
    role: str | None
    level: int | None
    text: str
    fingerprint: Fingerprint
    url: str
    permalink: str
    speaker: Speaker | None
    turn: int | None
    transmitted: bool
    ocr_confidence: int | None
    submitter: Submitter | None
    notes: list[tuple[int, str]]
    cells: list[Cell] | UnsetType = UNSET

    @classmethod
    def of(
        cls,
        block: models.Paragraph,
        symbol: str,
        parents: Mapping[int, models.Paragraph] | None = None,
        **told: Any,
    ) -> Self:
        parent = (parents or {}).get(block.parent_id or 0)
        cells = cells_as_json(block.kind, block.anchor, block.text)
        return cls.from_row(
            block,
            parent=parent.anchor if parent else None,
            url=paragraph_path(symbol, block.anchor),
            permalink=paragraph_path(symbol, block.anchor, block.fingerprint),
            speaker=Speaker.of(block),
            submitter=Submitter.of(block),
            cells=[Cell(**cell) for cell in cells["cells"]] if cells else UNSET,
            **told,
        )


class NamedParagraph(Paragraph, frozen=True, kw_only=True):
    """A block of a document with its name in words."""

    name: str


class Place(Schema, frozen=True, kw_only=True):
    """A span of words in a paragraph, in code points of its text, end exclusive."""

    anchor: str
    start: int
    end: int
    surface: str

    rows: ClassVar[str]  # where a paragraph has them

    @classmethod
    def all_in(cls, blocks: Iterable[models.Paragraph]) -> list[Self]:
        return [
            cls.from_row(row, anchor=block.anchor, **cls.derived(row))
            for block in blocks
            for row in getattr(block, cls.rows)
        ]

    @staticmethod
    def derived(row: Any) -> dict[str, Any]:
        """Returns the fields that a row has under no name of theirs."""
        raise NotImplementedError


class Mention(Place, frozen=True, kw_only=True):
    """A document that a paragraph names; ``paragraph``: which of its paragraphs, as cited."""

    symbol: str
    paragraph: str | None
    certain: bool
    relation: str | None
    relation_start: int | None
    relation_end: int | None
    held: bool
    url: str

    rows: ClassVar[str] = "mentions_in_order"

    @staticmethod
    def derived(row: models.Mention) -> dict[str, Any]:
        held, url = row.target_id is not None, mention_path(row)
        return {"paragraph": row.pinpoint or None, "held": held, "url": url}


class BodyMention(Place, frozen=True, kw_only=True):
    """A body that a paragraph names."""

    body: str
    form: str
    unconfirmed: bool
    url: str

    rows: ClassVar[str] = "body_mentions_in_order"

    @staticmethod
    def derived(row: models.BodyMention) -> dict[str, Any]:
        return {"body": row.body.name, "unconfirmed": row.body.unconfirmed, "url": body_path(row.body.slug)}


class TreatyMention(Place, frozen=True, kw_only=True):
    """A treaty that a paragraph names."""

    treaty: str
    article: str | None
    url: str

    rows: ClassVar[str] = "treaty_mentions_in_order"

    @staticmethod
    def derived(row: models.TreatyMention) -> dict[str, Any]:
        return {"treaty": row.treaty.slug, "url": treaty_path(row.treaty.slug)}


class OwnReference(Place, frozen=True, kw_only=True):
    """A paragraph of the same document that a paragraph names; ``target``: its anchor, where it is found."""

    paragraph: str
    target: str | None
    doubt: str | None

    rows: ClassVar[str] = "own_references_in_order"

    @staticmethod
    def derived(row: models.OwnReference) -> dict[str, Any]:
        return {"paragraph": row.anchor, "target": row.target_paragraph and row.target_paragraph.anchor}


class DroppedLine(Schema, frozen=True, kw_only=True):
    """A line of the source that is no text of the body, and why."""

    line: int
    text: str
    reason: str


class Doubt(Schema, frozen=True, kw_only=True):
    """A passage that was stored though the parser could not interpret it, or that contradicts the document:
    ``check`` names the check that tells so."""

    message: str
    line: int | None
    anchor: str | None
    check: str | None = None


class Citations(Schema, frozen=True, kw_only=True):
    """The number of citing paragraphs of something, and the address of their list."""

    paragraphs: int
    url: str


class Document(Schema, frozen=True, kw_only=True):
    """A stored document as a whole. ``revision``: that at which its rows last changed."""

    document: DocumentFacts
    revision: int | None
    paragraphs: list[Paragraph]
    mentions: list[Mention]
    bodies: list[BodyMention]
    treaties: list[TreatyMention]
    own_references: list[OwnReference]
    dropped: list[DroppedLine]
    doubts: list[Doubt]
    cited_by: Citations

    @classmethod
    def of(
        cls,
        held: models.Document,
        blocks: Sequence[models.Paragraph],
        dropped: Iterable[models.DroppedLine],
        cited_by: int,
        revision: int | None,
    ) -> Self:
        by_id = {block.pk: block for block in blocks}
        return cls(
            document=DocumentFacts.of(held),
            revision=revision,
            paragraphs=[Paragraph.of(block, held.symbol, by_id) for block in blocks],
            mentions=Mention.all_in(blocks),
            bodies=BodyMention.all_in(blocks),
            treaties=TreatyMention.all_in(blocks),
            own_references=OwnReference.all_in(blocks),
            dropped=list(map(DroppedLine.from_row, dropped)),
            doubts=held.doubts,
            cited_by=Citations(paragraphs=cited_by, url=f"{document_path(held.symbol)}/cited-by.json"),
        )


class Naming(Schema, frozen=True, kw_only=True):
    """Paragraphs that name a document without citing it."""

    body_names: int
    headings: int
    uncertain: int
