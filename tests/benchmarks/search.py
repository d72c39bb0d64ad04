"""Search: one corpus at growing sizes: build, size, memory, an update, latency by kind of query."""

from __future__ import annotations

import argparse
import gc
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import takewhile
from pathlib import Path
from typing import TypeVar

from tests.benchmarks.corpus import (
    NAMES,
    Queries,
    Text,
    make_queries,
    prepared,
    read_corpus,
    stand_still,
    write_index,
)
from tests.benchmarks.results import (
    Table,
    apart,
    middle_and_p95,
    peak,
    processor_seconds,
    say,
    sizes_of,
    timed,
)
from tests.cluster.nodes import HEAP, NODES, URLS, Nodes, lacking

SIZES = (20_000, 100_000, 350_000, 1_000_000)
QUICK = (2000, 6000)
PASSES, SECONDS = 3, 8.0  # of each kind of query, and for it at most
BAR, NOTICEABLE = 3.0, 1.0  # times p95 may grow between the last two sizes; milliseconds that are compared
SHARDS, REPLICAS = 3, 1
CLUSTER = {"SEARCH_ENGINE": "opensearch", "SEARCH_URL": ",".join(URLS)}
T = TypeVar("T")
CLUSTER |= {"SEARCH_SHARDS": str(SHARDS), "SEARCH_REPLICAS": str(REPLICAS)}


@dataclass
class Figures:
    """Figures of making the index by what they are, and milliseconds by kind of query: median and p95."""

    made: dict[str, float] = field(default_factory=dict)
    times: dict[str, tuple[float, float]] = field(default_factory=dict)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--cluster", action="store_true", help="search: on three nodes of OpenSearch instead")


def run(options: argparse.Namespace) -> Iterator[Table]:
    sizes = sizes_of(options, SIZES, QUICK)
    if options.cluster and (missing := lacking()):
        say(f"SKIPPED: the benchmark of a cluster needs {missing}.")
        return
    measured: dict[int, Figures] = {}
    for size in sizes:
        say(f"{size:,} paragraphs …")
        work = (_on_a_cluster, CLUSTER) if options.cluster else (_measured, {})
        measured[size] = apart(work[0], options.corpus, size, min(sizes), **work[1])
    columns = ("", *(f"{size:,}" for size in measured))
    notes = (f"{NODES} nodes here, heaps of {HEAP}, {SHARDS} shards, {REPLICAS} replica.",)
    made = tuple(
        (name, *(f"{one.made[name]:,.1f}" for one in measured.values()))
        for name in next(iter(measured.values())).made
    )
    yield Table("Search: making the index", columns, made, notes if options.cluster else ())
    yield _asking(measured)


def _asking(measured: Mapping[int, Figures]) -> Table:
    kinds = next(iter(measured.values())).times
    rows = tuple(
        (
            kind,
            *("{:.3g}/{:.3g}".format(*one.times[kind]) for one in measured.values()),
            _grown([one.times[kind][1] for one in measured.values()]),
        )
        for kind in kinds
    )
    notes = (
        "Words and page “n” (a quoted phrase of n characters): a whole search call with facets, counts, 20",
        "hits with marks. concordance: 50 lines. literal: three counts. first: each once, nothing kept.",
        f"The same queries at each size, made from its first {min(measured):,} paragraphs.",
        f"p95 may grow {BAR:g} times from the last size but one to the last, where it is over 1 ms.",
    )
    columns = ("median / p95 ms", *(f"{size:,}" for size in measured), "p95, times")
    held = {
        f"{kind} to rare at {size:,}": one.times[kind][1] / one.times["rare"][1]
        for size, one in measured.items()
        for kind in one.times
    }
    return Table("Search: asking", columns, rows, notes, held)


def _grown(p95: list[float]) -> str:
    """How many times p95 grew from the last size but one to the last."""
    if len(p95) < 2 or p95[-1] < NOTICEABLE:
        return "–"
    grown = p95[-1] / p95[-2]
    return f"{grown:.2f}{'' if grown <= BAR else ' !'}"


# --- in a process of its own ---


