"""A PostgreSQL server that can be killed and started again, and loses nothing that it has said is stored."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import postgres


class Server:
    """The server of one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "database"
        self.folder.mkdir()
        self._account = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        if self._account:
            folder.chmod(0o755)
            os.chown(self.folder, self._account.pw_uid, self._account.pw_gid)
        self._programs = postgres.find_programs()
        options = ["-D", "data", "-U", postgres.USER, *postgres.INITDB]
        postgres._as(self._account, self.folder, str(self._programs / "initdb"), *options)
        kept = self.folder / "data" / "postgresql.auto.conf"
        with kept.open("a") as file:
            file.write("max_connections = 200\n")
        self._process = self._started()

    @property
    def address(self) -> str:
        return f"postgres://{postgres.USER}@/postgres?host={self.folder}"

    def _started(self) -> subprocess.Popen:
        # What was said to be stored must be there after a crash; the disk itself does not fail here.
        settings = postgres.SERVER | {"synchronous_commit": "on", "full_page_writes": "on"}
        before, postgres.SERVER = postgres.SERVER, settings
        try:
            process = postgres._start(self._account, self.folder, self._programs)
        finally:
            postgres.SERVER = before
        postgres._wait_until_ready(process, self.folder)
        return process

    def kill_and_start(self) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        (self.folder / "data" / "postmaster.pid").unlink(missing_ok=True)
        self._process = self._started()

    def stop(self) -> None:
        self._process.send_signal(signal.SIGINT)
        self._process.wait(60)


@contextmanager
def database(folder: Path) -> Iterator[Server]:
    server = Server(folder)
    try:
        yield server
    finally:
        server.stop()
