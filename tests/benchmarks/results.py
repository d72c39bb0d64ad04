"""What every benchmark returns: tables of figures; and the process of its own in which it measures."""

from __future__ import annotations

import argparse
import importlib
import multiprocessing
import os
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# As a site runs: a site under development keeps a log of all queries.
SITE = {"DJANGO_SETTINGS_MODULE": "archive.settings", "DEBUG": "0", "SECRET_KEY": "of-a-benchmark-" * 4}
SITE |= {"ALLOWED_HOSTS": "*", "LOG_LEVEL": "ERROR", "SECURE_SSL_REDIRECT": "0", "SEARCH_ENGINE": "whoosh"}
SITE |= {"CPU_SECONDS_PER_MINUTE": "0"}
#: Constants of a benchmark's module that a process of its own has otherwise: what a test makes small.
CONSTANTS: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Table:
    """Figures under a title. ``rows`` hold strings, the first column left-aligned, the others right. ``held``
    are those that budget.toml may limit, by name: ratios of one run, or bytes, so that they mean the same
    everywhere.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = field(default=())
    held: Mapping[str, float] = field(default_factory=dict)


def sizes_of(options: argparse.Namespace, usual: tuple[int, ...], quick: tuple[int, ...]) -> tuple[int, ...]:
    """The sizes that were asked for; else the quick ones, where they were, or the usual ones."""
    return options.sizes or (quick if options.quick else usual)


def apart(work: Callable[..., Any], *arguments: Any, **settings: str) -> Any:
    """What ``work`` gives in a fresh process, whose memory is its own, on a data folder that is gone then."""
    with (
        tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder,
        ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process,
    ):
        environment = SITE | {"ARCHIVE_DATA_DIR": folder} | settings
        ready = os.environ.get("BENCH_DATABASE")  # to begin with, instead of making one
        database = Path(environment["ARCHIVE_DATA_DIR"], "archive.sqlite3")
        if ready and not database.exists():
            shutil.copy(ready, database)
        named = work.__module__, work.__name__
        return process.submit(_in_an_archive, *named, environment, CONSTANTS, arguments).result()


def _in_an_archive(
    module: str, name: str, environment: dict[str, str], constants: dict[str, Any], arguments: tuple
) -> Any:
    """By name: nothing of the archive may be imported before its settings are known."""
    os.environ.pop("DATABASE_URL", None)
    os.environ.update(environment)
    import django

    django.setup()
    found = importlib.import_module(module)
    vars(found).update(constants)
    return getattr(found, name)(*arguments)


def timed(call: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds that ``call`` took, and what it gave."""
    start = time.perf_counter()
    result = call()
    return time.perf_counter() - start, result


def middle_and_p95(taken: Iterable[float]) -> tuple[float, float]:
    """The median and the 95th percentile."""
    taken = sorted(taken)
    return statistics.median(taken), taken[min(len(taken) - 1, int(0.95 * len(taken)))]


def processor_seconds() -> float:
    """What this process and its ended children have used."""
    times = os.times()
    return time.process_time() + times.children_user + times.children_system


def peak() -> float:
    """The most memory this process has used, in megabytes. Linux counts ``ru_maxrss`` on from the parent."""
    try:
        with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123
            return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return used / (1024 * 1024 if sys.platform == "darwin" else 1024)


def say(text: str) -> None:
    """Tell at once what is being done; the tables come at the end."""
    print(text, file=sys.stderr, flush=True)
