"""Runs the operations: once without a kill, then with one, and again; tells what is not as it should be."""

from __future__ import annotations

import hashlib
import logging
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from io import StringIO
from pathlib import Path
from random import Random

from django.core.management import call_command
from django.db import connection

from archive import text
from archive.store import search_index
from search.query.entities.snapshot import archive_names
from search.query.text.analyzer import analyze

from . import state
from .children import in_child
from .operations import Command, Operation, operations
from .site import Site
from .steps import Steps, kill_after, watch

BY_TIME = 4  # one kill in so many is by time, the others are at steps
SHOWN = 5


@dataclass(slots=True)
class Usual:
    """What an operation does without a kill: rows before and after each of its acts, files after it, its
    steps, and the time of the processor that it takes.
    """

    states: list[state.Rows]
    files: list[str] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    seconds: float = 0.0


def run(site: Site, folder: Path, names: list[str], kills: int, seed: int, at: str | None) -> int:
    """Returns the exit status: 1 where anything failed, 2 where an operation is not known."""
    given = folder / "given"
    every = operations(given)
    unknown = set(names) - {operation.name for operation in every}
    if unknown:
        print(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(o.name for o in every)}")
        return 2
    _warm(given)
    failed = 0
    for operation in every:
        if not names or operation.name in names:
            random = Random(f"{seed} {operation.name}")
            failed += _value(in_child(partial(_kill_often, site, operation, kills, random, at)))
    return 1 if failed else 0


def _kill_often(site: Site, operation: Operation, kills: int, random: Random, at: str | None) -> int:
    """All kills of one operation, in a process of its own; returns how many failed."""
    began = time.monotonic()
    usual = _usual(site, operation)
    places = [at] if at else _places(usual, kills, random)
    site.restore(operation.name)
    if not operation.earlier:
        _serve()
    left: set[str] = set()
    counts = Counter(_kill(site, operation, usual, place, left) for place in places)
    return _tell(operation, usual, counts, len(left), time.monotonic() - began)


def _serve() -> None:
    """Make this process a server that has served the site before the operation: whoever looks after a kill
    is its child, and knows of the site what it knew.
    """
    list(state.torn())
    archive_names()  # which learns how they are pronounced
    connection.close()
    for thread in threading.enumerate():
        if thread is not threading.current_thread():
            thread.join()


def _warm(given: Path) -> None:
    """Load what every child needs, without a connection."""
    logging.disable()
    search_index.PAUSE = float("inf")  # no request starts a process, which would outlive its site
    text.parse_document(next((given / "first").iterdir()))
    analyze("不扩散")
    assert text.PARSER_VERSION


def _usual(site: Site, operation: Operation) -> Usual:
    """Make the site from which the operation starts, and learn what it does there."""
    if operation.earlier:  # the last command before leads back to the earlier release
        _prepare(site, operation.before[:-1])
        held = _value(in_child(state.rows))
    _prepare(site, operation.before)
    site.keep(operation.name)
    states = [] if operation.earlier else [_value(in_child(state.rows))]
    for act in operation.acts or operation.commands:
        _value(in_child(partial(_perform, site, (act,))))
        states.append(_value(in_child(state.rows)))
    if operation.earlier and (lost := state.difference(states[-1], held)):
        raise SystemExit(f"{operation.name}, not killed: {lost}")
    site.restore(operation.name)
    steps, seconds = _value(in_child(partial(_perform, site, operation.commands)))
    wrong = _value(in_child(lambda: list(state.unfinished())))
    if wrong:
        raise SystemExit(f"{operation.name}, not killed: {wrong}")
    if more := state.difference(_value(in_child(state.rows)), states[-1]):
        raise SystemExit(f"{operation.name}, not killed, differs from its acts one by one: {more}")
    return Usual(states, state.files(site.live), steps, seconds)


def _prepare(site: Site, commands: tuple[Command, ...]) -> None:
    """Run the commands on a new site; the longest beginning of them that was run before is taken over."""
    known = (length for length in range(len(commands), 0, -1) if site.has(_name(commands[:length])))
    length = next(known, 0)
    site.restore(_name(commands[:length]) if length else None)
    for done in range(length, len(commands)):
        _value(in_child(partial(_perform, site, (commands[done],))))
        site.keep(_name(commands[: done + 1]))


def _name(commands: tuple[Command, ...]) -> str:
    return f"{abs(hash(commands)):x}"


