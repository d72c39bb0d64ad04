"""How a row of a table becomes a line of JSON, and back.

A row is an object of its columns by name. A reference to another row is what names that row for ever, never a
number of the database: a document is ``["S/2010/52", "zh"]``, a paragraph ``["S/2010/52", "zh", "14"]``.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from django.db import models

from archive.tables import Table

Key = tuple[Any, ...]


def plain(field: models.Field, value: Any) -> Any:
    """A column's value as JSON. Times are in UTC, with microseconds, whatever the site's time zone."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(field, models.JSONField):
        return json.loads(json.dumps(value, sort_keys=True))
    return value


def value_of(field: models.Field, plain_value: Any) -> Any:
    """The value of a column, from JSON. Raises ValueError or TypeError where it is of another form."""
    if plain_value is None or isinstance(field, models.JSONField):
        return plain_value
    if isinstance(field, models.DateTimeField):
        return dt.datetime.fromisoformat(plain_value)
    if isinstance(field, models.DateField):
        return dt.date.fromisoformat(plain_value)
    return field.to_python(plain_value)


def line(row: dict[str, Any]) -> str:
    """One line of a JSONL file."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"


def as_json(key: Key | None) -> Any:
    """A reference: null, the one word that names a row, or the list of them."""
    if key is None:
        return None
    return key[0] if len(key) == 1 else list(key)


def as_key(reference: Any) -> Key:
    """A reference as read from JSON, which is not null, as a key."""
    return tuple(reference) if isinstance(reference, list) else (reference,)


def key_of(table: Table, row: Mapping[str, Any]) -> Key:
    """What names a row, from its JSON."""
    names: list[Any] = []
    for name in table.key:
        value = row.get(name)  # a column that came later is in no bundle of version 1
        names += value if isinstance(value, list) else [value]
    return tuple(names)
