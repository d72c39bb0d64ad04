"""The report on a draft. Places are code points of its text, ends exclusive."""

from __future__ import annotations

from archive.search_index import Uncovered
from archive.values import Day, Fingerprint, Moment, Schema, Span

from .results import PostedText


class CheckedCorpus(Schema, frozen=True, kw_only=True):
    """Against what was checked, when it was indexed, and what of the archive it covers."""

    paragraphs: int
    indexed_at: Moment
    revision: str
    index_revision: str
    certified: bool
    uncovered: list[Uncovered]
    uncovered_documents: int
    uncovered_paragraphs: int


class Checked(Schema, frozen=True, kw_only=True):
    """How far the draft was checked."""

    to: int
    whole: bool


class CitedTarget(Schema, frozen=True, kw_only=True):
    """What a citation names; ``un_url`` is the UN's own text."""

    symbol: str
    anchor: str | None
    url: str
    held: bool
    un_url: str | None
    title: str | None


class CheckedCitation(Schema, frozen=True, kw_only=True):
    """A citation of the draft: what it names, and whether that is right (``standing``)."""

    start: int
    end: int
    surface: str
    standing: str
    symbol: str | None
    paragraph: str | None
    certain: bool
    in_body_name: bool
    targets: list[CitedTarget]
    choices: list[CitedTarget]
    reason: str | None
    lone: bool
    assumed: str | None
    footnotes: list[int]


class QuotedPlace(Schema, frozen=True, kw_only=True):
    """A paragraph that holds the words of a quotation."""

    symbol: str
    anchor: str
    name: str
    url: str
    title: str
    date: Day | None
    communication_date: Day | None
    meeting_date: Day | None
    fingerprint: Fingerprint
    ocr_confidence: int | None


class DiffPiece(Schema, frozen=True, kw_only=True):
    """A piece of the draft beside that of the archive."""

    same: bool
    draft: str
    archive: str


class NearestText(Schema, frozen=True, kw_only=True):
    """The text most like a quotation; ``script_only``: it differs in script alone."""

    text: str
    similarity: float
    script_only: bool
    places: list[QuotedPlace]
    diff: list[DiffPiece]


class CheckedQuotation(Schema, frozen=True, kw_only=True):
    """A quotation of the draft: whether it is right (``verdict``), where it stands, which ``citation`` of the
    list stands with it and whether that names the place (``beside``). Of what cannot be checked, because
    what is cited is not held, ``nearest`` is told where it was asked for.
    """

    start: int
    end: int
    surface: str
    marked: bool
    verdict: str
    liberty: str | None
    term: bool
    formula: bool
    occurrences: int
    paragraphs: int
    places: list[QuotedPlace]
    citation: int | None
    beside: str | None
    nearest: NearestText | None
    footnotes: list[int]


class CheckedFootnote(Schema, frozen=True, kw_only=True):
    """A footnote as it should be, in several styles."""

    number: int
    symbol: str
    anchor: str | None
    link: str
    un: str
    un_with_link: str
    gbt7714: str
    disagrees_with_quotation: bool


class FirstPlace(Schema, frozen=True, kw_only=True):
    """The oldest paragraph that has words of the draft; ``who`` speaks or replies there. ``spans`` are the
    places of these words in the draft.
    """

    symbol: str
    anchor: str
    name: str
    url: str
    title: str
    date: Day | None
    communication_date: Day | None
    meeting_date: Day | None
    fingerprint: Fingerprint
    ocr_confidence: int | None
    who: str | None
    spans: list[Span]


class CheckedOrigins(Schema, frozen=True, kw_only=True):
    """Where words of the draft stood first, as far as looked at (``to``): ``least`` characters in a row that
    the archive has too. ``often`` stands in too many paragraphs for its first to be looked for. Of
    ``characters`` without white space ``new`` stand nowhere.
    """

    to: int
    whole: bool
    least: int
    characters: int
    new: int
    first: list[FirstPlace]
    often: list[Span]


class CheckReport(Schema, frozen=True, kw_only=True):
    """The citations and quotations of a draft, each checked. Nothing of it is stored."""

    text: str
    characters: int
    checked: Checked
    corpus: CheckedCorpus
    citations: list[CheckedCitation]
    quotations: list[CheckedQuotation]
    unpaired_quotation_marks: list[int]
    footnotes: list[CheckedFootnote]
    origins: CheckedOrigins


class CheckLimits(Schema, frozen=True, kw_only=True):
    """The longest draft, the largest file in bytes, the most findings."""

    characters: int
    file_bytes: int
    findings: int


class CheckExplained(Schema, frozen=True, kw_only=True):
    """What to post, by media type, and the words of the report."""

    post: dict[str, PostedText | str]
    limits: CheckLimits
    standings: list[str]
    verdicts: list[str]
    beside: list[str]
    stored: bool
