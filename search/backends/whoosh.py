"""Whoosh, the engine that needs nothing but Python. It keeps which paragraph holds which token how often."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from haystack.backends import BaseEngine
from whoosh import index as whoosh_index
from whoosh.columns import NumericColumn
from whoosh.fields import COLUMN, FieldType, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.formats import Existence

from search.counting import Tokens
from search.generations import ENGINE
from search.rows import Entry, token_fields

from .haystack import ArchiveBackend, ArchiveQuery
from .whoosh_reader import ID, WhooshReader

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


class WhooshBackend(ArchiveBackend):
    """Writes with as many processes as there are processors where much is to be written."""

    def create(self, directory: Path) -> None:
        schema = {name: Counted() for name in (*token_fields(), DOCUMENT)}
        FileStorage(str(directory)).create_index(Schema(**schema, **{ID: COLUMN(NumericColumn("q"))}))

    def write(self, directory: Path, removed: Iterable[int], added: Iterable[Entry], many: bool) -> None:
        processors = os.cpu_count() or 1
        options = {"procs": processors, "multisegment": True} if many and processors > 1 else {}
        writer = whoosh_index.open_dir(str(directory)).writer(limitmb=MEMORY_MB, compound=False, **options)
        try:
            for document in removed:
                writer.delete_by_term(DOCUMENT, str(document))
            for entry in added:
                ours = {ID: entry.paragraph, DOCUMENT: {str(entry.document): 1}}
                writer.add_document(**entry.tokens, **ours)
        except BaseException:
            writer.cancel()
            raise
        writer.commit()

    def open(self, directory: Path, ids: np.ndarray) -> WhooshReader:
        return WhooshReader(directory / ENGINE, ids)


class WhooshEngine(BaseEngine):
    backend = WhooshBackend
    query = ArchiveQuery
