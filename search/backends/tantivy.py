"""tantivy, the engine for millions of paragraphs. It keeps which paragraph holds which token how often.

tantivy scores by a formula of its own and does not tell how often a document holds a term. So that all
engines rank alike, a token that stands several times in a paragraph is also kept as a term for "at least
twice", "at least three times" and so on, and the scores are ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import tantivy
from haystack.backends import BaseEngine

from search.counting import MOST_COUNTED, Tokens
from search.generations import ENGINE
from search.rows import Entry, token_fields

from .haystack import ArchiveBackend, ArchiveQuery
from .reader import rows_of

ID, DOCUMENT = "paragraph", "document"
EVERY = "every"  # the field in which each paragraph holds the one term, also a paragraph taken out
AT_LEAST = "\x1f"
MEMORY = 256 * 1024 * 1024
MANY_MEMORY = 2 * MEMORY


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in (*token_fields(), EVERY):
        builder.add_text_field(name, stored=False, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field(ID, indexed=False, fast=True)
    builder.add_unsigned_field(DOCUMENT, indexed=True)
    return builder.build()


def _terms(tokens: Tokens) -> Iterator[str]:
    for term, count in tokens.items():
        yield term
        for least in range(2, count + 1):
            yield f"{term}{AT_LEAST}{least}"


class TantivyReader:
    """Answers ``reader.Postings`` from the index in ``directory``; ``ids`` are the paragraphs of the rows."""

    def __init__(self, directory: Path, ids: np.ndarray) -> None:
        index = tantivy.Index.open(str(directory))
        self.schema, self.searcher = index.schema, index.searcher()
        self.count = self.searcher.num_docs
        self.all_alive = self.searcher.doc_freq(EVERY, EVERY) == self.count
        self.ids, self.order = ids, np.argsort(ids, kind="stable")
        self.in_order = bool((np.diff(ids) > 0).all())

    def postings(self, field: str, term: str) -> tuple[np.ndarray, np.ndarray]:
        rows = self._rows(field, term)
        counts = np.ones(len(rows))
        for least in range(2, MOST_COUNTED + 1):
            more = self._rows(field, f"{term}{AT_LEAST}{least}")
            if not len(more):
                break
            counts[np.searchsorted(rows, more)] = least
        return rows, counts

    def _rows(self, field: str, term: str) -> np.ndarray:
        rows = rows_of(self._paragraphs(field, term), self.ids, self.order)
        return rows if self.in_order else np.sort(rows)

    def _paragraphs(self, field: str, term: str) -> np.ndarray:
        """Paragraph ids in rising order."""
        most = self.searcher.doc_freq(field, term)
        if not most:
            return np.empty(0, np.int64)
        query = tantivy.Query.term_query(self.schema, field, term)
        found = self.searcher.search(query, most, count=False, order_by_field=ID, order=tantivy.Order.Asc)
        return np.array([paragraph for paragraph, _ in found.hits], np.int64)

    def frequency(self, field: str, term: str) -> int:
        if self.all_alive:
            return self.searcher.doc_freq(field, term)
        return self.searcher.search(tantivy.Query.term_query(self.schema, field, term), 1).count

    def paragraphs(self) -> np.ndarray:
        return self._paragraphs(EVERY, EVERY)

    def close(self) -> None:
        """tantivy lets go of its files when the searcher is forgotten."""


class TantivyBackend(ArchiveBackend):
    def create(self, directory: Path) -> None:
        tantivy.Index(_schema(), str(directory))

    def write(self, directory: Path, removed: Iterable[int], added: Iterable[Entry], many: bool) -> None:
        index = tantivy.Index.open(str(directory))
        writer = index.writer(heap_size=MANY_MEMORY if many else MEMORY, num_threads=1)
        try:
            for document in removed:
                writer.delete_documents_by_query(tantivy.Query.term_query(index.schema, DOCUMENT, document))
            for entry in added:
                document = tantivy.Document()
                document.add_unsigned(ID, entry.paragraph)
                document.add_unsigned(DOCUMENT, entry.document)
                document.add_text(EVERY, EVERY)
                for name, tokens in entry.tokens.items():
                    for term in _terms(tokens):
                        document.add_text(name, term)
                writer.add_document(document)
        except BaseException:
            writer.rollback()
            raise
        writer.commit()
        writer.wait_merging_threads()

    def open(self, directory: Path, ids: np.ndarray) -> TantivyReader:
        return TantivyReader(directory / ENGINE, ids)


class TantivyEngine(BaseEngine):
    backend = TantivyBackend
    query = ArchiveQuery
