"""A search from beginning to end: query text and filters in, everything that a page or JSON shows out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import repeat

from archive.http.addresses import paragraph_path
from archive.presenters.recognition import recognized_in_words
from search.engine.protocols import Found
from search.expansion.units import Named
from search.index.coverage import Coverage
from search.index.dates import Dates, dates_of
from search.index.labels import place_of, who_of
from search.live.index import OpenIndex, live_index
from search.planning.names import Names
from search.planning.plan import Plan
from search.query import SearchQuery
from search.query.request import Asked
from search.suggest.corrections import Correction, Variant
from search.suggest.views import (
    Absent,
    absent_parts,
    corrected,
    literal_count,
    little,
    nearby,
    variants_beside,
    written_otherwise,
)
from search.thesaurus.relations import Expansion

from .cursors import cursor_of, index_of, start_of
from .execution import Stored, execute, rows_in_order, understand
from .highlight import Snippet, Span, find_marks, snippet


@dataclass(frozen=True, slots=True)
class Hit:
    """A paragraph found, ready to be shown; ``marks`` are offsets of ``text``. ``near``: no word finds
    it, but it is near in meaning.
    """

    url: str
    symbol: str
    anchor: str
    fingerprint: str
    place: str
    title: str
    dates: Dates
    since: str
    year: str
    who: str
    kind: str
    text: str
    marks: tuple[Span, ...]
    snippet: Snippet
    near: bool = False
    ocr_confidence: int | None = None

    @property
    def recognized(self) -> str:
        """That the text was recognized in a picture, and how surely; else empty."""
        return recognized_in_words(self.ocr_confidence)


@dataclass(frozen=True, slots=True)
class Group:
    """The first hits of one document, and how many it has."""

    hits: tuple[Hit, ...]
    paragraphs: int


@dataclass(frozen=True, slots=True)
class Answer:
    """``mode``: words, literal, mixed (both), filter (neither), none (nothing was asked).

    ``literal_count`` is how often the unquoted query stands in the text as one string; ``absent`` are the
    words and phrases that stand nowhere, ``nearby`` the pieces of them that do where nothing is found;
    ``variants`` are other ways to write a phrase, ``corrections`` what may have been meant where little was
    found; ``named`` are the things that the query names, each with how many texts name it. ``typed`` counts
    the paragraphs that would be found without what was added, where anything was. ``start`` stand before the
    page, and ``following`` is the cursor of what stands behind it, empty where nothing does.
    """

    asked: Asked
    query: SearchQuery
    mode: str
    plan: Plan
    found: Found | None
    hits: tuple[Hit, ...]
    names: Names
    corpus_paragraphs: int
    corpus_documents: int
    indexed_at: str
    coverage: Coverage
    corpus_years: tuple[str, ...] = ()
    start: int = 0
    pages: int = 1
    following: str = ""
    groups: tuple[Group, ...] | None = None
    literal_count: int | None = None
    absent: tuple[Absent, ...] = ()
    nearby: tuple[tuple[str, int], ...] = ()
    variants: tuple[Variant, ...] = ()
    written: str = ""
    corrections: tuple[Correction, ...] = ()
    named: tuple[tuple[Named, int], ...] = ()
    typed: Found | None = None

    @property
    def added(self) -> dict[str, list[Expansion]]:
        """For each unit of the query the terms looked for beside it that stand in any text."""
        return dict(self.plan.added(self.found.standing)) if self.found else {}


def answer(asked: Asked, index: OpenIndex | None = None, every_value: bool = True) -> Answer:
    """Search the live index, or another; ``every_value``: whether facets have all values, and there are those
    of what is found as typed, where words were added; else what a page shows. Raises IndexUnavailableError
    where there is none to search in, and BadRequestError where the cursor is none of this search.
    """
    index = index or index_of(asked)
    understood = understand(asked, index)
    page = execute(understood, index, every_value)
    query, plan, found = understood.query, understood.plan, page.found
    if found:
        plan = replace(plan, marks=plan.marks.among((*plan.tokens, *found.standing)))
    counted = found.counted if found else ()
    absent = absent_parts(plan, counted[: len(plan.parts)], index)
    named = tuple(zip(plan.named, counted[len(plan.parts) :], strict=True))
    return Answer(
        asked=replace(asked, page=page.number),
        query=query,
        mode=understood.mode,
        plan=plan,
        found=found,
        hits=hits_of(found.hits, plan, found.apart) if found else (),
        names=understood.names,
        corpus_paragraphs=index.manifest.paragraphs,
        corpus_documents=len(index.manifest.documents),
        corpus_years=index.columns["year"].held,
        indexed_at=index.manifest.indexed_at,
        coverage=index.coverage,
        start=page.start,
        pages=page.last,
        following=page.following,
        groups=tuple(Group(hits_of(shown, plan), size) for shown, size in page.groups)
        if found and asked.group
        else None,
        literal_count=literal_count(query, index),
        absent=absent,
        nearby=nearby(absent, named, index) if found and not found.paragraphs else (),
        variants=variants_beside(query, index),
        written=written_otherwise(understood, index, [one["text"] for one in found.hits], found.paragraphs)
        if found
        else "",
        corrections=corrected(understood, absent, index.vocabulary)
        if found and little(found, understood.mode)
        else (),
        named=named,
        typed=found.typed if found else None,
    )


def whole_answer(asked: Asked) -> tuple[Answer, Iterator[Hit]]:
    """The answer with its first page, and all hits: both from the same index, with no others."""
    index = live_index()
    return answer(asked, index), every_hit(asked, index)


def every_hit(asked: Asked, index: OpenIndex | None = None) -> Iterator[Hit]:
    """All hits in order, whatever the page; each is read when it is asked for."""
    index = index or live_index()
    understood = understand(asked, index)
    rows = rows_in_order(index, understood)
    return (hit_of(index.columns.stored(int(row)), understood.plan) for row in rows)


def some_hits(asked: Asked, size: int, index: OpenIndex) -> tuple[list[Hit], str]:
    """``size`` hits of the page that is asked for, and the cursor of what follows them."""
    understood = understand(asked, index)
    rows = rows_in_order(index, understood)
    start = start_of(index, asked, size, lambda: rows)
    shown, end = rows[start : start + size], start + size
    following = cursor_of(index, asked, int(shown[-1]), end) if end < len(rows) else ""
    return [hit_of(index.columns.stored(int(row)), understood.plan) for row in shown], following


def hits_of(found: Iterable[Stored], plan: Plan, near: Iterable[bool] = repeat(False)) -> tuple[Hit, ...]:
    """What was found, ready to be shown; ``near``: which of it no word finds."""
    return tuple(hit_of(one, plan, beside) for one, beside in zip(found, near, strict=False))


def hit_of(stored: Stored, plan: Plan, near: bool = False) -> Hit:
    text = stored["text"]
    marks = find_marks(text, plan.marks, stored["mentions"])
    return Hit(
        url=paragraph_path(stored["symbol"], stored["anchor"]),
        symbol=stored["symbol"],
        anchor=stored["anchor"],
        fingerprint=stored["fingerprint"],
        place=place_of(stored),
        title=stored["title"],
        dates=dates_of(stored),
        since=stored["since"],
        year=stored["year"],
        who=who_of(stored),
        kind=stored["kind"],
        text=text,
        marks=tuple(marks),
        snippet=snippet(text, marks),
        near=near,
        ocr_confidence=stored["ocr_confidence"],
    )
