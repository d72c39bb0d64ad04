"""What Haystack and Whoosh do when nothing is changed but the analyzer, which is jieba's: to compare with."""

from __future__ import annotations

import json
from copy import copy

from haystack.backends import BaseEngine
from haystack.backends.whoosh_backend import WhooshSearchBackend, WhooshSearchQuery
from jieba.analyse import ChineseAnalyzer


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


def fill(backend: StockBackend, rows) -> None:
    """Write the rows in one commit, which is faster than Haystack's own way of batches."""
    writer = backend.index.writer(limitmb=256)
    for row in rows:
        stored = json.loads(row.stored)
        values = {name: stored.get(name, "") for name in backend.schema.names()}
        values |= {name: ",".join(held) for name, held in row.exact.items() if name in values}
        values |= row.texts | {"id": f"archive.paragraph.{row.paragraph}"}
        values = {name: str(value) for name, value in values.items() if name in backend.schema.names()}
        values["position"] = int(values["position"])
        writer.add_document(**values)
    writer.commit()
