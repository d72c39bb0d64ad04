"""A search from beginning to end: query text and filters in, everything that a page or JSON shows out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import repeat
from typing import ClassVar

from archive.store.values import Fingerprint, Schema, Span
from search.engine.highlight import Snippet, find_marks, snippet
from search.engine.index.coverage import Corpus, Coverage
from search.engine.live.index import live_index
from search.engine.protocol import Index, Slice, Stored
from search.pages.labels import FoundParagraph
from search.pages.suggest.corrections import Correction, OtherWriting, variants_of
from search.pages.suggest.views import (
    AbsentPart,
    absent_parts,
    corrected,
    literal_count,
    little,
    nearby,
    written_otherwise,
)
from search.query.expansion.forms import Named
from search.query.language.ast import Phrase, SearchQuery, without_fields
from search.query.language.request import Asked
from search.query.planning.names import Names
from search.query.planning.planner import Plan
from search.query.thesaurus.table import Expansion

from .execution import cursor_of, every_row, execute, index_of, start_of, understand


class Hit(FoundParagraph, frozen=True, kw_only=True):
    """A result. ``highlights`` are offsets in ``text``, in code points; ``snippet`` is HTML; ``near``: only
    semantic search found it, so it is in no total.
    """

    fingerprint: Fingerprint
    language: str
    kind: str
    text: str
    snippet: str
    highlights: list[Span]
    near: bool

    cut: ClassVar[Snippet]


class HitsOfDocument(Schema, frozen=True, kw_only=True):
    """A document with its first results."""

    symbol: str
    title: str
    paragraphs: int
    results: list[Hit]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a search. ``mode``: words, literal, mixed (both), filter (neither), none (empty query).

    ``literal_count`` is the number of occurrences of the unquoted query as one string; ``absent`` are the
    words and phrases that occur nowhere, ``nearby`` those of their pieces that do, where nothing is found;
    ``variants`` are other ways to write a phrase, ``corrections`` are spelling suggestions where little was
    found; ``named`` are the named entities of the query, each with the number of texts that name it.
    ``typed`` are totals without added terms, where there were any. ``start`` is the offset of the page, and
    ``following`` the cursor of the next one, empty on the last.
    """

    asked: Asked
    query: SearchQuery
    mode: str
    plan: Plan
    found: Slice | None
    hits: list[Hit]
    names: Names
    corpus: Corpus
    coverage: Coverage
    corpus_years: tuple[str, ...] = ()
    start: int = 0
    pages: int = 1
    following: str = ""
    groups: list[HitsOfDocument] | None = None
    literal_count: int | None = None
    absent: tuple[AbsentPart, ...] = ()
    nearby: tuple[tuple[str, int], ...] = ()
    variants: tuple[OtherWriting, ...] = ()
    written: str = ""
    corrections: tuple[Correction, ...] = ()
    named: tuple[tuple[Named, int], ...] = ()
    typed: Slice | None = None

    @property
    def added(self) -> dict[str, list[Expansion]]:
        """The added terms of each unit of the query that occur in any text."""
        return dict(self.plan.added(self.found.standing)) if self.found else {}


def answer(asked: Asked, index: Index | None = None, every_value: bool = True) -> Answer:
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
    counted, only = found.counted if found else (), without_fields(query.root)
    absent = absent_parts(plan, counted[: len(plan.parts)], index)
    named = tuple(zip(plan.named, counted[len(plan.parts) :], strict=True))
    return Answer(
        asked=replace(asked, page=page.number),
        query=query,
        mode=understood.mode,
        plan=plan,
        found=found,
        hits=hits_of(found.hits, plan, found.is_extra) if found else [],
        names=understood.names,
        corpus=index.corpus,
        corpus_years=index.years,
        coverage=index.coverage,
        start=page.start,
        pages=page.last,
        following=page.following,
        groups=[_group(hits_of(shown, plan), size) for shown, size in page.groups]
        if found and asked.group
        else None,
        literal_count=literal_count(query, index),
        absent=absent,
        nearby=nearby(absent, named, index) if found and not found.paragraphs else (),
        variants=variants_of(only.text, index) if isinstance(only, Phrase) else (),
        written=written_otherwise(understood, index, [one["text"] for one in found.hits], found.paragraphs)
        if found
        else "",
        corrections=corrected(understood, absent, index) if found and little(found, understood) else (),
        named=named,
        typed=found.typed if found else None,
    )


def whole_answer(asked: Asked) -> tuple[Answer, Iterator[Hit]]:
    """Returns the answer with its first page, and all hits: both from the same index, with no others."""
    index = live_index()
    return answer(asked, index), every_hit(asked, index)


def every_hit(asked: Asked, index: Index | None = None) -> Iterator[Hit]:
    """Generates all hits in order, whatever the page; each is read when it is asked for."""
    index = index or live_index()
    understood = understand(asked, index)
    found = every_row(index, understood)
    return (hit_of(found.stored(int(row)), understood.plan) for row in found.rows)


def some_hits(asked: Asked, size: int, index: Index) -> tuple[list[Hit], str]:
    """Returns ``size`` hits of the requested page, and the cursor of the next ones."""
    understood = understand(asked, index)
    found = every_row(index, understood)
    start = start_of(index, asked, size, lambda: found)
    shown, end = found.rows[start : start + size].tolist(), start + size
    following = cursor_of(index, asked, found, shown[-1], end) if end < len(found.rows) else ""
    return [hit_of(found.stored(row), understood.plan) for row in shown], following


def _group(hits: list[Hit], paragraphs: int) -> HitsOfDocument:
    return HitsOfDocument.from_row(hits[0], paragraphs=paragraphs, results=hits)


def hits_of(found: Iterable[Stored], plan: Plan, near: Iterable[bool] = repeat(False)) -> list[Hit]:
    """Builds the hits of stored rows for display; ``near``: which of them only semantic search found."""
    return [hit_of(one, plan, beside) for one, beside in zip(found, near, strict=False)]


def hit_of(stored: Stored, plan: Plan, near: bool = False) -> Hit:
    marks = find_marks(stored["text"], plan.marks, stored["mentions"])
    cut = snippet(stored["text"], marks)
    return Hit.of(
        stored,
        snippet=f"{'…' if cut.before else ''}{cut.html}{'…' if cut.after else ''}",
        highlights=list(marks),
        near=near,
    ).carrying(cut=cut)
