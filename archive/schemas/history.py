"""What became of words: earlier texts, changes, and links with a fingerprint."""

from __future__ import annotations

from msgspec import field

from .base import UNSET, Fingerprint, Instant, Schema, UnsetType
from .lists import ListPage
from .passages import (
    BodyMention,
    Citations,
    DocumentFacts,
    Doubt,
    Mention,
    NamedParagraph,
    OwnReference,
    Paragraph,
    TreatyMention,
)


class Change(Schema, frozen=True, kw_only=True):
    """Characters that were struck, and those in their place."""

    struck: str
    added: str


class IssuedText(Schema, frozen=True, kw_only=True):
    """Words that were public under an anchor, and how that ended; ``text`` is null where law withholds it.
    ``in_doubt``: the clock that told ``since`` or ``until`` was wrong; revisions tell the order."""

    symbol: str
    anchor: str
    fingerprint: Fingerprint
    text: str | None
    withheld: bool
    since: Instant
    until: Instant | None
    in_doubt: bool
    ending: str | None
    cause: str | None
    reason: str | None
    by: str | None


class Step(Schema, frozen=True, kw_only=True):
    """A step on the way of words from one address to the next."""

    what: str
    form_only: bool
    at: Instant | None
    from_: str = field(name="from")
    to: str | None
    cause: str | None
    reason: str | None
    by: str | None


class EarlierAddress(Schema, frozen=True, kw_only=True):
    """Where a paragraph once stood."""

    from_: str = field(name="from")
    at: Instant
    cause: str | None
    reason: str | None


class EarlierText(Schema, frozen=True, kw_only=True):
    """Words that once stood under the same address."""

    fingerprint: Fingerprint
    since: Instant
    until: Instant | None
    in_doubt: bool
    reason: str | None
    url: str


class Form(Schema, frozen=True, kw_only=True):
    """Another form of words with the same fingerprint: its dates, and which characters differ."""

    text: str | None
    since: Instant | None
    until: Instant | None
    changes: list[Change]


class ChangedParagraph(Schema, frozen=True, kw_only=True):
    """A paragraph that changed: its words then and now."""

    kind: str
    form_only: bool
    then: IssuedText | None
    now: IssuedText | None
    to: str | None
    changes: list[Change]


class ChangeCounts(Schema, frozen=True, kw_only=True):
    """How many paragraphs changed, by kind of change."""

    added: int
    edited: int
    moved: int
    gone: int


class ChangeEvent(Schema, frozen=True, kw_only=True):
    """One change of a document; the paragraphs of a new one are only counted."""

    id: str
    symbol: str
    at: Instant
    url: str
    kind: str
    cause: str | None
    reason: str | None
    by: str | None
    successor: str | None
    counts: ChangeCounts
    paragraphs: list[ChangedParagraph]


class ChangeFilters(Schema, frozen=True, kw_only=True):
    """What the list of changes is narrowed to; empty strings where it is not. Absent in a history."""

    document: str | UnsetType = UNSET
    year: int | None | UnsetType = UNSET
    cause: str | UnsetType = UNSET


class Changes(Schema, frozen=True, kw_only=True):
    """What changed, newest first."""

    filters: ChangeFilters
    page: ListPage
    changes: list[ChangeEvent]


class Unit(Schema, frozen=True, kw_only=True):
    """A paragraph with its items, as one piece of text."""

    anchors: list[str]
    text: str
    numbered_text: str
    fingerprint: Fingerprint
    url: str
    permalink: str


class Row(Schema, frozen=True, kw_only=True):
    """A row of a table."""

    anchor: str
    text: str
    url: str


class TableOfRow(Schema, frozen=True, kw_only=True):
    """The table in which a row stands."""

    anchor: str
    url: str
    first_row: Row | None


class ParagraphAnswer(Schema, frozen=True, kw_only=True):
    """A paragraph that stands under its address; ``fate``: what became of the words of a link to it;
    ``same_number``: where several bear its number in its part of the document, all of them;
    ``formerly``: the paragraphs that the address meant as a number alone, before this one had it;
    ``doubts``: what the parser doubts of its number or of the label of its part."""

    document: DocumentFacts
    paragraph: NamedParagraph
    mentions: list[Mention]
    bodies: list[BodyMention]
    treaties: list[TreatyMention]
    own_references: list[OwnReference]
    cited_by: Citations
    similar: str
    short: str | None
    unit: Unit | None
    table: TableOfRow | None
    previous: str | None
    next: str | None
    fate: str | None
    moved_here: list[EarlierAddress]
    formerly: list[str]
    same_number: list[str]
    doubts: list[Doubt]
    earlier_texts: list[EarlierText]


class AskedWords(Schema, frozen=True, kw_only=True):
    """The address that was asked for, and since when its words were public."""

    symbol: str
    anchor: str
    since: Instant | None


class CitedParagraph(ParagraphAnswer, frozen=True, kw_only=True):
    """A paragraph whose words are those of the link, and the way they went."""

    asked: AskedWords
    steps: list[Step]
    forms: list[Form]
    form_differs: bool


class WordsNow(Schema, frozen=True, kw_only=True):
    """The words that stand under an address now."""

    symbol: str
    anchor: str
    text: str
    fingerprint: Fingerprint
    permalink: str


class EditedParagraph(Schema, frozen=True, kw_only=True):
    """The words of a link were edited: they as they were, as they are, and where else they stand."""

    symbol: str
    anchor: str
    fingerprint: Fingerprint
    fate: str
    name: str
    then: IssuedText
    steps: list[Step]
    now: WordsNow
    changes: list[Change]
    same_words_at: list[str]
    contained_in: list[str]
    forms: list[Form]
    ambiguous: bool


class RangeWords(Schema, frozen=True, kw_only=True):
    """The words from one paragraph to another, and their addresses."""

    first: str
    last: str
    name: str
    text: str
    fingerprint: Fingerprint
    url: str
    permalink: str


class Range(Schema, frozen=True, kw_only=True):
    """A range of paragraphs that stands; ``fate``: what became of the words of a link to it; ``formerly``:
    the ranges that the address meant as numbers alone."""

    document: DocumentFacts
    range: RangeWords
    fate: str | None
    formerly: list[str]
    paragraphs: list[Paragraph]
    mentions: list[Mention]
    bodies: list[BodyMention]


class CitedRange(Range, frozen=True, kw_only=True):
    """A range whose words are those of the link."""

    form_differs: bool
    forms: list[Form]


class RangeThen(Schema, frozen=True, kw_only=True):
    """The words of a range as they were, and why they changed; ``text`` is null where law withholds it."""

    text: str | None
    since: Instant | None
    until: Instant | None
    reasons: list[str]


class RangeNow(Schema, frozen=True, kw_only=True):
    """The words of a range as they are."""

    range: str
    text: str
    fingerprint: Fingerprint
    permalink: str


class EditedRange(Schema, frozen=True, kw_only=True):
    """The words of a link to a range are no more what they were."""

    symbol: str
    range: str
    name: str
    fingerprint: Fingerprint
    fate: str
    then: RangeThen | None
    now: RangeNow | None
    forms: list[Form]
