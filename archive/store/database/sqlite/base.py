"""The database backend: ``ENGINE`` of the settings where the database is SQLite."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from pathlib import Path
from urllib.parse import quote

from django.db.backends.sqlite3 import base
from django.utils.asyncio import async_unsafe

SHARED_MEMORY = 64 << 10  # bytes; what SQLite needs to open a database that nobody has open


class DatabaseWrapper(base.DatabaseWrapper):
    """Opens a database that cannot be written as one that does not change.

    With a write-ahead log SQLite makes files beside the database even to read it. Where it cannot, because
    the disk is full or the folder may only be read, every page of the site failed. Whoever writes would have
    to make these files as well, so nobody does; a log that holds something is never passed over.
    """

    @async_unsafe
    def get_new_connection(self, conn_params: dict) -> sqlite3.Connection:
        try:
            return super().get_new_connection(conn_params)
        except sqlite3.OperationalError:
            path = Path(self.settings_dict["NAME"])
            if not is_settled(path) or not cannot_write(path.parent):
                raise
        address = f"file:{quote(str(path.absolute()))}?immutable=1"
        return super().get_new_connection({**conn_params, "database": address})


def is_settled(path: Path) -> bool:
    """Returns True if the database file contains all committed data: its write-ahead log is empty."""
    log = path.with_name(f"{path.name}-wal")
    try:
        return path.is_file() and (not log.exists() or log.stat().st_size == 0)
    except OSError:
        return False


def cannot_write(folder: Path) -> bool:
    """Returns True if no file can be created in ``folder``: no room, read-only, no permission."""
    try:
        return shutil.disk_usage(folder).free < SHARED_MEMORY or not os.access(folder, os.W_OK)
    except OSError as error:
        return error.errno in (errno.EROFS, errno.EACCES)
