"""Counting the steps of a process from inside, and ending it at one of them as SIGKILL does.

A step is a statement that the database is about to be asked, a COMMIT too (of SQLite also BEGIN and those of
triggers); or a change of a file below the watched folder: opened for writing, renamed, linked, removed, a
directory made or removed, flushed to disk. What happens between two steps (pages that a database writes while
it commits, arrays written at once) is met by ``kill_after``, which ends the process after so much time of its
own, whatever it does then.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from django.db.backends.signals import connection_created

FILE_EVENTS = {
    "os.rename",
    "os.remove",
    "os.link",
    "os.symlink",
    "os.mkdir",
    "os.rmdir",
    "os.truncate",
    "os.chmod",
    "fcntl.flock",
}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


def watch(folder: Path, step: Callable[[str], None]) -> None:
    """Call ``step`` with the name of each step of this process, before it is done. There is no way back."""
    below = str(folder)

    def heard(event: str, arguments: tuple) -> None:
        if event == "open":
            path, _mode, flags = arguments
            if isinstance(flags, int) and flags & WRITING and _text(path).startswith(below):
                step("open")
        elif event in FILE_EVENTS:
            step(event)

    sys.addaudithook(heard)
    os.fsync = _before(os.fsync, lambda: step("fsync"))
    connection_created.connect(lambda connection, **_: _trace(connection, step), weak=False)


def _trace(connection, step: Callable[[str], None]) -> None:
    def heard(statement: str) -> None:
        if not statement.startswith("--"):  # so SQLite reports what triggers do
            step("sql")

    if connection.vendor == "sqlite":
        connection.connection.set_trace_callback(heard)
        return

    def executing(execute: Callable, *arguments: object) -> object:
        step("sql")
        return execute(*arguments)

    connection.execute_wrappers = [executing]  # what triggers do is one step with what set them off
    connection.connection.commit = _before(connection.connection.commit, lambda: step("sql"))


def _text(path: object) -> str:
    return os.fsdecode(path) if isinstance(path, str | bytes | os.PathLike) else ""


def _before(function: Callable, act: Callable[[], None]) -> Callable:
    def called(*arguments, **options):
        act()
        return function(*arguments, **options)

    return called


class Steps:
    """Counts steps; given ``kill_at``, ends the process when it would do that step (the first is 1)."""

    def __init__(self, kill_at: int | None = None) -> None:
        self.kill_at = kill_at
        self.kinds: list[str] = []

    def __call__(self, kind: str) -> None:
        self.kinds.append(kind)
        if len(self.kinds) == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)


def kill_after(seconds: float) -> None:
    """End this process after so much time of the processor, without another word, as SIGKILL does."""
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, max(seconds, 0.001))
