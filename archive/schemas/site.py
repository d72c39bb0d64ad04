"""What tells of the archive itself, and of links into it."""

from __future__ import annotations

import datetime as dt

from msgspec import field

from .base import UNSET, Count, Fingerprint, Instant, Schema, UnsetType
from .history import Change
from .lists import DocumentLine, DocumentState, ListPage, ResolutionLine, SeriesLine
from .passages import Doubt


class Figures(Schema, frozen=True, kw_only=True):
    """What the archive holds, in figures; ``changed``: when it last changed."""

    documents: int
    first: int | None
    last: int | None
    changed: Instant | None
    paragraphs: int
    numbered: int
    mentions: int
    uncertain: int
    unresolved: int
    symbols: int
    not_held: int
    body_mentions: int
    bodies: int


class Uncovered(Schema, frozen=True, kw_only=True):
    """A document that the index does not show as it stands."""

    symbol: str
    url: str


class IndexCoverage(Schema, frozen=True, kw_only=True):
    """Of which revision of the archive the search index speaks, and which documents it does not cover."""

    revision: str
    index_revision: str
    certified: bool
    uncovered: list[Uncovered]
    uncovered_documents: int
    uncovered_paragraphs: int


class Home(Schema, frozen=True, kw_only=True):
    """The first page."""

    coverage: Figures
    index: IndexCoverage | None
    family: list[ResolutionLine]
    latest: list[DocumentLine]


class About(Schema, frozen=True, kw_only=True):
    """What is held, and what is cited most of what is not: symbol and paragraphs."""

    coverage: Figures
    cited_but_not_held: list[Count]


class Addresses(Schema, frozen=True, kw_only=True):
    """How addresses are made."""

    document: str
    paragraph: str
    permalink: str
    cited_by: str
    paragraph_cited_by: str
    source: str
    twin: str
    text: str


class Help(Schema, frozen=True, kw_only=True):
    """How addresses and fingerprints are made."""

    addresses: Addresses
    fingerprint: str


class Coverage(Schema, frozen=True, kw_only=True):
    """What is held and missing, by series of symbols; when each document came."""

    series: list[SeriesLine]
    documents: list[DocumentState]
    page: ListPage
    index: IndexCoverage | None


class Measure(Schema, frozen=True, kw_only=True):
    """How much of one kind the parser read rightly; ``missed`` and ``wrong`` tell the cases."""

    name: str
    right: int
    missed: list[str]
    wrong: list[str]
    precision: float | None
    recall: float | None


class CountedMeasure(Schema, frozen=True, kw_only=True):
    """The same over documents of which no word may be shown."""

    name: str
    right: int
    missed: int
    wrong: int
    precision: float | None
    recall: float | None


class MeasuredDocument(Schema, frozen=True, kw_only=True):
    """How rightly one document was read."""

    symbol: str
    measures: list[Measure]


class Marked(Schema, frozen=True, kw_only=True):
    """How much a reader has marked."""

    documents: int
    blocks: int


class IndependentMeasures(Schema, frozen=True, kw_only=True):
    """Measured on documents marked by others; ``by``: who marked how many; ``refused`` could not be read."""

    documents: int
    by: list[Count]
    refused: int
    measures: list[CountedMeasure]


class ParserAccuracy(Schema, frozen=True, kw_only=True):
    """How rightly the parser reads what a reader has marked."""

    parser_version: str
    gold: str
    marked: Marked
    documents: list[MeasuredDocument]
    total: list[Measure]
    independent: IndependentMeasures | None | UnsetType = UNSET


class RankingFigures(Schema, frozen=True, kw_only=True):
    """How good an order of results is; ``first``: share of queries whose first result is right."""

    ndcg: float
    recall: float
    first: float | None | UnsetType = UNSET


class RankingByKind(Schema, frozen=True, kw_only=True):
    """Both steps of the order, for one kind of query."""

    queries: int
    first_stage: RankingFigures
    by_words: RankingFigures
    second_stage: RankingFigures


class RankingAccuracy(Schema, frozen=True, kw_only=True):
    """How good the order of search is; ``by_words``: without meanings; ``ablation``: without each feature."""

    weights: dict[str, float]
    weights_by_words: dict[str, float]
    queries: int
    reordered: int
    folds: int
    first_stage: RankingFigures
    by_words: RankingFigures
    second_stage: RankingFigures
    kinds: dict[str, RankingByKind]
    ablation: dict[str, RankingFigures]


class Accuracy(Schema, frozen=True, kw_only=True):
    """How accurate the parser and the search are."""

    report: ParserAccuracy | None
    search: RankingAccuracy


class DumpFile(Schema, frozen=True, kw_only=True):
    """A file of the dump."""

    name: str
    bytes: int
    sha256: str


class DumpManifest(Schema, frozen=True, kw_only=True):
    """The dump: when the archive last changed before it was made, its rows by table, its files."""

    changed: str | None
    counts: dict[str, int]
    files: list[DumpFile]
    withheld: str | None
    revision: str | None

    @property
    def date(self) -> dt.datetime | None:
        return dt.datetime.fromisoformat(self.changed) if self.changed else None


