"""How a row of a table becomes a line of JSON, and back.

A row is an object of its columns by name. A reference to another row is what names that row for ever, never a
number of the database: a document is ``["S/2010/52", "zh"]``, a paragraph ``["S/2010/52", "zh", "14"]``.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.db import models

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
