"""What a search asks of an engine, and what it gets: hits in order, counts, facets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from search.index.columns import Columns
from search.index.literal import Occurrences
from search.query.conditions import SINGLE, AnyNode, Concept, Filter, Literal

from .reader import Reader
from .scores import Numbers, Scores
from .scoring import evaluate, held, holding_all

FACETS = ("year", "cites", "state", "body", "mentioned", "document_type")

SecondStage = Callable[[Numbers], Numbers]  # candidates in the order of the index → the same in its order
LONGEST_LIST = 160  # of candidates that words find; forty may stand beside them
NONE: Numbers = np.empty(0, np.int64)

# The field whose greatest value stands first: of the document; of the words in this archive.
NEWEST_FIRST = {"date": "sort_date", "since": "since_revision"}


@dataclass(frozen=True, slots=True)
class Question:
    """A tree, the filters that hold for the whole, and which part of the list is wanted.

    ``sort`` is ``relevance``, ``date``, ``since`` or ``document``. The occurrences of ``phrases`` are summed
    over the hits, and those are counted that hold all ``concepts``. ``second`` puts the best of a list by
    relevance in order, with the rows ``beside`` it, which the tree does not find, among them. Of each tree in
    ``counted`` the paragraphs are counted, whatever the filters; ``typed`` is a tree that finds some of the
    same paragraphs, and is counted under the same filters. ``facets`` are the fields whose values are
    counted, ``typed_facets`` those for ``typed``; where ``most`` is given, of each the so many values that
    most paragraphs have.
    """

    node: AnyNode
    filters: tuple[Filter, ...] = ()
    sort: str = "relevance"
    start: int = 0
    size: int = 20
    phrases: tuple[Literal, ...] = ()
    concepts: tuple[Concept, ...] = ()
    second: SecondStage | None = None
    beside: Numbers = field(default_factory=NONE.copy)
    counted: tuple[AnyNode, ...] = ()
    typed: AnyNode | None = None
    facets: tuple[str, ...] = FACETS
    typed_facets: tuple[str, ...] = FACETS
    most: int | None = None

    @property
    def as_typed(self) -> Question:
        """What is asked of ``typed``: counts, and no list."""
        return Question(
            self.typed or self.node, self.filters, size=0, facets=self.typed_facets, most=self.most
        )


@dataclass(frozen=True, slots=True)
class Found:
    """``facets``: field → value → paragraphs of the list that have it. ``beside``: how many rows stand in it
    that the tree does not find, in none of the numbers; ``apart``: for each hit whether it is one.

    ``more``: for a filtered field of single values, other value → paragraphs that choosing it would add.
    ``complete``: paragraphs that hold all words, where the question ranks words. ``phrases``: how often each
    phrase of the question occurs in the whole archive; ``counted``: how many paragraphs each tree beside the
    question finds; ``standing``: the forms of the concepts that stand in any text; ``typed``: counts and
    facets of what is found as typed, without hits.
    """

    hits: list[dict[str, Any]]
    paragraphs: int
    documents: int
    occurrences: int
    complete: int
    phrases: tuple[int, ...]
    facets: dict[str, list[tuple[str, int]]]
    more: dict[str, list[tuple[str, int]]]
    beside: int = 0
    apart: tuple[bool, ...] = ()
    counted: tuple[int, ...] = ()
    standing: frozenset[str] = frozenset()
    typed: Found | None = None


def answer_question(question: Question, reader: Reader) -> Found:
    """Find, filter, count and order the rows that answer ``question``."""
    columns = reader.columns
    kept, others = filtered(evaluate(question.node, reader), question.filters, columns)
    phrases = [reader.phrase(phrase) for phrase in question.phrases]
    rows = _page(kept, question, columns)
    found = Found(
        hits=[columns.stored(row) for row in rows.tolist()],
        paragraphs=len(kept.rows),
        documents=columns["symbol"].different(kept.rows),
        occurrences=_occurrences(kept.rows, phrases, len(columns)),
        complete=int(holding_all(question.concepts, kept.rows, reader).sum()) if question.concepts else 0,
        phrases=tuple(phrase.total for phrase in phrases),
        facets={name: columns[name].counted(kept.rows, question.most) for name in question.facets},
        more={name: columns[name].counted(rows) for name, rows in others.items()},
        beside=len(question.beside),
        apart=tuple(np.isin(rows, question.beside).tolist()),
        counted=tuple(len(evaluate(node, reader).rows) for node in question.counted),
        standing=frozenset(text for one in question.concepts for text in held(one, reader).standing),
    )
    return found if question.typed is None else replace(found, typed=_as_typed(question, found, reader))


def _as_typed(question: Question, found: Found, reader: Reader) -> Found:
    """The counts of what is found without anything that was added: some of ``found``, or all."""
    typed = question.as_typed
    if not question.filters and len(evaluate(typed.node, reader).rows) == found.paragraphs:
        return replace(found, hits=[])
    return answer_question(typed, reader)


def _occurrences(rows: Numbers, phrases: Sequence[Occurrences], size: int) -> int:
    counts = np.zeros(size if phrases else 0, np.int32)
    for phrase in phrases:
        counts[phrase.rows] += phrase.counts
    return int(counts[rows].sum()) if phrases else 0


def filtered(
    scores: Scores, filters: tuple[Filter, ...], columns: Columns
) -> tuple[Scores, dict[str, Numbers]]:
    """The rows that pass all filters, and by field those that only the filter on that field keeps out."""
    if not filters:
        return scores, {}
    failed = np.zeros(len(scores.rows), np.int16)
    failing = []
    for wanted in filters:
        fails = ~passing(wanted, columns)[scores.rows]
        failed += fails
        failing.append((wanted.field, fails))
    beside = {name: scores.rows[fails & (failed == 1)] for name, fails in failing if name in SINGLE}
    kept = failed == 0
    return Scores(scores.rows[kept], scores.scores[kept]), beside


def passing(wanted: Filter, columns: Columns) -> Numbers:
    """For each row whether it passes a filter."""
    passes: Numbers = np.zeros(len(columns), np.bool_)
    passes[columns[wanted.field].rows(wanted.values)] = True
    return passes


def _page(kept: Scores, question: Question, columns: Columns) -> Numbers:
    """The rows of the part of the list that is wanted."""
    end = question.start + question.size
    return ordered(kept, question.sort, columns, end, question.second, question.beside)[question.start :]


def ordered(
    kept: Scores,
    sort: str,
    columns: Columns,
    end: int,
    second: SecondStage | None = None,
    beside: Numbers = NONE,
) -> Numbers:
    """The first ``end`` rows by ``relevance``, ``date`` or ``since`` (newest first), or ``document``.

    What is equal stands in the order of the rows, so that the order is total. By relevance ``second`` has the
    last word on the best rows, and on those ``beside`` them, of which nothing but a place is known.
    """
    if sort == "relevance" and second is not None and end > 0:
        rows = ordered(kept, sort, columns, max(end, LONGEST_LIST))
        return staged(rows, second, beside)[:end]
    rows, scores = kept
    if sort == "relevance":
        if len(rows) > 4 * end > 0:  # only those that reach the last of the best need be put in order
            least = np.partition(scores, len(scores) - end)[len(scores) - end]
            best = scores >= least
            rows, scores = rows[best], scores[best]
        return rows[np.lexsort((rows, -scores))][:end]
    keys = [rows, columns["symbol"].first[rows]]
    if sort in NEWEST_FIRST:
        keys.append(-columns[NEWEST_FIRST[sort]].first[rows])
    return rows[np.lexsort(keys)][:end]


def staged(rows: Numbers, second: SecondStage, beside: Numbers) -> Numbers:
    """``rows`` with the first of them and those ``beside`` them in the order that ``second`` makes."""
    candidates = np.sort(np.concatenate((rows[:LONGEST_LIST], beside)).astype(np.int64))
    return np.concatenate((second(candidates), rows[LONGEST_LIST:]))
