"""The tables of the SQLite file. Rows name each other by symbol and anchor, as documents do."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from django.db.models import F, Field, QuerySet

from archive.models import Document, Paragraph
from archive.models.references import NaturalKeyModel
from archive.tables import BY_MODEL, TABLES, Table

DUMPED = tuple(table for table in TABLES if not table.private)


def name_of(table: Table) -> str:
    return table.dumped_as or table.name


@cache
def columns(table: Table) -> dict[str, str]:
    """The columns of a table in their order, and the field that each comes from."""
    own = {field.name: field for field in table.columns if field.name not in table.hidden}
    names = dict.fromkeys([*own, *table.computed])
    layout = table.layout or (*(name for name in table.key[:1] if own[name].is_relation), ...)
    rest = [name for name in names if name not in layout]
    found: dict[str, str] = {}
    for place in layout:
        for name in rest if place is ... else [place]:
            found |= _reached(table, own[name]) if name in own else {name: name}
    return found


@cache
def key(table: Table) -> tuple[str, ...]:
    """The columns that tell rows apart."""
    if issubclass(table.model, NaturalKeyModel):
        return (table.model.key_field,)
    own = {field.name: field for field in table.columns}
    return table.dump_key or tuple(column for name in table.key for column in _reached(table, own[name]))


def _reached(table: Table, field: Field) -> dict[str, str]:
    """The columns for one field: of a reference, those that name the row, but of a paragraph that is not the
    place where the row stands its anchor alone, and of a row of a list its slug or code.
    """
    name = table.renamed.get(field.name, field.name)
    if not field.is_relation:
        return {name: field.name}
    other = BY_MODEL[field.related_model]
    if issubclass(other.model, NaturalKeyModel):
        return {name: f"{field.name}__{other.model.key_field}"}
    if other.model is Paragraph and field.name not in table.key:
        return {name: f"{field.name}__anchor"}
    return {column: f"{field.name}__{columns(other)[column]}" for column in key(other)}


def references(table: Table) -> Iterator[tuple[tuple[str, ...], Table]]:
    """The foreign keys of a table: its columns, and the table whose key they hold."""
    for field in table.columns:
        if not field.is_relation or field.name in table.hidden:
            continue
        other, names = BY_MODEL[field.related_model], tuple(_reached(table, field))
        if field.name in table.inside:
            names = (*key(BY_MODEL[Document]), *names)
        if not other.private and len(names) == len(key(other)):
            yield names, other


def rows(table: Table) -> QuerySet:
    """Rows of values in the order of ``columns``; by their key."""
    values = {name: table.computed.get(name, F(path)) for name, path in columns(table).items()}
    found = table.shown() if table.shown else table.rows
    return found.order_by(*(values[name] for name in key(table))).values_list(*values.values())
