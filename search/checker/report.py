"""What a check finds, as plain values. Offsets count code points of the draft, ends exclusive."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from search.index.coverage import Coverage
from search.index.dates import Dates


class Standing(StrEnum):
    """What became of a citation."""

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
    """What became of a quotation."""

    EXACT = "exact"
    DIFFERS = "differs"  # the nearest text is near enough to be what was meant
    NOT_COVERED = "not_covered"  # not in what the index covers; the documents that changed were not looked at
    WRONG_PLACE = "wrong_place"  # the words are exact, but stand elsewhere than the citation beside them says
    NOT_FOUND = "not_found"
    CANNOT_BE_CHECKED = "cannot_be_checked"  # what the citation beside it names is not held


class Beside(StrEnum):
    """Whether the citation beside a quotation names the place where the words stand."""

    AGREES = "agrees"
    OTHER_PARAGRAPH = "other_paragraph"  # the words stand in that document, in another paragraph
    OTHER_DOCUMENT = "other_document"  # that document is held, and the words stand in another
    CANNOT_TELL = "cannot_tell"  # that document or paragraph is not held, or not known


@dataclass(frozen=True, slots=True)
class Target:
    """What a citation leads to, or may mean. ``key`` is the paragraph's, where one is held."""

    symbol: str
    url: str
    anchor: str = ""
    name: str = ""
    title: str = ""
    held: bool = True
    key: int | None = None
    document: int | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """A citation in the draft. ``choices`` are what may be meant instead, or is nearest to it.

    ``lone`` is set for a pinpoint that belongs to no citation; ``assumed`` is then the document that was
    cited last before it, in which ``choices`` stand.
    """

    start: int
    end: int
    surface: str
    standing: Standing
    symbol: str = ""
    pinpoint: str = ""
    certain: bool = True
    in_body_name: bool = False
    targets: tuple[Target, ...] = ()
    choices: tuple[Target, ...] = ()
    reason: str = ""
    lone: bool = False
    assumed: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A paragraph of the archive in which words of the draft stand.

    ``ocr_confidence``, from 0 to 100, where its text was recognized in a picture.
    """

    key: int
    document: int
    symbol: str
    anchor: str
    name: str
    title: str
    dates: Dates
    fingerprint: str
    ocr_confidence: int | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a comparison: what the draft has and what the archive has. Equal where both agree."""

    draft: str
    archive: str
    same: bool


@dataclass(frozen=True, slots=True)
class Nearest:
    """The text of the archive that is nearest to a quotation: likely what was meant, never certainly.

    ``similarity`` is 1 less the edits for each character, all that is left out in one place counted as few;
    ``places`` are all that hold this very text. ``script_only``: nothing differs but traditional and
    simplified characters.
    """

    text: str
    places: tuple[Place, ...]
    pieces: tuple[Piece, ...]
    similarity: float
    script_only: bool = False

    @property
    def changes(self) -> int:
        return sum(not piece.same for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words of the draft that are quoted, or that are the archive's though not quoted (``marked`` False).

    ``surface`` is without the quotation marks. ``occurrences`` and ``paragraphs`` count all places,
    ``places`` holds the first. ``liberty`` says what an exact quotation still takes leave to do: "ending"
    (its last punctuation is its own), "omission" (…… stands for what was left out), "form" (width, case or
    quotation marks are written otherwise than wherever the words stand). ``term`` is set for what
    is too short to be a quotation of a text; ``formula`` for unquoted words that are but names and set
    phrases. ``citation`` is the number of the citation beside it, in ``Report.citations``.
    """

    start: int
    end: int
    surface: str
    verdict: Verdict
    marked: bool = True
    places: tuple[Place, ...] = ()
    occurrences: int = 0
    paragraphs: int = 0
    liberty: str = ""
    term: bool = False
    formula: bool = False
    nearest: Nearest | None = None
    citation: int | None = None
    beside: Beside | None = None

    @property
    def script_only(self) -> bool:
        """Whether it differs from the archive's text by traditional and simplified characters alone."""
        alike = self.nearest is not None and self.nearest.script_only
        return alike and self.verdict is Verdict.DIFFERS


@dataclass(frozen=True, slots=True)
class Corpus:
    """What was compared with: how many paragraphs, when they were indexed, and what is not among them."""

    paragraphs: int
    indexed_at: str
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found, in the order of the draft. ``unpaired`` are places of lone quotation marks.

    ``checked_to`` is where the checked part of a draft ends that has too much to find; else its length.
    """

    text: str
    corpus: Corpus
    checked_to: int
    citations: tuple[Citation, ...] = ()
    quotations: tuple[Quotation, ...] = ()
    unpaired: tuple[int, ...] = field(default=())

    @property
    def findings(self) -> list[Citation | Quotation]:
        """The citations, then the quotations."""
        return [*self.citations, *self.quotations]

    @property
    def whole(self) -> bool:
        return self.checked_to == len(self.text)

    @property
    def last_line(self) -> int:
        """The number of the line in which the checked part ends, from 1."""
        return self.text.count("\n", 0, self.checked_to) + 1
