"""Pagination of ordered lists of the index: by page number, or by cursor.

Lists by date, by document, by time of arrival, and every concordance have a stable sort key: a cursor
contains the key of the last item, and an import between two pages neither repeats nor loses any. Relevance
has none, for each new document changes all scores: there a cursor names the generation of the index that it
was made from, which goes on answering as long as it is kept and nothing of it was changed or withdrawn.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from haystack.constants import DJANGO_ID

from archive.http.paging import ANCHORS_BACK, BadRequestError, cursors_of_this_list, place_left, read, signed
from search.engine.protocols import NEWEST_FIRST
from search.index.occurrences import Places, beside
from search.live.index import OpenIndex, generation, live_index
from search.query.request import Asked, AskedLines

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
    with cursors_of_this_list():
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
