"""The site under load: two gunicorn workers, mixed searches, while documents come in."""

from __future__ import annotations

import argparse
import http.client
import json
import os
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import cycle, groupby
from operator import attrgetter
from pathlib import Path
from urllib.parse import urlencode

from tests.benchmarks.corpus import read_corpus
from tests.benchmarks.results import SITE, Table, apart, middle_and_p95, say, sizes_of
from tests.hosts.web import free_port, gunicorn, running

from ..tables import rows_from

ROOT = Path(__file__).resolve().parents[2]
HOST, CLIENTS, MOST_REQUESTS = "127.0.0.1", 4, 50_000
IMPORTED = 200  # paragraphs at once
SLOWER = 3.0  # while the index is written, at most
QUERIES = tuple(rows_from(__name__, "QUERIES"))


@dataclass
class Load:
    """What the clients saw: milliseconds by whether the index was being written, and answers by status."""

    times: dict[bool, list[float]] = field(default_factory=lambda: {False: [], True: []})
    answers: Counter = field(default_factory=Counter)
    seen: set[str] = field(default_factory=set)  # times of the index that answered
    seconds: float = 0.0
    private: list[int] = field(default_factory=list)  # megabytes that each worker has for itself, at the end


def run(options: argparse.Namespace) -> Iterator[Table]:
    seconds = options.seconds or (10 if options.quick else 60)
    paragraphs = sizes_of(options, (20_000,), (2000,))[0]  # at the beginning
    say(f"the site, {paragraphs:,} paragraphs …")
    load = _measure(paragraphs, seconds, options.corpus)
    quiet, writing = (middle_and_p95(taken) if taken else None for taken in load.times.values())
    errors = ", ".join(f"{status}: {count}" for status, count in load.answers.items() if status != 200)
    rows = [
        ("requests/s", f"{load.answers.total() / load.seconds:.1f}", ""),
        ("errors", errors or "0", "reached" if not errors else "not reached (0)"),
        ("switches of the index", f"{len(load.seen - {''}) - 1}", ""),
        ("private MB of a worker", " ".join(map(str, load.private)), ""),
    ]
    for name, taken in (("quiet", quiet), ("writing", writing)):
        rows += [(f"{name}, p50 / p95 ms", "{:.0f} / {:.0f}".format(*taken), "")] if taken else []
    for name, calm, busy in zip(("median", "p95"), quiet or (), writing or (), strict=False):
        reached = "reached" if busy <= SLOWER * calm else "not reached"
        rows.append(
            (f"{name} while the index is written", f"{busy / calm:.1f}×", f"{reached} (≤ {SLOWER:g}×)")
        )
    notes = (f"{CLIENTS} clients, {seconds:g} s; twice {IMPORTED} paragraphs are imported and indexed.",)
    yield Table(
        f"The site over {paragraphs:,} paragraphs, 2 workers", ("", "measured", ""), tuple(rows), notes
    )


def _measure(paragraphs: int, seconds: float, corpus: str | None) -> Load:
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder:

        def write(first: int, count: int = IMPORTED) -> None:
            apart(_fill, first, count, corpus, ARCHIVE_DATA_DIR=folder)

        write(0, paragraphs)
        port, environment = free_port(), {**os.environ, **SITE, "ARCHIVE_DATA_DIR": folder}
        environment.pop("DATABASE_URL", None)
        with running(gunicorn(port), port, env=environment) as site:
            say("  filled; asking …")
            load = _load(port, seconds, write, [paragraphs + number * IMPORTED for number in range(2)])
            load.private = [*_private(site.pid)]
            return load


def _private(server: int) -> Iterator[int]:
    """Megabytes that each worker of ``server`` shares with no other process; nothing where Linux is not."""
    listed = Path(f"/proc/{server}/task/{server}/children")
    for worker in listed.read_text("ascii").split() if listed.exists() else ():
        rows = Path(f"/proc/{worker}/smaps_rollup").read_text("ascii").splitlines()
        yield sum(int(row.split()[1]) for row in rows if row.startswith("Private_")) // 1024


def _fill(first: int, count: int, corpus: str | None) -> None:
    """Store so many paragraphs as documents of their own, and bring the index up to date."""
    from django.core.management import call_command

    from archive.store.ingest.store import store_document
    from search.engine.live.update import update_index
    from tests.tools.factories import parsed, source

    if first == 0:
        call_command("migrate", verbosity=0)
    texts = read_corpus(corpus, first + count)[first:]
    for number, rows in groupby(texts, attrgetter("document")):
        blocks = [(row.anchor, row.text) for row in rows if row.text.strip()]
        document = parsed(f"S/20{first % 90 + 10}/{number}", *blocks)
        store_document(document, source(f"{first}-{number}.txt", "\n".join(text for _, text in blocks)))
    update_index()


def _ask(port: int, query: dict[str, str]) -> tuple[int, bytes]:
    with closing(http.client.HTTPConnection(HOST, port, timeout=60)) as connection:
        connection.request("GET", f"/search.json?{urlencode(query)}")
        response = connection.getresponse()
        return response.status, response.read()


def _load(port: int, seconds: float, write: Callable[[int], None], imported: list[int]) -> Load:
    """Clients ask for ``seconds``; after each quarter of it the next of ``imported`` is written."""
    load, writing, lock = Load(), threading.Event(), threading.Lock()
    begin = time.monotonic()

    def client(number: int) -> None:
        queries = cycle(QUERIES[number:] + QUERIES[:number])
        asked = 0
        while asked < MOST_REQUESTS // CLIENTS and time.monotonic() - begin < seconds:
            during, start, asked = writing.is_set(), time.perf_counter(), asked + 1
            try:
                status, body = _ask(port, next(queries))
            except OSError as error:
                status, body = type(error).__name__, b""
            taken = 1000 * (time.perf_counter() - start)
            with lock:
                load.times[during or writing.is_set()].append(taken)
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
