"""Every text of a dump, read back from its files."""

from __future__ import annotations

import gzip
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from .write import DATABASE, LINES


def texts_in(folder: Path) -> Iterator[tuple[str, str]]:
    """(name of the file, text) of all that the files of the dump in ``folder`` hold."""
    with gzip.open(folder / LINES, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield from ((LINES, text) for text in _strings(json.loads(line)))
    with closing(sqlite3.connect(f"file:{folder / DATABASE}?mode=ro", uri=True)) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            rows = database.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            yield from ((DATABASE, value) for row in rows for value in row if isinstance(value, str))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)
