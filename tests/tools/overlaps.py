"""``python -m tests.tools.overlaps [--postgres] [FIRST,SECOND …]``: two acts at once, one stopped in its
midst.

Each act is a command in a process of its own. The first stops before one of its SQL statements; the second
runs until it ends or waits for the first; then the first goes on. However they meet, the outcome must be that
of one after the other: equal rows, no deadlock, nothing lost. On SQLite; with ``--postgres`` on a private
server that is started and removed; or on that which TEST_DATABASE_URL names.
"""

from __future__ import annotations

import argparse
import logging
import os
import pickle
import select
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from io import StringIO
from itertools import product
from pathlib import Path
from typing import Any

import psycopg

from tests.kills.children import in_child
from tests.kills.site import DATABASE, Site
from tests.tables import rows_from
from tests.tools.postgres import NoServerError, new_database, running_server

Command = tuple[str, ...]

# How many statements the first act has run when it stops: few, for what it reads before it locks; and a part.
STOPS = (1, 2, 4, 0.6)
ENDS_WITHIN = 3600  # seconds; whoever takes longer waits for ever, and is not slow
BLOCKED_WITHIN = 0.5  # seconds, where the database cannot be asked who waits
LOOK_EVERY = 0.02
STOPPED = b"stopped"

# --- The acts, and the documents that they are about: all cite each other ---

WHY = ("--by", "编辑", "--reason", "重复")
CHANGED = (
    "1. 改过的一段，回顾S/2020/1第1段。\n\n2. 各国报告了S/2020/5第1段所述情况。\n\n3. 新的一段，见S/2020/2。"
)
HELD = ("S_2020_3", "S_2020_4", "S_2020_5")


def acts(given: Path) -> dict[str, Command]:
    """Name → command. ``citing`` and ``cited`` name each other; ``update`` changes one that is held."""
    return {
        "citing": ("import_documents", str(given / "S_2020_1.txt")),
        "cited": ("import_documents", str(given / "S_2020_2.txt")),
        "update": ("import_documents", str(given / "changed" / "S_2020_3.txt")),
        "withdraw": ("withdraw_document", "S/2020/3", *WHY),
        "paragraph": ("withdraw_document", "S/2020/3", "--paragraph", "1", *WHY),
        "merge": ("merge_document", "S/2020/4", "S/2020/3", *WHY),
        "undo": ("withdraw_document", "S/2020/5", "--undo", *WHY[:2]),
        "reference": ("load_reference",),
    }


def before(given: Path) -> list[Command]:
    """What makes the site on which they meet: three documents, one of them withdrawn."""
    return [
        ("migrate",),
        ("load_reference",),
        *(("import_documents", str(given / f"{name}.txt")) for name in HELD),
        ("withdraw_document", "S/2020/5", *WHY),
        ("update_search",),
    ]


def write_sources(given: Path) -> None:
    (given / "changed").mkdir(parents=True)
    for name, body in {**rows_from(__name__, "SOURCES"), "changed/S_2020_3": CHANGED}.items():
        file = given / f"{name}.txt"
        symbol = file.stem.replace("_", "/")
        file.write_text(f"{symbol}\n\n2020年1月2日主席给安全理事会主席的信\n\n{body}\n", "utf-8")


# --- Two processes that meet ---


@dataclass(slots=True)
class Child:
    """A running act. It tells over a pipe that it stopped and how it ended."""

    pid: int
    hears: int
    tells: int

    def wait(self, seconds: float) -> bytes | None:
        """What the child tells next; None where nothing within the time."""
        ready, _, _ = select.select([self.tells], [], [], seconds)
        return os.read(self.tells, 1 << 20) if ready else None

    def ended(self, told: bytes | None = None) -> tuple[str, Any]:
        """How it ended; one that does not end is killed."""
        told = told or self.wait(ENDS_WITHIN)
        if told is None:
            os.kill(self.pid, 9)
            told = pickle.dumps(("error", "waits for ever"))
        os.close(self.hears)
        os.close(self.tells)
        os.waitpid(self.pid, 0)
        return pickle.loads(told)


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


@dataclass(frozen=True, slots=True)
class Outcome:
    """How each act ended, ``done`` with its number of statements, ``refused`` or ``error`` with what it
    said; the rows of the archive then, and what it keeps not of its promises.
    """

    ends: list[tuple[str, Any]]
    rows: dict[str, list[str]]
    failures: list[str]


def _look() -> tuple[dict[str, list[str]], list[str]]:
    from archive.management.commands.verify_archive import failures
    from tests.kills.state import rows

    return rows(), list(failures(Counter()))


