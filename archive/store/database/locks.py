"""A lock that one process of all hosts of an archive holds, as long as it lives: for acts that are longer
than a transaction.
"""

from __future__ import annotations

import fcntl
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection


@contextmanager
def locked(name: str, wait: bool = True) -> Iterator[bool]:
    """Holds the lock ``name``; yields False where another has it and is not waited for."""
    if connection.vendor == "postgresql":
        with _on_server(name, wait) as held:
            yield held
        return
    folder = Path(connection.settings_dict["NAME"]).parent
    if not folder.is_absolute():  # a database in memory
        folder = Path(tempfile.gettempdir())
    with (folder / f".{name}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
        else:
            yield True


@contextmanager
def _on_server(name: str, wait: bool) -> Iterator[bool]:
    """The lock lives with a connection of its own: it ends with the process, whatever kills that."""
    own, key = connection.copy(), [zlib.crc32(name.encode())]
    try:
        with own.cursor() as cursor:
            cursor.execute(f"SELECT pg_{'' if wait else 'try_'}advisory_lock(%s)", key)
            held = wait or bool(cursor.fetchone()[0])
            try:
                yield held
            finally:
                if held:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", key)
    finally:
        own.close()
