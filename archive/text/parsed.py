"""The plain values that pass from stage to stage: what a document is, once read.

Every class is a frozen dataclass of strings, numbers and tuples. Dates are ISO 8601 strings
(``2016-06-22``). Offsets count Unicode code points of ``ParsedParagraph.text``; ends are exclusive.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a block of the body is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    SUBPARAGRAPH = "subparagraph"
    LIST_ITEM = "list_item"
    FOOTNOTE = "footnote"
    SIGNATURE = "signature"
    CLOSING = "closing"
    PREAMBULAR = "preambular"
    OPERATIVE = "operative"
    ROW = "row"


class DocumentType(StrEnum):
    """The kinds of document that the UN issues and the archive tells apart."""

    LETTER = "letter"
    NOTE_VERBALE = "note_verbale"
    NOTE = "note"
    REPORT = "report"
    SUMMARY_RECORD = "summary_record"
    VERBATIM_RECORD = "verbatim_record"
    RESOLUTION = "resolution"
    DECISION = "decision"
    PRESIDENTIAL_STATEMENT = "presidential_statement"
    DOCUMENT = "document"


class Relation(StrEnum):
    """How a document is cited: what the citing words do with it, or say that it does.

    The first group is what the citing text does, the second what it says of the cited document.
    """

    RECALLS = "recalls"
    REAFFIRMS = "reaffirms"
    NOTES = "notes"
    STRESSES = "stresses"
    WELCOMES = "welcomes"
    SUPPORTS = "supports"
    ACTS_UNDER = "acts_under"
    IMPLEMENTS = "implements"
    VIOLATES = "violates"
    REVIEWS = "reviews"
    REPORTS_ON = "reports_on"
    TRANSMITS = "transmits"
    REFERS = "refers"
    ADOPTS = "adopts"
    EXTENDS = "extends"
    AMENDS = "amends"
    ENDS = "ends"

    ESTABLISHES = "establishes"
    PROVIDES = "provides"
    CALLS = "calls"
    EXTENDED_BY = "extended_by"
    AMENDED_BY = "amended_by"


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks in a meeting record.

    ``delegation`` is the State, organization or institution as printed, without 观察员;
    ``status`` is member, observer, expert, secretariat or chair; ``capacity`` is the function
    in which the person speaks, as printed (透明度和媒体外联工作组协调员).
    """

    name: str
    honorific: str | None = None
    delegation: str | None = None
    status: str | None = None
    capacity: str | None = None


@dataclass(frozen=True, slots=True)
class Submitter:
    """The State or organization whose reply a paragraph belongs to, with what is printed of it."""

    name: str
    original_language: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class NoteMark:
    """A footnote mark that stood in the text before the character at ``at``; ``anchor`` is the note's."""

    at: int
    anchor: str


