"""A page of results here, and the usual way: by stock Haystack and Whoosh with jieba's own analyzer."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from copy import copy

from haystack.backends import BaseEngine
from haystack.backends.whoosh_backend import WhooshSearchBackend, WhooshSearchQuery

from tests.benchmarks.corpus import make_queries, prepared, read_corpus, stand_still, write_index
from tests.benchmarks.results import Table, apart, middle_and_p95, say, sizes_of, timed

FACETS = ("year", "cites", "state", "body", "mentioned", "document_type")
ASKED = 5  # queries of a kind: the usual way answers slowly, and always alike
ENGINE = "tests.benchmarks.stock.StockEngine"


class StockBackend(WhooshSearchBackend):
    def build_schema(self, fields):
        """Haystack's schema, with ``ChineseAnalyzer`` for the text as tutorials have it."""
        from jieba.analyse import ChineseAnalyzer

        ours = {name: copy(field) for name, field in fields.items()}
        for field in ours.values():
            field.analyzer = ChineseAnalyzer() if field.analyzer else None
        return super().build_schema(ours)


class StockEngine(BaseEngine):
    backend = StockBackend
    query = WhooshSearchQuery


def run(options: argparse.Namespace) -> Iterator[Table]:
    for size in sizes_of(options, (20_000,), (2000,)):
        say(f"{size:,} paragraphs …")
        here = apart(_here, options.corpus, size)
        usual = apart(_usual, options.corpus, size, SEARCH_ENGINE=ENGINE)
        rows = tuple(
            (kind, f"{here[kind]:.3g}", f"{usual[kind]:,.0f}", f"{usual[kind] / here[kind]:,.0f}")
            for kind in here
        )
        columns = ("median ms", "here", "usual way", "times")
        notes = (
            "A page of 20 hits with marks and counts of six facets; the fastest of three, median of five.",
        )
        yield Table(f"A page of results, {size:,} paragraphs", columns, rows, notes)


def _here(corpus: str | None, size: int) -> dict[str, float]:
    """Milliseconds by kind of query, in this process, of the archive's own search."""
    from archive.revision import NO_REVISION
    from search.query.request import Asked
    from search.results.answer import answer

    stand_still()
    texts = read_corpus(corpus, size)
    write_index(texts, NO_REVISION)
    queries = make_queries(texts)

    def page(q: str) -> object:
        found = answer(Asked(q))
        return [hit.snippet.html for hit in found.hits], found.found

    kinds = {"rare": queries.rare, "common": queries.common, "three words": queries.three}
    return {kind: _median(page, asked[:ASKED]) for kind, asked in kinds.items()}


def _usual(corpus: str | None, size: int) -> dict[str, float]:
    """The same of Haystack and Whoosh as they come."""
    from haystack import connections
    from haystack.query import SearchQuerySet

    from search.index.columns import unpack

    texts = read_corpus(corpus, size)
    queries = make_queries(texts)
    backend = connections["default"].get_backend()
    backend.setup()
    known = backend.schema.names()
    writer = backend.index.writer(limitmb=256)
    for row in prepared(texts):
        values = {
            **unpack(row.stored),
            **{name: ",".join(held) for name, held in row.exact.items()},
            **row.texts,
        }
        values |= {"id": f"archive.paragraph.{row.paragraph}"}
        fit = {name: str(value) for name, value in values.items() if name in known and value is not None}
        writer.add_document(**fit | {"position": row.paragraph})
    writer.commit()

    def page(q: str) -> object:
        found = SearchQuerySet().filter(content=q)
        for name in FACETS:
            found = found.facet(name)
        shown = [(hit.symbol, hit.text.replace(q, f"<mark>{q}</mark>")) for hit in found[:20]]
        return shown, len(found), found.facet_counts()

    kinds = {"rare": queries.rare, "common": queries.common, "three words": queries.three}
    return {kind: _median(page, asked[:ASKED]) for kind, asked in kinds.items()}


def _median(page: Callable[[str], object], queries: list[str]) -> float:
    """Of each query the fastest of three calls: what else the machine does is no property of a query."""
    return middle_and_p95(1000 * min(timed(lambda q=q: page(q))[0] for _turn in range(3)) for q in queries)[0]
