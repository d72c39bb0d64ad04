"""Import: documents a CPU second and peak memory by stage (read, parse, store, index).

Time is that of the processor, of child processes too: a busy machine does not count. The documents are made
from stretches of the bundled ones with a fixed seed, each with a symbol of its own.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path

from .core import SEED, stretches
from .results import Table, apart, peak, processor_seconds, sizes_of

SIZES, QUICK = (200,), (20,)  # documents
STRETCHES = 3  # of some forty lines in one document
STAGES = ("read", "parse", "store", "index")


@dataclass(frozen=True, slots=True)
class Figures:
    documents: int
    paragraphs: int
    seconds: dict[str, float]  # of the processor, by stage
    memory: dict[str, float]  # megabytes at the end of a stage, the most so far
    early: float  # the most megabytes when a fifth of the documents was in
    queries: float  # for a document


def run(options: argparse.Namespace) -> Iterator[Table]:
    for size in sizes_of(options, SIZES, QUICK):
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            yield _table(apart(measure, Path(folder), size))


def make_documents(folder: Path, count: int) -> None:
    """Writes ``count`` documents with their sidecars, each of some two hundred lines at most."""
    rng = random.Random(SEED)  # noqa: S311
    for number in range(1, count + 1):
        year = 1990 + number % 30
        body = "".join(rng.choice(stretches()) for _stretch in range(STRETCHES))
        path = folder / f"{number:05}.txt"
        path.write_text(f"{body}\n第{number}号文件。\n", "utf-8")
        path.with_suffix(".toml").write_text(f'symbol = "S/{year}/{10_000 + number}"\n', "utf-8")


def measure(folder: Path, count: int) -> Figures:
    """Imports ``count`` documents, written into ``folder``, and indexes them."""
    from django.core.management import call_command
    from django.db import connection

    from archive import text
    from archive.intake.importing import ImportBatch, run
    from archive.models import Paragraph

    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0)
    make_documents(folder, count)
    spent, memory, asked = Counter(), {}, Counter()

    def counted(execute, *query):
        asked["queries"] += 1
        return execute(*query)

    batch, early = ImportBatch(), 0.0
    clocks = [(run, "read_source", "read"), (run, "read_file", "read"), (text, "parse_source", "parse")]
    with _timed(clocks, spent), connection.execute_wrapper(counted):
        begun = processor_seconds()
        for number, path in enumerate(sorted(folder.glob("*.txt")), start=1):
            batch.import_path(path)
            if number * 5 >= count and not early:
                early = peak()
        batch.finish()
        spent["store"] = processor_seconds() - begun - spent["read"] - spent["parse"]
    memory["read"] = memory["parse"] = memory["store"] = peak()
    begun = processor_seconds()
    call_command("update_search", verbosity=0)
    spent["index"], memory["index"] = processor_seconds() - begun, peak()
    return Figures(count, Paragraph.objects.count(), dict(spent), memory, early, asked["queries"] / count)


@contextmanager
def _timed(clocks: list[tuple[object, str, str]], spent: Counter) -> Iterator[None]:
    """Adds the processor time of each function (module, name, stage) to ``spent``."""
    kept = [(module, name, getattr(module, name)) for module, name, _stage in clocks]
    for (module, name, function), (_module, _name, stage) in zip(kept, clocks, strict=True):
        setattr(module, name, _clocked(function, stage, spent))
    try:
        yield
    finally:
        for module, name, function in kept:
            setattr(module, name, function)


def _clocked(function: Callable, stage: str, spent: Counter) -> Callable:
    @wraps(function)
    def clocked(*args, **options):
        begun = processor_seconds()
        try:
            return function(*args, **options)
        finally:
            spent[stage] += processor_seconds() - begun

    return clocked


def _table(figures: Figures) -> Table:
    whole = sum(figures.seconds[stage] for stage in STAGES[:3])
    rows = [_row(stage, figures.seconds[stage], figures) for stage in STAGES[:3]]
    rows.append(_row("import (these three)", whole, figures, figures.memory["store"]))
    rows.append(_row("index", figures.seconds["index"], figures, figures.memory["index"]))
    return Table(
        f"Import of {figures.documents:,} documents, {figures.paragraphs:,} paragraphs",
        ("", "ms a document", "documents a CPU second", "peak MB"),
        tuple(rows),
        (
            f"{figures.queries:.1f} queries a document; peak after a fifth of them {figures.early:.0f} MB.",
            "bars: store at most 30 ms a document, 18 documents a second",
        ),
    )


def _row(stage: str, seconds: float, figures: Figures, memory: float | None = None) -> tuple[str, ...]:
    rate = f"{figures.documents / seconds:,.0f}" if seconds else "–"
    return stage, f"{1000 * seconds / figures.documents:.1f}", rate, f"{memory:,.0f}" if memory else ""
