"""Values of a report. Offsets count code points of the draft, ends exclusive."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Self

from archive.models import Document
from archive.site.presenters.wording import cited_paragraph_name
from archive.store.addresses.paths import document_path, paragraph_path
from archive.store.search_index import Uncovered
from archive.store.values import Day, Fingerprint, Moment, Schema
from archive.text.symbols.symbol import un_url
from search.engine.index.coverage import Coverage
from search.pages.labels import Dates


class Status(StrEnum):
    """The status of a citation."""

    HELD = "held"  # resolved to a document, and to the paragraphs it names
    MOVED = "moved"  # a paragraph it names stands under another number since
    NO_SUCH_PARAGRAPH = "no_such_paragraph"  # the document is held, such a paragraph never was in it
    NOT_HELD = "not_held"  # known: others cite it, or the table of resolutions lists it
    WITHDRAWN = "withdrawn"  # a document or paragraph once held; withdrawn, or merged into another
    UNKNOWN = "unknown"  # well-formed, but neither held nor cited by anything that is
    AMBIGUOUS = "ambiguous"  # several may be meant
    NO_DOCUMENT = "no_document"  # names a paragraph, and no document stands with it
    NOT_UNDERSTOOD = "not_understood"  # looks like a citation and gives no symbol


class Verdict(StrEnum):
    """The verdict on a quotation."""

    EXACT = "exact"
    DIFFERS = "differs"  # the nearest text is near enough to be what was meant
    NOT_COVERED = "not_covered"  # not in what the index covers; the documents that changed were not looked at
    WRONG_PLACE = "wrong_place"  # the words are exact, but stand elsewhere than the citation beside them says
    NOT_FOUND = "not_found"
    CANNOT_BE_CHECKED = "cannot_be_checked"  # what the citation beside it names is not held


class Match(StrEnum):
    """The agreement of a quotation's citation with the place where the words occur."""

    AGREES = "agrees"
    OTHER_PARAGRAPH = "other_paragraph"  # the words stand in that document, in another paragraph
    OTHER_DOCUMENT = "other_document"  # that document is held, and the words stand in another
    NOT_THERE = "not_there"  # what is cited is held, and neither it nor any other text has the words
    OTHER_LANGUAGE = (
        "other_language"  # what is cited, or all that is held, is in other languages than the words
    )
    CANNOT_TELL = "cannot_tell"  # that document or paragraph is not held, or not known


ELSEWHERE = (Match.OTHER_PARAGRAPH, Match.OTHER_DOCUMENT)
DISAGREEING = (*ELSEWHERE, Match.NOT_THERE)


class CitedTarget(Schema, frozen=True, kw_only=True):
    """A document or paragraph that a citation names; ``un_url`` is the UN's own text."""

    symbol: str
    anchor: str | None
    url: str
    held: bool
    un_url: str | None
    title: str | None

    name: ClassVar[str]
    documents: ClassVar[Sequence[int]]  # one in each language in which it is held
    keys: ClassVar[Mapping[int, int]]  # of the paragraph, by the documents that have it

    @classmethod
    def of(
        cls,
        named: Document | str,
        anchor: str = "",
        *,
        held: bool = True,
        known: bool = True,
        keys: Mapping[int, int] | None = None,
        documents: Sequence[int] = (),
    ) -> Self:
        """Builds the target of a document, or of a paragraph of it; of a symbol alone where no text is
        needed. One that is not ``known`` has no page of its own.
        """
        symbol, title, language = (
            (named, None, "")
            if isinstance(named, str)
            else (named.symbol, named.title or None, named.language)
        )
        return cls(
            symbol=symbol,
            anchor=anchor or None,
            url=paragraph_path(symbol, anchor, language=language)
            if anchor and known
            else document_path(symbol, language),
            held=held,
            un_url=un_url(symbol),
            title=title,
        ).carrying(name=cited_paragraph_name(anchor) if anchor else "", keys=keys or {}, documents=documents)


class CheckedCitation(Schema, frozen=True, kw_only=True):
    """A citation of the draft: what it names, and whether that is right (``standing``)."""

    # ``choices`` are what may be meant instead, or is nearest to it. ``lone`` is set for a pinpoint that
    # belongs to no citation; ``assumed`` is then the document that was cited last before it, in which
    # ``choices`` stand.

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

    languages: ClassVar[Collection[str]]  # in which what it names is held


