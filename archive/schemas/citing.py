"""Lists of paragraphs that have something in common: what they cite, name, or who speaks in them."""

from __future__ import annotations

from msgspec import field

from .base import UNSET, Count, CountOfKind, CountOfYear, Schema, Span, UnsetType
from .lists import BodyLine, DocumentLine, ListPage, SpeakerLine, StateLine, TreatyLine
from .passages import Naming


class ListedParagraph(Schema, frozen=True, kw_only=True):
    """A paragraph in a list; ``highlights`` are offsets in ``text``, in code points."""

    url: str
    symbol: str
    anchor: str
    name: str
    title: str
    year: int | None
    speaker: str | None
    text: str
    excerpt: str
    highlights: list[Span]
    remarks: list[str] | UnsetType = UNSET


class PlaceFilters(Schema, frozen=True, kw_only=True):
    """The year and the document to which a list is narrowed."""

    year: int | None
    document: str | None


class ParagraphCount(Schema, frozen=True, kw_only=True):
    """Paragraphs, and documents in which they stand."""

    paragraphs: int
    documents: int


class Occurrences(Schema, frozen=True, kw_only=True):
    """A list of paragraphs; ``total`` before, ``page`` after it is narrowed by ``filters``."""

    total: ParagraphCount
    by_year: list[CountOfYear]
    by_document: list[Count]
    filters: PlaceFilters
    page: ListPage
    paragraphs: list[ListedParagraph]


class CitingFilters(Schema, frozen=True, kw_only=True):
    """How something is cited, together with what, and in whose words."""

    relation: str | None
    with_: str | None = field(name="with")
    state: str | None
    body: str | None


class CitedBy(Schema, frozen=True, kw_only=True):
    """The paragraphs that cite a document, or one paragraph of it (``only`` and ``not_counted`` are absent
    then). ``by_state`` and ``by_body`` are absent where ``only`` is asked; where the text is held here,
    ``un_url`` and ``eur_lex_url`` are.
    """

    symbol: str
    anchor: str | None
    held: bool
    un_url: str | None | UnsetType = UNSET
    eur_lex_url: str | None | UnsetType = UNSET
    only: str | None | UnsetType = UNSET
    not_counted: Naming | UnsetType = UNSET
    cited_filters: CitingFilters
    by_relation: list[CountOfKind]
    by_state: list[Count] | UnsetType = UNSET
    by_body: list[Count] | UnsetType = UNSET
    total: ParagraphCount
    by_year: list[CountOfYear]
    by_document: list[Count]
    filters: PlaceFilters
    page: ListPage
    paragraphs: list[ListedParagraph]


class Uncertain(Schema, frozen=True, kw_only=True):
    """Paragraphs with references that are in doubt, and how many these are."""

    references: int
    total: ParagraphCount
    by_year: list[CountOfYear]
    by_document: list[Count]
    filters: PlaceFilters
    page: ListPage
    paragraphs: list[ListedParagraph]


class Body(BodyLine, frozen=True, kw_only=True):
    """A body. ``names_in_use``: name, form, times; ``kinds``: kind of its words, paragraphs, documents."""

    names_in_use: list[tuple[str, str, int]]
    parent: str | None
    children: list[str]
    kinds: list[CountOfKind]
    sent_documents: list[str]
    issued_documents: int
    mentioned_with: list[Count]
    kind: str | None
    with_: str | None = field(name="with")
    mentioned: Occurrences


class StateFilters(Schema, frozen=True, kw_only=True):
    """Which paragraphs of a State are listed."""

    kind: str
    cites: str | None
    paragraph: str | None
    theme: str | None


class State(StateLine, frozen=True, kw_only=True):
    """A State: what it says, writes and passes on, and who names it."""

    sent_documents: list[DocumentLine]
    kinds: list[CountOfKind]
    state_filters: StateFilters
    listed: Occurrences


class Treaty(TreatyLine, frozen=True, kw_only=True):
    """A treaty, and the paragraphs that name it or one ``article`` of it."""

    names_in_use: list[Count]
    by_article: list[Count]
    article: str | None
    mentioned: Occurrences


class SpeakerAnswer(SpeakerLine, frozen=True, kw_only=True):
    """A person who speaks, in which capacities (``as``), and every turn."""

    as_: list[str] = field(name="as")
    turns_listed: Occurrences
