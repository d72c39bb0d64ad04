"""What is measured of an engine, and how times are taken."""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

PASSES = 3
SECONDS = 8.0  # at most, for one kind of query
WORDS = ("rare", "common", "three words")

Times = tuple[float, float]  # median and p95, milliseconds


@dataclass
class Figures:
    """Seconds, megabytes, and milliseconds by kind of query: median and p95."""

    build: float = 0.0
    bare_build: float | None = None  # without cutting texts into words
    size: float = 0.0
    memory: float = 0.0
    update: float | None = None  # of one document
    update_memory: float | None = None
    opening: float = 0.0
    processor: float = 0.0  # seconds of this process while it built
    cluster_processor: float = 0.0  # … of all nodes meanwhile
    update_processor: float = 0.0  # … and while one document was added
    times: dict[str, Times] = field(default_factory=dict)
    found: dict[str, int] = field(default_factory=dict)  # hits of the first queries, to compare engines


def timed(call: Callable[[], object]) -> tuple[float, object]:
    start = time.perf_counter()
    result = call()
    return time.perf_counter() - start, result


def times_of(call: Callable[[str], object], queries: Iterable[str], warm: bool = True) -> Times:
    """Median and p95 over queries, of each the fastest of its calls: what else the machine does in a
    millisecond is no property of a query, and p95 of single calls was mostly that. After one round to warm
    up, unless the caller has done so.
    """
    queries, fastest = list(queries), {}
    end = time.perf_counter() + SECONDS
    for turn in range(PASSES + 1):
        for query in queries:
            if time.perf_counter() > end and (fastest or not warm):
                break
            seconds, _ = timed(lambda query=query: call(query))
            if turn or not warm:
                fastest[query] = min(fastest.get(query, seconds), seconds)
    return _summed_up([1000 * seconds for seconds in fastest.values()])


def first_time_of(call: Callable[[str], object], queries: Iterable[str]) -> Times:
    """Median and p95 of calls made once each, with nothing asked before."""
    return _summed_up([1000 * timed(lambda query=query: call(query))[0] for query in queries])


def _summed_up(taken: list[float]) -> Times:
    taken.sort()
    return statistics.median(taken), taken[min(len(taken) - 1, int(0.95 * len(taken)))]


def megabytes(path: Path) -> float:
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file()) / 1e6


def peak() -> float:
    """The most memory this process has used, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def say(text: str) -> None:
    """Tell at once what is being done; the tables come at the end."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
