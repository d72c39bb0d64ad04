"""What ours is compared with: stock Haystack and Whoosh, SQLite FTS5 over the same tokens, a plain scan."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tests.benchmarks.searching.figures import Figures, megabytes, peak, say, timed, times_of

STOCK_FACETS = ("year", "cites", "state", "body", "mentioned", "document_type")
STOCK_QUERIES = 5  # of a kind; it answers slowly, and always alike


# --- stock Haystack and Whoosh, with jieba's own analyzer ---


def measure_stock(texts, queries, directory: Path) -> Figures:
    from django.test import override_settings

    connection = {"ENGINE": "tests.benchmarks.searching.stock.StockEngine", "PATH": str(directory / "stock")}
    haystack = {
        "HAYSTACK_CONNECTIONS": {"default": connection},
        "HAYSTACK_LIMIT_TO_REGISTERED_MODELS": True,  # its own default
    }
    with override_settings(**haystack):
        return _measure_stock(texts, queries, directory / "stock", connection)


def _measure_stock(texts, queries, path: Path, connection) -> Figures:
    import jieba
    from haystack import connections

    from tests.benchmarks.searching.corpus import prepared
    from tests.benchmarks.searching.stock import CuttingTime, fill, search_page

    jieba.initialize()
    connections.connections_info = {"default": connection}
    connections.reload("default")
    backend = connections["default"].get_backend()
    backend.setup()
    figures, before = Figures(), peak()
    with CuttingTime() as cutting:
        figures.build, _ = timed(lambda: fill(backend, prepared(texts)))
    figures.bare_build = figures.build - cutting.seconds
    figures.memory, figures.size = peak() - before, megabytes(path)
    say(f"  built in {figures.build:.0f} s")
    figures.opening, _ = timed(lambda: backend.index.refresh().searcher().close())
    search_page(queries.common[0])
    for kind, asked in (("rare", queries.rare), ("common", queries.common), ("three words", queries.three)):
        asked = asked[:STOCK_QUERIES]
        figures.times[kind] = times_of(lambda q: search_page(q, STOCK_FACETS), asked, warm=False)
    figures.times["common, no facets"] = times_of(search_page, queries.common[:STOCK_QUERIES], warm=False)
    return figures


# --- SQLite FTS5 over the same tokens ---


def measure_fts5(texts, queries, directory: Path) -> Figures:
    from search.index.rows import MANY, counted
    from search.text.analyzer import analyze
    from tests.benchmarks.searching.corpus import prepared

    numbers: dict[str, int] = {}

    def written(tokens) -> str:
        """The tokens as words of which SQLite's tokenizer cuts none."""
        return " ".join(
            f"t{numbers.setdefault(term, len(numbers))}"
            for term, count in tokens.items()
            for _ in range(count)
        )

    entries = counted(prepared(texts), len(texts) >= MANY)
    rows = [(entry.paragraph, written(entry.tokens["text"])) for _, entry in entries]
    figures, before = Figures(), peak()
    file = directory / "fts5.sqlite3"
    database = sqlite3.connect(file)
    database.execute("CREATE VIRTUAL TABLE rows USING fts5(text, content='', detail=none)")

    def build() -> None:
        with database:
            database.executemany("INSERT INTO rows(rowid, text) VALUES (?, ?)", rows)

    figures.bare_build, _ = timed(build)
    figures.memory, figures.size = peak() - before, megabytes(file)
    figures.opening, _ = timed(lambda: sqlite3.connect(file).execute("SELECT 1 FROM rows LIMIT 1").fetchone())

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
    from search.text.folding import fold_literally

    figures = Figures()
    folded = [(text.document, fold_literally(text.text)) for text in texts]

    def scan(phrase: str) -> tuple[int, int, int]:
        needle = fold_literally(phrase)
        held = [(document, text.count(needle)) for document, text in folded if needle in text]
        return sum(count for _, count in held), len(held), len({document for document, _ in held})

    for size, phrases in queries.phrases.items():
        figures.times[f"literal {size}"] = times_of(scan, phrases)
    return figures
