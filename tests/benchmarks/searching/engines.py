"""One engine measured in a process of its own: what it costs to build, to open and to ask."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

PASSES = 3
SECONDS = 8.0  # at most, for one kind of query
STOCK_FACETS = ("year", "cites", "state", "body", "mentioned", "document_type")


@dataclass
class Figures:
    """Seconds, megabytes, and milliseconds by kind of query: median and p95."""

    build: float = 0.0
    bare_build: float | None = None  # tokens at hand
    size: float = 0.0
    memory: float = 0.0
    opening: float = 0.0
    times: dict[str, tuple[float, float]] = field(default_factory=dict)
    found: dict[str, int] = field(default_factory=dict)  # hits of the first queries, to compare engines


def measure(engine: str, corpus: str | None, size: int) -> Figures:
    """Measure one engine over ``size`` paragraphs. Runs in a fresh process."""
    directory = Path(tempfile.mkdtemp(prefix="bench-"))
    os.environ.update(DJANGO_SETTINGS_MODULE="archive.settings", ARCHIVE_DATA_DIR=str(directory), DEBUG="1")
    os.environ["SEARCH_ENGINE"] = engine if engine in ("whoosh", "tantivy") else "whoosh"
    try:
        import django

        django.setup()
        from tests.benchmarks.searching.corpus import make_queries, read_corpus

        texts = read_corpus(corpus, size)
        queries = make_queries(texts)
        return ENGINES[engine](texts, queries, directory)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def timed(call: Callable[[], object]) -> tuple[float, object]:
    start = time.perf_counter()
    result = call()
    return time.perf_counter() - start, result


def times_of(call: Callable[[str], object], queries: Iterable[str]) -> tuple[float, float]:
    """Median and p95 of single calls in milliseconds, after one round to warm up."""
    queries, taken = list(queries), []
    end = time.perf_counter() + SECONDS
    for _pass in range(PASSES + 1):
        for query in queries:
            seconds, _ = timed(lambda query=query: call(query))
            if _pass:
                taken.append(1000 * seconds)
            if time.perf_counter() > end and taken:
                break
    taken.sort()
    return statistics.median(taken), taken[min(len(taken) - 1, int(0.95 * len(taken)))]


def first_time_of(call: Callable[[str], object], queries: Iterable[str]) -> tuple[float, float]:
    """Median and p95 of calls made once each, with nothing asked before."""
    taken = sorted(1000 * timed(lambda query=query: call(query))[0] for query in queries)
    return statistics.median(taken), taken[min(len(taken) - 1, int(0.95 * len(taken)))]


def megabytes(directory: Path) -> float:
    return sum(path.stat().st_size for path in directory.rglob("*") if path.is_file()) / 1e6


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# --- ours ---


def measure_ours(texts, queries, directory: Path) -> Figures:
    from haystack import connections

    from search.answer import Asked, answer
    from search.generations import Manifest, new_generation, switch, write_manifest
    from search.library import index_root, index_version, live_index
    from search.rows import MANY, counted
    from search.segmenter import segmenter
    from search.update import write_generation
    from tests.benchmarks.searching.corpus import prepared

    segmenter()
    figures, before = Figures(), peak()
    generation = new_generation(index_root())
    figures.build, count = timed(
        lambda: write_generation(generation, iter(()), prepared(texts), [], len(texts), fresh=True)
    )
    figures.memory = peak() - before
    figures.size = megabytes(generation)
    names = {"state": {}, "body": {}, "symbol": {}}
    documents = {str(text.document): "" for text in texts}
    write_manifest(generation, Manifest("2016-01-01", count, index_version(), documents, names))
    switch(index_root(), generation)
    figures.opening, index = timed(live_index)

    def page(q: str):
        found = answer(Asked(q))
        return [hit.snippet.html for hit in found.hits], found.found

    for kind, asked in (("rare", queries.rare), ("common", queries.common), ("three words", queries.three)):
        figures.times[f"first {kind}"] = first_time_of(page, asked)
        figures.times[kind] = times_of(page, asked)
        for q in asked[:5]:
            figures.found[q] = page(q)[1].paragraphs
    for size, phrases in queries.phrases.items():
        figures.times[f"page “{size}”"] = times_of(page, [f"“{phrase}”" for phrase in phrases])
        figures.times[f"literal {size}"] = times_of(_literal(index), phrases)
    figures.times["concordance"] = times_of(
        lambda phrase: index.literal.occurrences(phrase, "following")[:50], queries.phrases[2]
    )
    if len(texts) <= 100_000:
        bare = directory / "bare"
        bare.mkdir()
        entries = [entry for _, entry in counted(prepared(texts), len(texts) >= MANY)]
        backend = connections["default"].get_backend()
        backend.create(bare)
        figures.bare_build, _ = timed(lambda: backend.write(bare, [], iter(entries), len(entries) >= MANY))
    return figures


def _literal(index) -> Callable[[str], object]:
    def count(phrase: str) -> tuple[int, int, int]:
        found = index.literal.find(phrase)
        return found.total, found.paragraphs, found.documents

    return count


# --- stock Haystack and Whoosh, with jieba's own analyzer ---


def measure_stock(texts, queries, directory: Path) -> Figures:
    from django.test import override_settings

    connection = {"ENGINE": "tests.benchmarks.searching.stock.StockEngine", "PATH": str(directory / "stock")}
    with override_settings(HAYSTACK_CONNECTIONS={"default": connection}):
        return _measure_stock(texts, queries, directory / "stock", connection)


def _measure_stock(texts, queries, path: Path, connection) -> Figures:
    from haystack import connections
    from haystack.query import SearchQuerySet

    from tests.benchmarks.searching.corpus import prepared
    from tests.benchmarks.searching.stock import fill

    connections.connections_info = {"default": connection}
    connections.reload("default")
    backend = connections["default"].get_backend()
    backend.setup()
    figures, before = Figures(), peak()
    figures.build, _ = timed(lambda: fill(backend, prepared(texts)))
    figures.memory, figures.size = peak() - before, megabytes(path)
    figures.opening, _ = timed(lambda: backend.index.refresh().searcher().close())

    def page(q: str, facets: tuple[str, ...] = ()):
        found = SearchQuerySet().filter(content=q)
        for name in facets:
            found = found.facet(name)
        hits = found[:20]
        words = q.split()
        for hit in hits:
            for word in words:
                hit.text.replace(word, f"<mark>{word}</mark>")
        return len(found), found.facet_counts() if facets else None

    for kind, asked in (("rare", queries.rare), ("common", queries.common), ("three words", queries.three)):
        figures.times[kind] = times_of(lambda q: page(q, STOCK_FACETS), asked)
    figures.times["common, no facets"] = times_of(page, queries.common)
    return figures


# --- SQLite FTS5 over the same tokens ---


def measure_fts5(texts, queries, directory: Path) -> Figures:
    from search.analysis import analyze
    from search.rows import MANY, counted
    from tests.benchmarks.searching.corpus import prepared

    entries = [entry for _, entry in counted(prepared(texts), len(texts) >= MANY)]
    numbers: dict[str, int] = {}

    def written(tokens) -> str:
        return " ".join(
            f"t{numbers.setdefault(term, len(numbers))}"
            for term, count in tokens.items()
            for _ in range(count)
        )

    figures, before = Figures(), peak()
    database = sqlite3.connect(directory / "fts5.sqlite3")
    database.execute("CREATE VIRTUAL TABLE rows USING fts5(text, content='', detail=none)")
    rows = ((entry.paragraph, written(entry.tokens["text"])) for entry in entries)

    def build() -> None:
        with database:
            database.executemany("INSERT INTO rows(rowid, text) VALUES (?, ?)", rows)

    figures.bare_build, _ = timed(build)
    figures.memory = peak() - before
    figures.size = (directory / "fts5.sqlite3").stat().st_size / 1e6

    def ask(q: str):
        terms = [token.term for token in analyze(q)]
        match = " OR ".join(f"t{numbers[term]}" for term in terms if term in numbers)
        top = database.execute(
            "SELECT rowid FROM rows WHERE rows MATCH ? ORDER BY bm25(rows) LIMIT 20", (match,)
        ).fetchall()
        return top, database.execute("SELECT count(*) FROM rows WHERE rows MATCH ?", (match,)).fetchone()

    for kind, asked in (("rare", queries.rare), ("common", queries.common), ("three words", queries.three)):
        figures.times[kind] = times_of(ask, asked)
    return figures


# --- a plain scan ---


def measure_scan(texts, queries, directory: Path) -> Figures:
    from search.folding import fold_literally

    figures = Figures()
    folded = [(text.document, fold_literally(text.text)) for text in texts]

    def scan(phrase: str) -> tuple[int, int, int]:
        needle = fold_literally(phrase)
        held = [(document, text.count(needle)) for document, text in folded if needle in text]
        return sum(count for _, count in held), len(held), len({document for document, _ in held})

    for size, phrases in queries.phrases.items():
        figures.times[f"literal {size}"] = times_of(scan, phrases)
    return figures


ENGINES: dict[str, Callable[..., Figures]] = {
    "whoosh": measure_ours,
    "tantivy": measure_ours,
    "stock": measure_stock,
    "fts5": measure_fts5,
    "scan": measure_scan,
}
