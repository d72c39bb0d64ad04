"""Pagination of long lists, by page number or cursor, with plain answers to invalid parameters."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple, Protocol, cast

from django.core.signing import BadSignature, Signer
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.db.models.query import ModelIterable, ValuesIterable
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from archive.site.http.formats import endings_of
from archive.site.http.parameters import LONGEST_TEXT, PLACES
from archive.store.addresses.paths import ordered_query
from archive.store.values import Schema


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
        left_over = rows_after(rows, cursor, key, name, behind)
        left = left_over.count() if isinstance(left_over, QuerySet) else len(left_over)
        number = min((total - left) // size + 1, pages)
        items, more = list(left_over[:size]), left > size
    else:
        number = page_number(request.GET)
        check_page(number, pages)
        items, more = list(rows[(number - 1) * size : number * size]), number < pages
    following = None
    if more:
        # By cursor, which holds whatever comes in between; by number where the list has no cursors.
        by_cursor = has_cursors(rows, key)
        place = {parameter: cursor_after(rows, items, key, name)} if by_cursor else {"page": number + 1}
        following = request.path + with_place(request, **place)
    return list_page(request, number, pages, total, following).carrying(items=items)


def list_page(
    request: HttpRequest, number: int, pages: int, total: int, following: str | None = None
) -> ListPage:
    """Returns page ``number`` of a list, with the addresses of its neighbours."""
    return ListPage(number=number, pages=pages, total=total, next=following).carrying(
        previous_page=_with_page(request, number - 1) if number > 1 else "",
        next_page=_with_page(request, number + 1) if number < pages else "",
        first_page=_with_page(request, 1) if number > 1 else "",
    )


def list_name(request: HttpRequest) -> str:
    """Returns the identifier of a list: its address without ending, position and order of parameters."""
    path = request.path
    for ending in endings_of("page"):
        path = path.removesuffix(ending)
    given = sorted((name, sorted(values)) for name, values in request.GET.lists() if name not in PLACES)
    return repr((path, given))


def cursor_parameter(parameters: QueryDict, name: str = "after") -> str:
    """Returns the cursor in the address, or "". Raises BadRequestError where a page is asked for too."""
    cursor = parameters.get(name, "")
    if cursor and "page" in parameters:
        raise BadRequestError(_("页码和翻页标记只能用一个。"))
    return cursor


def page_number(parameters: QueryDict) -> int:
    """Returns the number of the requested page. Raises BadRequestError where it is none, or 0."""
    asked = parameters.get("page") or "1"
    if not (asked.isascii() and asked.isdigit() and 0 < len(asked) < 9):
        raise BadRequestError(_("页码“%(page)s”不是数字。") % {"page": asked[:20]})
    if not int(asked):
        raise NoSuchPageError(_("没有第0页：页码从1起。"))
    return int(asked)


def check_page(number: int, pages: int) -> None:
    """Raises NoSuchPageError, with words for the reader, where a list of ``pages`` has no such page."""
    if number > pages:
        raise NoSuchPageError(
            _("没有第%(page)s页：这个列表共%(pages)s页。") % {"page": number, "pages": pages}
        )


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


# Stable pagination: a cursor names the last row that was read, and the next page begins behind it.

NOTHING = Q(pk__in=[])
ANCHORS_BACK = 5  # paragraphs by which a place in a document is found again


class CursorError(BadRequestError):
    """A cursor that this list never gave out."""

    def __init__(self) -> None:
        super().__init__(_("翻页标记不是这个列表给出的。"))


class Key(NamedTuple):
    """One of the fields by which rows are sorted."""

    name: str
    descending: bool
    nulls_last: bool


class Rows(Protocol):
    """A lazily read sequence that can be paginated."""

    def __len__(self) -> int: ...

    def __getitem__(self, wanted: slice, /) -> Sequence: ...


def has_cursors(rows: QuerySet | Rows, key: Callable | None = None) -> bool:
    """Returns True if ``rows`` can be paginated by cursor: sorted by a key, or a query of named fields."""
    if key is not None or not isinstance(rows, QuerySet):
        return key is not None
    return not rows.query.combinator and rows._iterable_class in (ModelIterable, ValuesIterable)


def cursor_after(
    rows: QuerySet | Rows, page: Sequence, key: Callable[[Any], tuple] | None = None, name: str = ""
) -> str:
    """Returns the cursor behind a ``page`` of ``rows``; ``key`` is what a sequence is sorted by."""
    if key is not None:
        return signed(name, key(page[-1]))
    rows = cast(QuerySet, rows)
    keys = sort_keys(rows)
    values = [_plain(_value(page[-1], key.name)) for key in keys]
    return signed(_name(keys), [*values, _anchors_back(page)] if _placed(rows, keys) else values)


def rows_after(
    rows: QuerySet | Rows,
    cursor: str,
    key: Callable[[Any], tuple] | None = None,
    name: str = "",
    behind: Callable[[tuple], QuerySet] | None = None,
) -> QuerySet | Sequence:
    """Returns the ``rows`` behind the row that ``cursor`` names. Raises CursorError."""
    if not has_cursors(rows, key):
        raise CursorError
    if behind is not None:
        return behind(read(cursor, name))
    if key is not None:
        return rows[bisect_right(cast(Sequence, rows), read(cursor, name), key=key) :]
    rows = cast(QuerySet, rows)
    keys = sort_keys(rows)
    values: Sequence[Any] = read(cursor, _name(keys))
    if _placed(rows, keys):
        values = _as_it_stands(rows, values)
    return rows.filter(_behind(keys, values))


def _placed(rows: QuerySet, keys: Sequence[Key]) -> bool:
    """Returns True if ``rows`` are paragraphs whose last sort keys are document and position."""
    last = [key.name for key in keys[-2:]]
    return last == ["document_id", "position"] and rows._iterable_class is ModelIterable


def _anchors_back(page: Sequence[Any]) -> list[str]:
    """Returns the anchors of the last paragraph of a page and of those before it in its document, backwards.

    They are filled up where the document may have begun on an earlier page: see ``place_left``.
    """
    of_document = [row for row in page if row.document_id == page[-1].document_id]
    anchors = [row.anchor for row in reversed(of_document)][:ANCHORS_BACK]
    began_here = len(of_document) < len(page)
    return anchors if began_here else anchors + [""] * (ANCHORS_BACK - len(anchors))


def _as_it_stands(rows: QuerySet, values: Sequence[Any]) -> list[Any]:
    """Returns the present values of a cursor whose document was parsed anew, with other positions under the
    same anchors: the nearest of them that remains gives the position.
    """
    *values, position, anchors = values
    placed = rows.model._default_manager.filter(document=values[-1], anchor__in=anchors).order_by()
    positions = dict(placed.values_list("anchor", "position"))
    return [*values, place_left(anchors, positions, position)]


def place_left(anchors: Sequence[str], positions: Mapping[str, int], position: int) -> int:
    """Returns the position of the first of ``anchors`` that is left; the document's beginning where these
    were all from there on; else where the first was.
    """
    left = (positions[anchor] for anchor in anchors if anchor in positions)
    return next(left, -1 if len(anchors) < ANCHORS_BACK else position)


def signed(name: str, values: Sequence[Any]) -> str:
    """Returns ``values`` as a cursor of the list ``name``."""
    return _signer(name).sign_object(list(values))


def read(cursor: str, name: str) -> tuple:
    """Returns the values of a cursor of the list ``name``. Raises CursorError."""
    try:
        return tuple(_signer(name).unsign_object(cursor))
    except (BadSignature, ValueError) as error:
        raise CursorError from error


def sort_keys(rows: QuerySet) -> list[Key]:
    """Returns the fields by which ``rows`` are sorted; the last must be unique.

    >>> from archive.models import Document
    >>> [tuple(key) for key in sort_keys(Document.objects.newest_first())]
    [('sort_date', True, True), ('symbol', False, False)]
    """
    return [_key(given) for given in rows.query.order_by or rows.model._meta.ordering]


def _key(given: object) -> Key:
    if isinstance(given, str):
        return Key(given.removeprefix("-"), given.startswith("-"), False)
    if isinstance(given, OrderBy) and isinstance(given.expression, F):
        return Key(given.expression.deconstruct()[1][0], given.descending, bool(given.nulls_last))
    raise TypeError(f"no cursor for rows sorted by {given!r}")


def _behind(keys: Sequence[Key], values: Sequence[Any]) -> Q:
    """Builds the filter of rows after a key: equal in the first fields, greater in the next."""
    behind, equal = NOTHING, Q()
    for key, value in zip(keys, values, strict=True):
        behind |= equal & _beyond(key, value)
        equal &= Q(**{f"{key.name}__isnull": True}) if value is None else Q(**{key.name: value})
    return behind


def _beyond(key: Key, value: Any) -> Q:
    if value is None:
        return NOTHING if key.nulls_last else Q(**{f"{key.name}__isnull": False})
    beyond = Q(**{f"{key.name}__{'lt' if key.descending else 'gt'}": value})
    return beyond | Q(**{f"{key.name}__isnull": True}) if key.nulls_last else beyond


def _value(row: Any, name: str) -> Any:
    """Returns ``document__sort_date`` of a row, which is an object or a dictionary."""
    if isinstance(row, dict):
        return row[name]
    for part in name.split("__"):
        row = getattr(row, part)
    return row


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def _name(keys: Sequence[Key]) -> str:
    return ",".join(("-" if key.descending else "") + key.name for key in keys)


def _signer(name: str) -> Signer:
    """Returns the signer of a list or order; its name is part of the salt, so cursors fit no other."""
    return Signer(salt=f"cursor {name}")
