"""``python -m tests.tools.postgres [--all] [pytest arguments]``: tests on a PostgreSQL server of their own.

With ``--all``, every test that asks a database but ``SQLITE_ALONE``; else ``TESTS``.

The server lies in a temporary directory, listens on a Unix socket there and nowhere else, and is stopped and
removed at the end, also after a failure or Ctrl-C. It never runs as root, which PostgreSQL refuses.
"""

from __future__ import annotations

import argparse
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg.sql import SQL, Identifier

from tests.tables import rows_from
from tests.tools import files_of

OLDEST = 15
PACKAGE = "postgresql"  # of Debian, whose servers lie under DEBIAN
DEBIAN = Path("/usr/lib/postgresql")
USER = "archive"
READY_WITHIN = 60  # seconds
INITDB = ("--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions")
SERVER = rows_from(__name__, "SERVER")
# What depends on the database: storing, importing, histories, the index's life, copies, and writers at once.
TESTS = files_of(rows_from(__name__, "TESTS"))

# What is of SQLite alone, or says nothing of the database; and why.
SQLITE_ALONE: dict[str, str] = {"no_room": "a full disk under the files of SQLite"}


class NoServerError(Exception):
    """There is no PostgreSQL to start; ``str()`` says what to do."""


def find_programs() -> Path:
    """The directory of initdb and postgres, the newest of Debian's packages; installed where we are root."""
    for attempt in ("as it is", "after installing"):
        found = sorted((version, path) for path in DEBIAN.glob("*/bin") if (version := _version(path)))
        if found and found[-1][0] >= OLDEST:
            return found[-1][1]
        if attempt == "as it is" and os.geteuid() == 0 and shutil.which("apt-get"):
            _install()
    raise NoServerError(f"PostgreSQL {OLDEST} or newer is needed. On Debian: apt-get install {PACKAGE}")


def _version(programs: Path) -> int:
    name = programs.parent.name
    return int(name) if name.isdecimal() and (programs / "initdb").exists() else 0


def _install() -> None:
    for arguments in (["update", "--quiet"], ["install", "--quiet", "--yes", PACKAGE]):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", *arguments], env=environment, check=True, stdout=subprocess.DEVNULL)


class Server:
    """A server of the folder ``directory``; ``durable``: what it says is stored is there after a kill."""

    def __init__(self, directory: Path, *, durable: bool = False) -> None:
        self.address = f"postgres://{USER}@/postgres?host={directory}"
        self._directory, self._programs = directory, find_programs()
        self._account = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        safe = {"synchronous_commit": "on", "full_page_writes": "on", "max_connections": "200"}
        self._settings = SERVER | {"unix_socket_directories": str(directory)} | (safe if durable else {})
        if self._account:
            os.chown(directory, self._account.pw_uid, self._account.pw_gid)
        command = [self._programs / "initdb", "-D", "data", "-U", USER, *INITDB]
        done = subprocess.run(command, capture_output=True, text=True, **self._identity())
        if done.returncode:
            raise NoServerError(f"{command[0]}: {done.stderr.strip()}")
        self.start()

    def _identity(self) -> dict:
        """Where and as whom a program runs. Ctrl-C does not reach it: it is stopped at the end."""
        who = self._account
        other = {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []} if who else {}
        return {"cwd": self._directory, "start_new_session": True, **other}

    def start(self) -> None:
        """Start it and wait until it answers. Raises NoServerError."""
        settings = [f"--{name}={value}" for name, value in self._settings.items()]
        command = [self._programs / "postgres", "-D", self._directory / "data", *settings]
        with (self._directory / "log").open("wb") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, **self._identity())
        until = time.monotonic() + READY_WITHIN
        while True:
            try:
                psycopg.connect(host=str(self._directory), user=USER, dbname="postgres").close()
                return
            except psycopg.OperationalError as error:
                if self._process.poll() is not None or time.monotonic() > until:
                    raise NoServerError(f"{error}\n{(self._directory / 'log').read_text('utf-8')}") from error
                time.sleep(0.05)

    def kill_and_start(self) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        (self._directory / "data" / "postmaster.pid").unlink(missing_ok=True)
        self.start()

    def stop(self) -> None:
        self._process.send_signal(signal.SIGINT)  # ends at once, whoever is connected
        try:
            self._process.wait(READY_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@contextmanager
def running_server() -> Iterator[str]:
    """A server while the block runs; yields its address in the form of DATABASE_URL."""
    with tempfile.TemporaryDirectory(prefix="archive-pg-") as name:
        server = Server(Path(name))
        try:
            yield server.address
        finally:
            server.stop()


def new_database(server: str, name: str) -> str:
    """Make an empty database on the server of an address; returns its address."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))
        connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
    return urlsplit(server)._replace(path=f"/{name}").geturl()


def copy_database(server: str, source: str, name: str) -> None:
    """Make ``name`` what the database ``source`` is, whoever is connected to either."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", [source]
        )
        connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))
        connection.execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(source)))


def main(arguments: list[str]) -> int:
    """Run pytest with ``arguments``, on the usual files where none is named; returns its exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.tools.postgres", description=__doc__)
    parser.add_argument("--all", action="store_true", help="every test that asks a database")
    options, arguments = parser.parse_known_args(arguments)
    if options.all:
        left_out = [f"--ignore={path}" for path in files_of(SQLITE_ALONE)]
        arguments = ["tests", "-m", "not fast and not long", *left_out, *arguments]
    if not any(Path(argument.partition("::")[0]).exists() for argument in arguments):
        arguments = [*arguments, *TESTS]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        with running_server() as address:
            environment = {**os.environ, "TEST_DATABASE_URL": address}
            return subprocess.run([sys.executable, "-m", "pytest", *arguments], env=environment).returncode
    except NoServerError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
