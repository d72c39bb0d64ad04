"""Growth: one corpus at 20,000 to a million paragraphs: build, size, memory, an update, latency by kind."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping

from tests.benchmarks.results import Table, sizes_of
from tests.benchmarks.search import alone
from tests.benchmarks.searching.clustered import REPLICAS, SHARDS
from tests.benchmarks.searching.figures import Figures, say
from tests.cluster.nodes import HEAP, NODES, lacking

SIZES = (20_000, 100_000, 350_000, 1_000_000)
QUICK = (2000, 6000)
BAR = 3.0  # times p95 of a kind may grow from the last size but one to the last
NOTICEABLE = 1.0  # milliseconds: kinds that take less are not compared between sizes


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--cluster", action="store_true", help="growth: on three nodes of OpenSearch instead")


def run(options: argparse.Namespace) -> Iterator[Table]:
    sizes = sizes_of(options, SIZES, QUICK)
    if options.cluster and (missing := lacking()):
        say(f"SKIPPED: the benchmark of a cluster needs {missing}.")
        return
    engine = "cluster" if options.cluster else "whoosh"
    measured = {size: alone(engine, options.corpus, size, min(sizes)) for size in sizes}
    yield _making_there(measured) if options.cluster else _making(measured)
    yield _asking(measured)


def _making_there(measured: Mapping[int, Figures]) -> Table:
    rows = (
        ("build, s", *(f"{one.build:,.0f}" for one in measured.values())),
        ("… processor s of this process", *(f"{one.processor:,.0f}" for one in measured.values())),
        ("… processor s of all nodes", *(f"{one.cluster_processor:,.0f}" for one in measured.values())),
        ("paragraphs a second", *(f"{size / one.build:,.0f}" for size, one in measured.items())),
        ("primary shards, MB", *(f"{one.size:,.0f}" for one in measured.values())),
        ("bytes a paragraph", *(f"{1e6 * one.size / size:,.0f}" for size, one in measured.items())),
        ("peak MB while it asks, over inputs", *(f"{one.memory:,.0f}" for one in measured.values())),
        ("a document anew, s", *(f"{one.update or 0:,.1f}" for one in measured.values())),
        ("… processor s of all nodes", *(f"{one.update_processor:,.1f}" for one in measured.values())),
    )
    notes = (
        f"{NODES} nodes on this machine, heaps of {HEAP}, {SHARDS} shards, {REPLICAS} replica.",
        "The build writes the index of this machine in the same run.",
    )
    return Table(
        "Growth: making the index of a cluster", ("", *(f"{size:,}" for size in measured)), rows, notes
    )


def _making(measured: Mapping[int, Figures]) -> Table:
    rows = (
        ("build, s", *(f"{one.build:,.0f}" for one in measured.values())),
        ("paragraphs a second", *(f"{size / one.build:,.0f}" for size, one in measured.items())),
        ("index, MB", *(f"{one.size:,.0f}" for one in measured.values())),
        ("bytes a paragraph", *(f"{1e6 * one.size / size:,.0f}" for size, one in measured.items())),
        ("build, peak MB over inputs", *(f"{one.memory:,.0f}" for one in measured.values())),
        ("open, ms", *(f"{1000 * one.opening:,.1f}" for one in measured.values())),
        ("a document anew, s", *(f"{one.update or 0:,.1f}" for one in measured.values())),
        ("a document anew, peak MB", *(f"{one.update_memory or 0:,.0f}" for one in measured.values())),
    )
    return Table("Growth: making the index", ("", *(f"{size:,}" for size in measured)), rows)


def _asking(measured: Mapping[int, Figures]) -> Table:
    kinds = list(dict.fromkeys(kind for one in measured.values() for kind in one.times))
    rows = tuple(
        (
            kind,
            *(f"{one.times[kind][0]:.3g}/{one.times[kind][1]:.3g}" for one in measured.values()),
            _times(kind, measured),
        )
        for kind in kinds
    )
    notes = (
        f"The same queries at each size, made from its first {min(measured):,} paragraphs.",
        f"p95 may grow {BAR:g} times from the last size but one to the last, where it is over 1 ms.",
    )
    columns = ("median / p95 ms", *(f"{size:,}" for size in measured), "p95, times")
    return Table("Growth: asking", columns, rows, notes)


def _times(kind: str, measured: Mapping[int, Figures]) -> str:
    """How many times p95 grew from the last size but one to the last."""
    p95 = [one.times[kind][1] for one in measured.values()]
    if len(p95) < 2 or p95[-1] < NOTICEABLE:
        return "–"
    grown = p95[-1] / p95[-2]
    return f"{grown:.2f}{'' if grown <= BAR else ' !'}"
