"""What search asks of an index, whole: five verbs, asked with values and answered with values.

    counts(conditions)   in how many paragraphs each condition holds
    sums(phrases)        how often each string stands in all texts
    slice(question)      the paragraphs that answer, in an order, from a place on, so many; with totals
    stored(ids)          what a page shows of these paragraphs
    near(meaning)        how near in meaning each paragraph is to a query

| page | asks |
|---|---|
| `/search` | ``sums`` for planning; one ``slice`` of a page, with facets and counts |
| its exports, feed, lists by document | a ``slice`` of all rows |
| offers beside an answer | ``sums`` of other writings, ``counts`` of words; all texts, for slips |
| `/concordance` | a ``slice`` of the paragraphs that hold the phrase, in which each place is found |
| `/concepts/…` | a ``slice`` of ten, with the count of each term |
| `/check`, `/…/parallels`, `/suggest` | a ``slice`` of everything, in which strings are looked up |
| `/…/similar`, `SearchQuerySet` | ``counts`` of words, a ``slice`` by score, ``stored`` |

A **slice** is all that a feature looks into: a small index of the paragraphs that came, or a larger one that
holds them, with folded texts, exact values and stored rows. The engine of this machine lends its mapped
files; one that is asked over a network makes a page of what it is sent, and keeps the texts of all for what
asks for more. It refuses that of an archive that is too large (QuestionRefusedError).
Rows are those of the slice: what two slices share is told by keys.
Conditions are values (``search.query.language.conditions``), nothing in a question calls back, and every
answer is of one state of the archive (``coverage``). All verbs raise IndexUnavailableError.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from search.engine.index.columns import Columns
from search.engine.index.coverage import Corpus, Coverage
from search.engine.index.generations import Manifest, QuestionRefusedError
from search.engine.index.literal import LiteralIndex, Occurrences
from search.query.language.conditions import AnyNode, Concept, Everything, Filter, Literal

if TYPE_CHECKING:
    from search.engine.meaning.vectors import Nearness

Numbers: TypeAlias = npt.NDArray[Any]
Stored: TypeAlias = Mapping[str, Any]  # a paragraph as the index keeps it
Texts: TypeAlias = LiteralIndex  # in which any string is looked up
Found: TypeAlias = Occurrences  # by the rows that hold it

FACETS = ("year", "cites", "state", "body", "mentioned", "document_type", "language")
LONGEST_LIST = 160  # of candidates that words find; forty may stand beside them
# The field whose greatest value stands first: of the document; of the words in this archive.
NEWEST_FIRST = {"date": "sort_date", "since": "since_revision"}
NONE: Numbers = np.empty(0, np.int64)
ALL = None  # the size of a slice of whatever matches


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A search request to an engine: a tree of conditions, global filters, and the wanted part of the list.

    ``sort`` is ``relevance``, ``date``, ``since``, ``document`` or ``rows`` (as they lie); ``size`` may be
    ``ALL``. By relevance candidates are reranked by their signals, made of the ``concepts`` of the words and
    of the ``meaning`` (embedding) of the query; with the latter, semantically near ones join a page, though
    the tree does not match. The occurrences of ``phrases`` are summed over the hits. For each tree in
    ``counted`` the matching paragraphs are counted, whatever the filters; ``typed`` is a tree that matches
    some of the same paragraphs, and is counted under the same filters. ``facets`` are the fields whose values
    are counted, ``typed_facets`` those for ``typed``; ``most`` limits each to its most frequent values.
    """

    node: AnyNode
    filters: tuple[Filter, ...] = ()
    sort: str = "relevance"
    start: int = 0
    size: int | None = 20
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
class Slice:
    """The paragraphs that came, ``rows`` in their order, as a small index: ``folded`` are their texts, in
    which strings are looked up, ``values`` their exact values and what is stored of each row; and what all
    that match amount to. ``hits`` is what is stored of the rows of a page, of ``ALL`` they are read one by
    one; ``scores`` are those of ``rows`` as they lie; ``facets``: field → value → paragraphs.

    ``extra``: the number of paragraphs added to the list without a match (semantic search, related terms), in
    no total; ``is_extra``: for each hit whether it is one. ``facet_alternatives``: for a filtered field of
    single values, other value → paragraphs that choosing it would add. ``all_terms_count``: paragraphs that
    match all ``concepts``. ``phrases``: occurrences of each phrase in the whole archive; ``counted``: matches
    of each additional tree; ``standing``: the forms of the concepts that occur in any text; ``typed``: totals
    without added terms; ``candidates``: for a list by signals.
    """

    folded: Texts = field(compare=False, repr=False)
    values: Columns = field(compare=False, repr=False)
    rows: Numbers = field(compare=False, repr=False)
    scores: Numbers = field(default_factory=lambda: NONE, compare=False, repr=False)
    hits: list[dict[str, Any]] = field(default_factory=list)
    paragraphs: int = 0
    documents: int = 0
    occurrences: int = 0
    all_terms_count: int = 0
    phrases: tuple[int, ...] = ()
    facets: Mapping[str, list[tuple[str, int]]] = field(default_factory=dict)
    facet_alternatives: Mapping[str, list[tuple[str, int]]] = field(default_factory=dict)
    extra: int = 0
    is_extra: tuple[bool, ...] = ()
    counted: tuple[int, ...] = ()
    standing: frozenset[str] = frozenset()
    typed: Slice | None = None
    candidates: Candidates | None = field(default=None, compare=False)

    def stored(self, row: int) -> dict[str, Any]:
        """Returns the stored fields of a paragraph. Raises IndexUnavailableError if unreadable."""
        return self.values.stored(row)


class Index(Hashable, Protocol):
    """One state of an archive, open for questions. ``name`` is that of its rows and their order; ``size`` the
    number of its paragraphs, ``years`` those of its documents; ``manifest`` has reference data for results;
    ``coverage`` is what of the archive it answers for, ``corpus`` the same as an answer tells it.
    """

    @property
    def manifest(self) -> Manifest: ...

    @property
    def coverage(self) -> Coverage: ...

    @property
    def name(self) -> str: ...

    @property
    def size(self) -> int: ...

    @property
    def years(self) -> tuple[str, ...]: ...

    @property
    def corpus(self) -> Corpus: ...

    def counts(self, conditions: Sequence[AnyNode]) -> list[int]:
        """Returns in how many paragraphs each of ``conditions`` holds."""
        ...

    def sums(self, phrases: Sequence[str]) -> list[int]:
        """Returns how often each of ``phrases`` stands in all texts after folding, from left to right without
        overlap: certain, as a plain scan counts.
        """
        ...

    def slice(self, question: Question) -> Slice:
        """Returns the paragraphs that answer ``question``, with all counts that it asks for, or nothing."""
        ...

    def stored(self, ids: Sequence[int]) -> list[Stored]:
        """Returns what is stored of the paragraphs with these keys; those that it has not are left out."""
        ...

    def near(self, meaning: Numbers) -> Nearness:
        """Returns how near each paragraph is to ``meaning``; a list takes no more than forty of them."""
        ...


def holding(index: Index, node: AnyNode) -> Slice:
    """Returns all paragraphs in which ``node`` holds, as they lie."""
    return index.slice(Question(node, sort="rows", size=ALL, facets=()))


def every_text(index: Index) -> Slice | None:
    """Returns all paragraphs, in whose texts any string is looked up; None where they are too many."""
    try:
        return holding(index, Everything())
    except QuestionRefusedError:
        return None
