"""The protocol of an engine: a question in values, and one answer to it, whole.

Nothing in a question calls back, and no answer needs a second one, so that an engine on other machines can be
asked in one go and answer alone: conditions are queries, concepts named queries, ``meaning`` a vector to
compare with.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

import numpy.typing as npt

from search.query.language.conditions import AnyNode, Concept, Filter, Literal
from search.query.language.vocabulary import Vocabulary

Numbers: TypeAlias = npt.NDArray[Any]

FACETS = ("year", "cites", "state", "body", "mentioned", "document_type")
LONGEST_LIST = 160  # of candidates that words find; forty may stand beside them
# The field whose greatest value stands first: of the document; of the words in this archive.
NEWEST_FIRST = {"date": "sort_date", "since": "since_revision"}


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A search request to an engine: a tree of conditions, global filters, and the wanted part of the list.

    ``sort`` is ``relevance``, ``date``, ``since`` or ``document``. By relevance candidates are reranked by
    their signals, made of the ``concepts`` of the words and of the ``meaning`` (embedding) of the query; with
    the latter, semantically near ones join them, though the tree does not match. The occurrences of
    ``phrases`` are summed over the hits. For each tree in ``counted`` the matching paragraphs are counted,
    whatever the filters; ``typed`` is a tree that matches some of the same paragraphs, and is counted under
    the same filters. ``facets`` are the fields whose values are counted, ``typed_facets`` those for
    ``typed``; ``most`` limits each to its most frequent values.
    """

    node: AnyNode
    filters: tuple[Filter, ...] = ()
    sort: str = "relevance"
    start: int = 0
    size: int = 20
    concepts: tuple[Concept, ...] = ()
    meaning: Numbers | None = None
    phrases: tuple[Literal, ...] = ()
    counted: tuple[AnyNode, ...] = ()
    typed: AnyNode | None = None
    facets: tuple[str, ...] = FACETS
    typed_facets: tuple[str, ...] = FACETS
    most: int | None = None

    @property
    def by_signals(self) -> bool:
        """True if ranking features (signals) order the list."""
        return self.sort == "relevance" and bool(self.concepts)

    @property
    def as_typed(self) -> Question:
        """The question without added terms: totals only, no list."""
        return Question(
            self.typed or self.node, self.filters, size=0, facets=self.typed_facets, most=self.most
        )


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """The candidates for reranking: the paragraphs by their keys, the ``signals`` of each in the order of
    ``signals.NAMES``, and whether only semantic search found it.
    """

    keys: Numbers
    signals: Numbers
    is_extra: Numbers


@dataclass(frozen=True, slots=True)
class Found:
    """The result of a question: a page of ``hits``, totals and ``facets`` (field → value → paragraphs).

    ``extra``: the number of paragraphs added to the list without a match (semantic search, related terms), in
    no total; ``is_extra``: for each hit whether it is one. ``facet_alternatives``: for a filtered field of
    single values, other value → paragraphs that choosing it would add. ``all_terms_count``: paragraphs that
    match all ``concepts``. ``phrases``: occurrences of each phrase in the whole archive; ``counted``: matches
    of each additional tree; ``standing``: the forms of the concepts that occur in any text; ``typed``: totals
    and facets without added terms.
    """

    hits: list[dict[str, Any]]
    paragraphs: int
    documents: int
    occurrences: int
    all_terms_count: int
    phrases: tuple[int, ...]
    facets: dict[str, list[tuple[str, int]]]
    facet_alternatives: dict[str, list[tuple[str, int]]]
    extra: int = 0
    is_extra: tuple[bool, ...] = ()
    counted: tuple[int, ...] = ()
    standing: frozenset[str] = frozenset()
    typed: Found | None = None
    candidates: Candidates | None = field(default=None, compare=False)


class Engine(Protocol):
    """Answers questions of one state of an archive; every answer is of that state."""

    @property
    def vocabulary(self) -> Vocabulary:
        """The engine's term and string statistics."""
        ...

    def ask(self, question: Question) -> Found:
        """Hits, counts and facets of ``question``, all of them or none. Raises IndexUnavailableError."""
        ...
