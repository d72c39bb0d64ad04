"""Lines of lists, and the lists."""

from __future__ import annotations

import datetime as dt

from .base import Count, Instant, Schema


class ListPage(Schema, frozen=True, kw_only=True):
    """Which page of a list this is; ``next`` leads to what comes behind it, null at the end."""

    number: int
    pages: int
    total: int
    next: str | None


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


class Documents(Schema, frozen=True, kw_only=True):
    """Documents that are held; ``filters`` as asked, by name."""

    filters: dict[str, str]
    page: ListPage
    documents: list[DocumentLine]


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


class CitedResolution(Schema, frozen=True, kw_only=True):
    """A resolution or decision that is cited; ``organ``: S, A, E or other."""

    symbol: str
    organ: str
    year: int | None
    session: str | None
    number: int
    held: bool
    paragraphs: int
    documents: int


class Resolutions(Schema, frozen=True, kw_only=True):
    """The family of resolution 1540, and every resolution and decision that is cited."""

    family: list[ResolutionLine]
    relation: str | None
    page: ListPage
    resolutions: list[CitedResolution]


class BodyLine(Schema, frozen=True, kw_only=True):
    """A body."""

    url: str
    slug: str
    name: str
    english: str | None
    acronym: str | None
    provisional: bool
    unconfirmed: bool


class CountedBody(BodyLine, frozen=True, kw_only=True):
    """A body, with the paragraphs and documents that name it."""

    paragraphs: int
    documents: int


class Bodies(Schema, frozen=True, kw_only=True):
    """The bodies that are named; apart, those whose name only the documents tell."""

    page: ListPage
    bodies: list[CountedBody]
    unconfirmed: list[BodyLine]


class StateLine(Schema, frozen=True, kw_only=True):
    """A State, with the paragraphs in which it speaks or writes, and its documents."""

    url: str
    alpha3: str
    name: str
    official_name: str
    english: str
    paragraphs: int
    documents: int


class States(Schema, frozen=True, kw_only=True):
    """All States."""

    states: list[StateLine]


class YearLine(Schema, frozen=True, kw_only=True):
    """A year of which something is held."""

    year: int
    documents: int
    paragraphs: int


class Years(Schema, frozen=True, kw_only=True):
    """The years, and how many documents have none."""

    years: list[YearLine]
    undated: int


class Year(Schema, frozen=True, kw_only=True):
    """One year; ``most_cited``: symbol and paragraphs of what its documents cite most."""

    year: int
    page: ListPage
    documents: list[DocumentLine]
    resolutions_adopted: list[ResolutionLine]
    most_cited: list[Count]


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


class Treaties(Schema, frozen=True, kw_only=True):
    """The treaties that some paragraph names."""

    page: ListPage
    treaties: list[TreatyLine]


class SpeakerLine(Schema, frozen=True, kw_only=True):
    """A person who speaks in records of meetings, for a delegation or, where none is printed, an organ."""

    url: str
    name: str
    delegation: str | None
    organ: str | None
    capacity: str | None
    status: str | None
    state: str | None
    body: str | None
    turns: int
    paragraphs: int
    documents: int


class Speakers(Schema, frozen=True, kw_only=True):
    """All who speak in records of meetings."""

    page: ListPage
    speakers: list[SpeakerLine]


class Attempt(Schema, frozen=True, kw_only=True):
    """The last attempt to get a document from the UN."""

    outcome: str
    meaning: str
    reason: str | None
    language: str
    at: Instant


class WantedDocument(Schema, frozen=True, kw_only=True):
    """A document that is cited and not held; ``first`` and ``last``: years of what cites it."""

    symbol: str
    name: str
    kind: str
    paragraphs: int
    documents: int
    first: int | None
    last: int | None
    un_url: str | None
    eur_lex_url: str | None
    asked: Attempt | None
    same_document: list[str]


class Wanted(Schema, frozen=True, kw_only=True):
    """What is cited and not held, most cited first."""

    kind: str | None
    page: ListPage
    wanted: list[WantedDocument]


class ConceptLine(Schema, frozen=True, kw_only=True):
    """A concept of the thesaurus: its terms by kind, and the concepts around it by slug."""

    slug: str
    url: str
    name: str
    branch: str
    letter: str
    variants: list[str]
    abbreviations: list[str]
    colloquial: list[str]
    taiwan: list[str]
    hongkong: list[str]
    singapore: list[str]
    english: list[str]
    broader: list[str]
    related: list[str]


class Concepts(Schema, frozen=True, kw_only=True):
    """The concepts in use; ``branches``: slug, name and how many, ``letters`` of pinyin and how many."""

    page: ListPage
    branches: list[tuple[str, str, int]]
    letters: list[Count]
    concepts: list[ConceptLine]


class MatrixColumn(Schema, frozen=True, kw_only=True):
    """What a column of the table is about."""

    code: str
    name: str


class MatrixCell(Schema, frozen=True, kw_only=True):
    """The paragraphs of a State in one column; ``nothing``: why there is none."""

    column: str
    paragraphs: int
    own_words: int
    nothing: str | None
    url: str | None


class MatrixRow(Schema, frozen=True, kw_only=True):
    """A State, its documents, and its cells."""

    state: str
    name: str
    held: bool
    last_year: int | None
    cells: list[MatrixCell]


class Matrix(Schema, frozen=True, kw_only=True):
    """States against resolutions, operative paragraphs, themes or years."""

    revision: int
    by: str
    columns: list[MatrixColumn]
    rows: list[MatrixRow]


class SeriesLine(Schema, frozen=True, kw_only=True):
    """A series of symbols: what of it is held, and what is missing."""

    prefix: str
    name: str | None
    held: list[str]
    years: tuple[int, int] | None
    missing_numbers: list[str]
    cited_but_not_held: list[str]
    known_missing: int


class DocumentState(Schema, frozen=True, kw_only=True):
    """When a document came, by which parser, and how much of it is in doubt."""

    symbol: str
    language: str
    date: dt.date | None
    communication_date: dt.date | None
    meeting_date: dt.date | None
    imported: Instant
    changed: Instant
    parser_version: str
    blocks: int
    doubts: int
    uncertain_mentions: int
