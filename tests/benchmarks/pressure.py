"""The site under attack: what a reader waits for a cheap page, with and without an attacker beside him.

Peace and attack take turns in slices of some seconds, so that whatever else the machine does meanwhile falls
on both alike.
"""

from __future__ import annotations

import argparse
import http.client
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.benchmarks.http import HOST, ROOT, _free_port, _wait
from tests.benchmarks.results import Table
from tests.benchmarks.searching.figures import say

PAGES = ("/healthz", "/S/2010/52/p/annex.14")
PAUSE, PATIENCE = 0.05, 10  # seconds between two pages, and until a reader gives up
SLOWER = 3.0  # under attack, at most
SLICE, QUICK_SLICE = 10.0, 5.0  # seconds of peace, then of attack
BEGINNING = 1.0  # seconds until all of the attack is under way


@dataclass
class Waited:
    """Milliseconds for each page, and what went wrong."""

    times: dict[str, list[float]] = field(default_factory=lambda: {page: [] for page in PAGES})
    wrong: Counter = field(default_factory=Counter)


@dataclass
class Attacker:
    """The attacker in a process of its own, which waits between its slices."""

    process: subprocess.Popen
    answers: Counter = field(default_factory=Counter)

    def begin(self, seconds: float) -> None:
        self.process.stdin.write(f"{seconds}\n")
        self.process.stdin.flush()

    def end(self) -> None:
        """Waits until all that was asked has been answered or given up."""
        self.answers.update(json.loads(self.process.stdout.readline()))


def run(options: argparse.Namespace) -> Iterator[Table]:
    seconds = options.seconds or (10 if options.quick else 60)
    slice_ = min(seconds, QUICK_SLICE if options.quick else SLICE)
    rounds = round(seconds / slice_)
    quiet, attacked = Waited(), Waited()
    with _site() as port, _attacker(port) as attacker:
        _read(port, 1, Waited())  # until both workers have made the pages once
        for number in range(rounds):
            say(f"peace and attack, {number + 1} of {rounds} …")
            _read(port, slice_, quiet)
            attacker.begin(slice_ + BEGINNING)
            time.sleep(BEGINNING)
            _read(port, slice_, attacked)
            attacker.end()
    columns = ("page", "quiet p50 / p99 ms", "attacked p50 / p99 ms", "p99, times", f"bar ≤ {SLOWER:g}")
    rows = tuple(_row(page, quiet.times[page], attacked.times[page]) for page in PAGES)
    pages = " and ".join(str(len(waited.times[PAGES[0]])) for waited in (quiet, attacked))
    notes = (
        f"{rounds} turns of {slice_:.0f} s of peace and {slice_:.0f} s of attack, {pages} pages of a kind, "
        "2 workers; the attacker is on the same machine and has its own share of it.",
        f"load of the machine at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores",
        f"went wrong for the reader: quiet {dict(quiet.wrong) or 0}, attacked {dict(attacked.wrong) or 0}",
        "what the attacker got: "
        + ", ".join(f"{kind}: {number}" for kind, number in sorted(attacker.answers.items())),
    )
    yield Table("Cheap pages under attack", columns, rows, notes)


def _row(page: str, quiet: list[float], attacked: list[float]) -> tuple[str, ...]:
    times = _p99(attacked) / _p99(quiet)
    return (
        page,
        _pair(quiet),
        _pair(attacked),
        f"{times:.1f}×",
        "reached" if times <= SLOWER else "not reached",
    )


def _pair(times: list[float]) -> str:
    return f"{statistics.median(times):.0f} / {_p99(times):.0f}"


def _p99(times: list[float]) -> float:
    """The time that 99 of 100 are answered in; of fewer than 100 the longest."""
    return sorted(times)[math.ceil(0.99 * len(times)) - 1]


@contextmanager
def _site() -> Iterator[int]:
    """A site with the bundled documents and the limits of production; yields its port."""
    with tempfile.TemporaryDirectory(prefix="bench-") as directory:
        environment = os.environ | {
            "ARCHIVE_DATA_DIR": directory,
            "DEBUG": "0",
            "SECRET_KEY": "benchmark",
            "ALLOWED_HOSTS": "127.0.0.1,localhost",
            "SECURE_SSL_REDIRECT": "0",
            "PROXIES": "1",  # so that the attacker may have several addresses
        }
        say("preparing a site …")
        for command in ("prepare", "export_dump"):
            subprocess.run(
                [sys.executable, "manage.py", command],
                cwd=ROOT,
                env=environment,
                check=True,
                stdout=subprocess.DEVNULL,
            )
        port = _free_port()
        command = ["-m", "gunicorn", "--bind", f"{HOST}:{port}", "--workers", "2", "--log-level", "error"]
        site = subprocess.Popen(
            [sys.executable, *command, "archive.wsgi"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait(port)
            yield port
        finally:
            site.terminate()
            site.wait(30)


@contextmanager
def _attacker(port: int) -> Iterator[Attacker]:
    """An attacker who is ready, with all bombs made."""
    command = [sys.executable, "-m", "tests.benchmarks.pressure_attack", str(port)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    process = subprocess.Popen(command, cwd=ROOT, **pipes)
    try:
        process.stdout.readline()
        yield Attacker(process)
    finally:
        process.kill()
        process.wait()


def _read(port: int, seconds: float, waited: Waited) -> None:
    """One reader asks for the pages in turn for ``seconds``; ``waited`` keeps what it took."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for page in PAGES:
            connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
            begin = time.perf_counter()
            try:
                connection.request("GET", page, headers={"X-Forwarded-For": "198.51.100.7"})
                response = connection.getresponse()
                response.read()
                if response.status != 200:
                    waited.wrong[f"{page} {response.status}"] += 1
            except (OSError, http.client.HTTPException) as error:
                waited.wrong[f"{page} {type(error).__name__}"] += 1
            finally:
                connection.close()
            waited.times[page].append(1000 * (time.perf_counter() - begin))
            time.sleep(PAUSE)
