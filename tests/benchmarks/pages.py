"""Pages: server time of every kind of page over a large archive, and how many queries each costs."""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from tests.benchmarks.corpus import read_corpus
from tests.benchmarks.results import Table, apart, say, sizes_of, timed
from tests.tools.postgres import new_database, running_server

from ..tables import rows_from

SIZES = (20_000, 100_000)
QUICK = (2000,)
ASKED = 7
SEED = 1540
SQLITE = "archive.sqlite3"
SYMBOL = "S/RES/1540(2004)"
STATES = ("澳大利亚", "中国", "古巴", "德国", "法国", "印度", "墨西哥", "大韩民国", "美利坚合众国", "巴西")
FAMILY = ("S/RES/1540(2004)", "S/RES/1673(2006)", "S/RES/1810(2008)", "S/RES/1977(2011)", "S/RES/2325(2016)")
PAGES = rows_from(__name__, "PAGES")
MOST = 150  # milliseconds, at the median, for the heaviest of them


@dataclass(frozen=True, slots=True)
class Cost:
    made: float  # milliseconds, where no page is kept
    kept: float  # the same page again
    queries: int
    status: int
    size: int  # kilobytes


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--postgres", action="store_true", help="the same archive on a private PostgreSQL server too"
    )


def run(options: argparse.Namespace) -> Iterator[Table]:
    for size in sizes_of(options, SIZES, QUICK):
        with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder:
            document = apart(_fill, options.corpus, size, ARCHIVE_DATA_DIR=folder)
            costs = apart(_measure, document, ARCHIVE_DATA_DIR=folder)
            yield _table(size, costs)
            if options.postgres:
                with running_server() as server:
                    address = new_database(server, "pages")
                    taken, held = apart(_move, address, ARCHIVE_DATA_DIR=folder)
                    notes = (
                        f"medians, no page kept; moved there by move_database in {taken:.0f} s.",
                        f"bytes a paragraph: SQLite {Path(folder, SQLITE).stat().st_size / size:,.0f},"
                        f" PostgreSQL {held / size:,.0f}.",
                    )
                    there = apart(_measure, document, ARCHIVE_DATA_DIR=folder, DATABASE_URL=address)
                    yield _compared(size, costs, there, notes)


def _compared(size: int, before: dict[str, Cost], now: dict[str, Cost], notes: tuple[str, ...]) -> Table:
    ratios = {name: now[name].made / before[name].made for name in before}
    rows = tuple(
        (name, f"{before[name].made:.1f}", f"{now[name].made:.1f}", f"{ratio:.2f}")
        for name, ratio in sorted(ratios.items(), key=lambda pair: -pair[1])
    )
    return Table(
        f"Pages over {size:,} paragraphs", ("page", "SQLite ms", "PostgreSQL ms", "times"), rows, notes
    )


def _move(address: str) -> tuple[float, int]:
    """Seconds that moving took, and the bytes there; the server knows afterwards what its tables hold."""
    import psycopg
    from django.core.management import call_command

    taken, _ = timed(lambda: call_command("move_database", address, verbosity=0))
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        held = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    return taken, held[0]


def _table(size: int, costs: dict[str, Cost]) -> Table:
    home = costs["home"].made
    rows = tuple(
        (
            name,
            f"{cost.made:.0f}",
            f"{cost.made / home:.1f}",
            f"{cost.kept:.1f}",
            str(cost.queries),
            f"{cost.size}",
            str(cost.status),
        )
        for name, cost in costs.items()
    )
    slow = [name for name, cost in costs.items() if cost.made > MOST]
    notes = (
        "made: no page is kept; kept: the same page again, nothing changed. Medians.",
        f"over {MOST} ms when made: {', '.join(slow) or 'none'}.",
    )
    columns = ("page", "made ms", "to home", "kept ms", "queries", "KB", "status")
    held = {f"{name} to home at {size:,}": cost.made / home for name, cost in costs.items()}
    held |= {f"{name}, KB at {size:,}": cost.size for name, cost in costs.items()}
    return Table(f"Pages over {size:,} paragraphs", columns, rows, notes, held)


def _measure(document: str) -> dict[str, Cost]:
    return {name: _cost(address, document) for name, address in PAGES.items()}


def _fill(corpus: str | None, size: int) -> str:
    """Store the paragraphs as documents, one in five citing; returns a symbol from the middle."""
    from django.core.management import call_command

    from archive.store.ingest.store import store_document
    from tests.tools.factories import source

    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    symbols = []
    for number, rows in groupby(read_corpus(corpus, size), attrgetter("document")):
        chance = random.Random(f"{SEED} {number}")
        symbol = f"S/{chance.randrange(2004, 2026)}/{number}"
        blocks = [(row.anchor, row.text) for row in rows if row.text.strip()]
        parsed = _document(symbol, blocks, chance)
        store_document(parsed, source(f"{number}.txt", symbol))
        symbols.append(symbol)
        if number % 100 == 0:
            say(f"  {number} documents …")
    from django.db import connection

    connection.cursor().execute("PRAGMA optimize")
    return symbols[len(symbols) // 2]


def _document(symbol: str, blocks: list[tuple[str, str]], chance: random.Random):
    """A meeting record made of ``blocks``, spoken by States in turn, one in five citing the family."""
    from archive.text.parsed import Speaker
    from tests.tools.factories import block, parsed

    rows, mentions, bodies = [], [], []
    for anchor, text in blocks:
        cited = chance.choice(FAMILY) if chance.random() < 0.2 else ""
        if cited:
            words = f"第{cited.removeprefix('S/RES/')}号决议"
            text = f"{text}重申{words}第3段，并支持1540委员会。"
            mentions.append((anchor, words, cited, chance.choice(("3", "2", None))))
            bodies.append((anchor, "1540委员会", "安全理事会第1540(2004)号决议所设委员会"))
        speaker = Speaker(f"代表{chance.randrange(100)}", "先生", chance.choice(STATES), "member")
        rows.append(block(anchor, text, speaker=speaker, turn=len(rows) + 1))
    return parsed(symbol, *rows, mentions=mentions, bodies=bodies, document_type="summary_record")


def _cost(address: str, document: str) -> Cost:
    from django.db import connection
    from django.test import Client, override_settings

    from archive.site.cache import page_cache

    client, queries = Client(), []

    def counting(execute, sql, params, many, context):
        queries.append(sql)
        return execute(sql, params, many, context)

    if "LAST" in address:
        listing = client.get(address.partition("?")[0] + ".json").json()
        address = address.replace("LAST", str(listing["page"]["pages"]))
    address = address.replace("DOCUMENT", document)
    with override_settings(PAGE_CACHE_MB=0):
        with connection.execute_wrapper(counting):
            response = client.get(address)
        made = _median(client, address)
    page_cache.forget()
    client.get(address)
    size = len(response.content) // 1024
    return Cost(made, _median(client, address), len(queries), response.status_code, size)


def _median(client, address: str) -> float:
    return statistics.median(1000 * timed(lambda: client.get(address))[0] for _ in range(ASKED))
