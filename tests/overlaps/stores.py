"""Where the acts meet: a site whose database can be put back to what it was, on SQLite or PostgreSQL."""

from __future__ import annotations

import shutil
from functools import cached_property
from pathlib import Path

import psycopg

from tests.postgres import new_database

LIVE, KEPT = "overlaps_live", "overlaps_kept"


class SqliteStore:
    """The database is a file of the site; keeping it is keeping the folder."""

    address = None

    def __init__(self, folder: Path) -> None:
        self.site, self.kept = folder / "site", folder / "kept"

    def keep(self) -> None:
        shutil.copytree(self.site, self.kept)

    def restore(self) -> None:
        shutil.rmtree(self.site)
        shutil.copytree(self.kept, self.site)

    def somebody_waits(self) -> bool | None:
        """Whether one connection waits for another; None where the database cannot be asked."""
        return None


class PostgresStore(SqliteStore):
    """A database beside that of the address, made from another as from a mould."""

    def __init__(self, folder: Path, server: str) -> None:
        super().__init__(folder)
        self._server = server
        self.address = new_database(server, LIVE)

    @cached_property
    def _connection(self):
        return psycopg.connect(self._server, autocommit=True)

    def keep(self) -> None:
        super().keep()
        self._remake(KEPT, LIVE)

    def restore(self) -> None:
        super().restore()
        self._remake(LIVE, KEPT)

    def _remake(self, name: str, mould: str) -> None:
        self._connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self._connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{mould}"')

    def somebody_waits(self) -> bool | None:
        asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
        return bool(self._connection.execute(asked, [LIVE]).fetchone()[0])
