"""The concordance: every occurrence of a phrase in its line, with what stands before and after it.

The phrase is literal. The occurrences, their number and their order come from the literal index; the lines
of one page come from the rows of the index, so that a page needs no database.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from archive.addresses import paragraph_path

from .backends.evaluation import Scores
from .backends.found import ordered
from .folding import fold_literally_with_places
from .library import OpenIndex, live_index
from .lines import Sides, sides_of
from .literal import occurring_parts
from .places import Place, Places
from .spelling import by_following, by_preceding
from .variants import Variant, variants_of

PAGE_SIZE = 50
ROWS_KEPT = 256
SORTS = ("right", "left", "date", "document")
QUOTED = re.compile(r"^(?:“(.+)”|\"(.+)\"|「(.+)」|『(.+)』|＂(.+)＂)$", re.DOTALL)
DIVIDERS = re.compile(r"[\s,，、;；]+")


@dataclass(frozen=True, slots=True)
class AskedLines:
    """What is asked: the phrase, what may not stand right before or right after it, order, page from 1."""

    q: str = ""
    not_left: str = ""
    not_right: str = ""
    sort: str = "right"
    page: int = 1

    @property
    def phrase(self) -> str:
        """The phrase without the quotation marks around the whole of it."""
        found = QUOTED.match(self.q.strip())
        return next(filter(None, found.groups())).strip() if found else self.q.strip()


@dataclass(frozen=True, slots=True)
class Line:
    """An occurrence ready to be shown; ``start`` and ``end`` are offsets of the paragraph's text."""

    url: str
    symbol: str
    anchor: str
    place: str
    title: str
    date: str
    who: str
    start: int
    end: int
    sides: Sides
    keyword: str


@dataclass(frozen=True, slots=True)
class Concordance:
    """``excluded``: occurrences left out for what stands beside them. ``nearby``: pieces of a phrase that
    does not occur, with their occurrences.
    """

    asked: AskedLines
    places: Places
    paragraphs: int
    documents: int
    excluded: int
    lines: Sequence[Line]
    variants: Sequence[Variant]
    nearby: Sequence[tuple[str, int]]
    corpus_paragraphs: int
    corpus_documents: int
    indexed_at: str

    @property
    def occurrences(self) -> int:
        return len(self.places)

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.places) // PAGE_SIZE))


def concordance(asked: AskedLines) -> Concordance:
    """The page asked for. Raises IndexUnavailableError where there is no index."""
    index = live_index()
    literal, phrase = index.literal, asked.phrase
    kept = literal.occurrences(
        phrase, not_before=neighbours(asked.not_left), not_after=neighbours(asked.not_right)
    )
    total = literal.count(phrase)
    ordered = _ordered(index, kept, asked.sort)
    start = (asked.page - 1) * PAGE_SIZE
    rows = np.unique(kept.rows)
    return Concordance(
        asked=asked,
        places=ordered,
        paragraphs=len(rows),
        documents=len(np.unique(literal.documents[rows])),
        excluded=total - len(kept),
        lines=tuple(lines_of(index, ordered[start : start + PAGE_SIZE])),
        variants=variants_of(phrase, literal) if phrase else (),
        nearby=() if total else _nearby(index, phrase),
        corpus_paragraphs=index.manifest.paragraphs,
        corpus_documents=len(index.manifest.documents),
        indexed_at=index.manifest.indexed_at,
    )


def neighbours(typed: str) -> tuple[str, ...]:
    """The strings that were typed as unwanted neighbours, divided by blanks, commas or semicolons."""
    return tuple(filter(None, DIVIDERS.split(typed)))


def lines_of(index: OpenIndex, wanted: Iterable[Place]) -> Iterator[Line]:
    """The lines of ``wanted``, in their order; only the rows of these are read."""
    read = lru_cache(maxsize=ROWS_KEPT)(index.columns.stored)
    fold = lru_cache(maxsize=ROWS_KEPT)(lambda row: fold_literally_with_places(read(row)["text"]))
    for place in wanted:
        span = fold(place.row).span(place.offset, place.offset + len(place.match))
        yield _line(read(place.row), span)


def _line(row: Mapping[str, Any], span: tuple[int, int]) -> Line:
    text, (start, end) = row["text"], span
    return Line(
        paragraph_path(row["symbol"], row["anchor"]),
        row["symbol"],
        row["anchor"],
        row["place"],
        row["title"],
        row["date"],
        row["who"],
        start,
        end,
        sides_of(text, start, end),
        text[start:end],
    )


def _ordered(index: OpenIndex, found: Places, sort: str) -> Places:
    if sort == "right":
        return by_following(found)
    if sort == "left":
        return by_preceding(found)
    rows = np.unique(found.rows)
    in_order = ordered(Scores(rows, np.zeros(len(rows), np.float32)), sort, index.columns, len(rows))
    ranks = np.zeros(len(index.literal), np.int64)
    ranks[in_order] = np.arange(len(in_order))
    return found.by_rows(ranks)


def _nearby(index: OpenIndex, phrase: str) -> tuple[tuple[str, int], ...]:
    return tuple((part, index.literal.count(part)) for part in occurring_parts(phrase, index.literal))
