"""Pagination of long lists, by page number or cursor, with plain answers to invalid parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from archive.http.addresses import ordered_query
from archive.http.cursors import CursorError, Rows, cursor_after, has_cursors, rows_after
from archive.http.parameters import LONGEST_TEXT, PLACES
from archive.values import Schema


class ListPage(Schema, frozen=True, kw_only=True):
    """A page of a list; ``next`` is the address of the following one, null at the end."""

    number: int
    pages: int
    total: int
    next: str | None

    # What stands on it, and the addresses of its neighbours for people: query strings, or empty.
    items: ClassVar[Sequence]
    previous_page: ClassVar[str]
    next_page: ClassVar[str]
    first_page: ClassVar[str]


ENDINGS = (".json", ".csv", ".xlsx", ".atom")


class BadRequestError(Exception):
    """A parameter of the address makes no sense. ``str()`` is a message for the reader, in Chinese."""

    status = 400


class NoSuchPageError(BadRequestError):
    """A page number beyond the end of the list."""

    status = 404


def paginate(
    request: HttpRequest,
    rows: QuerySet | Rows,
    size: int,
    key: Callable[[Any], tuple] | None = None,
    parameter: str = "after",
    behind: Callable[[tuple], QuerySet] | None = None,
    total: int | None = None,
) -> ListPage:
    """Returns the page of ``rows`` that ``?page=`` names, or that follows the cursor in ``parameter``.

    ``key`` is the sort key of ``rows`` where they are no plain queryset: a tuple of texts and numbers, unique
    to each row. ``behind`` returns the rows that follow such a tuple where they cannot be sliced. ``total``
    is the number of rows, where that was counted already. Raises NoSuchPageError and BadRequestError.
    """
    if total is None:
        total = rows.count() if isinstance(rows, QuerySet) else len(rows)
    pages = max(1, -(-total // size))
    name = list_name(request)
    if cursor := cursor_parameter(request.GET, parameter):
        with cursors_of_this_list():
            left_over = rows_after(rows, cursor, key, name, behind)
        left = left_over.count() if isinstance(left_over, QuerySet) else len(left_over)
        number = min((total - left) // size + 1, pages)
        items, more = list(left_over[:size]), left > size
    else:
        number = page_parameter(request, pages)
        items, more = list(rows[(number - 1) * size : number * size]), number < pages
    following = None
    if more:
        # By cursor, which holds whatever comes in between; by number where the list has no cursors.
        by_cursor = has_cursors(rows, key)
        place = {parameter: cursor_after(rows, items, key, name)} if by_cursor else {"page": number + 1}
        following = request.path + with_place(request, **place)
    return ListPage(number=number, pages=pages, total=total, next=following).carrying(
        items=items,
        previous_page=_with_page(request, number - 1) if number > 1 else "",
        next_page=_with_page(request, number + 1) if number < pages else "",
        first_page=_with_page(request, 1) if number > 1 else "",
    )


def list_name(request: HttpRequest) -> str:
    """Returns the identifier of a list: its address without ending, position and order of parameters."""
    path = request.path
    for ending in ENDINGS:
        path = path.removesuffix(ending)
    given = sorted((name, sorted(values)) for name, values in request.GET.lists() if name not in PLACES)
    return repr((path, given))


def cursor_parameter(parameters: QueryDict, name: str = "after") -> str:
    """Returns the cursor in the address, or "". Raises BadRequestError where a page is asked for too."""
    cursor = parameters.get(name, "")
    if cursor and "page" in parameters:
        raise BadRequestError(_("页码和翻页标记只能用一个。"))
    return cursor


@contextmanager
def cursors_of_this_list() -> Iterator[None]:
    """Says in words, as BadRequestError, that a cursor is none of the list's."""
    try:
        yield
    except CursorError as error:
        raise BadRequestError(_("翻页标记不是这个列表给出的。")) from error


def page_parameter(request: HttpRequest, pages: int) -> int:
    """Returns the requested page number. Raises BadRequestError, NoSuchPageError."""
    asked = request.GET.get("page", "1")
    if not (asked.isascii() and asked.isdigit() and 0 < len(asked) < 9):
        raise BadRequestError(_("页码“%(page)s”不是数字。") % {"page": asked[:20]})
    if not 1 <= int(asked) <= pages:
        raise NoSuchPageError(
            _("没有第%(page)s页：这个列表共%(pages)s页。") % {"page": int(asked), "pages": pages}
        )
    return int(asked)


def _with_page(request: HttpRequest, number: int) -> str:
    return with_place(request, page=number if number > 1 else "") or request.path


def with_place(request: HttpRequest, **places: str | int) -> str:
    """Returns the query string of the request with another place in the list."""
    query = request.GET.copy()
    for name in PLACES:
        query.pop(name, None)
    query.update({name: str(value) for name, value in places.items() if value})
    return ordered_query(dict(query.lists()))


def year_parameter(request: HttpRequest) -> int | None:
    """Returns the year in the address, None where there is none. Raises BadRequestError."""
    value = request.GET.get("year", "")
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) == 4):
        raise BadRequestError(_("“%(value)s”不是年份，年份是四位数字。") % {"value": value[:20]})
    return int(value)


def choice_parameter(request: HttpRequest, name: str, choices: Mapping[str, object], what: object) -> str:
    """Returns a parameter that must be one of ``choices``; "" if absent. Raises BadRequestError."""
    value = request.GET.get(name, "")
    if value and value not in choices:
        raise BadRequestError(_("没有这样的%(what)s：“%(value)s”。") % {"what": what, "value": value[:40]})
    return value


def text_parameter(request: HttpRequest, name: str) -> str:
    """Returns the value of a free parameter. Raises BadRequestError where it is too long to be meant."""
    value = request.GET.get(name, "").strip()
    if len(value) > LONGEST_TEXT or "\x00" in value:
        raise BadRequestError(_("筛选条件“%(name)s”的内容无法理解。") % {"name": name})
    return value