def _measured(corpus: str | None, size: int, asked_of: int) -> Figures:
    from django.core.management import call_command

    from archive.store.revision import current_revision
    from search.engine.live.index import live_index
    from search.pages.concordance.kwic import concordance
    from search.pages.suggest.completion import suggestions
    from search.query.language.request import AskedLines

    texts, queries, figures = *_texts(corpus, size, asked_of), Figures()
    call_command("migrate", verbosity=0)
    revision = current_revision()
    _built(figures, size, lambda: write_index(texts, revision), _megabytes)
    opening, index = timed(live_index)
    figures.made["open, ms"] = 1000 * opening

    def literal(phrase: str) -> tuple[int, int, int]:
        found = index.literal.find(phrase)
        return found.total, found.paragraphs

    figures.times |= _asked(queries, literal)
    figures.times["concordance"] = _times(lambda one: concordance(AskedLines(one)), queries.phrases[2])
    figures.times["suggestion"] = _times(suggestions, [word[:2] for word in queries.common + queries.rare])
    folder = os.environ["ARCHIVE_DATA_DIR"]
    seconds, memory = apart(_updated, *_last_document(texts), ARCHIVE_DATA_DIR=folder)
    return Figures(
        figures.made | {"a document anew, s": seconds, "a document anew, peak MB": memory}, figures.times
    )


def _on_a_cluster(corpus: str | None, size: int, asked_of: int) -> Figures:
    """Figures of the cluster, which answers alone."""
    from django.core.management import call_command

    from archive.store.revision import current_revision
    from search.engine.cluster.connection import client_of, configured
    from search.engine.index.generations import INDEX_VERSION, Manifest
    from search.engine.live import site
    from search.engine.live.index import live_index, written_index
    from search.engine.protocol import Question
    from search.pages.concordance.kwic import concordance
    from search.query.language.conditions import Contains
    from search.query.language.request import AskedLines
    from search.query.text.segmenter import words_digest

    texts, queries, figures = *_texts(corpus, size, asked_of), Figures()
    call_command("migrate", verbosity=0)
    marks = {str(text.document): "" for text in texts}

    def written(live: object, rows: Callable[[], Iterator], count: int, documents: list[int]) -> str:
        site.prepared_rows, site.count_of = (lambda _documents: rows()), (lambda _documents: count)
        revision = str(current_revision())
        manifest = Manifest("", 0, INDEX_VERSION, revision, marks, NAMES, words=words_digest())
        site.SiteHome(configured()).write(live, manifest, documents, [], None)
        return written_index().generation

    def stored(generation: str) -> float:
        client = client_of(configured())
        client.indices.flush(index=generation)
        time.sleep(11)  # sizes are looked at every ten seconds
        found = client.indices.stats(index=generation, metric="store")
        return found["_all"]["primaries"]["store"]["size_in_bytes"] / 1e6

    with _nodes() as nodes:
        own, theirs = processor_seconds(), nodes.processor_seconds()
        _built(figures, size, lambda: written(None, lambda: prepared(texts), len(texts), []), stored)
        figures.made["… processor s of this process"] = processor_seconds() - own
        figures.made["… processor s of all nodes"] = nodes.processor_seconds() - theirs
        index, before = live_index(), peak()

        def literal(phrase: str) -> object:
            one = Contains(phrase)
            return index.slice(Question(one, size=0, phrases=(one,), facets=()))

        figures.times |= _asked(queries, literal)
        rare = queries.phrases[max(queries.phrases)]
        figures.times["concordance"] = _times(lambda one: concordance(AskedLines(one)), rare)
        figures.made["peak MB while it asks, over inputs"] = peak() - before
        changed, first = _last_document(texts)
        theirs, began = nodes.processor_seconds(), time.perf_counter()
        written(written_index(), lambda: _anew(changed, first), len(changed), [changed[0].document])
        figures.made["a document anew, s"] = time.perf_counter() - began
        figures.made["… processor s of all nodes meanwhile"] = nodes.processor_seconds() - theirs
    return figures