@dataclass(frozen=True, slots=True)
class Meeting:
    """Where they meet: a site that is put back to what it was, and ``waits`` tells whether one waits for
    another there (None where the database cannot be asked)."""

    site: Site
    waits: Callable[[], bool | None]

    def one_after_the_other(self, *commands: Command) -> Outcome:
        self.site.restore("before")
        return Outcome([start(command).ended() for command in commands], *in_child(_look).value)

    def meet(self, first: Command, second: Command, stop_at: int) -> Outcome:
        """``second`` runs as far as it comes, while ``first`` has stopped before statement ``stop_at``."""
        self.site.restore("before")
        one = start(first, stop_at)
        told = one.wait(ENDS_WITHIN)
        other = start(second)
        told_by_other = self._until_it_waits(other)
        if told == STOPPED:
            os.write(one.hears, b".")
            told = None
        return Outcome([one.ended(told), other.ended(told_by_other)], *in_child(_look).value)

    def _until_it_waits(self, child: Child) -> bytes | None:
        """What the child tells at its end; None where it waits for the one that has stopped."""
        for look in range(int(ENDS_WITHIN / LOOK_EVERY)):
            if told := child.wait(LOOK_EVERY):
                return told
            waits = self.waits()
            if waits or (waits is None and look * LOOK_EVERY > BLOCKED_WITHIN):
                return None
        return None


def _somebody_waits(server: str) -> Callable[[], bool]:
    asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
    connection = psycopg.connect(server, autocommit=True)
    return lambda: bool(connection.execute(asked, [DATABASE]).fetchone()[0])


# --- The command ---


def main() -> int:
    """Try the pairs that are named, ``citing,cited``, or all; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.tools.overlaps", description=__doc__)
    parser.add_argument("pairs", nargs="*", metavar="FIRST,SECOND", help="default: all of them")
    parser.add_argument("--database", type=Path, help="to begin with: migrated, with reference data")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL server started for this")
    options = parser.parse_args()
    given = nullcontext(os.environ.get("TEST_DATABASE_URL"))
    try:
        with running_server() if options.postgres else given as server:
            return _try_all(options.pairs, server, options.database)
    except NoServerError as error:
        raise SystemExit(str(error)) from error


def _try_all(named: list[str], server: str | None, database: Path | None) -> int:
    with tempfile.TemporaryDirectory(prefix="archive-overlaps-") as name:
        folder = Path(name)
        os.environ |= {
            "ARCHIVE_DATA_DIR": str(folder / "site"),
            "DJANGO_SETTINGS_MODULE": "archive.settings",
            "DEBUG": "0",  # which costs a query for every query
            "SECRET_KEY": "overlaps",
            "ALLOWED_HOSTS": "localhost",
            "SEARCH_INDEX_FOLLOWS": "0",  # only the database is asked
        }
        os.environ.pop("DATABASE_URL", None)
        if server:
            os.environ["DATABASE_URL"] = new_database(server, DATABASE)
        _set_up()
        given, site = folder / "given", Site(folder, server or "")
        write_sources(given)
        if database:
            site.live.mkdir(exist_ok=True)
            shutil.copy(database, site.live / "archive.sqlite3")
        for command in before(given)[2 if database else 0 :]:
            how, what = start(command).ended()
            if how != "done":
                raise SystemExit(f"{command}: {what}")
        site.keep("before")
        meeting = Meeting(site, _somebody_waits(server) if server else lambda: None)
        known = acts(given)
        pairs = [tuple(pair.split(",")) for pair in named] or list(product(known, known))
        tried, failed = 0, 0
        for told in _try(meeting, known, pairs):
            tried += 1
            failed += bool(told)
            if told:
                print(told, flush=True)
        print(f"{tried} overlaps of {len(pairs)} pairs, {failed} failed")
    return 1 if failed or not tried else 0


def _set_up() -> None:
    """Load what every child needs, without a connection."""
    import django

    django.setup()
    logging.disable()
    from archive.intake.importing import parse_source  # noqa: F401
    from search.query.text.analyzer import analyze

    analyze("不扩散")


def _try(meeting: Meeting, known: dict[str, Command], pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    """For each overlap what is not as if one act had come after the other; empty where all is."""
    from tests.kills.state import difference

    for first, second in pairs:
        pair = known[first], known[second]
        allowed = [meeting.one_after_the_other(*pair), meeting.one_after_the_other(*reversed(pair))]
        statements = allowed[0].ends[0][1]
        for stop in STOPS:
            met = meeting.meet(*pair, stop if stop >= 1 else int(stop * statements))
            wrong = [what for how, what in met.ends if how == "error"] + met.failures
            if met.rows not in [outcome.rows for outcome in allowed]:
                differences = (difference(met.rows, outcome.rows) for outcome in allowed)
                wrong.append(min(differences, key=len))
            told = "; ".join(map(str, wrong[:3]))
            yield f"{first} stopped at {stop}, {second}: {told}" if wrong else ""


if __name__ == "__main__":
    sys.exit(main())
