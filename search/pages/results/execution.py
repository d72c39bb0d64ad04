"""Execution of a search on the live index: a page of its list, by number or cursor, or the whole in order."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from django.utils.translation import gettext as _

from archive.site.http.paging import ANCHORS_BACK, BadRequestError, place_left, read, signed
from search.engine.live.index import live_index
from search.engine.meaning.model import meaning_of_query
from search.engine.protocol import ALL, FACETS, NEWEST_FIRST, Index, Question, Slice, Stored, holding
from search.engine.slices.occurrences import Places, beside
from search.query.language.conditions import AnyOf, Filter, as_typed
from search.query.language.request import Asked, AskedLines
from search.query.planning.names import Names
from search.query.planning.planner import Understood, interpret
from search.query.thesaurus.table import thesaurus_at

PAGE_SIZE = 20
GROUPS_A_PAGE, HITS_OF_A_GROUP = 10, 3
MOST_VALUES = 100  # of a facet of a page, more than there are years: each is a link


@dataclass(frozen=True, slots=True)
class Page:
    """A page of ``size`` of a list of ``listed``; ``start`` is its offset, ``following`` the cursor of the
    next one, empty on the last. ``found`` is None for an empty query; a list by document has ``groups``: the
    first paragraphs of each document, and the number it has.
    """

    start: int
    size: int
    listed: int = 0
    found: Slice | None = None
    following: str = ""
    groups: tuple[tuple[tuple[Stored, ...], int], ...] = ()

    @property
    def number(self) -> int:
        return self.start // self.size + 1

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.listed // self.size))


def understand(asked: Asked, index: Index) -> Understood:
    """Plans the query and all filters for ``index``."""
    thesaurus = thesaurus_at(index.coverage.revision).without(asked.without)
    names = Names(index.manifest.names)
    return interpret(asked, lambda string: index.sums([string])[0], names, thesaurus)


def execute(understood: Understood, index: Index, every_value: bool = True) -> Page:
    """Returns the requested page. Raises BadRequestError where its cursor belongs to another list."""
    if understood.asked.group:
        return _by_document(understood, index, every_value)
    return _by_paragraph(understood, index, every_value)


def _by_paragraph(understood: Understood, index: Index, every_value: bool) -> Page:
    asked = understood.asked
    start = start_of(index, asked, PAGE_SIZE, lambda: every_row(index, understood))
    if understood.plan.node is None:
        return Page(start, PAGE_SIZE)
    found = index.slice(question_of(understood, start, PAGE_SIZE, every_value))
    listed, end = found.paragraphs + found.extra, start + len(found.hits)  # those near in meaning among them
    goes_on = found.hits and end < listed
    following = cursor_of(index, asked, found, int(found.rows[-1]), end) if goes_on else ""
    return Page(start, PAGE_SIZE, listed, found, following)


def _by_document(understood: Understood, index: Index, every_value: bool) -> Page:
    """Documents in the order of their first hit, each with its first few hits."""
    asked = understood.asked
    found = index.slice(replace(question_of(understood, every_value=every_value), size=ALL))
    documents = by_document(found)
    firsts = replace(found, rows=np.array([rows[0] for rows in documents], np.int64))
    start = start_of(index, asked, GROUPS_A_PAGE, lambda: firsts)
    end = start + GROUPS_A_PAGE
    shown = documents[start:end]
    following = cursor_of(index, asked, found, int(shown[-1][0]), end) if end < len(documents) else ""
    groups = tuple((tuple(map(found.stored, rows[:HITS_OF_A_GROUP].tolist())), len(rows)) for rows in shown)
    told = found if understood.plan.node is not None else None
    return Page(start, GROUPS_A_PAGE, len(documents), told, following, groups)


def question_of(understood: Understood, start: int = 0, size: int = 0, every_value: bool = True) -> Question:
    """Builds the question to an index; an empty query finds nothing."""
    asked, plan = understood.asked, understood.plan
    node = plan.node or AnyOf(())
    return Question(
        node,
        understood.filters,
        asked.sort,
        start,
        size,
        concepts=plan.concepts,
        meaning=meaning_of_query(plan.meant) if plan.meant and asked.sort == "relevance" else None,
        phrases=tuple(plan.phrases.values()),
        counted=(*(node for _, node in plan.parts), *(one.concept for one in plan.named)),
        typed=as_typed(node) if any(one.same or one.narrower for one in plan.concepts) else None,
        typed_facets=FACETS if every_value else (),
        most=None if every_value else MOST_VALUES + 1,  # one more, to tell whether there are more
    )


def every_row(index: Index, understood: Understood) -> Slice:
    """Returns all matching rows, in the requested order; none for an empty query."""
    whole = question_of(understood)
    return index.slice(replace(whole, size=ALL, phrases=(), counted=(), typed=None, facets=()))


def by_document(found: Slice) -> list[np.ndarray]:
    """Returns the rows by document, one array for each, in the order of their first rows."""
    documents = found.folded.documents[found.rows]
    _known, first, group = np.unique(documents, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first, kind="stable")] = np.arange(len(first))
    of_row = rank[group]
    order = np.argsort(of_row, kind="stable")
    ends = np.cumsum(np.bincount(of_row, minlength=len(first)))
    return np.split(found.rows[order], ends[:-1]) if len(documents) else []


# Pagination of ordered lists of the index: by page number, or by cursor.
# Lists by date, by document, by time of arrival, and every concordance have a stable sort key: a cursor
# contains the key of the last item, and an import between two pages neither repeats nor loses any.
# Relevance has none, for each new document changes all scores: there a cursor names the state of the index
# that it was made from, and ends with it.

RELEVANCE = "relevance"
BEHIND = 1 << 40  # every offset in a paragraph


class ExpiredCursorError(BadRequestError):
    """The order that a cursor belongs to is no more."""

    status = 410


def list_name(asked: Asked | AskedLines) -> str:
    """Returns the identifier of a list, the same on each of its pages."""
    return repr(replace(asked, page=1, after=""))


def index_of(asked: Asked) -> Index:
    """Returns the live index. Raises ExpiredCursorError where a cursor of relevance was made from another,
    and BadRequestError for a cursor of another list.
    """
    index = live_index()
    if asked.after and asked.sort == RELEVANCE and _values(asked)[0] != index.name:
        raise ExpiredCursorError(
            _(
                "这个翻页标记所属的索引已经换代，按相关排列的次序已变。请从头再取，或用sort=date、sort=document，"
                "它们的翻页标记不受入库影响。"
            )
        )
    return index


def start_of(index: Index, asked: Asked, size: int, every: Callable[[], Slice]) -> int:
    """Returns the offset of the page's first item in ``every`` row of the list. Raises BadRequestError."""
    if not asked.after:
        return (asked.page - 1) * size
    if asked.sort == RELEVANCE:
        return _values(asked)[1]
    found = every()
    key = _row_key(found, asked.sort)
    return bisect_right(found.rows, _as_it_stands(index, _values(asked)), key=lambda row: key(int(row)))