@contextmanager
def _nodes() -> Iterator[Nodes]:
    """Three nodes of their own, gone at the end."""
    with tempfile.TemporaryDirectory(prefix="archive-cluster-", ignore_cleanup_errors=True) as folder:
        nodes = Nodes(Path(folder))
        try:
            nodes.begin()
            yield nodes
        finally:
            nodes.stop()


def _texts(corpus: str | None, size: int, asked_of: int) -> tuple[list[Text], Queries]:
    from search.query.text.segmenter import segmenter

    stand_still()
    segmenter()
    texts = read_corpus(corpus, size)
    return texts, make_queries(texts[:asked_of])


def _built(figures: Figures, size: int, build: Callable[[], T], stored: Callable[[T], float]) -> T:
    before = peak()
    seconds, generation = timed(build)
    memory, held = peak() - before, stored(generation)
    say(f"  built in {seconds:.0f} s")
    figures.made |= {"build, s": seconds, "paragraphs a second": size / seconds, "index, MB": held}
    figures.made |= {"bytes a paragraph": 1e6 * held / size, "build, peak MB over inputs": memory}
    return generation


def _megabytes(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


def _asked(queries: Queries, literal: Callable[[str], object]) -> dict[str, tuple[float, float]]:
    from search.pages.results.answer import answer
    from search.query.language.request import Asked
    from search.warm_up import WORDS

    def page(q: str) -> object:
        found = answer(Asked(q))
        return [hit.cut.html for hit in found.hits], found.found

    page(WORDS)  # as every worker does before its first request
    gc.collect()
    gc.freeze()
    times = {}
    for kind, asked in (("rare", queries.rare), ("common", queries.common), ("three words", queries.three)):
        once = [1000 * timed(lambda query=query: page(query))[0] for query in asked]
        times |= {f"first {kind}": middle_and_p95(once), kind: _times(page, asked)}
    for size, phrases in queries.phrases.items():
        times[f"page “{size}”"] = _times(page, [f"“{phrase}”" for phrase in phrases])
        times[f"literal {size}"] = _times(literal, phrases)
    return times


def _times(call: Callable[[str], object], queries: Iterable[str]) -> tuple[float, float]:
    """Median and p95 over queries, of each the fastest of its calls after one round to warm up: what else the
    machine does in a millisecond is no property of a query, and p95 of single calls was mostly that.
    """
    queries, fastest = list(queries), {}
    end = time.perf_counter() + SECONDS
    for turn in range(PASSES + 1):
        for query in queries:
            if time.perf_counter() > end and fastest:
                break
            seconds, _ = timed(lambda query=query: call(query))
            if turn:
                fastest[query] = min(fastest.get(query, seconds), seconds)
    return middle_and_p95(1000 * seconds for seconds in fastest.values())


def _last_document(texts: list[Text]) -> tuple[list[Text], int]:
    """The paragraphs of the last document, and the number of its first."""
    last = texts[-1].document
    changed = list(takewhile(lambda text: text.document == last, reversed(texts)))[::-1]
    return changed, len(texts) - len(changed) + 1


def _anew(changed: list[Text], first: int) -> Iterator:
    return (replace(one, paragraph=number) for number, one in enumerate(prepared(changed), start=first))


def _updated(changed: list[Text], first: int) -> tuple[float, float]:
    """Seconds of the processor and megabytes until the last document, indexed anew, is found: a generation is
    written and opened, and its first question answered.
    """
    from search.engine.live import segments
    from search.engine.live.folder import FolderHome
    from search.engine.live.index import index_root, live_index, open_index
    from search.query.text.segmenter import segmenter

    stand_still()
    segmenter()
    live = live_index()
    before, began = peak(), time.process_time()
    segments.count_of = lambda documents: len(changed)
    segments.prepared_rows = lambda documents: _anew(changed, first)
    marks = {**live.manifest.documents, str(changed[0].document): "changed"}
    manifest = replace(live.manifest, documents=marks)
    FolderHome(index_root()).write(live, manifest, [changed[0].document], [], None)
    found = open_index(index_root())
    found.reader.term("text", "核")
    found.literal.find("核武器")
    return time.process_time() - began, peak() - before