class CitationTables(Schema, frozen=True, kw_only=True):
    """Where the table of citations lies."""

    csv: str
    xlsx: str


class OpenData(Schema, frozen=True, kw_only=True):
    """What can be taken away as a whole: addresses by name."""

    dump: DumpManifest | None
    files: dict[str, str]
    citations: CitationTables
    lists: dict[str, str]
    feeds: dict[str, str]
    description: str
    sitemap: str


class ShortLink(Schema, frozen=True, kw_only=True):
    """What a short code stands for."""

    code: str
    symbol: str
    language: str
    anchor: str
    fingerprint: Fingerprint
    url: str
    permalink: str


class BasketItem(Schema, frozen=True, kw_only=True):
    """A passage of the basket; ``text`` and ``footnote`` are null where its words are not as cited."""

    code: str
    symbol: str
    anchor: str
    fingerprint: Fingerprint
    fate: str
    permalink: str
    text: str | None
    footnote: str | None
    ocr_confidence: int | None


class Basket(Schema, frozen=True, kw_only=True):
    """The passages that are asked for, the codes that stand for none, and how many may be asked."""

    items: list[BasketItem]
    unknown: list[str]
    most: int


class CslName(Schema, frozen=True, kw_only=True):
    """An author of CSL-JSON."""

    literal: str


class CslDate(Schema, frozen=True, kw_only=True):
    """A date of CSL-JSON: its parts, or words."""

    date_parts: list[list[int]] | UnsetType = field(name="date-parts", default=UNSET)
    literal: str | UnsetType = UNSET


class CslItem(Schema, frozen=True, kw_only=True):
    """An item of CSL-JSON; what is unknown is left out. ``page`` is the paragraph."""

    id: str
    type: str
    genre: str | UnsetType = UNSET
    author: list[CslName] | UnsetType = UNSET
    title: str
    number: str
    issued: CslDate | UnsetType = UNSET
    page: str | UnsetType = UNSET
    url: str = field(name="URL")
    accessed: CslDate | UnsetType = UNSET
    language: str
    note: str | UnsetType = UNSET
    custom: dict[str, str | list[str]] | UnsetType = UNSET


class Citation(Schema, frozen=True, kw_only=True):
    """Every form of the citation of a document, paragraph or range; ``forms`` and ``files`` by name;
    ``doubts``: what the parser doubts of the numbers that it names."""

    symbol: str
    pinpoint: str | None
    pinpoint_english: str | None
    link: str
    fingerprint: Fingerprint | None
    accessed: dt.date | None
    forms: dict[str, str]
    files: dict[str, str]
    csl: CslItem
    doubts: list[Doubt]


class OriginalPage(Schema, frozen=True, kw_only=True):
    """A page of the original; sizes and ``marks`` (left, top, width, height) in points."""

    page: int
    width: float
    height: float
    image: str | None
    withheld: bool
    marks: list[tuple[float, float, float, float]]


class Original(Schema, frozen=True, kw_only=True):
    """The pages of the original on which a paragraph stands."""

    symbol: str
    anchor: str
    url: str
    source: str
    pages_in_all: int
    pages: list[OriginalPage]
    remark: str | None


class CompareNothing(Schema, frozen=True, kw_only=True):
    """What was typed, where one side is missing."""

    a: str
    b: str


class ComparedText(Schema, frozen=True, kw_only=True):
    """One side of a comparison; ``ocr_confidence``, 0 to 100, where it was recognized in a picture."""

    url: str
    text: str
    ocr_confidence: int | None


class ComparePassages(Schema, frozen=True, kw_only=True):
    """Two passages side by side."""

    a: ComparedText
    b: ComparedText
    changes: list[Change]


class ComparedRow(Schema, frozen=True, kw_only=True):
    """A paragraph of each of two documents; null where it stands in one alone."""

    a: str | None
    b: str | None
    equal: bool
    changes: list[Change]


class CompareDocuments(Schema, frozen=True, kw_only=True):
    """Two documents side by side, paragraph by paragraph."""

    a: str
    b: str
    equal: int
    edited: int
    only_a: int
    only_b: int
    page: ListPage
    rows: list[ComparedRow]


class Lag(Schema, frozen=True, kw_only=True):
    """How much the index has not followed."""

    documents: int
    paragraphs: int


class Health(Schema, frozen=True, kw_only=True):
    """Whether database, index and static files are there; what could not be read is absent."""

    status: str
    static: str
    documents: int | UnsetType = UNSET
    paragraphs: int | UnsetType = UNSET
    revision: str | UnsetType = UNSET
    database: str
    withholding: str | list[str]
    index: str
    index_revision: str | UnsetType = UNSET
    lag: Lag | UnsetType = UNSET
    meanings: str | UnsetType = UNSET


class Problem(Schema, frozen=True, kw_only=True):
    """What is wrong with a request (RFC 9457), in words; ``error`` repeats ``detail``. An address that once
    answered tells more beside it.
    """

    type: str
    title: str
    status: int
    detail: str
    error: str
