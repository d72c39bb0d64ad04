"""What Haystack and Whoosh do when nothing is changed but the analyzer, which is jieba's: to compare with."""

from __future__ import annotations

import time
from collections.abc import Iterator
from copy import copy

import jieba
from haystack.backends import BaseEngine
from haystack.backends.whoosh_backend import WhooshSearchBackend, WhooshSearchQuery
from jieba.analyse import ChineseAnalyzer

from search.index.columns import unpack


class StockBackend(WhooshSearchBackend):
    def build_schema(self, fields):
        """Haystack's schema, with ``ChineseAnalyzer`` for the text as tutorials have it."""
        ours = {name: copy(field) for name, field in fields.items()}
        for field in ours.values():
            field.analyzer = ChineseAnalyzer() if field.analyzer else None
        return super().build_schema(ours)


class StockEngine(BaseEngine):
    backend = StockBackend
    query = WhooshSearchQuery


class CuttingTime:
    """While it lasts, the ``seconds`` that jieba takes to cut texts into words are added up."""

    def __enter__(self) -> CuttingTime:
        self.seconds, self._cut = 0.0, jieba.tokenize
        jieba.tokenize = self._timed
        return self

    def _timed(self, *args, **options) -> Iterator[tuple[str, int, int]]:
        start = time.perf_counter()
        words = list(self._cut(*args, **options))
        self.seconds += time.perf_counter() - start
        return iter(words)

    def __exit__(self, *error) -> None:
        jieba.tokenize = self._cut


def fill(backend: StockBackend, rows) -> None:
    """Write the rows in one commit, which is faster than Haystack's own way of batches."""
    writer = backend.index.writer(limitmb=256)
    for row in rows:
        stored = unpack(row.stored)
        values = {name: stored.get(name, "") for name in backend.schema.names()}
        values |= {name: ",".join(held) for name, held in row.exact.items() if name in values}
        values |= row.texts | {"id": f"archive.paragraph.{row.paragraph}"}
        known = backend.schema.names()
        values = {name: str(value) for name, value in values.items() if name in known and value is not None}
        values["position"] = int(values["position"])
        writer.add_document(**values)
    writer.commit()


def search_page(q: str, facets: tuple[str, ...] = ()) -> dict[str, object]:
    """What a view made with Haystack does for a page of results: 20 hits with marks, their number, facets."""
    from haystack.query import SearchQuerySet

    found = SearchQuerySet().filter(content=q)
    for name in facets:
        found = found.facet(name)
    words = q.split()
    shown = []
    for hit in found[:20]:
        text = hit.text
        for word in words:
            text = text.replace(word, f"<mark>{word}</mark>")
        shown.append({"symbol": hit.symbol, "text": text})
    return {"hits": shown, "number": len(found), "facets": found.facet_counts() if facets else None}
