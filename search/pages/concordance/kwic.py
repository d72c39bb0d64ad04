"""The concordance: every occurrence of a phrase in its line, with what stands before and after it.

The phrase is literal. The occurrences, their number and their order come from the literal index; the lines
of one page come from the rows of the index, so that a page needs no database.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from archive.text.folding import fold_literally_with_places
from search.engine.index.coverage import Corpus
from search.engine.live.index import live_index
from search.engine.protocol import ALL, Index, Question, Slice
from search.engine.slices.occurrences import Place, Places, by_following, by_preceding, occurrences
from search.pages.labels import FoundParagraph
from search.pages.results.execution import cursor_of_line, start_of_lines, understand
from search.pages.suggest.corrections import OtherWriting, variants_of
from search.pages.suggest.views import pieces_of
from search.query.language.ast import Problem
from search.query.language.conditions import Contains
from search.query.language.request import Asked, AskedLines
from search.query.planning.names import Names

PAGE_SIZE = 50
ROWS_KEPT = 256
WIDTH = 48  # characters on either side
AS_BLANKS = str.maketrans("\n\t", "  ")
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
    """Builds a line; the page cuts its sides to its own width. Line breaks become blanks."""
    start, end = span
    text = row["text"].translate(AS_BLANKS)
    return Line.of(
        row,
        start=start,
        end=end,
        left=text[max(0, start - WIDTH) : start],
        keyword=row["text"][start:end],
        right=text[end : end + WIDTH],
    )
