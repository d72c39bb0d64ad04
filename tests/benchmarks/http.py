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
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from urllib.parse import urlencode

from tests.benchmarks.results import Table, sizes_of
from tests.benchmarks.searching.figures import say

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
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Requests answered in a second."""
        return sum(self.answers.values()) / self.seconds


def run(options: argparse.Namespace) -> Iterator[Table]:
    seconds = options.seconds or (10 if options.quick else 60)
    paragraphs = sizes_of(options, (20_000,), (2000,))[0]  # at the beginning
    chosen = (options.engines or ",".join((*ENGINES, STOCK))).split(",")
    measured: dict[str, Load] = {}
    for engine in (name for name in (*ENGINES, STOCK) if name in chosen):
        say(f"the site with {engine}, {paragraphs:,} paragraphs …")
        measured[engine] = _measure(engine, paragraphs, seconds, options.corpus)
    rows = tuple(_row(engine, load) for engine, load in measured.items())
    columns = ("engine", "requests/s", "quiet p50 / p95 ms", "writing p50 / p95 ms", "errors", "switches")
    notes = (
        f"{CLIENTS} clients, {seconds:.0f} s; twice {IMPORTED} paragraphs are imported and indexed.",
        "stock: Haystack, Whoosh, ChineseAnalyzer and nothing around them; nothing is imported meanwhile.",
    )
    yield Table(f"The site over {paragraphs:,} paragraphs, 2 workers", columns, rows, notes)
    yield Table(
        "What the site has to reach, in this run", ("", "bar", "measured", ""), tuple(_bars(measured))
    )


ENGINES, STOCK = ("whoosh",), "stock"
# Whatever the settings of this process are.
SITE = {"DJANGO_SETTINGS_MODULE": "archive.settings", "DEBUG": "1"}
IMPORTED = 200  # paragraphs at once
STOCK_ENGINE = "tests.benchmarks.searching.stock.StockEngine"
SLOWER = 3.0  # while the index is written, at most


def _row(engine: str, load: Load) -> tuple[str, ...]:
    errors = {status: count for status, count in load.answers.items() if status != 200}
    shown = ", ".join(f"{status}: {count}" for status, count in errors.items()) or "0"
    switches = str(len(load.seen - {""}) - 1) if engine in ENGINES else "–"
    return engine, f"{load.rate:.1f}", _pair(load.quiet), _pair(load.writing), shown, switches


def _bars(measured: dict[str, Load]) -> Iterator[tuple[str, ...]]:
    for engine in ENGINES:
        load = measured.get(engine)
        if load is None:
            continue
        errors = sum(count for status, count in load.answers.items() if status != 200)
        yield _bar(f"{engine}: errors", errors, 0, "")
        if load.quiet and load.writing:
            for name, of in (("median", statistics.median), ("p95", _p95)):
                ratio = of(load.writing) / of(load.quiet)
                yield _bar(f"{engine}: {name} while the index is written, to quiet", ratio, SLOWER, "×")
        if STOCK in measured:
            times = load.rate / measured[STOCK].rate
            yield f"{engine}: requests a second, to stock", "", f"{times:.1f}×", ""


def _bar(text: str, value: float, most: float, unit: str) -> tuple[str, ...]:
    reached = "reached" if value <= most else "not reached"
    return text, f"≤ {most:g}{unit}", f"{value:.{1 if unit else 0}f}{unit}", reached


def _pair(times: list[float]) -> str:
    return f"{statistics.median(times):.0f} / {_p95(times):.0f}" if times else "–"


def _p95(times: list[float]) -> float:
    return sorted(times)[int(0.95 * (len(times) - 1))]


def _measure(engine: str, paragraphs: int, seconds: float, corpus: str | None) -> Load:
    with tempfile.TemporaryDirectory(prefix="bench-") as directory:
        ours = engine in ENGINES
        environment = os.environ | SITE | {"ARCHIVE_DATA_DIR": directory, "REQUESTS_PER_MINUTE": "0"}
        environment["SEARCH_ENGINE"] = engine if ours else STOCK_ENGINE
        if ours:
            _fill(environment, 0, paragraphs, corpus)
        else:
            _run(environment, "tests.benchmarks.searching.stock_site", paragraphs, *filter(None, [corpus]))
        port = _free_port()
        command = ["-m", "gunicorn", "--bind", f"{HOST}:{port}", "--workers", "2", "--log-level", "error"]
        command.append("archive.wsgi" if ours else "tests.benchmarks.searching.stock_site")
        site = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
        )
        try:
            _wait(port)
            say("  filled; asking …")
            imported = [paragraphs + number * IMPORTED for number in range(2)] if ours else []
            return _load(port, seconds, lambda first: _fill(environment, first, IMPORTED, corpus), imported)
        finally:
            site.terminate()
            site.wait(30)


def _fill(environment: dict[str, str], first: int, count: int, corpus: str | None) -> None:
    _run(environment, "tests.benchmarks.searching.site", first, count, *filter(None, [corpus]))


def _run(environment: dict[str, str], module: str, *arguments: object) -> None:
    command = [sys.executable, "-m", module, *map(str, arguments)]
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


def _load(port: int, seconds: float, write: Callable[[int], None], imported: list[int]) -> Load:
    """Clients ask for ``seconds``; after each quarter of it the next of ``imported`` is written."""
    load, writing, lock = Load(), threading.Event(), threading.Lock()
    begin = time.monotonic()

    def client(number: int) -> None:
        queries = cycle(QUERIES[number:] + QUERIES[:number])
        while time.monotonic() - begin < seconds and sum(load.answers.values()) < MOST_REQUESTS:
            during, start = writing.is_set(), time.perf_counter()
            try:
                status, body = _ask(http.client.HTTPConnection(HOST, port, timeout=60), next(queries))
            except OSError as error:
                status, body = type(error).__name__, b""
            taken = 1000 * (time.perf_counter() - start)
            with lock:
                (load.writing if during or writing.is_set() else load.quiet).append(taken)
                load.answers[status] += 1
                load.seen.add(_indexed_at(body))

    clients = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    for one in clients:
        one.start()
    for quarter, first in enumerate(imported, start=1):
        time.sleep(max(0.0, begin + quarter * seconds / 4 - time.monotonic()))
        writing.set()
        write(first)
        writing.clear()
    for one in clients:
        one.join()
    load.seconds = time.monotonic() - begin
    return load


def _indexed_at(body: bytes) -> str:
    """Which index answered; of an answer that is none, nothing."""
    try:
        return json.loads(body)["corpus"]["indexed_at"]
    except (ValueError, KeyError):
        return ""
