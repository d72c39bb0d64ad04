"""Reads the whole archive at one moment, as plain rows. Nothing behind this reads the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from archive.models import SourceFile
from archive.moments import one_moment
from archive.tables import TABLES, Table
from archive.withholding.withheld import forbidden_words

from .rows import Key, as_json, plain
from .sources import digest, name_sources, put_sources
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
CHANGES = (
    ("source_files", "received"),
    ("documents", "imported"),
    ("documents", "changed"),
    ("issued_texts", "since"),
    ("issued_texts", "until"),
    ("moved_anchors", "moved"),
    ("retired_documents", "at"),
    ("retired_documents", "lifted"),
)


def read_archive() -> Snapshot:
    """The archive as it is now, without the words that are withheld."""
    with one_moment():
        forbidden = forbidden_words()
        reading = _Reading()
        snapshot = Snapshot({table.name: reading.rows(table) for table in TABLES})
        contents = {
            reading.names[SourceFile][key]: bytes(content)
            for key, content in SourceFile.objects.values_list("pk", "content")
        }
    name_sources(snapshot.tables["retired_documents"], reading.names[SourceFile])
    taken = withhold_texts(snapshot.tables, forbidden)
    snapshot.revoked = list(revocations(snapshot.tables))
    snapshot.files = put_sources(snapshot.tables, contents, taken, forbidden)
    return snapshot


class _Reading:
    """Reads table by table; remembers what names each row, and where it stands."""

    def __init__(self) -> None:
        self.names: dict[type[models.Model], dict[int, Key]] = {}
        self._places: dict[type[models.Model], dict[int, Key]] = {}

    def rows(self, table: Table) -> list[Row]:
        columns = [column.attname for column in table.columns]
        read = list(table.rows.order_by("pk").values("pk", *columns))
        self._remember(table, read)
        places = self._places[table.model]
        read.sort(key=lambda values: places[values["pk"]])
        return [self._row(table, values) for values in read]

    def _remember(self, table: Table, read: Iterable[Mapping[str, Any]]) -> None:
        names = self.names[table.model] = {}
        places = self._places[table.model] = {}
        for values in read:
            names[values["pk"]] = tuple(self._parts(table, table.key, values, self.names))
            places[values["pk"]] = tuple(self._parts(table, table.order or table.key, values, self._places))

    def _parts(
        self, table: Table, columns: Iterable[str], values: Mapping[str, Any], of_others: Mapping
    ) -> Iterator[Any]:
        named = {column.name: column for column in table.columns}
        for name in columns:
            column = named[name]
            if column.related_model:
                yield from of_others[column.related_model][values[column.attname]]
            elif name in table.digested:
                yield digest(values[name])
            else:
                yield plain(column, values[name])

    def _row(self, table: Table, values: Mapping[str, Any]) -> Row:
        row = {}
        for column in table.columns:
            value = values[column.attname]
            if column.related_model:
                row[column.name] = as_json(self.names[column.related_model][value]) if value else None
            else:
                row[column.name] = plain(column, value)
        return row
