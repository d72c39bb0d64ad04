"""Execution of a search on the live index: a page of its list, by number or cursor, or the whole in order."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from haystack.constants import DJANGO_ID

from archive.site.http.paging import ANCHORS_BACK, BadRequestError, place_left, read, signed
from search.engine.index.occurrences import Places, beside
from search.engine.live.index import OpenIndex, generation, live_index
from search.engine.meaning.model import meaning_of_query
from search.engine.searcher.protocols import FACETS, NEWEST_FIRST, Found, Question
from search.query.language.conditions import as_typed
from search.query.language.request import Asked, AskedLines
from search.query.planning.names import names_of
from search.query.planning.planner import Understood, interpret
from search.query.thesaurus.table import thesaurus_at

PAGE_SIZE = 20
GROUPS_A_PAGE, HITS_OF_A_GROUP = 10, 3
MOST_VALUES = 100  # of a facet of a page, more than there are years: each is a link

Stored = Mapping[str, Any]  # a paragraph as the index keeps it


@dataclass(frozen=True, slots=True)
class Page:
    """A page of ``size`` of a list of ``listed``; ``start`` is its offset, ``following`` the cursor of the
    next one, empty on the last. ``found`` is None for an empty query; a list by document has ``groups``: the
    first paragraphs of each document, and the number it has.
    """

    start: int
    size: int
    listed: int = 0
    found: Found | None = None
    following: str = ""
    groups: tuple[tuple[tuple[Stored, ...], int], ...] = ()

    @property
    def number(self) -> int:
        return self.start // self.size + 1

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.listed // self.size))


def understand(asked: Asked, index: OpenIndex) -> Understood:
    """Plans the query and all filters for ``index``."""
    thesaurus = thesaurus_at(index.coverage.revision).without(asked.without)
    return interpret(asked, index.vocabulary, names_of(index.manifest.names), thesaurus)


def execute(understood: Understood, index: OpenIndex, every_value: bool = True) -> Page:
    """Returns the requested page. Raises BadRequestError where its cursor belongs to another list."""
    if understood.asked.group:
        return _by_document(understood, index, every_value)
    return _by_paragraph(understood, index, every_value)


def _by_paragraph(understood: Understood, index: OpenIndex, every_value: bool) -> Page:
    asked = understood.asked
    start = start_of(index, asked, PAGE_SIZE, lambda: rows_in_order(index, understood))
    if understood.plan.node is None:
        return Page(start, PAGE_SIZE)
    found = index.ask(question_of(understood, start, PAGE_SIZE, every_value))
    listed, end = found.paragraphs + found.extra, start + len(found.hits)  # those near in meaning among them
    goes_on = found.hits and end < listed
    following = cursor_of(index, asked, row_of(index, found.hits[-1]), end) if goes_on else ""
    return Page(start, PAGE_SIZE, listed, found, following)


def _by_document(understood: Understood, index: OpenIndex, every_value: bool) -> Page:
    """Documents in the order of their first hit, each with its first few hits."""
    asked, documents = understood.asked, rows_by_document(index, understood)
    start = start_of(index, asked, GROUPS_A_PAGE, lambda: [rows[0] for rows in documents])
    found = index.ask(question_of(understood, every_value=every_value)) if understood.plan.node else None
    end = start + GROUPS_A_PAGE
    shown = documents[start:end]
    following = cursor_of(index, asked, int(shown[-1][0]), end) if end < len(documents) else ""
    groups = tuple((_stored(index, rows[:HITS_OF_A_GROUP]), len(rows)) for rows in shown)
    return Page(start, GROUPS_A_PAGE, len(documents), found, following, groups)


def _stored(index: OpenIndex, rows: np.ndarray) -> tuple[Stored, ...]:
    return tuple(map(index.columns.stored, rows.tolist()))


def question_of(understood: Understood, start: int = 0, size: int = 0, every_value: bool = True) -> Question:
    """Builds the question to an engine; the plan must have a condition."""
    asked, plan = understood.asked, understood.plan
    assert plan.node is not None
    return Question(
        plan.node,
        understood.filters,
        asked.sort,
        start,
        size,
        concepts=plan.concepts,
        meaning=meaning_of_query(plan.meant) if plan.meant and asked.sort == "relevance" else None,
        phrases=tuple(plan.phrases.values()),
        counted=(*(node for _, node in plan.parts), *(one.concept for one in plan.named)),
        typed=as_typed(plan.node) if any(one.same or one.narrower for one in plan.concepts) else None,
        typed_facets=FACETS if every_value else (),
        most=None if every_value else MOST_VALUES + 1,  # one more, to tell whether there are more
    )


def rows_in_order(index: OpenIndex, understood: Understood) -> np.ndarray:
    """Returns all matching rows, in the requested order; none for an empty query."""
    if understood.plan.node is None:
        return np.empty(0, np.int64)
    return index.here.rows(question_of(understood))


def rows_by_document(index: OpenIndex, understood: Understood) -> list[np.ndarray]:
    """Returns all matching rows by document, one array for each, in the order of their first rows."""
    rows = rows_in_order(index, understood)
    documents = index.literal.documents[rows]
    _known, first, group = np.unique(documents, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first, kind="stable")] = np.arange(len(first))
    of_row = rank[group]
    order = np.argsort(of_row, kind="stable")
    ends = np.cumsum(np.bincount(of_row, minlength=len(first)))
    return np.split(rows[order], ends[:-1]) if len(rows) else []


# Pagination of ordered lists of the index: by page number, or by cursor.
# Lists by date, by document, by time of arrival, and every concordance have a stable sort key: a cursor
# contains the key of the last item, and an import between two pages neither repeats nor loses any.
# Relevance has none, for each new document changes all scores: there a cursor names the generation of the
# index that it was made from, which goes on answering as long as it is kept and nothing of it was changed
# or withdrawn.

RELEVANCE = "relevance"
BEHIND = 1 << 40  # every offset in a paragraph


class ExpiredCursorError(BadRequestError):
    """The order that a cursor belongs to is no more."""

    status = 410


def list_name(asked: Asked | AskedLines) -> str:
    """Returns the identifier of a list, the same on each of its pages."""
    return repr(replace(asked, page=1, after=""))


def index_of(asked: Asked) -> OpenIndex:
    """Returns the live index; or the one that a cursor of relevance was made from.

    Raises ExpiredCursorError where that is no more, and BadRequestError for a cursor of another list.
    """
    if not asked.after or asked.sort != RELEVANCE:
        return live_index()
    index = generation(str(_values(asked)[0]))
    if index is None:
        raise ExpiredCursorError(
            _(
                "这个翻页标记所属的索引已经换代，按相关排列的次序已变。请从头再取，或用sort=date、sort=document，"
                "它们的翻页标记不受入库影响。"
            )
        )
    return index


def start_of(
    index: OpenIndex, asked: Asked, size: int, rows: Callable[[], Sequence[int] | np.ndarray]
) -> int:
    """Returns the offset of the page's first item in ``rows``, the ordered list. Raises BadRequestError."""
    if not asked.after:
        return (asked.page - 1) * size
    if asked.sort == RELEVANCE:
        return _values(asked)[1]
    key = _row_key(index, asked.sort)
    return bisect_right(rows(), _as_it_stands(index, _values(asked)), key=lambda row: key(int(row)))