def _perform(site: Site, commands: tuple[Command, ...], at: str | None = None) -> tuple[list[str], float]:
    """Run the commands in this process, to be killed there; returns its steps and the time it took."""
    steps = Steps(int(at) if at and at.isdecimal() else None)
    watch(site.live, steps)
    began = time.process_time()
    if at and at.endswith("s"):
        kill_after(float(at[:-1]))
    for name, *arguments in commands:
        placed = [argument.replace("{site}", str(site.live)) for argument in arguments]
        call_command(name, *placed, verbosity=0, stdout=StringIO())
    taken = time.process_time() - began
    connection.close()
    return steps.kinds, taken


def _value(ended):
    if ended.killed or ended.error:
        raise SystemExit(ended.error or "killed by somebody else")
    return ended.value


def _places(usual: Usual, kills: int, random: Random) -> list[str]:
    """Where to kill: half of the steps chosen among those of files, where there are so many."""
    by_time = kills // BY_TIME
    of_files = [number for number, kind in enumerate(usual.steps, start=1) if kind != "sql"]
    chosen = set(random.sample(of_files, min(len(of_files), (kills - by_time) // 2)))
    rest = sorted(set(range(1, len(usual.steps) + 1)) - chosen)
    chosen |= set(random.sample(rest, min(len(rest), kills - by_time - len(chosen))))
    moments = [f"{random.uniform(0, usual.seconds):.4f}s" for _ in range(kills - len(chosen))]
    return [*map(str, sorted(chosen)), *moments]


def _kill(site: Site, operation: Operation, usual: Usual, at: str, left: set[str]) -> str:
    """One kill; returns what came of it, in words that are equal where it is the same. What it ``left`` is
    looked at once: the same rows and files become the same, whichever kill left them.
    """
    site.restore(operation.name)
    ended = in_child(partial(_perform, site, operation.commands, at))
    if ended.error:
        return _failed(operation, at, f"failed by itself: {ended.error.splitlines()[-1]}")
    looked = in_child(partial(_look, site, operation, usual, left))
    if looked.error or looked.killed:
        return _failed(operation, at, looked.error or "looking was killed")
    mark, wrong = looked.value
    if mark not in left:
        left.add(mark)
        if told := wrong + _differing_files(state.files(site.live), usual.files):
            return _failed(operation, at, "; ".join(told[:SHOWN]))
    return "whole" if ended.killed else "ended before"


def _look(site: Site, operation: Operation, usual: Usual, left: set[str]) -> tuple[str, list[str]]:
    """What tells the state in which the site is from others, and what is wrong with it; nothing is done again
    and looked at where that is known."""
    lying, now = state.lying(site.live), state.tables() if operation.earlier else state.rows()
    mark = hashlib.sha256(repr((lying, now)).encode()).hexdigest()
    if mark in left:
        return mark, []
    wrong = [] if operation.earlier else [f"torn: {found}" for found in state.torn()]
    if not operation.earlier and now not in usual.states:
        wrong.append(f"neither before nor after: {state.difference(now, usual.states[0])}")
    placed = [
        tuple(argument.replace("{site}", str(site.live)) for argument in command)
        for command in operation.commands
    ]
    said = state.run_again(*placed)
    wrong += [f"again: {found}" for found in state.unfinished()]
    if more := state.difference(state.rows(), usual.states[-1]):
        wrong.append(f"again, rows: {more} {said}")
    connection.close()
    return mark, wrong


def _differing_files(mine: list[str], wanted: list[str]) -> list[str]:
    more, less = Counter(mine) - Counter(wanted), Counter(wanted) - Counter(mine)
    told = [f"left over: {sorted(more)[:SHOWN]}"] if more else []
    return told + ([f"missing: {sorted(less)[:SHOWN]}"] if less else [])


def _failed(operation: Operation, at: str, what: str) -> str:
    print(f"  {operation.name} --at {at}: {what}", flush=True)
    return "failed"


def _tell(operation: Operation, usual: Usual, counts: Counter[str], states: int, seconds: float) -> int:
    kinds = Counter(usual.steps)
    of_files = ", ".join(
        f"{kind.removeprefix('os.')} {count}" for kind, count in kinds.items() if kind != "sql"
    )
    ended = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
    print(
        f"{operation.name}: {counts.total()} kills ({ended}), {states} states, in {seconds:.0f} s; "
        f"steps: sql {kinds['sql']}, {of_files}",
        flush=True,
    )
    sys.stdout.flush()
    return counts["failed"]
