"""Stable pagination: a cursor names the last row that was read, and the next page begins behind it.

A page number counts from the start, so that a document which comes in between shifts every page behind it and
a harvester reads a row twice or never. A cursor holds the values by which its row is sorted; nothing that
comes in or goes shifts it. It is signed: what is in it is ours alone, and may change with a release.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from django.core.signing import BadSignature, Signer
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.db.models.query import ModelIterable, ValuesIterable

NOTHING = Q(pk__in=[])


class CursorError(ValueError):
    """A cursor that this list never gave out."""


class Key(NamedTuple):
    """One of the fields by which rows are sorted."""

    name: str
    descending: bool
    nulls_last: bool


def has_cursors(rows: QuerySet | Sequence, key: Callable | None = None) -> bool:
    """Whether pages of ``rows`` can be told by cursors: sorted by a key, or a query of named fields."""
    if key is not None or not isinstance(rows, QuerySet):
        return key is not None
    return not rows.query.combinator and rows._iterable_class in (ModelIterable, ValuesIterable)


def cursor_after(rows: QuerySet | Sequence, last: Any, key: Callable[[Any], tuple] | None = None) -> str:
    """The cursor of ``last``, a row of ``rows``; ``key`` is what a sequence is sorted by."""
    if key is not None:
        return _signer("list").sign_object(list(key(last)))
    keys = sort_keys(rows)
    return _signer(_name(keys)).sign_object([_plain(_value(last, key.name)) for key in keys])


def rows_after(rows: QuerySet | Sequence, cursor: str, key: Callable[[Any], tuple] | None = None):
    """The ``rows`` behind the row that ``cursor`` names. Raises CursorError."""
    if not has_cursors(rows, key):
        raise CursorError(cursor[:40])
    if key is not None:
        return rows[bisect_right(rows, tuple(_read(cursor, "list")), key=key) :]
    keys = sort_keys(rows)
    return rows.filter(_behind(keys, _read(cursor, _name(keys))))


def sort_keys(rows: QuerySet) -> list[Key]:
    """By which fields ``rows`` are sorted; the last must tell all rows apart.

    >>> from archive.models import Document
    >>> [tuple(key) for key in sort_keys(Document.objects.newest_first())]
    [('sort_date', True, True), ('symbol', False, False)]
    """
    return [_key(given) for given in rows.query.order_by or rows.model._meta.ordering]


def _key(given: str | OrderBy) -> Key:
    if isinstance(given, str):
        return Key(given.removeprefix("-"), given.startswith("-"), False)
    if isinstance(given, OrderBy) and isinstance(given.expression, F):
        return Key(given.expression.name, given.descending, bool(given.nulls_last))
    raise TypeError(f"no cursor for rows sorted by {given!r}")


def _behind(keys: Sequence[Key], values: Sequence[Any]) -> Q:
    """Equal in the first fields, beyond in the next: one alternative for each field."""
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
    """``document__sort_date`` of a row, which is an object or a dictionary."""
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
    """A cursor of one order is none of another: the order is part of the salt."""
    return Signer(salt=f"cursor {name}")


def _read(cursor: str, name: str) -> list:
    try:
        return _signer(name).unsign_object(cursor)
    except (BadSignature, ValueError) as error:
        raise CursorError(cursor[:40]) from error
