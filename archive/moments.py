"""Reading the archive as it was at one moment, without keeping anybody from writing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


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
