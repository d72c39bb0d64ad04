"""A source as numbered lines, and as what the cleaner leaves of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from .parsed import ParsedParagraph
from .typography import display_width, ends_sentence, without_invisible

_STRETCHED = re.compile(r"(?<=[\u2e80-\uffef]) (?=[\u2e80-\uffef])")
"""The blank that an extractor reads between two ideographs of a justified line."""
_WIDE_BLANK = "\u3000\t"

WIDEST_PAGE = 150
"""Columns: no page of running text is wider."""


Level = tuple[str, int, str]
"""The name of a list, a depth in it, and the form in which that is counted."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a reader knows of a line beside its characters; None where its format does not tell.

    ``page`` counts from 1; ``left`` and ``top`` are points from the page's upper left corner, ``size`` is the
    size in points of most of its characters, ``style`` the name of its style as the file gives it,
    ``outline`` the depth of a heading from 1. ``number`` is what the file's own numbering prints before the
    text (``14.``, ``(a)``), which stands in no character of the line and is a number without doubt; ``level``
    its list, the depth in it from 0 and the form of the count (``lowerRoman``).
    ``opens`` tells whether a paragraph begins with the line (true) or goes on with it (false), ``soft`` that
    it stands behind a break inside a paragraph, where only a number or a line that stands alone begins;
    ``note`` whether it stands among the notes; ``furniture`` why it is the page's and not the text's, as the
    reason of a dropped line (``running header``).
    ``cell`` tells the table, row and column of a cell's line, each counted from 1 (tables in the document,
    rows in the table, columns in the row); the lines of a cell follow each other, and rows come in order.
    ``unread`` is what stands at the line and is no part of it, each ``what: words`` (``struck out: 两``,
    ``picture: ``). ``confidence``, from 0 to 100, is how sure a program is of what it recognized in a
    picture (OCR).
    """

    page: int | None = None
    left: float | None = None
    top: float | None = None
    size: float | None = None
    bold: bool | None = None
    style: str | None = None
    outline: int | None = None
    number: str | None = None
    level: Level | None = None
    cell: tuple[int, int, int] | None = None
    opens: bool | None = None
    soft: bool | None = None
    note: bool | None = None
    furniture: str | None = None
    unread: tuple[str, ...] | None = None
    confidence: float | None = None


UNKNOWN = Evidence()
"""What plain text tells of its lines."""


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line with ink on it, as the reader hands it over. ``before`` are the blank lines above it.

    ``number`` counts from 1. ``feed`` is true where a form feed stood before it, or another page.
    """

    number: int
    raw: str
    text: str
    before: int
    feed: bool
    evidence: Evidence = UNKNOWN


@dataclass(slots=True)
class Line:
    """A line of the body. ``text`` is bare of indent, of markup and of what was dropped from it.

    ``indent`` counts columns (the extractor's extra space at a page start is not among them);
    ``trailing`` tells whether a space stood at its end; ``gap`` the blank lines before it; ``page``
    whether a page began, or furniture stood, between it and the line before; ``depth`` is the level of
    a heading that the source marks, ``bullet`` the glyph that opened it; ``rule`` whether a drawn line stood
    above it; ``counted`` whether the number at its front is one that the file itself counts; ``spaced``
    whether blanks set the words of its text apart, as in English. ``bold``, ``level``, ``opens``, ``soft``,
    ``note`` and ``cell`` are what the reader knows, as in ``Evidence``; ``named_note`` is ``note`` where the
    format has notes of its own, whereas those of a page are told by their place. The line of a whole table
    row has its ``cells``, its table and row counted from 1 (``row``) and the last line of the source in it
    (``until``).
    """

    number: int
    text: str
    indent: int = 0
    trailing: bool = False
    gap: int = 0
    page: bool = False
    depth: int = 0
    bullet: str = ""
    rule: bool = False
    counted: bool = False
    spaced: bool = False
    bold: bool | None = None
    level: Level | None = None
    opens: bool | None = None
    soft: bool | None = None
    note: bool | None = None
    named_note: bool | None = None
    cell: tuple[int, int, int] | None = None
    cells: tuple[str, ...] = ()
    row: tuple[int, int] | None = None
    until: int = 0
    width: int = 0

    def __post_init__(self) -> None:
        self.width = display_width(_STRETCHED.sub("", self.text))


def source_lines(text: str, evidence: Mapping[int, Evidence] | None = None) -> Iterator[SourceLine]:
    """The lines of ``text`` that hold ink; a form feed inside a line splits it under the same number.

    ``evidence`` is what the reader knows of them, by line number.
    """
    evidence = evidence or {}
    blank, feed = 0, False
    page: int | None = None
    for number, whole in enumerate(text.split("\n"), start=1):
        known = evidence.get(number, UNKNOWN)
        pieces = whole.split("\f")
        inked = False
        for at, raw in enumerate(pieces):
            feed = feed or at > 0
            bare = without_invisible(raw).strip()
            if bare:
                feed = feed or (page is not None and known.page not in (page, None))
                page = known.page or page
                yield SourceLine(number, raw, bare, blank, feed, known)
                blank, feed, inked = 0, False, True
        blank += not inked


def indent_of(raw: str) -> int:
    """Columns before the first ink: an ideographic space or tab counts two, any other one."""
    columns = 0
    for char in raw:
        if not char.isspace():
            break
        columns += 2 if char in _WIDE_BLANK else 1
    return columns


def is_double_spaced(texts: Sequence[str], gaps: Sequence[int]) -> bool:
    """True where a blank line follows nearly every line, also within sentences.

    ``gaps`` holds the blank lines before each of ``texts``. What counts is the gap after long lines that
    break off; where there are none, that after any line.
    """
    if len(texts) < 4:
        return False
    widths = [display_width(text[:WIDEST_PAGE]) for text in texts]
    long = 0.7 * sorted(widths)[int(len(widths) * 0.97)]
    inside = [
        gap
        for text, width, gap in zip(texts[1:], widths[1:], gaps[2:], strict=False)
        if width >= long and not ends_sentence(text)
    ]
    if inside == [0]:
        return False
    counted = inside if len(inside) > 1 else gaps[1:]
    return sum(gap >= 1 for gap in counted) >= 0.75 * len(counted)


# What was recognized in pictures: how sure the program was of each paragraph.


def mark_recognized(
    paragraphs: Sequence[ParsedParagraph], evidence: Mapping[int, Evidence]
) -> tuple[ParsedParagraph, ...]:
    """``paragraphs`` with the mean confidence of their lines in whole per cent, where any was recognized.

    Lines between that are the page's own do not count.
    """
    if not any(known.confidence is not None for known in evidence.values()):
        return tuple(paragraphs)
    return tuple(replace(one, ocr_confidence=_confidence_of(one, evidence)) for one in paragraphs)


def _confidence_of(paragraph: ParsedParagraph, evidence: Mapping[int, Evidence]) -> int | None:
    first, last = paragraph.lines
    known = (evidence.get(line) for line in range(first, last + 1))
    told = [one.confidence for one in known if one and one.confidence is not None and not one.furniture]
    return int(sum(told) / len(told)) if told else None