def cursor_of(index: OpenIndex, asked: Asked, row: int, end: int) -> str:
    """Returns the cursor behind ``row``, with which the first ``end`` of the list are read."""
    if asked.sort == RELEVANCE:
        return signed(list_name(asked), (index.name, end))
    return signed(list_name(asked), (*_row_key(index, asked.sort)(row), 0, _anchors_back(index, row)))


def row_of(index: OpenIndex, stored: Mapping[str, Any]) -> int:
    """Returns the row of the index of which this is ``stored``."""
    return int(np.flatnonzero(index.literal.ids == int(stored[DJANGO_ID]))[0])


def start_of_lines(index: OpenIndex, asked: AskedLines, size: int, lines: Places) -> int:
    """Returns the offset of the page's first concordance line. Raises BadRequestError."""
    if not asked.after:
        return (asked.page - 1) * size
    key = _line_key(index, asked.sort, lines)
    return bisect_right(range(len(lines)), _as_it_stands(index, _values(asked)), key=key)


def cursor_of_line(index: OpenIndex, asked: AskedLines, lines: Places, number: int) -> str:
    """Returns the cursor behind line ``number``, from 0."""
    key, anchors = _line_key(index, asked.sort, lines)(number), _anchors_back(index, lines[number].row)
    return signed(list_name(asked), (*key, anchors))


def _values(asked: Asked | AskedLines) -> tuple:
    return read(asked.after, list_name(asked))


def _anchors_back(index: OpenIndex, row: int) -> list[str]:
    """Returns the anchors of the row and of some before it in its document, backwards."""
    rows = range(row, max(-1, row - ANCHORS_BACK), -1)
    documents = index.literal.documents
    return [index.columns.stored(one)["anchor"] for one in rows if documents[one] == documents[row]]


def _as_it_stands(index: OpenIndex, values: tuple) -> tuple:
    """Returns the sort key of a cursor's item at present. Where its document was parsed anew, the nearest of
    its anchors that remains gives the position.
    """
    *order, document, position, offset, anchors = values
    rows = np.flatnonzero(index.literal.documents == document).tolist()
    stored = {row["anchor"]: row["position"] for row in map(index.columns.stored, rows)}
    if rows and anchors[0] not in stored:
        position, offset = place_left(anchors, stored, position), BEHIND
    return (*order, document, stored.get(anchors[0], position), offset)


def _row_key(index: OpenIndex, sort: str) -> Callable[[int], tuple]:
    """Returns the sort key of rows, the same in the next generation (``engine.embedded.ordered``)."""

    def key(row: int) -> tuple:
        stored = index.columns.stored(row)
        place = (stored["symbol"], int(index.literal.documents[row]), stored["position"])
        return (_newest_first(stored[NEWEST_FIRST[sort]]), *place) if sort in NEWEST_FIRST else place

    return key


def _newest_first(value: str) -> int:
    """Rises as ``value`` (a date or a revision, always as long) falls; without one after all others."""
    return -int("".join(filter(str.isdigit, value)) or 0)


def _line_key(index: OpenIndex, sort: str, lines: Places) -> Callable[[int], tuple]:
    """Returns the sort key of a phrase's places: by left or right context, or by row; then by place."""
    beside_it = sort in ("right", "left")
    row_key = _row_key(index, "document" if beside_it else sort)

    def key(number: int) -> tuple:
        place = lines[number]
        in_row = row_key(place.row)
        if beside_it:  # rows lie in the order of their documents' numbers
            return (*beside(lines, number, sort == "right"), *in_row[1:], place.offset)
        return (*in_row, place.offset)

    return key
