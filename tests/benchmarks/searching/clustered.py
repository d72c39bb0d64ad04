"""A cluster measured: build, update, and whole search calls that it answers."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.searching.figures import Figures, first_time_of, peak, say, timed, times_of
from tests.cluster.nodes import Nodes

SHARDS, REPLICAS = 3, 1


@contextmanager
def cluster() -> Iterator[Nodes]:
    """Three nodes of their own, gone at the end."""
    with TemporaryDirectory(prefix="archive-cluster-", ignore_cleanup_errors=True) as folder:
        nodes = Nodes(Path(folder))
        try:
            nodes.begin()
            yield nodes
        finally:
            nodes.stop()


def measure_cluster(texts, queries, directory: Path) -> Figures:
    """Figures of the cluster beside an index on this machine, of which only opening and memory are told."""
    from search.cluster.connection import client_of, configured
    from search.live.elsewhere import known_as
    from search.live.index import live_index
    from search.text.segmenter import segmenter
    from tests.benchmarks.searching.corpus import stand_still

    stand_still()
    segmenter()
    figures = Figures()
    with cluster() as nodes:
        own, seconds = _own_seconds(), nodes.processor_seconds()
        figures.build, generation = timed(lambda: _build(texts))
        figures.processor = _own_seconds() - own
        figures.cluster_processor = nodes.processor_seconds() - seconds
        say(f"  built in {figures.build:.0f} s")
        before = peak()
        figures.opening, index = timed(live_index)
        _ask(figures, index, queries)
        figures.memory = peak() - before
        say("  asked")
        figures.size = _megabytes(client_of(configured()), configured().name_of(known_as(generation)))
        seconds = nodes.processor_seconds()
        figures.update = timed(lambda: _update(texts, generation))[0]
        figures.update_processor = nodes.processor_seconds() - seconds
    return figures


def _build(texts) -> Path:
    """The same generation here and there, from the same entries."""
    from archive.revision import NO_REVISION
    from search.live.elsewhere import writer_beside
    from tests.benchmarks.searching.corpus import write_index

    return write_index(texts, NO_REVISION, writer_beside)


def _ask(figures: Figures, index, queries) -> None:
    from search.engine.results import Question
    from search.middleware import WORDS
    from search.query.conditions import Contains
    from search.query.request import Asked
    from search.results.answer import answer

    def page(q: str):
        found = answer(Asked(q))
        return [hit.snippet.html for hit in found.hits], found.found

    def literal(phrase: str):
        one = Contains(phrase)
        return index.ask(Question(one, size=0, phrases=(one,), facets=()))

    page(WORDS)
    for kind, asked in (("rare", queries.rare), ("common", queries.common), ("three words", queries.three)):
        figures.times[f"first {kind}"] = first_time_of(page, asked)
        figures.times[kind] = times_of(page, asked)
        figures.found |= {q: page(q)[1].paragraphs for q in asked[:5]}
    for size, phrases in queries.phrases.items():
        figures.times[f"page “{size}”"] = times_of(page, [f"“{phrase}”" for phrase in phrases])
        figures.times[f"literal {size}"] = times_of(literal, phrases)


def _update(texts, generation: Path) -> None:
    """The last document anew, on the cluster alone: the index before stays as it is."""
    from search.index.rows import counted
    from search.live.elsewhere import writer_beside
    from tests.benchmarks.searching.corpus import prepared

    last = texts[-1].document
    changed = [*takewhile(lambda text: text.document == last, reversed(texts))][::-1]
    first = len(texts) - len(changed) + 1
    anew = (replace(one, paragraph=number) for number, one in enumerate(prepared(changed), start=first))
    beside = writer_beside(generation.with_name("anew-2"), generation, {last})
    for row, entry in counted(anew, False):
        beside.add(row, entry)
    beside.finish(len(texts), "")


def _megabytes(client, name: str) -> float:
    """Of the primary shards, once."""
    client.indices.flush(index=name)
    time.sleep(11)  # sizes are looked at every ten seconds
    found = client.indices.stats(index=name, metric="store")
    return found["_all"]["primaries"]["store"]["size_in_bytes"] / 1e6


def _own_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
