"""What a search asks of an engine, and what it gets: hits in order, counts, facets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from heapq import nsmallest
from typing import Any, Protocol

from search.nodes import ALL_HELD, AnyNode, Filter

from .evaluation import Scores

FACETS = ("year", "cites", "state", "body", "mentioned", "document_type")
SINGLE = frozenset(
    {"year", "document_type", "symbol"}
)  # a paragraph has one value: several chosen ones are alternatives


@dataclass(frozen=True, slots=True)
class Question:
    """A tree, the filters that hold for the whole, and which part of the list is wanted.

    ``sort`` is ``relevance``, ``date`` or ``document``. ``counts`` gives paragraph ids numbers to be
    summed over
    the hits: the occurrences of quoted phrases.
    """

    node: AnyNode
    filters: tuple[Filter, ...] = ()
    sort: str = "relevance"
    start: int = 0
    size: int = 20
    counts: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """``facets``: field → value → paragraphs of the list that have it.

    ``more``: for a filtered field of single values, other value → paragraphs that choosing it would add.
    ``complete``: paragraphs that hold all words, where the question ranks words.
    """

    hits: list[dict[str, Any]]
    paragraphs: int
    documents: int
    occurrences: int
    complete: int
    facets: dict[str, list[tuple[str, int]]]
    more: dict[str, list[tuple[str, int]]]


class Columns(Protocol):
    """What an engine must offer beside postings."""

    paragraph_ids: Mapping[int, int]

    def column(self, field: str) -> list[tuple[str, ...]]: ...

    def stored(self, number: int) -> dict[str, Any]: ...


def answer_question(scores: Scores, question: Question, columns: Columns) -> Found:
    """Filter, count and order the documents of ``scores``."""
    kept, beside = _filtered(scores, question.filters, columns)
    numbers = _page(kept, question, columns)
    symbols = columns.column("symbol")
    ids = columns.paragraph_ids
    return Found(
        hits=[columns.stored(number)["stored"] for number in numbers],
        paragraphs=len(kept),
        documents=len({symbols[number] for number in kept}),
        occurrences=sum(question.counts.get(ids[number], 0) for number in kept) if question.counts else 0,
        complete=sum(1 for score in kept.values() if score >= ALL_HELD / 2),
        facets={name: _counted(kept, columns.column(name)) for name in FACETS},
        more={name: _counted(numbers, columns.column(name)) for name, numbers in beside.items()},
    )


def _filtered(
    scores: Scores, filters: tuple[Filter, ...], columns: Columns
) -> tuple[Scores, dict[str, list[int]]]:
    """The documents that pass all filters, and by field those that only the filter on that field keeps
    out.
    """
    if not filters:
        return scores, {}
    checks = [(wanted.field, wanted.values, columns.column(wanted.field)) for wanted in filters]
    kept: Scores = {}
    beside: dict[str, list[int]] = {name: [] for name, _, _ in checks if name in SINGLE}
    for number, score in scores.items():
        failed = [name for name, values, column in checks if values.isdisjoint(column[number])]
        if not failed:
            kept[number] = score
        elif len(failed) == 1 and failed[0] in beside:
            beside[failed[0]].append(number)
    return kept, beside


def _page(kept: Scores, question: Question, columns: Columns) -> list[int]:
    """The document numbers of the part of the list that is wanted."""
    end = question.start + question.size
    if question.sort == "relevance":
        return nsmallest(end, kept, key=lambda number: (-kept[number], number))[question.start :]
    symbols = columns.column("symbol")
    order = sorted(kept, key=lambda number: (symbols[number], number))
    if question.sort == "date":
        dates = columns.column("date")
        order.sort(key=dates.__getitem__, reverse=True)
    return order[question.start : end]


def _counted(numbers: Iterable[int], column: list[tuple[str, ...]]) -> list[tuple[str, int]]:
    """Values with the number of documents that have them, most first."""
    counts = Counter(value for number in numbers for value in column[number])
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