class QuotedPlace(Schema, frozen=True, kw_only=True):
    """A paragraph that contains the words of a quotation."""

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

    key: ClassVar[int]
    document: ClassVar[int]
    dates: ClassVar[Dates]


class DiffPiece(Schema, frozen=True, kw_only=True):
    """A pair of aligned pieces of draft and archive."""

    same: bool
    draft: str
    archive: str


class NearestText(Schema, frozen=True, kw_only=True):
    """The text most like a quotation."""

    # ``similarity`` is 1 less the edits for each character, all that is left out in one place counted as few.

    text: str
    similarity: float
    places: list[QuotedPlace]
    diff: list[DiffPiece]


class CheckedQuotation(Schema, frozen=True, kw_only=True):
    """A quotation of the draft: whether it is right (``verdict``), where it stands, which ``citation`` of the
    list stands with it and whether that names the place (``beside``). Of what cannot be checked, because
    what is cited is not held, ``nearest`` is told where it was asked for; ``cited_text`` is what the cited
    paragraph says, where that is held and has no such words. ``speaker`` is who speaks or replies there,
    ``speaker_named`` whom the draft names; ``speaker_agrees`` is null where one of them is not told.
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
    cited_text: str | None
    footnotes: list[int]
    speaker_agrees: bool | None
    speaker_named: str | None
    speaker: str | None

    # ``surface`` is without the quotation marks, ``marked`` False where there are none. ``occurrences`` and
    # ``paragraphs`` count all places, ``places`` holds the first. ``liberty`` says what an exact quotation
    # still takes leave to do: "ending" (its last punctuation is its own), "omission" (…… stands for what was
    # left out), "form" (width, case or quotation marks are written otherwise than wherever the words stand),
    # "script" (traditional for simplified characters, or the reverse; "script-ending", "script-omission").
    # ``term`` is set for what is too short to be a quotation of a text; ``formula`` for unquoted words that
    # are but names and set phrases.

    @classmethod
    def of(cls, start: int, end: int, surface: str, verdict: Verdict, **told: Any) -> Self:
        """Builds a quotation whose other facts are unknown yet."""
        known = {"start": start, "end": end, "surface": surface, "verdict": verdict}
        return cls(**(UNKNOWN | {"places": [], "footnotes": []} | known | told))


UNKNOWN: dict[str, Any] = {
    **dict.fromkeys(
        (
            *("liberty", "citation", "beside", "nearest", "cited_text"),
            *("speaker_agrees", "speaker_named", "speaker"),
        )
    ),
    **dict.fromkeys(("occurrences", "paragraphs"), 0),
    **dict.fromkeys(("term", "formula"), False),
    "marked": True,
}


class CheckedCorpus(Schema, frozen=True, kw_only=True):
    """The checked index: its size and time, and the part of the archive it covers."""

    paragraphs: int
    indexed_at: Moment
    revision: str
    index_revision: str
    certified: bool
    uncovered: list[Uncovered]
    uncovered_documents: int
    uncovered_paragraphs: int
    unreadable_paragraphs: int

    coverage: ClassVar[Coverage]


@dataclass(frozen=True, slots=True)
class Report:
    """The findings of a check, in the order of the draft. ``unpaired`` are offsets of lone quotation marks.

    ``checked_to`` is the end of the checked part of a draft with too many findings; else its length.
    """

    text: str
    corpus: CheckedCorpus
    checked_to: int
    citations: tuple[CheckedCitation, ...] = ()
    quotations: tuple[CheckedQuotation, ...] = ()
    unpaired: tuple[int, ...] = field(default=())
    language: str = "zh"  # of the draft

    @property
    def findings(self) -> list[CheckedCitation | CheckedQuotation]:
        """The citations, then the quotations."""
        return [*self.citations, *self.quotations]

    @property
    def whole(self) -> bool:
        return self.checked_to == len(self.text)

    @property
    def last_line(self) -> int:
        """The number of the line in which the checked part ends, from 1."""
        return self.text.count("\n", 0, self.checked_to) + 1
