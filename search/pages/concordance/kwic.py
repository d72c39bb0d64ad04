"""The concordance: every occurrence of a phrase in its line, with what stands before and after it.

The phrase is literal. The occurrences, their number and their order come from the literal index; the lines
of one page come from the rows of the index, so that a page needs no database.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np

from search.engine.index.coverage import Corpus
from search.engine.live.index import live_index
from search.engine.protocol import ALL, Index, Question, Slice
from search.engine.slices.occurrences import Place, Places, by_following, by_preceding, occurrences
from search.pages.labels import FoundParagraph
from search.pages.results.execution import cursor_of_line, start_of_lines, understand
from search.pages.suggest.corrections import OtherWriting, variants_of
from search.pages.suggest.views import pieces_of
from search.query.language import Problem
from search.query.language.conditions import Contains
from search.query.language.request import Asked, AskedLines
from search.query.planning.names import Names
from search.query.text.folding import fold_literally_with_places

PAGE_SIZE = 50
ROWS_KEPT = 256
BESIDE = {"right": by_following, "left": by_preceding}  # orders by what stands beside the phrase
DIVIDERS = re.compile(r"[\s,，、;；]+")


class Line(FoundParagraph, frozen=True, kw_only=True):
    """One occurrence: ``start`` and ``end`` in the paragraph, in code points, and the words around it."""

    language: str
    start: int
    end: int
    left: str
    keyword: str
    right: str

    sides: ClassVar[Sides]


@dataclass(frozen=True, slots=True)
class Lines:
    """``excluded``: occurrences left out for what stands beside them. ``elsewhere``: those that the filters
    leave out. ``nearby``: pieces of a phrase that does not occur, with their occurrences. ``following``: the
    cursor of what stands behind the page, empty where nothing does.
    """

    asked: AskedLines
    places: Places
    paragraphs: int
    documents: int
    excluded: int
    elsewhere: int
    lines: Sequence[Line]
    variants: Sequence[OtherWriting]
    nearby: Sequence[tuple[str, int]]
    corpus: Corpus
    index: Index
    found: Slice
    names: Names
    problems: Sequence[Problem] = ()
    following: str = ""

    @property
    def occurrences(self) -> int:
        return len(self.places)

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.places) // PAGE_SIZE))


def concordance(asked: AskedLines) -> Lines:
    """Returns the requested page. Raises IndexUnavailableError where there is no index, and BadRequestError
    where the cursor belongs to another concordance.
    """
    index = live_index()
    phrase = asked.phrase
    understood = understand(Asked(asked.q, asked.filters), index) if asked.fields or asked.filters else None
    condition, filters = Contains(phrase), understood.filters if understood else ()
    sort = "rows" if asked.sort in BESIDE else asked.sort
    found = index.slice(Question(condition, filters, sort, size=ALL, facets=(), phrases=(condition,)))
    (everywhere,) = found.phrases
    not_before, not_after = neighbours(asked.not_left), neighbours(asked.not_right)
    kept = occurrences(found.folded, phrase, not_before, not_after).in_rows(found.rows)
    in_order = BESIDE[asked.sort](kept) if asked.sort in BESIDE else kept.by_rows(found.rows)
    start = start_of_lines(index, asked, PAGE_SIZE, found, in_order)
    end = start + PAGE_SIZE
    rows = kept.rows[np.diff(kept.rows, prepend=-1) > 0]  # they rise, and so do their documents
    return Lines(
        asked=replace(asked, page=start // PAGE_SIZE + 1),
        places=in_order,
        paragraphs=len(rows),
        documents=int(np.count_nonzero(np.diff(found.folded.documents[rows], prepend=-1))),
        excluded=found.occurrences - len(kept),
        elsewhere=everywhere - found.occurrences,
        lines=tuple(lines_of(found, in_order[start:end])),
        variants=variants_of(phrase, index) if phrase else (),
        nearby=() if everywhere else pieces_of(phrase, index),
        corpus=index.corpus,
        index=index,
        found=found,
        names=understood.names if understood else Names(index.manifest.names),
        problems=tuple(understood.plan.problems) if understood else (),
        following=cursor_of_line(index, asked, found, in_order, end - 1) if end < len(in_order) else "",
    )


def neighbours(typed: str) -> tuple[str, ...]:
    """Returns the strings that were typed as unwanted neighbours, divided by blanks, commas or semicolons."""
    return tuple(filter(None, DIVIDERS.split(typed)))


def lines_of(found: Slice, wanted: Iterable[Place]) -> Iterator[Line]:
    """Generates the lines of ``wanted``, in their order; only the rows of these are read."""
    read = lru_cache(maxsize=ROWS_KEPT)(found.stored)
    fold = lru_cache(maxsize=ROWS_KEPT)(lambda row: fold_literally_with_places(read(row)["text"]))
    for place in wanted:
        span = fold(place.row).span(place.offset, place.offset + len(place.match))
        yield _line(read(place.row), span)


def _line(row: Mapping[str, Any], span: tuple[int, int]) -> Line:
    start, end = span
    sides = sides_of(row["text"], start, end)
    return Line.of(
        row,
        start=start,
        end=end,
        left=sides.before,
        keyword=row["text"][start:end],
        right=sides.after,
    ).carrying(sides=sides)


# What stands on either side of an occurrence, cut for the width of a line. Pure.

WIDTHS = (14, 16, 18)  # of near, mid and far, in half-width columns


@dataclass(frozen=True, slots=True)
class Sides:
    """Left and right of an occurrence, each as (near, mid, far)."""

    left: tuple[str, str, str]
    right: tuple[str, str, str]

    @property
    def before(self) -> str:
        near, mid, far = self.left
        return far + mid + near

    @property
    def after(self) -> str:
        return "".join(self.right)


def sides_of(text: str, start: int, end: int) -> Sides:
    """Returns the sides of ``text[start:end]``. Line breaks become blanks; nothing else changes."""
    reach = 2 * sum(WIDTHS)
    left = _parts(_plain(text[max(0, start - reach) : start])[::-1])
    near, mid, far = (part[::-1] for part in left)
    return Sides((near, mid, far), _parts(_plain(text[end : end + reach])))


def _plain(text: str) -> str:
    return text.replace("\n", " ").replace("\t", " ")


def _parts(text: str) -> tuple[str, str, str]:
    """Returns the first pieces of ``text`` that fit the widths; what is left over is not shown."""
    parts, at = [], 0
    for width in WIDTHS:
        end = _fitting(text, at, width)
        parts.append(text[at:end])
        at = end
    near, mid, far = parts
    return near, mid, far


def _fitting(text: str, at: int, width: int) -> int:
    end, columns = at, 0
    while end < len(text):
        columns += _columns(text[end])
        if columns > width:
            break
        end += 1
    return _before_run(text, at, end)


def _before_run(text: str, at: int, end: int) -> int:
    """Moves ``end`` to the beginning of a number or Latin word that it would cut."""
    if end == len(text) or not (_runs(text[end]) and end > at and _runs(text[end - 1])):
        return _with_marks(text, end)
    begin = end
    while begin > at and _runs(text[begin - 1]):
        begin -= 1
    return begin if begin > at else end


def _with_marks(text: str, end: int) -> int:
    """Moves a cut so that combining marks stay with their letter."""
    while 0 < end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return end


def _runs(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character in "./()-")


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WFA" else 1
