"""A search from beginning to end: query text and filters in, everything that a page or JSON shows out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import repeat
from typing import Any

import numpy as np

from archive.http.addresses import paragraph_path
from archive.presenters.recognition import recognized_in_words
from search.engine.results import FACETS, Found, Question
from search.engine.scoring import Remembering
from search.index.coverage import Coverage
from search.index.dates import Dates, dates_of
from search.index.labels import place_of, who_of
from search.live.index import OpenIndex, live_index
from search.planning.corrections import Correction
from search.planning.entity_concepts import Named
from search.planning.interpreted import Understood
from search.planning.names import Names
from search.planning.plan import Plan
from search.query import SearchQuery
from search.query.conditions import as_typed
from search.query.request import Asked
from search.results.near_in_meaning import nearness, rows_apart, rows_beside, says_enough
from search.results.related_terms import hits_instead
from search.suggest.offers import (
    Absent,
    absent_parts,
    corrected,
    literal_count,
    little,
    nearby,
    variants_beside,
    written_otherwise,
)
from search.suggest.variants import Variant

from .cursors import cursor_of, index_of, row_of, start_of
from .highlight import Snippet, Span, find_marks, snippet
from .interpretation import understand
from .listing import rows_by_document, rows_in_order, second_stage

PAGE_SIZE = 20
GROUPS_A_PAGE, HITS_OF_A_GROUP = 10, 3
MOST_VALUES = 100  # of a facet of a page, more than there are years: each is a link


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
class Groups:
    """A page of groups; ``documents`` counts those of the whole list, ``last`` is the first row of the last
    group shown.
    """

    shown: tuple[Group, ...]
    documents: int
    last: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """``mode``: words, literal, mixed (both), filter (neither), none (nothing was asked).

    ``literal_count`` is how often the unquoted query stands in the text as one string; ``absent`` are the
    words and phrases that stand nowhere, ``nearby`` the pieces of them that do where nothing is found;
    ``variants`` are other ways to write a phrase, ``corrections`` what may have been meant where little was
    found; ``named`` are the things that the query names, each with how many texts name it. ``typed`` counts
    the paragraphs that would be found without what was added, where anything was; where nothing is,
    ``alike`` are near in meaning, unless such paragraphs are the list (``says_enough``); ``instead`` hold
    what is wider or related. ``start`` stand before the page, and ``following`` is the cursor of what stands
    behind it, empty where nothing does.
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
    following: str = ""
    groups: Groups | None = None
    literal_count: int | None = None
    absent: tuple[Absent, ...] = ()
    nearby: tuple[tuple[str, int], ...] = ()
    variants: tuple[Variant, ...] = ()
    written: str = ""
    corrections: tuple[Correction, ...] = ()
    named: tuple[tuple[Named, int], ...] = ()
    typed: Found | None = None
    alike: tuple[Hit, ...] = ()
    instead: tuple[Hit, ...] = ()

    @property
    def pages(self) -> int:
        if self.groups is not None:
            return max(1, -(-self.groups.documents // GROUPS_A_PAGE))
        return max(1, -(-listed(self.found) // PAGE_SIZE)) if self.found else 1


def listed(found: Found) -> int:
    """How many stand in the list, those near in meaning among them."""
    return found.paragraphs + found.beside


def answer(asked: Asked, index: OpenIndex | None = None, every_value: bool = True) -> Answer:
    """Search the live index, or another; ``every_value``: whether facets have all values, and there are those
    of what is found as typed, where words were added; else what a page shows. Raises IndexUnavailableError
    where there is none to search in, and BadRequestError where the cursor is none of this search.
    """
    index = index or index_of(asked)
    # What it does not keep itself it hands on to the reader, which no type tells.
    index = index.asked_through(Remembering(index.engine))  # type: ignore[arg-type]
    understood = understand(asked, index)
    query, plan = understood.query, understood.plan
    size = GROUPS_A_PAGE if asked.group else PAGE_SIZE
    start = start_of(index, asked, size, lambda: _whole(index, understood))
    found = _ask(index, understood, start, every_value)
    groups = grouped(index, understood, start) if found and asked.group else None
    counted = found.counted if found else ()
    absent = absent_parts(plan, counted[: len(plan.parts)], index)
    named = tuple(zip(plan.named, counted[len(plan.parts) :], strict=True))
    return Answer(
        asked=replace(asked, page=start // size + 1),
        query=query,
        mode=understood.mode,
        plan=plan,
        found=found,
        hits=tuple(map(hit_of, found.hits, repeat(plan), found.apart)) if found else (),
        names=understood.names,
        corpus_paragraphs=index.manifest.paragraphs,
        corpus_documents=len(index.manifest.documents),
        corpus_years=index.columns["year"].held,
        indexed_at=index.manifest.indexed_at,
        coverage=index.coverage,
        start=start,
        following=_following(index, asked, found, groups, start) if found else "",
        groups=groups,
        literal_count=literal_count(query, index),
        absent=absent,
        nearby=nearby(absent, named, index) if found and not found.paragraphs else (),
        variants=variants_beside(query, index),
        written=written_otherwise(understood, index, [hit["text"] for hit in found.hits], found.paragraphs)
        if found
        else "",
        corrections=corrected(understood, absent)
        if found and (plan.offered or little(found, understood.mode))
        else (),
        named=named,
        typed=found.typed if found else None,
        alike=_alike(index, understood) if found and not listed(found) else (),
        instead=_instead(index, understood) if found and not found.paragraphs else (),
    )


def whole_answer(asked: Asked) -> tuple[Answer, Iterator[Hit]]:
    """The answer with its first page, and all hits: both from the same index, with no others."""
    index = live_index()
    return replace(answer(asked, index), alike=(), instead=()), every_hit(asked, index)


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


def _whole(index: OpenIndex, understood: Understood) -> Sequence[int] | np.ndarray:
    """The rows of the list in order; of a list by document the first row of each."""
    if understood.asked.group:
        return [rows[0] for rows in rows_by_document(index, understood)]
    return rows_in_order(index, understood)


def _following(index: OpenIndex, asked: Asked, found: Found, groups: Groups | None, start: int) -> str:
    if groups is not None:
        first, shown, total = groups.last, len(groups.shown), groups.documents
    else:
        first, shown, total = found.hits[-1] if found.hits else None, len(found.hits), listed(found)
    if first is None or start + shown >= total:
        return ""
    return cursor_of(index, asked, row_of(index, first), start + shown)


def grouped(index: OpenIndex, understood: Understood, start: int) -> Groups:
    """The hits by document: documents in the order of their first hit, each with its first few hits."""
    plan = understood.plan
    by_document = rows_by_document(index, understood)
    shown = by_document[start : start + GROUPS_A_PAGE]
    groups = tuple(
        Group(
            tuple(hit_of(index.columns.stored(int(row)), plan) for row in rows[:HITS_OF_A_GROUP]), len(rows)
        )
        for rows in shown
    )
    last = index.columns.stored(int(shown[-1][0])) if shown else None
    return Groups(groups, len(by_document), last)


def _ask(index: OpenIndex, understood: Understood, start: int, every_value: bool) -> Found | None:
    asked, plan = understood.asked, understood.plan
    if plan.node is None:
        return None
    start, size = (start, PAGE_SIZE) if not asked.group else (0, 0)
    near = nearness(index, plan.wanted) if asked.sort == "relevance" else None
    question = Question(
        plan.node,
        understood.filters,
        asked.sort,
        start,
        size,
        phrases=tuple(plan.phrases.values()),
        second=second_stage(index, plan.wanted, near),
        counted=(*(node for _, node in plan.parts), *(one.node for one in plan.named)),
        typed=as_typed(plan.node) if plan.added else None,
        typed_facets=FACETS if every_value else (),
        most=None if every_value else MOST_VALUES + 1,  # one more, to tell whether there are more
    )
    if size:
        question = replace(question, beside=rows_beside(understood, index, near))
    found = index.ask(question)
    listed_alone = found.paragraphs or says_enough(plan.wanted)
    return found if listed_alone else replace(found, hits=[], beside=0, apart=())


def _alike(index: OpenIndex, understood: Understood) -> tuple[Hit, ...]:
    """What is near in meaning, where no word finds anything."""
    rows = rows_apart(understood, index).tolist()
    return tuple(hit_of(index.columns.stored(row), understood.plan, near=True) for row in rows)


def _instead(index: OpenIndex, understood: Understood) -> tuple[Hit, ...]:
    return tuple(hit_of(one, understood.plan) for one in hits_instead(understood, index))


def hit_of(stored: Mapping[str, Any], plan: Plan, near: bool = False) -> Hit:
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
