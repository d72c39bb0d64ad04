"""Reads the whole archive at one moment, as plain rows. Nothing behind this reads the database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db.models import DateTimeField

from archive.models import SourceFile
from archive.moments import one_moment
from archive.tables import BY_MODEL, HISTORY, HOLDINGS, TABLES, Table
from archive.withholding.withheld import forbidden_words

from .rows import as_json, plain
from .sources import digest, put_sources, with_sources
from .withheld import revocations, withhold_texts

Row = dict[str, Any]


@dataclass
class Snapshot:
    """``tables``: rows by table, as they are written. ``files``: sources and sidecars, bytes by path.
    ``revoked``: the addresses whose words are withheld."""

    tables: dict[str, list[Row]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    revoked: list[Row] = field(default_factory=list)

    @property
    def changed(self) -> str:
        """When the archive last changed: the newest time in its rows; "" where it is empty. Where a clock was
        ahead, and an act of a later revision has an earlier time, none that is later than the last act's."""
        times = {row[name] for table, name in CHANGES for row in self.tables[table] if row[name]}
        acts = [
            (row[f"{name}_revision"], row[name])
            for row in self.tables["issued_texts"]
            for name in ("since", "until")
            if row[f"{name}_revision"]
        ]
        last = max(acts, default=(0, ""))[1]
        if any(time > last for _revision, time in acts):
            times = {time for time in times if time <= last}
        return max(times, default="")

    def figures(self) -> dict[str, int]:
        return {name: len(rows) for name, rows in self.tables.items()}


# Where a time says that something public changed.
CHANGES = [
    (table.name, column.name)
    for table in (*HOLDINGS, *HISTORY)
    for column in table.columns
    if isinstance(column, DateTimeField) and (table in HOLDINGS or not table.private)
]


def read_archive() -> Snapshot:
    """The archive as it is now, without the words that are withheld."""
    with one_moment():
        forbidden = forbidden_words()
        snapshot = Snapshot({table.name: _rows(table) for table in TABLES})
        sources = SourceFile.objects.values_list("pk", "name", "sha256", "sidecar", "content")
        names, contents = {}, {}
        for key, name, sha256, sidecar, content in sources:
            names[key] = (name, sha256, digest(sidecar))
            contents[names[key]] = bytes(content)
    for row in snapshot.tables["retired_documents"]:
        row["facts"] = with_sources(row["facts"], lambda source: as_json(names.get(source)))
    taken = withhold_texts(snapshot.tables, forbidden)
    snapshot.revoked = list(revocations(snapshot.tables))
    snapshot.files = put_sources(snapshot.tables, contents, taken, forbidden)
    return snapshot


def _rows(table: Table) -> list[Row]:
    """The rows of a table in their order; a reference as what names the row that it refers to."""
    naming = {
        column.name: list(_spelt(table, [column.name], lambda other: other.key))
        for column in table.columns
        if column.is_relation
    }
    order = list(_spelt(table, _order(table), _order))
    paths = {path for parts in (order, *naming.values()) for path, _told in parts}
    read = list(table.rows.order_by("pk").values(*paths.union(column.attname for column in table.columns)))
    read.sort(key=lambda values: [told(values[path]) for path, told in order])
    return [
        {
            column.name: plain(column, values[column.attname])
            if column.name not in naming or values[column.attname] is None
            else as_json(tuple(told(values[path]) for path, told in naming[column.name]))
            for column in table.columns
        }
        for values in read
    ]


def _order(table: Table) -> tuple[str, ...]:
    return table.order or table.key


def _spelt(
    table: Table, names: Iterable[str], way: Callable[[Table], tuple[str, ...]]
) -> Iterator[tuple[str, Callable[[Any], Any]]]:
    """The columns ``names`` as paths of a query, with what tells a value there as JSON; a reference as those
    columns of its table that ``way`` says.
    """
    columns = {column.name: column for column in table.columns}
    for name in names:
        if columns[name].is_relation:
            other = BY_MODEL[columns[name].related_model]
            yield from ((f"{name}__{path}", told) for path, told in _spelt(other, way(other), way))
        else:
            yield name, digest if name in table.digested else partial(plain, columns[name])
