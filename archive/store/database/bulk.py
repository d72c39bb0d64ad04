"""Reading at one moment, and writing many rows in few statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, connection, connections, models, transaction

T = TypeVar("T")
AS_THEY_ARE = (models.CharField, models.TextField, models.IntegerField, models.ForeignKey)
"""Fields whose values a database takes as they are."""
AT_ONCE = 300  # rows: a database takes only so many values in one query


def batched(values: Iterable[T], size: int = 500) -> Iterator[list[T]]:
    """Splits ``values`` into lists of ``size`` at most: a database takes only so many in one query."""
    remaining = iter(values)
    while batch := list(islice(remaining, size)):
        yield batch


def insert_rows(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    using: str = DEFAULT_DB_ALIAS,
) -> None:
    """Inserts ``rows``, each with the values of ``columns`` (a foreign key as ``theme_id``); the other
    columns have their defaults, and the key goes on where it is not given. One statement, executed for each
    row.

    For rows that nobody holds afterwards. ``bulk_create`` makes a model of each first, which takes several
    times as long as all that the database does.
    """
    database = connections[using]
    given = {field.attname: field for field in model._meta.concrete_fields}
    fields = [given.pop(name) for name in columns]
    rest = [field for field in given.values() if not field.primary_key]
    others = [place for place, field in enumerate(fields) if not isinstance(field, AS_THEY_ARE)]
    alike = [field.get_db_prep_save(field.get_default(), database) for field in rest]
    wanted = [[*row, *alike] for row in rows]
    for values in wanted:
        for place in others:
            values[place] = fields[place].get_db_prep_save(values[place], database)
    if not wanted:
        return
    quote = database.ops.quote_name
    names = ", ".join(quote(str(field.column)) for field in (*fields, *rest))
    places = ", ".join(["%s"] * (len(fields) + len(rest)))
    with database.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({places})",  # noqa: S608
            wanted,
        )


def set_references(
    model: type[models.Model], columns: Sequence[str], values: Mapping[int, Sequence[int | None]]
) -> None:
    """Sets foreign keys of the rows of ``model``: key of the row → a key or None for each of ``columns``.

    One statement for some hundred rows. ``bulk_update`` writes a CASE with a branch for each row and column,
    which takes longer to build than all the rest of a document.
    """
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    names = [quote(str(cast(models.Field, model._meta.get_field(name)).column)) for name in columns]
    # Both databases name the columns of VALUES so; a column of nothing but NULL has no type on PostgreSQL.
    wanted = ", ".join(
        f"{name} = CAST(v.column{place} AS bigint)" for place, name in enumerate(names, start=2)
    )
    row = f"({', '.join(['%s'] * (len(names) + 1))})"
    pairs = list(values.items())
    for start in range(0, len(pairs), AT_ONCE):
        batch = pairs[start : start + AT_ONCE]
        rows = ", ".join([row] * len(batch))
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET {wanted} FROM (VALUES {rows}) AS v WHERE {table}.id = v.column1",  # noqa: S608
                [value for key, keys in batch for value in (key, *keys)],
            )


def gather_statistics(using: str = DEFAULT_DB_ALIAS) -> None:
    """Lets PostgreSQL look at its tables after much was written. It does so by itself a minute later; until
    then it takes them for nearly empty, and a page can take seconds."""
    if connections[using].vendor == "postgresql":
        with connections[using].cursor() as cursor:
            cursor.execute("ANALYZE")


# Reading the archive as it was at one moment, without keeping anybody from writing.


@contextmanager
def one_moment() -> Iterator[None]:
    """A transaction that only reads: an import meanwhile is in it whole or not at all, and need not wait.

    Inside another transaction it is that one's moment.
    """
    wrapper: Any = connection  # ``transaction_mode`` is SQLite's
    outermost = not connection.in_atomic_block
    mode = getattr(connection, "transaction_mode", None)
    if outermost and connection.vendor == "sqlite":
        wrapper.transaction_mode = "DEFERRED"  # else even a reader takes the one lock of writers
    try:
        with transaction.atomic():
            if connection.vendor == "sqlite":
                wrapper.transaction_mode = mode
            elif connection.vendor == "postgresql" and not connection.savepoint_ids:
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield
    finally:
        if connection.vendor == "sqlite":
            wrapper.transaction_mode = mode
