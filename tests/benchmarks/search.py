"""Search: build, size, memory, latency of our engines beside stock Haystack, SQLite FTS5 and a plain scan."""

from __future__ import annotations

import argparse
import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

from tests.benchmarks.results import Table, sizes_of
from tests.benchmarks.searching.bars import bar_rows
from tests.benchmarks.searching.engines import ENGINES, measure
from tests.benchmarks.searching.figures import Figures, say, timed

SIZES = (2000, 20_000, 100_000, 350_000)
QUICK = (2000,)
MOST = {"whoosh": 100_000, "stock": 100_000}  # larger ones take too long to be worth it; --all measures them


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--engines", help=f"divided by commas (default {','.join(ENGINES)})")
    parser.add_argument("--all", action="store_true", help="every engine at every size")


def run(options: argparse.Namespace) -> Iterator[Table]:
    usual = [name for name in ENGINES if name != "cluster"]
    engines = options.engines.split(",") if options.engines else usual
    measured: dict[tuple[str, int], Figures] = {}
    for size in sizes_of(options, SIZES, QUICK):
        wanted = [name for name in engines if options.all or size <= MOST.get(name, size)]
        figures = {name: alone(name, options.corpus, size) for name in wanted}
        measured |= {(name, size): one for name, one in figures.items()}
        yield _building(size, figures)
        yield _asking(size, figures)
    if rows := tuple(bar_rows(measured)):
        yield Table("What search has to reach, in this run", ("", "bar", "measured", ""), rows)


def alone(engine: str, corpus: str | None, size: int, asked_of: int | None = None) -> Figures:
    """``measure`` in a process of its own, so that memory is its own."""
    say(f"{engine}, {size:,} paragraphs …")
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as process:
        seconds, figures = timed(lambda: process.submit(measure, engine, corpus, size, asked_of).result())
    say(f"  {seconds:.0f} s in all")
    return figures


def _building(size: int, figures: dict[str, Figures]) -> Table:
    rows = tuple(
        (
            name,
            _number(one.build or None),
            _number(one.bare_build),
            _number(size / one.build if one.build else None, 0),
            _number(one.size),
            _number(one.memory, 0),
            _number(1000 * one.opening),
            _number(one.update),
            _number(one.update_memory, 0),
        )
        for name, one in figures.items()
        if name != "scan"
    )
    columns = (
        "engine",
        "build s",
        "without cutting s",
        "rows/s",
        "MB",
        "peak MB over inputs",
        "open ms",
        "update s",
        "update peak MB",
    )
    notes = ("update: one document of the archive indexed anew, in a process of its own.",)
    return Table(f"Search index over {size:,} paragraphs", columns, rows, notes)


def _asking(size: int, figures: dict[str, Figures]) -> Table:
    kinds = list(dict.fromkeys(kind for one in figures.values() for kind in one.times))
    rows = tuple(
        (kind, *(_pair(one.times.get(kind)) for one in figures.values()), _ratio(kind, figures))
        for kind in kinds
    )
    notes = (
        "Words and page “n” (a quoted phrase of n characters): a whole search call with facets, counts, 20",
        "hits with marks; stock likewise. concordance: a page of 50 lines. suggestion: of two characters.",
        "fts5: 20 hits and a count, no facets. literal: three counts. first: each query once, nothing kept.",
    )
    columns = ("median / p95 ms", *figures, "medians, times faster")
    return Table(f"Search over {size:,} paragraphs", columns, rows, notes)


def _number(value: float | None, digits: int = 1) -> str:
    return f"{value:,.{digits}f}" if value is not None else "–"


def _pair(times: tuple[float, float] | None) -> str:
    return f"{times[0]:.3g}/{times[1]:.3g}" if times else "–"


def _ratio(kind: str, figures: dict[str, Figures]) -> str:
    """How many times faster ours are: than the scan for phrases, than stock Haystack for words."""
    other = figures.get("scan" if kind.startswith("literal") else "stock")
    slow = other and other.times.get(kind)
    quick = "whoosh" in figures and figures["whoosh"].times.get(kind)
    return f"{slow[0] / quick[0]:.0f}" if slow and quick else "–"
