"""Every text of a dump, read back from its files."""

from __future__ import annotations

import gzip
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.core.files.storage import Storage

from archive.workplace import building

from .write import DATABASE, LINES, place_of_work


def texts_in(storage: Storage) -> Iterator[tuple[str, str]]:
    """(name of the file, text) of all that the files of a dump hold."""
    with storage.open(LINES) as packed, gzip.open(packed, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield from ((LINES, text) for text in _strings(json.loads(line)))
    with _on_disk(storage) as path, closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            rows = database.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            yield from ((DATABASE, value) for row in rows for value in row if isinstance(value, str))


@contextmanager
def _on_disk(storage: Storage) -> Iterator[Path]:
    """The tables as a file of this host; SQLite reads no other."""
    try:
        yield Path(storage.path(DATABASE))
    except NotImplementedError:
        with building(place_of_work()) as folder, storage.open(DATABASE) as file:
            with (folder / DATABASE).open("wb") as copy:
                shutil.copyfileobj(file, copy)
            yield folder / DATABASE


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)
