"""The dump as a copy of the archive's words: made anew without those that law forbids to show, or gone."""

from __future__ import annotations

import gzip
import json
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import Storage
from django.utils.translation import gettext as _

from archive.derived import building, unfinished
from archive.withholding.register import Producer
from archive.withholding.words import Forbidden

from .dump import (
    DATABASE,
    LINES,
    MANIFEST,
    NAMES,
    half_written,
    is_clean,
    offered,
    place_of_work,
    read_manifest,
    remove_dump,
    sweep_dump,
    write_dump,
)


def producers() -> Iterator[Producer]:
    yield Producer("dump", lambda: _("整库下载"), dump_holds, remake_dump, _is_of_dump)


def dump_holds(words: Forbidden | None) -> Sequence[str]:
    """Lists files of the dump that may contain withheld words: unfinished, outdated, or with a match."""
    storage = offered()
    manifest = read_manifest(storage)
    names = [*(part.name for part in unfinished(place_of_work().parent, MANIFEST)), *half_written(storage)]
    left = [_("没有做完的%(name)s") % {"name": name} for name in names]
    if manifest is None:
        lying = [name for name in (LINES, DATABASE) if storage.exists(name)]
        return [*left, *(_("%(name)s没有清单") % {"name": name} for name in lying)]
    if not is_clean(manifest):
        return [*left, _("制作于依法不予显示的文字有变之前，现在不提供下载")]
    if words:
        left += dict.fromkeys(name for name, text in _texts(storage) if words.found_in(text))
    return left


def remake_dump() -> None:
    """Makes the dump anew where there is one; where that fails there is none."""
    storage = offered()
    sweep_dump(storage)
    whole = read_manifest(storage) is not None
    try:
        if whole:
            write_dump(storage)
    except BaseException:
        remove_dump(storage)
        raise
    if not whole:
        remove_dump(storage)


def _is_of_dump(path: Path) -> bool:
    return path.parts[0] == Path(settings.OPEN_DATA_DIR).name and path.name in NAMES


def _texts(storage: Storage) -> Iterator[tuple[str, str]]:
    """Generates (name of the file, text) for all texts in the files of a dump."""
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
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _strings(one)
