"""The one site that all children work on, and copies of it to start from."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.tools.postgres import copy_database, new_database

DATABASE = "site"  # its name on a server


class Site:
    """A folder ``live``; with ``server``, the address of one, also its database ``DATABASE``."""

    def __init__(self, folder: Path, server: str = "") -> None:
        self.live, self._kept, self._server = folder / "site", folder / "kept", server

    def keep(self, name: str) -> None:
        shutil.copytree(self.live, self._kept / name)
        if self._server:
            copy_database(self._server, DATABASE, f"kept {name}")

    def has(self, name: str) -> bool:
        return (self._kept / name).exists()

    def restore(self, name: str | None) -> None:
        shutil.rmtree(self.live, ignore_errors=True)
        if name is None:
            self.live.mkdir()
            if self._server:
                new_database(self._server, DATABASE)
        else:
            shutil.copytree(self._kept / name, self.live)
            if self._server:
                copy_database(self._server, f"kept {name}", DATABASE)
