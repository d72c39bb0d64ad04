"""Whoosh, the engine that needs nothing but Python. It keeps which paragraph holds which token how often."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from haystack.backends import BaseEngine
from whoosh import index as whoosh_index
from whoosh.columns import NumericColumn
from whoosh.fields import COLUMN, FieldType, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.formats import Existence
from whoosh.writing import SegmentWriter

from search.index.generations import ENGINE
from search.index.rows import Entry, token_fields
from search.text.term_counts import Tokens

from .haystack import ArchiveBackend, ArchiveQuery
from .whoosh_reader import ID, WhooshReader
from .whoosh_writer import BulkWriter

MEMORY_MB = 256
DOCUMENT = "document"


class Counted(FieldType):
    """A field of tokens that come counted. How often is the weight of a posting; Whoosh cuts nothing."""

    indexed, stored, scorable, unique = True, False, False, False
    analyzer, vector, column_type, multitoken_query = None, None, None, "default"

    def __init__(self) -> None:
        self.format = Existence()

    def index(self, value: Tokens, **kwargs) -> Iterator[tuple[bytes, int, float, bytes]]:
        for term, count in value.items():
            yield term.encode(), count, float(count), b""

    def to_bytes(self, value: str | bytes) -> bytes:
        return value if isinstance(value, bytes) else value.encode()

    def from_bytes(self, value: bytes) -> str:
        return value.decode()


class OneByOne(SegmentWriter):
    """Whoosh's own way, which also merges small segments into the one that is written."""

    def __init__(self, index) -> None:
        super().__init__(index, limitmb=MEMORY_MB, compound=False)

    def add_entry(self, entry: Entry) -> None:
        ours = {ID: entry.paragraph, DOCUMENT: {str(entry.document): 1}}
        self.add_document(**entry.tokens, **ours)


class WhooshBackend(ArchiveBackend):
    """Writes much at once, and little in Whoosh's own way."""

    def create(self, directory: Path) -> None:
        schema = {name: Counted() for name in (*token_fields(), DOCUMENT)}
        FileStorage(str(directory)).create_index(Schema(**schema, **{ID: COLUMN(NumericColumn("q"))}))

    def write(self, directory: Path, removed: Iterable[int], added: Iterable[Entry], many: bool) -> None:
        index = whoosh_index.open_dir(str(directory))
        writer = BulkWriter(index, ID, DOCUMENT) if many else OneByOne(index)
        try:
            for document in removed:
                writer.delete_by_term(DOCUMENT, str(document))
            for entry in added:
                writer.add_entry(entry)
        except BaseException:
            writer.cancel()
            raise
        writer.commit(merge=not many)

    def join(self, directory: Path, removed: Iterable[int], other: Path | None) -> None:
        writer = OneByOne(whoosh_index.open_dir(str(directory)))
        try:
            for document in removed:
                writer.delete_by_term(DOCUMENT, str(document))
            if other is not None:
                reader = whoosh_index.open_dir(str(other)).reader()
                for leaf, _ in reader.leaf_readers():
                    writer.add_reader(leaf)
                reader.close()
        except BaseException:
            writer.cancel()
            raise
        writer.commit(merge=False)

    def open(self, directory: Path, ids: np.ndarray) -> WhooshReader:
        return WhooshReader(directory / ENGINE, ids)


class WhooshEngine(BaseEngine):
    backend = WhooshBackend
    query = ArchiveQuery
