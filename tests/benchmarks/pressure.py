"""The site under attack: what a reader waits for a cheap page, with and without an attacker beside him."""

from __future__ import annotations

import argparse
import http.client
import json
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


@dataclass
class Waited:
    """Milliseconds for each page, and what went wrong."""

    times: dict[str, list[float]] = field(default_factory=lambda: {page: [] for page in PAGES})
    wrong: Counter = field(default_factory=Counter)


def run(options: argparse.Namespace) -> Iterator[Table]:
    seconds = options.seconds or (10 if options.quick else 60)
    with _site() as port:
        say("reading in peace …")
        quiet = _read(port, seconds)
        say("reading beside an attacker …")
        command = [sys.executable, "-m", "tests.benchmarks.pressure_attack", str(port), str(seconds + 3)]
        attacker = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        try:
            time.sleep(3)  # until its bombs are made
            attacked = _read(port, seconds)
            answers = json.loads(attacker.communicate(timeout=120)[0])
        finally:
            attacker.kill()
    columns = ("page", "quiet p50 / p99 ms", "attacked p50 / p99 ms", "p99, times", f"bar ≤ {SLOWER:g}")
    rows = tuple(_row(page, quiet.times[page], attacked.times[page]) for page in PAGES)
    notes = (
        f"{seconds:.0f} s each, 2 workers; the attacker is on the same machine and has its own share of it.",
        f"went wrong for the reader: quiet {dict(quiet.wrong) or 0}, attacked {dict(attacked.wrong) or 0}",
        "what the attacker got: "
        + ", ".join(f"{kind}: {number}" for kind, number in sorted(answers.items())),
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
    return sorted(times)[int(0.99 * (len(times) - 1))]


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


def _read(port: int, seconds: float) -> Waited:
    """One reader asks for the pages in turn for ``seconds``."""
    waited = Waited()
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
    return waited
