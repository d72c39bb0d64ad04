"""Writing many rows in few statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import connection, models

from .values import batched


def set_references(
    model: type[models.Model], columns: Sequence[str], values: Mapping[int, Sequence[int | None]]
) -> None:
    """Set foreign keys of the rows of ``model``: key of the row → a key or None for each of ``columns``.

    One statement for some hundred rows. ``bulk_update`` writes a CASE with a branch for each row and column,
    which takes longer to build than all the rest of a document.
    """
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    names = [quote(model._meta.get_field(name).column) for name in columns]
    # Both databases name the columns of VALUES so; a column of nothing but NULL has no type on PostgreSQL.
    wanted = ", ".join(
        f"{name} = CAST(v.column{place} AS bigint)" for place, name in enumerate(names, start=2)
    )
    row = f"({', '.join(['%s'] * (len(names) + 1))})"
    for batch in batched(values.items(), 300):
        rows = ", ".join([row] * len(batch))
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET {wanted} FROM (VALUES {rows}) AS v WHERE {table}.id = v.column1",  # noqa: S608
                [value for key, keys in batch for value in (key, *keys)],
            )
