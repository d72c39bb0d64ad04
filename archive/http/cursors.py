"""Stable pagination: a cursor names the last row that was read, and the next page begins behind it.

A page number counts from the start, so that a document which comes in between shifts every page behind it and
a harvester reads a row twice or never. A cursor holds the values by which its row is sorted; nothing that
comes in or goes shifts it. It is signed: what is in it is ours alone, and may change with a release.

Rows are a query of named fields; or a sequence in the order of a ``key``, a tuple of texts and numbers that
tells all rows apart; or a query that no filter can be put to, with a key and a function that asks anew for
what stands ``behind`` one. A cursor of these is bound to the ``name`` of its list.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol, cast

from django.core.signing import BadSignature, Signer
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.db.models.query import ModelIterable, ValuesIterable

NOTHING = Q(pk__in=[])
ANCHORS_BACK = 5  # paragraphs by which a place in a document is found again


class CursorError(ValueError):
    """A cursor that this list never gave out."""


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
        raise CursorError(cursor[:40])
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
        raise CursorError(cursor[:40]) from error


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
