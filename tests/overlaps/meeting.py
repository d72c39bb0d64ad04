"""Two processes that meet: one stops at a statement and goes on when it is told to."""

from __future__ import annotations

import os
import pickle
import select
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any

from tests.kills.children import in_child

from .acts import Command
from .stores import SqliteStore

ENDS_WITHIN = 60  # seconds; whoever takes longer waits for ever
BLOCKED_WITHIN = 0.5  # seconds, where the database cannot be asked who waits
LOOK_EVERY = 0.02
STOPPED = b"stopped"


@dataclass(slots=True)
class Child:
    """A running act. It tells over a pipe that it stopped  and how it ended."""

    pid: int
    hears: int
    tells: int

    def wait(self, seconds: float) -> bytes | None:
        """What the child tells next; None where nothing within the time."""
        ready, _, _ = select.select([self.tells], [], [], seconds)
        return os.read(self.tells, 1 << 20) if ready else None

    def go_on(self) -> None:
        os.write(self.hears, b".")

    def end(self) -> None:
        os.close(self.hears)
        os.close(self.tells)
        os.waitpid(self.pid, 0)


def start(command: Sequence[str], stop_at: int | None = None) -> Child:
    """Run ``command`` in a child, which stops before its SQL statement ``stop_at``, counted from 0."""
    from_parent, to_child = os.pipe()
    from_child, to_parent = os.pipe()
    pid = os.fork()
    if pid:
        os.close(from_parent)
        os.close(to_parent)
        return Child(pid, to_child, from_child)
    os.close(to_child)
    os.close(from_child)
    ended: tuple[str, Any] = ("error", "nothing was told")
    try:
        ended = _perform(command, stop_at, from_parent, to_parent)
    except BaseException as error:
        ended = ("error", f"{type(error).__name__}: {error}")
    finally:
        os.write(to_parent, pickle.dumps(ended))
        os._exit(0)


def _perform(command: Sequence[str], stop_at: int | None, hears: int, tells: int) -> tuple[str, Any]:
    from django.core.management import CommandError, call_command
    from django.db import connection

    count = 0

    def watch(execute, sql, params, many, context):
        nonlocal count
        if count == stop_at:
            os.write(tells, STOPPED)
            os.read(hears, 1)
        count += 1
        return execute(sql, params, many, context)

    out = StringIO()
    name, *arguments = command
    with connection.execute_wrapper(watch):
        try:
            call_command(name, *arguments, skip_checks=True, stdout=out, stderr=out, no_color=True)
        except CommandError as error:
            return "refused", f"{error} {out.getvalue()}"
    connection.close()
    return "done", count


def ended(child: Child, told: bytes | None = None) -> tuple[str, Any]:
    """How a child ended; one that does not end is killed."""
    told = told or child.wait(ENDS_WITHIN)
    if told is None:
        os.kill(child.pid, 9)
        told = pickle.dumps(("error", "waits for ever"))
    child.end()
    return pickle.loads(told)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How each act ended, ``done`` with its number of statements, ``refused`` or ``error`` with what it
    said; the rows of the archive then, and what it keeps not of its promises.
    """

    ends: list[tuple[str, Any]]
    rows: dict[str, list[str]]
    failures: list[str]


def one_after_the_other(store: SqliteStore, *commands: Command) -> Outcome:
    store.restore()
    ends = [ended(start(command)) for command in commands]
    return Outcome(ends, *in_child(_look).value)


def meet(store: SqliteStore, first: Command, second: Command, stop_at: int) -> Outcome:
    """``second`` runs while ``first`` has stopped before its statement ``stop_at``, as far as it comes."""
    store.restore()
    one = start(first, stop_at)
    told = one.wait(ENDS_WITHIN)
    other = start(second)
    told_by_other = _until_it_waits(store, other)
    if told == STOPPED:
        one.go_on()
        told = None
    ends = [ended(one, told), ended(other, told_by_other)]
    return Outcome(ends, *in_child(_look).value)


def _until_it_waits(store: SqliteStore, child: Child) -> bytes | None:
    """What the child tells at its end; None where it waits for the one that has stopped."""
    for look in range(int(ENDS_WITHIN / LOOK_EVERY)):
        if told := child.wait(LOOK_EVERY):
            return told
        waits = store.somebody_waits()
        if waits or (waits is None and look * LOOK_EVERY > BLOCKED_WITHIN):
            return None
    return None


def _look() -> tuple[dict[str, list[str]], list[str]]:
    from collections import Counter

    from archive.links.integrity import failures
    from tests.kills.state import rows

    return rows(), list(failures(Counter()))
