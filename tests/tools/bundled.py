"""The five bundled documents for tests: parsed once, stored once, and brought back row by row.

To store them takes half a second, to index them two; some forty modules and four hundred tests need them.
Other archives that many tests need are stored once too. What the first storing wrote is kept with the
archive's revision, so that a later test meets the same archive, to the keys and the revision, and an index of
it can be copied.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction

from archive.intake.importing import parse_source, read_source
from archive.models import DocumentRevision, Paragraph, Revision
from archive.store.database.bulk import gather_statistics
from archive.store.ingest.store import store_document
from search.engine.live.update import update_index

from .searching import archive_of

BUNDLED = Path(__file__).resolve().parents[2] / "fixtures" / "documents"
OWN = (Revision, DocumentRevision)  # written by triggers

Rows = dict[type[models.Model], list[tuple]]


@cache
def bundled_parses() -> tuple:
    """Each bundled document as ``store_document`` takes it."""
    sources = [read_source(path) for path in sorted(BUNDLED.iterdir()) if path.suffix in (".txt", ".md")]
    return tuple((parse_source(source, held=lambda _facts: ()), source) for source in sources)


def store_bundled() -> None:
    """Store the bundled documents; into an archive without documents, as they were stored the first time."""
    store_once(_store)


def store_once(storing: Callable[[], object]) -> None:
    """Let ``storing`` write into an archive without documents, or bring back what it wrote there before.

    It is called as itself where the archive holds documents, and where it changes rows that stood before.
    """
    name = f"{storing.__module__}.{storing.__qualname__}"
    if connection.vendor != "sqlite" or Paragraph.objects.exists():
        storing()
        gather_statistics()
    elif (kept := _kept.get((name, *_mark()))) is not None:
        _bring_back(kept)
    else:
        mark, before = _mark(), _rows()
        storing()
        after = _rows()
        if all(set(before[model]) <= set(after[model]) for model in before if model not in OWN):
            _kept[name, *mark] = {
                model: after[model] if model in OWN else [row for row in after[model] if row not in known]
                for model in after
                for known in [set(before[model])]
            }


_kept: dict[tuple, Rows] = {}  # by who stored, and the archive into which


def _store() -> None:
    for parsed, source in bundled_parses():
        store_document(parsed, source)


def _mark() -> tuple:
    return tuple(tuple(model.objects.order_by("pk").values_list()) for model in OWN)


def _rows() -> Rows:
    found: Rows = {}
    with connection.cursor() as cursor:
        for model in apps.get_app_config("archive").get_models(include_auto_created=True):
            cursor.execute(f"SELECT {_columns(model)} FROM {_name(model)}")
            found[model] = cursor.fetchall()
    return found


def _bring_back(kept: Rows) -> None:
    """Brings back without the triggers, what these wrote too: they would take two thirds of the time."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY rowid")
        triggers = cursor.fetchall()
        for name, _sql in triggers:
            cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")
        for model, rows in kept.items():
            if model in OWN:
                cursor.execute(f"DELETE FROM {_name(model)}")
            _insert(cursor, model, rows)
        for _name_of, sql in triggers:
            cursor.execute(sql)


def _insert(cursor, model: type[models.Model], rows: list[tuple]) -> None:
    places = ", ".join("%s" for _ in model._meta.concrete_fields)
    cursor.executemany(f"INSERT INTO {_name(model)} ({_columns(model)}) VALUES ({places})", rows)


def _name(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _columns(model: type[models.Model]) -> str:
    return ", ".join(connection.ops.quote_name(field.column) for field in model._meta.concrete_fields)


@contextmanager
def bundled_archive(root: Path, blocker) -> Iterator[None]:
    """The bundled documents and their index under ``root``; both answer inside the context."""
    with archive_once(_store, root, blocker):
        yield


@contextmanager
def archive_once(storing: Callable[[], object], root: Path, blocker) -> Iterator[None]:
    """What ``storing`` stores and its index under ``root``, each made once; both answer in the context."""
    with archive_of(lambda: stored_and_indexed(storing, root), root, blocker):
        yield


_indexes: dict[tuple, TemporaryDirectory] = {}  # by who stored, with meanings or not, and the revision


def stored_and_indexed(storing: Callable[[], object], root: Path) -> None:
    """Let ``storing`` write into an archive without documents, and index it under ``root``; each once."""
    store_once(storing)
    made = (storing.__module__, storing.__qualname__, settings.SEARCH_MEANING, *_mark())
    if made in _indexes:
        shutil.copytree(_indexes[made].name, root, dirs_exist_ok=True)
    else:
        update_index()
        _indexes[made] = TemporaryDirectory(prefix="index-once-")
        shutil.copytree(root, _indexes[made].name, dirs_exist_ok=True)
