"""The concordance: lines of a phrase, the words beside it, the years it stands in."""

from __future__ import annotations

from archive.values import Counted, Day, Schema

from .results import Corpus


class AskedPhrase(Schema, frozen=True, kw_only=True):
    """What was asked: a phrase, the conditions and filters beside it, what may not stand on either side."""

    query: str
    phrase: str
    conditions: str | None
    filters: dict[str, list[str]]
    not_left: str
    not_right: str


class LineTotal(Schema, frozen=True, kw_only=True):
    """What was found; ``excluded`` by what stands beside it, ``elsewhere`` without the conditions."""

    occurrences: int
    paragraphs: int
    documents: int
    excluded: int
    elsewhere: int


class LineProblem(Schema, frozen=True, kw_only=True):
    """What of the query could not be understood."""

    code: str
    text: str
    message: str


class Line(Schema, frozen=True, kw_only=True):
    """One occurrence: ``start`` and ``end`` in the paragraph, in code points, and the words around it."""

    url: str
    symbol: str
    anchor: str
    place: str
    title: str
    date: Day | None
    communication_date: Day | None
    meeting_date: Day | None
    who: str | None
    ocr_confidence: int | None
    start: int
    end: int
    left: str
    keyword: str
    right: str


class Concordance(AskedPhrase, frozen=True, kw_only=True):
    """Every occurrence of a phrase, a line each; ``variants`` and ``nearby``: other words, how often."""

    sort: str
    page: int
    pages: int
    next: str | None
    total: LineTotal
    errors: list[LineProblem]
    lines: list[Line]
    variants: list[Counted]
    nearby: list[Counted]
    corpus: Corpus


class Collocate(Schema, frozen=True, kw_only=True):
    """A word: paragraphs ``together`` with the phrase, all its own, how many chance would give."""

    word: str
    together: int
    paragraphs: int
    expected: float
    strength: float


class Collocates(AskedPhrase, frozen=True, kw_only=True):
    """The words beside a phrase; ``paragraphs`` hold it, of ``of``, of which ``read`` were read."""

    paragraphs: int
    of: int
    read: int
    words: list[Collocate]
    corpus: Corpus


class PhraseTotal(Schema, frozen=True, kw_only=True):
    """Occurrences, and paragraphs that hold them."""

    occurrences: int
    paragraphs: int


class PhraseYear(Schema, frozen=True, kw_only=True):
    """A year (null: of documents without one), of whose paragraphs, ``of``, so many hold the phrase."""

    year: str | None
    occurrences: int
    paragraphs: int
    documents: int
    of: int


class PhraseYears(AskedPhrase, frozen=True, kw_only=True):
    """How often a phrase stands in the documents of each year."""

    total: PhraseTotal
    years: list[PhraseYear]
    corpus: Corpus
