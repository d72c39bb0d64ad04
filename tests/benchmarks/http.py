"""The site under load: two gunicorn workers, mixed searches, while documents come in."""

from __future__ import annotations

import argparse
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from urllib.parse import urlencode

from tests.benchmarks.results import Table

ROOT = Path(__file__).resolve().parents[2]
HOST, CLIENTS, MOST_REQUESTS = "127.0.0.1", 4, 50_000
QUERIES = (
    {"q": "委员会"},
    {"q": "出口管制 措施"},
    {"q": "规定 机关 责任"},
    {"q": "“人民”"},
    {"q": "“的规定”"},
    {"q": "“1540”"},
    {"q": "报告", "year": "2016"},
    {"q": "核安全 -“措施”"},
    {"q": "夨夬夶彖"},
    {"q": "会议 报告", "sort": "date"},
)


@dataclass
class Load:
    """What the clients saw: milliseconds by whether the index was being written, and answers by status."""

    quiet: list[float] = field(default_factory=list)
    writing: list[float] = field(default_factory=list)
    answers: Counter = field(default_factory=Counter)
    seen: set[str] = field(default_factory=set)  # times of the index that answered


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seconds", type=float, help="how long the site is under load (default 60)")
    parser.add_argument("--paragraphs", type=int, help="paragraphs at the beginning (default 20,000)")


def run(options: argparse.Namespace) -> Iterator[Table]:
    seconds = options.seconds or (10 if options.quick else 60)
    paragraphs = options.paragraphs or (2000 if options.quick else 20_000)
    engines = [name for name in (options.engines or "whoosh,tantivy").split(",") if name in ENGINES]
    measured = {engine: _measure(engine, paragraphs, seconds, options.corpus) for engine in engines}
    rows = tuple(_row(engine, *one) for engine, one in measured.items())
    columns = ("engine", "requests/s", "quiet p50 / p95 ms", "writing p50 / p95 ms", "errors", "switches")
    notes = (
        f"{CLIENTS} clients, {seconds:.0f} s; two imports of 200 paragraphs, the index updated after each.",
    )
    yield Table(f"The site over {paragraphs:,} paragraphs, 2 workers", columns, rows, notes)


ENGINES = ("whoosh", "tantivy")


def _row(engine: str, load: Load, seconds: float) -> tuple[str, ...]:
    total = sum(load.answers.values())
    errors = {status: count for status, count in load.answers.items() if status != 200}
    rate = f"{total / seconds:.0f}"
    shown = ", ".join(f"{status}: {count}" for status, count in errors.items()) or "0"
    return engine, rate, _pair(load.quiet), _pair(load.writing), shown, str(len(load.seen - {""}) - 1)


def _pair(times: list[float]) -> str:
    if not times:
        return "–"
    return f"{statistics.median(times):.0f} / {sorted(times)[int(0.95 * (len(times) - 1))]:.0f}"


def _measure(engine: str, paragraphs: int, seconds: float, corpus: str | None) -> tuple[Load, float]:
    with tempfile.TemporaryDirectory(prefix="bench-") as directory:
        environment = os.environ | {
            "ARCHIVE_DATA_DIR": directory,
            "SEARCH_ENGINE": engine,
            "DEBUG": "1",
            "REQUESTS_PER_MINUTE": "0",
        }
        _fill(environment, 0, paragraphs, corpus)
        port = _free_port()
        command = ["-m", "gunicorn", "--bind", f"{HOST}:{port}", "--workers", "2", "--log-level", "error"]
        site = subprocess.Popen(
            [sys.executable, *command, "archive.wsgi"], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
        )
        try:
            _wait(port)
            return _load(port, environment, paragraphs, seconds, corpus)
        finally:
            site.terminate()
            site.wait(30)


def _fill(environment: dict[str, str], first: int, count: int, corpus: str | None) -> None:
    command = [sys.executable, "-m", "tests.benchmarks.searching.site", str(first), str(count)]
    command += [corpus] if corpus else []
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind((HOST, 0))
        return free.getsockname()[1]


def _wait(port: int) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            _ask(http.client.HTTPConnection(HOST, port, timeout=30), QUERIES[0])
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def _ask(connection: http.client.HTTPConnection, query: dict[str, str]) -> tuple[int, bytes]:
    connection.request("GET", f"/search.json?{urlencode(query)}")
    response = connection.getresponse()
    return response.status, response.read()


def _load(port: int, environment, paragraphs: int, seconds: float, corpus: str | None) -> tuple[Load, float]:
    """Clients ask for ``seconds``; after a quarter and after a half of it documents come in."""
    load, writing, lock = Load(), threading.Event(), threading.Lock()
    begin = time.monotonic()

    def client(number: int) -> None:
        queries = cycle(QUERIES[number:] + QUERIES[:number])
        while time.monotonic() - begin < seconds and sum(load.answers.values()) < MOST_REQUESTS:
            during, start = writing.is_set(), time.perf_counter()
            try:
                status, body = _ask(http.client.HTTPConnection(HOST, port, timeout=30), next(queries))
            except OSError as error:
                status, body = type(error).__name__, b""
            taken = 1000 * (time.perf_counter() - start)
            with lock:
                (load.writing if during else load.quiet).append(taken)
                load.answers[status] += 1
                load.seen.add(_indexed_at(body))

    clients = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    for one in clients:
        one.start()
    for share in (1, 2):
        time.sleep(max(0.0, begin + share * seconds / 4 - time.monotonic()))
        writing.set()
        _fill(environment, paragraphs + 200 * share, 200, corpus)
        writing.clear()
    for one in clients:
        one.join()
    return load, time.monotonic() - begin


def _indexed_at(body: bytes) -> str:
    """Which index answered; of an answer that is none, nothing."""
    try:
        return json.loads(body)["corpus"]["indexed_at"]
    except (ValueError, KeyError):
        return ""