def cursor_of(index: Index, asked: Asked, found: Slice, row: int, end: int) -> str:
    """Returns the cursor behind ``row``, with which the first ``end`` of the list are read."""
    if asked.sort == RELEVANCE:
        return signed(list_name(asked), (index.name, end))
    return signed(list_name(asked), (*_row_key(found, asked.sort)(row), 0, _anchors_back(index, found, row)))


def start_of_lines(index: Index, asked: AskedLines, size: int, found: Slice, lines: Places) -> int:
    """Returns the offset of the page's first concordance line. Raises BadRequestError."""
    if not asked.after:
        return (asked.page - 1) * size
    key = _line_key(found, asked.sort, lines)
    return bisect_right(range(len(lines)), _as_it_stands(index, _values(asked)), key=key)


def cursor_of_line(index: Index, asked: AskedLines, found: Slice, lines: Places, number: int) -> str:
    """Returns the cursor behind line ``number``, from 0."""
    anchors = _anchors_back(index, found, lines.place(number).row)
    return signed(list_name(asked), (*_line_key(found, asked.sort, lines)(number), anchors))


def _values(asked: Asked | AskedLines) -> tuple:
    return read(asked.after, list_name(asked))


def _anchors_back(index: Index, found: Slice, row: int) -> list[str]:
    """Returns the anchors of the row and of some before it in its document, backwards."""
    document = _document_of(index, int(found.folded.documents[row]))
    (own,) = document.folded.rows_of([found.folded.ids[row]])
    before = document.rows[document.rows <= own][: -ANCHORS_BACK - 1 : -1]
    return [document.stored(one)["anchor"] for one in before.tolist()]


def _document_of(index: Index, document: int) -> Slice:
    return holding(index, Filter("document", frozenset([str(document)])))


def _as_it_stands(index: Index, values: tuple) -> tuple:
    """Returns the sort key of a cursor's item at present. Where its document was parsed anew, the nearest of
    its anchors that remains gives the position.
    """
    *order, document, position, offset, anchors = values
    found = _document_of(index, document)
    stored = {row["anchor"]: row["position"] for row in map(found.stored, found.rows.tolist())}
    if stored and anchors[0] not in stored:
        position, offset = place_left(anchors, stored, position), BEHIND
    return (*order, document, stored.get(anchors[0], position), offset)


def _row_key(found: Slice, sort: str) -> Callable[[int], tuple]:
    """Returns the sort key of rows, the same in the next generation (``engine.embedded.ordered``)."""

    def key(row: int) -> tuple:
        stored = found.stored(row)
        place = (stored["symbol"], int(found.folded.documents[row]), stored["position"])
        return (_newest_first(stored[NEWEST_FIRST[sort]]), *place) if sort in NEWEST_FIRST else place

    return key


def _newest_first(value: str) -> int:
    """Rises as ``value`` (a date or a revision, always as long) falls; without one after all others."""
    return -int("".join(filter(str.isdigit, value)) or 0)


def _line_key(found: Slice, sort: str, lines: Places) -> Callable[[int], tuple]:
    """Returns the sort key of a phrase's places: by left or right context, or by row; then by place."""
    beside_it = sort in ("right", "left")
    row_key = _row_key(found, "document" if beside_it else sort)

    def key(number: int) -> tuple:
        place = lines.place(number)
        in_row = row_key(place.row)
        if beside_it:  # rows lie in the order of their documents' numbers
            return (*beside(lines, number, sort == "right"), *in_row[1:], place.offset)
        return (*in_row, place.offset)

    return key
