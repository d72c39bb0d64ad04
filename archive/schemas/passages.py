"""Documents, paragraphs and ranges with what they name."""

from __future__ import annotations

import datetime as dt

from .base import UNSET, Count, CountOfKind, CountOfYear, Fingerprint, Instant, Schema, UnsetType
from .lists import Attempt, ListPage


class Source(Schema, frozen=True, kw_only=True):
    """The file that a document was read from."""

    name: str
    sha256: str


class SecondOriginal(Schema, frozen=True, kw_only=True):
    """Another file of a document, in another format, kept byte for byte beside the one of its text."""

    name: str
    sha256: str
    format: str
    url: str


class DocumentFacts(Schema, frozen=True, kw_only=True):
    """What is known of a document as a whole; what is not printed is null. ``date`` is the date of issue."""

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


class Speaker(Schema, frozen=True, kw_only=True):
    """Who says a paragraph of a record."""

    name: str | None
    honorific: str | None
    delegation: str | None
    status: str | None
    capacity: str | None


class Submitter(Schema, frozen=True, kw_only=True):
    """Who sent the reply to which a paragraph belongs."""

    name: str | None
    original_language: str | None
    date: dt.date | None


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


class NamedParagraph(Paragraph, frozen=True, kw_only=True):
    """A block of a document with its name in words."""

    name: str


class Place(Schema, frozen=True, kw_only=True):
    """Where words stand in a paragraph, in code points of its text, end exclusive."""

    anchor: str
    start: int
    end: int
    surface: str


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


class BodyMention(Place, frozen=True, kw_only=True):
    """A body that a paragraph names."""

    body: str
    form: str
    unconfirmed: bool
    url: str


class TreatyMention(Place, frozen=True, kw_only=True):
    """A treaty that a paragraph names."""

    treaty: str
    article: str | None
    url: str


class OwnReference(Place, frozen=True, kw_only=True):
    """A paragraph of the same document that a paragraph names; ``target``: its anchor, where it is found."""

    paragraph: str
    target: str | None
    doubt: str | None


class DroppedLine(Schema, frozen=True, kw_only=True):
    """A line of the source that is no text of the body, and why."""

    line: int
    text: str
    reason: str


class Doubt(Schema, frozen=True, kw_only=True):
    """What was kept though it could not be understood."""

    message: str
    line: int | None
    anchor: str | None


class Citations(Schema, frozen=True, kw_only=True):
    """How many paragraphs cite something, and where they are listed."""

    paragraphs: int
    url: str


class Document(Schema, frozen=True, kw_only=True):
    """A document that is held, whole. ``revision``: that at which its rows last changed."""

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


class Naming(Schema, frozen=True, kw_only=True):
    """Paragraphs that name a document without citing it."""

    body_names: int
    headings: int
    uncertain: int


class CountedCitations(Schema, frozen=True, kw_only=True):
    """The paragraphs and documents that cite what is not held, and those that only name it."""

    paragraphs: int
    documents: int
    url: str
    not_counted: Naming


class CatalogueLink(Schema, frozen=True, kw_only=True):
    """A link of a record of the UN's catalogue."""

    url: str
    note: str | None


class CatalogueFacts(Schema, frozen=True, kw_only=True):
    """What the UN's catalogue says of a document that is not held."""

    title: str | None
    date: str | None
    authors: list[str]
    agenda: list[str]
    subjects: list[str]
    links: list[CatalogueLink]
    record: str | None
    source: str
    imported: Instant


class Neighbours(Schema, frozen=True, kw_only=True):
    """The symbols before and after one."""

    before: str | None
    after: str | None


class UnheldDocument(Schema, frozen=True, kw_only=True):
    """A document that is cited and not held. Each list: what, paragraphs (and documents)."""

    symbol: str
    held: bool
    name: str
    url: str
    un_url: str | None
    eur_lex_url: str | None
    adopted: dt.date | None
    meeting: int | None
    summary: str | None
    asked: Attempt | None
    catalogue: CatalogueFacts | None
    same_document: list[str]
    cited_by: CountedCitations
    by_year: list[CountOfYear]
    by_document: list[Count]
    by_relation: list[CountOfKind]
    by_paragraph: list[Count]
    by_state: list[Count]
    by_body: list[Count]
    cited_together_with: list[Count]
    family: Neighbours
    series: Neighbours


class Dropped(Schema, frozen=True, kw_only=True):
    """The lines of the source of a document that are no text of its body."""

    symbol: str
    page: ListPage
    dropped: list[DroppedLine]
