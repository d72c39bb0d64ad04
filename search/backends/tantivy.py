"""tantivy, the engine for millions of paragraphs. It keeps which paragraph holds which token how often.

tantivy scores by a formula of its own and does not tell how often a document holds a term. So that all
engines rank alike, a token that stands several times in a paragraph is also kept as a term for "at least
twice", "at least three times" and so on, and the scores are ours.

Its Python binding makes an object of every hit, a microsecond each: a word of nearly every paragraph would
take a tenth of a second among 100,000. The lists of such words therefore lie beside the index (``lists``).
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

from . import lists
from .haystack import ArchiveBackend, ArchiveQuery
from .lists import Collected, Holding, Key, Lists, lists_after, write_lists
from .reader import Numbering

ID, DOCUMENT = "paragraph", "document"
EVERY = "every"  # the field in which each paragraph holds the one term, also a paragraph taken out
AT_LEAST = "\x1f"
MEMORY = 256 * 1024 * 1024


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


class TantivyIndex:
    """What tantivy itself tells, in paragraph ids."""

    def __init__(self, directory: Path) -> None:
        index = tantivy.Index.open(str(directory))
        self.schema, self.searcher = index.schema, index.searcher()
        self.count = self.searcher.num_docs
        self.all_alive = self.searcher.doc_freq(EVERY, EVERY) == self.count

    def holding(self, field: str, term: str) -> Holding:
        """The paragraphs in rising order, and how often each holds the term."""
        paragraphs = self.paragraphs(field, term)
        counts = np.ones(len(paragraphs), np.uint8)
        for least in range(2, MOST_COUNTED + 1):
            more = self.paragraphs(field, f"{term}{AT_LEAST}{least}")
            if not len(more):
                break
            counts[np.searchsorted(paragraphs, more)] = least
        return Holding(paragraphs, counts)

    def paragraphs(self, field: str, term: str | int) -> np.ndarray:
        """Paragraph ids in rising order."""
        query = tantivy.Query.term_query(self.schema, field, term)
        most = self.searcher.doc_freq(field, term)
        if not most:
            return np.empty(0, np.int64)
        found = self.searcher.search(query, most, count=False, order_by_field=ID, order=tantivy.Order.Asc)
        return np.array([paragraph for paragraph, _ in found.hits], np.int64)

    def highest(self) -> int:
        """The highest paragraph id."""
        found = self.searcher.search(tantivy.Query.all_query(), 1, count=False, order_by_field=ID)
        return found.hits[0][0] if found.hits else 0

    def frequency(self, field: str, term: str) -> int:
        if self.all_alive:
            return self.searcher.doc_freq(field, term)
        return self.searcher.search(tantivy.Query.term_query(self.schema, field, term), 1).count

    def long_list(self, key: Key) -> Holding | None:
        """The list of a term, where it is a long one."""
        return self.holding(*key) if self.searcher.doc_freq(*key) >= lists.LONG else None


class TantivyReader:
    """Answers ``reader.Postings`` from the index in ``directory``. ``ids`` are the paragraphs of the rows, of
    all that the index holds or of some.
    """

    def __init__(self, directory: Path, ids: np.ndarray) -> None:
        self.index, self.lists = TantivyIndex(directory), Lists(directory)
        self.rows_of, self.count = Numbering(ids), self.index.count
        self.whole = self.count == len(ids)
        if not self.whole:
            self.count = int(np.count_nonzero(self.rows_of(self.paragraphs()) >= 0))

    def postings(self, field: str, term: str) -> tuple[np.ndarray, np.ndarray]:
        paragraphs, counts = self.lists.get((field, term)) or self.index.holding(field, term)
        rows = self.rows_of(paragraphs)
        if not self.whole:
            rows, counts = rows[rows >= 0], counts[rows >= 0]
        if len(rows) > 1 and (rows[1:] < rows[:-1]).any():
            order = np.argsort(rows, kind="stable")
            return rows[order], counts[order]
        return rows, counts

    def frequency(self, field: str, term: str) -> int:
        if not self.whole:
            return len(self.postings(field, term)[0])
        held = self.lists.get((field, term))
        return len(held.paragraphs) if held else self.index.frequency(field, term)

    def paragraphs(self) -> np.ndarray:
        return self.index.paragraphs(EVERY, EVERY)

    def close(self) -> None:
        """tantivy lets go of its files when the searcher is forgotten."""


class TantivyBackend(ArchiveBackend):
    def create(self, directory: Path) -> None:
        tantivy.Index(_schema(), str(directory))

    def write(self, directory: Path, removed: Iterable[int], added: Iterable[Entry], many: bool) -> None:
        before, removed = TantivyIndex(directory), list(removed)
        gone = [before.paragraphs(DOCUMENT, document) for document in removed]
        collected = Collected()
        self._write(directory, removed, map(collected.add, added))
        after = TantivyIndex(directory)
        held = Lists(directory) if before.count else None
        out = np.concatenate(gone) if gone else np.empty(0, np.int64)
        write_lists(directory, after.highest(), lists_after(held, out, collected, after.long_list))

    @staticmethod
    def _write(directory: Path, removed: list[int], added: Iterable[Entry]) -> None:
        index = tantivy.Index.open(str(directory))
        writer = index.writer(heap_size=MEMORY, num_threads=1)
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