@dataclass(frozen=True, slots=True)
class ParsedParagraph:
    """One block of the body.

    ``number`` is the official number or letter as printed, without its punctuation (14, a, 一), or None.
    ``parent`` is the anchor of the block it stands under. ``part`` is ``main``, ``annex``, ``annex2``,
    ``enclosure`` …; ``role`` says what a block is for beyond its kind (title, organ, annex_label,
    annex_title, submitter, contents, date_place …); ``level`` is the depth of a heading, from 1.
    ``lines`` are the first and last line of the source, counted from 1. ``prefix`` is the number, letter
    or bullet as it stood before the text (``14.``, ``- 2.``, ``(a)``). ``turn`` is the
    speech of a meeting record that the block belongs to, counted from 1; a speech may have several blocks.
    ``transmitted`` text is what the sender of a letter or note only passes on, not the sender's own words.
    ``ocr_confidence`` is how sure, in per cent, the program was that recognized the text in a picture; None
    where the source has characters.
    """

    anchor: str
    kind: Kind
    text: str
    number: str | None = None
    parent: str | None = None
    part: str = "main"
    role: str | None = None
    level: int | None = None
    speaker: Speaker | None = None
    submitter: Submitter | None = None
    notes: tuple[NoteMark, ...] = ()
    lines: tuple[int, int] = (0, 0)
    prefix: str = ""
    turn: int | None = None
    transmitted: bool = False
    ocr_confidence: int | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A place in the paragraph at ``anchor``, from ``start`` to ``end`` of its text, with its words."""

    anchor: str
    start: int
    end: int
    surface: str


@dataclass(frozen=True, slots=True)
class ParsedMention(Span):
    """A place in a paragraph that names a resolution, decision, document or act.

    ``symbol`` is canonical (S/RES/1540(2004), EU:(CFSP)2018/1939). ``paragraph`` is the pinpoint as
    cited: ``8``, ``3(a)``, ``9,11``, ``1-3``, ``pp2``. A mention that is not ``certain`` is shown as
    doubtful and does not count. ``relation`` says how it is cited, ``relation_start`` and ``relation_end``
    where the word stands that says so; all three are None where no such word was read.
    """

    symbol: str
    paragraph: str | None = None
    certain: bool = True
    relation: Relation | None = None
    relation_start: int | None = None
    relation_end: int | None = None


@dataclass(frozen=True, slots=True)
class ParsedTreaty(Span):
    """A place in a paragraph that names a treaty; ``treaty`` is its slug in the reference data.

    ``article`` is the article behind it: ``4``, ``4(2)``, ``1,2``, ``ch7`` for a chapter, or None.
    """

    treaty: str
    article: str | None = None


@dataclass(frozen=True, slots=True)
class ParsedOwnReference(Span):
    """A place that names a paragraph of the document itself: 上文第6段, 本报告第12-15段 (a row for each).

    ``paragraph`` is the paragraph as cited, written as an anchor, or the label of a table or figure (表3);
    ``target`` the anchor of the one meant, or None, and then ``doubt`` says why: ``absent``, ``several``, or
    ``direction`` (上文 where it stands below).
    """

    paragraph: str
    target: str | None = None
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class ParsedTheme(Span):
    """A word in a paragraph that speaks of a theme of resolution 1540 (2004); ``theme`` is its slug."""

    theme: str


@dataclass(frozen=True, slots=True)
class ParsedStateMention(Span):
    """A place in a paragraph that names a State; ``state`` is its ISO 3166 alpha-3 code."""

    state: str


@dataclass(frozen=True, slots=True)
class ParsedBody(Span):
    """A place in a paragraph that names a body. ``body`` is its full official Chinese name.

    ``form`` is full, alias, defined (an abbreviation that the document itself defines) or
    contextual (委员会 alone, where section or document make it certain). ``unconfirmed`` (待核) is what
    nobody has checked in a text yet: it is found and linked, and does not count.
    """

    body: str
    form: str = "full"
    unconfirmed: bool = False


@dataclass(frozen=True, slots=True)
class DroppedLine:
    """A line of the source, or a piece of one, that is not body text, and why."""

    line: int
    text: str
    reason: str


INVISIBLE_MARK = "invisible mark"
"""The reason for which marks without ink are left out; they are recorded by their numbers."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A doubt to show: something that was kept though it could not be understood. ``check`` names the one of
    ``segmenter/checks.py`` that tells it."""

    message: str
    line: int | None = None
    anchor: str | None = None
    check: str | None = None


REWORDED = "words “"
"""How the remark begins that readers are given of words that were put right."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person put right in what was read: of a block, a dropped line, or (with neither) a fact.

    ``what`` is a fact's name or one of ``BLOCK_CORRECTIONS``. The block is the one whose text has the
    fingerprint ``words``; of twins, the one at ``anchor``. ``place`` is the offset in it where it is split,
    misread or something is named, or the line that is kept. ``before`` is what was read, ``after`` what is
    right: the number of the second half of a split. Of a doubt that is none both are its message.
    """

    what: str
    anchor: str = ""
    words: str = ""
    place: int = 0
    before: str = ""
    after: str = ""
    by: str = ""
    at: str = ""


BLOCK_CORRECTIONS = (
    *("number", "kind", "level", "part", "speaker", "text"),
    *("split", "join", "drop", "keep", "mention", "body", "doubt"),
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a document as a whole: from its masthead, its title, or a sidecar.

    ``date`` is the issue date as printed, else None; ``communication_date`` that of the letter or
    note, ``meeting_date`` that of the meeting. ``other_symbols`` holds the second symbol of a
    document that has two. ``provenance`` is a note on where the copy comes from.
    """

    symbol: str | None = None
    other_symbols: tuple[str, ...] = ()
    title: str | None = None
    document_type: DocumentType = DocumentType.DOCUMENT
    organ: str | None = None
    language: str = "zh"
    date: str | None = None
    communication_date: str | None = None
    meeting_date: str | None = None
    original_language: str | None = None
    job_number: str | None = None
    session: str | None = None
    agenda_item: str | None = None
    meeting: str | None = None
    place: str | None = None
    chair: str | None = None
    sender: str | None = None
    addressee: str | None = None
    distribution: str | None = None
    provenance: str | None = None


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """A document as the core reads it: facts, body, mentions, and what was left out or is in doubt."""

    facts: Facts
    paragraphs: tuple[ParsedParagraph, ...]
    mentions: tuple[ParsedMention, ...] = ()
    bodies: tuple[ParsedBody, ...] = ()
    treaties: tuple[ParsedTreaty, ...] = ()
    own_references: tuple[ParsedOwnReference, ...] = ()
    themes: tuple[ParsedTheme, ...] = ()
    states: tuple[ParsedStateMention, ...] = ()
    dropped: tuple[DroppedLine, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    corrections: tuple[Correction, ...] = ()

    @property
    def ocr_confidence(self) -> int | None:
        """The mean confidence of the paragraphs that were recognized in pictures, in whole per cent."""
        told = [one.ocr_confidence for one in self.paragraphs if one.ocr_confidence is not None]
        return sum(told) // len(told) if told else None
