"""A host that serves, and one that imports: processes with a data folder of their own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "stdin": subprocess.DEVNULL}
READY_WITHIN = 120  # seconds
Environment = dict[str, str]


def environment(folder: Path, host: str, address: str, search: Mapping[str, str]) -> Environment:
    """Settings of production for a host: a folder of its own, database and derived files shared; ``search``
    are those of the cluster that answers searches.
    """
    (folder / "shared").mkdir(exist_ok=True)
    return os.environ | {
        "ARCHIVE_DATA_DIR": str(folder / host),
        "DATABASE_URL": address,
        "DERIVED_OPTIONS": f'{{"location": "{folder / "shared"}"}}',
        "DEBUG": "0",
        "SECRET_KEY": "several hosts",
        "ALLOWED_HOSTS": "127.0.0.1",
        "SECURE_SSL_REDIRECT": "0",
        "CPU_SECONDS_PER_MINUTE": "0",
        "READING_SECONDS_PER_MINUTE": "0",
        "SEARCH_MEANING": "0",
        **search,
    }


def command(site: Environment, *arguments: str) -> None:
    """Run a command of the archive on a host. Raises CalledProcessError."""
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=site, check=True, **QUIET)


def free_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def gunicorn(port: int, *options: str, workers: int = 2) -> list[str]:
    """The command that serves a site at ``port``."""
    told = ["--bind", f"127.0.0.1:{port}", "--workers", str(workers), "--log-level", "error", *options]
    return [sys.executable, "-m", "gunicorn", *told, "archive.wsgi"]


def answers(port: int) -> bool:
    """Whether a site at ``port`` says that it is well."""
    asked = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers={"X-Forwarded-Proto": "https"})
    with suppress(OSError), urllib.request.urlopen(asked) as answer:
        return answer.status == 200
    return False


@contextmanager
def running(program: list[str], port: int, **options: Any) -> Iterator[subprocess.Popen]:
    """A process that serves at ``port``, from when it answers. Raises TimeoutError where it does not."""
    process = subprocess.Popen(program, cwd=ROOT, **QUIET | options)
    try:
        until = time.monotonic() + READY_WITHIN
        while not answers(port):
            if process.poll() is not None or time.monotonic() > until:
                raise TimeoutError(f"nothing answers at port {port}")
            time.sleep(0.2)
        yield process
    finally:
        process.terminate()
        process.wait(30)


class Host:
    """A server of two processes."""

    def __init__(self, name: str, site: Environment) -> None:
        self.name, self._site = name, site
        self.port = free_port()
        self.ready = False  # as a proxy knows that looks at a host before it sends readers there
        self._process: subprocess.Popen | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        # In a group of its own: it is killed with all that it started.
        apart = {"env": self._site, "start_new_session": True}
        self._process = subprocess.Popen(gunicorn(self.port), cwd=ROOT, **apart, **QUIET)
        until = time.monotonic() + READY_WITHIN
        while time.monotonic() < until and not self.ready:
            self.ready = answers(self.port)
            time.sleep(0.2)

    def stop(self) -> None:
        self.ready = False
        if self._process:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


class Worker:
    """Imports one document after the other, and knows which of them were said to be stored."""

    def __init__(self, site: Environment, given: Path) -> None:
        self.stored: list[int] = []
        self.failed = 0
        self._site, self._given = site, given
        self._ended = threading.Event()
        self._process: subprocess.Popen | None = None
        given.mkdir()

    def work(self) -> None:
        number = 1
        while not self._ended.is_set():
            path = self._given / f"{number}.txt"
            path.write_text(text_of(number), "utf-8")
            program = [sys.executable, "manage.py", "import_documents", str(path), "--no-index"]
            self._process = subprocess.Popen(
                program, cwd=ROOT, env=self._site, start_new_session=True, **QUIET
            )
            if self._process.wait() == 0:
                self.stored.append(number)
                number += 1
            else:  # killed, or the database was: the same file again
                self.failed += 1
                time.sleep(0.5)

    def kill(self) -> None:
        """Kill what is being imported; it is imported again."""
        if self._process and self._process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def end(self) -> None:
        self._ended.set()


def symbol_of(number: int) -> str:
    return f"S/2032/{number}"


def word_of(number: int) -> str:
    """A phrase that stands in that document alone."""
    return f"第{number}号试验文件"


def text_of(number: int) -> str:
    return (
        f"{symbol_of(number)}\n\n1. 这是{word_of(number)}的第一段，回顾第1540(2004)号决议。\n\n2. 第二段。\n"
    )
