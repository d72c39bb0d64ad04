"""One segment in the files of Whoosh (``codec.whoosh3``), written and read as columns of numbers: all that
knows how Whoosh is made inside.

Whoosh itself makes an object of every posting, sorts these, looks up the length of a field for each and hands
it through four methods. Here postings come sorted, and a row is the number of a Whoosh document; blocks are
only longer than Whoosh's own: all are read anyway. Files are mapped into memory: what is mapped needs no file
that stays open.
"""

from __future__ import annotations

import mmap
import zlib
from array import array
from collections.abc import Iterable
from io import BytesIO
from itertools import groupby
from pathlib import Path
from pickle import dumps, loads
from threading import Lock

import numpy as np
from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC, W3FieldWriter, W3TermInfo
from whoosh.columns import NumericColumn
from whoosh.fields import COLUMN, ID, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.reading import TermNotFound
from whoosh.system import pack_ushort
from whoosh.writing import SegmentWriter

PARAGRAPH = "django_id"
BLOCK = 8192  # postings
PICKLED, PACKED = 4, 3  # with bytes as they are; the level of compression

Term = tuple[str, bytes]  # field and token
Postings = tuple[np.ndarray, np.ndarray]  # rising rows, and how often each holds the term


class WhooshWriter(SegmentWriter):
    """Writes a segment into the empty ``directory``: all its rows (``add_row``), then all its postings
    (``finish``), or nothing (``cancel``).
    """

    def __init__(self, directory: Path, fields: Iterable[str]) -> None:
        schema = Schema(**{name: ID() for name in fields}, **{PARAGRAPH: COLUMN(NumericColumn("q"))})
        super().__init__(FileStorage(str(directory)).create_index(schema), compound=False)
        self._kind = self.schema[PARAGRAPH].column_type

    def add_row(self, paragraph: int) -> None:
        """The next row is that of a paragraph."""
        self.perdocwriter.start_doc(self.docnum)
        self.perdocwriter.add_column_value(PARAGRAPH, self._kind, paragraph)
        self.perdocwriter.finish_doc()
        self.docnum += 1
        self._added = True

    def finish(self, postings: Iterable[tuple[Term, Postings]]) -> None:
        """``postings`` come in the order of fields and tokens."""
        self._postings = postings
        self.commit(merge=False)

    def _flush_segment(self) -> None:
        self.perdocwriter.close()
        for name, terms in groupby(self._postings, key=lambda one: one[0][0]):
            self.fieldwriter.start_field(name, self.schema[name])
            for (_, token), (rows, counts) in terms:
                _write_term(self.fieldwriter, token, rows.tolist(), counts.tolist())
            self.fieldwriter.finish_field()
        self.fieldwriter.close()


def _write_term(writer: W3FieldWriter, token: bytes, rows: list[int], counts: list[int]) -> None:
    """The postings of a term, and where they lie."""
    file = writer._postfile
    start = file.tell()
    file.write(WHOOSH3_HEADER_MAGIC)
    for place in range(0, len(rows), BLOCK):
        last = place + BLOCK >= len(rows)
        _write_block(file, rows[place : place + BLOCK], counts[place : place + BLOCK], last)
    about = W3TermInfo(
        weight=float(sum(counts)),
        df=len(rows),
        maxlength=0,
        maxweight=float(max(counts)),
        minid=rows[0],
        maxid=rows[-1],
    )
    about.set_extent(start, file.tell() - start)
    writer._tindex.add(pack_ushort(writer._fieldid) + token, about.to_bytes())


def _write_block(file, rows: list[int], counts: list[int], last: bool) -> None:
    """One block: about it, then distances between rows, and counts, as arrays, which Whoosh reads like its
    own tuples, and which need no object for each posting.
    """
    steps = array("I", (row - before for row, before in zip(rows, [0, *rows], strict=False)))
    data = zlib.compress(dumps((steps, array("B", counts), None), PICKLED), PACKED)
    about = dumps((len(rows), rows[-1], float(max(counts)), PACKED, 0, 0), PICKLED)
    size = len(about) + len(data)
    file.write_int(-size if last else size)
    file.write(about)
    file.write(data)


class WhooshSegment:
    """``reader.Postings`` of the segment in ``directory``; ``paragraphs`` are the ids of its rows."""

    def __init__(self, directory: Path) -> None:
        leaves = _MappedStorage(str(directory)).open_index().reader().leaf_readers()
        self._leaf = next((leaf for leaf, _ in leaves if leaf.doc_count_all()), None)  # or it is empty
        self._reading = Lock()  # a file has one place at which it is read
        self.paragraphs = np.empty(0, np.int64)
        if self._leaf:
            self._terms = self._leaf._terms
            column = self._leaf.column_reader(PARAGRAPH, translate=False)
            size = self._leaf.doc_count_all()
            if column._typecode == "q" and column._count == size:  # they lie in one piece
                packed = column._dbfile.get(column._basepos, 8 * size)
                self.paragraphs = np.frombuffer(packed, ">i8").astype(np.int64)
            else:
                self.paragraphs = np.array([*column], np.int64)

    def postings(self, field: str, term: str) -> Postings:
        """Returns the rows that contain a token, and its frequency in each."""
        try:
            with self._reading:
                if self._leaf:
                    return self._read(self._terms.term_info(field, term.encode()))
        except TermNotFound:
            pass
        return np.empty(0, np.int32), np.empty(0)

    def frequency(self, field: str, term: str) -> int:
        """Returns the document frequency of a token."""
        with self._reading:
            return self._leaf.doc_frequency(field, term.encode()) if self._leaf else 0

    def _read(self, about: W3TermInfo) -> Postings:
        """Reads the postings of a term, block by block. Raises ValueError where these exceed the rows."""
        file, rows, counts, last = self._terms._postfile, [], [], False
        file.seek(about.extent()[0])
        if file.read(4) != WHOOSH3_HEADER_MAGIC:
            raise ValueError("these are no postings")
        while not last:
            size = file.read_int()
            last, end = size < 0, file.tell() + abs(size)
            file.read_pickle()
            steps, held, _ = loads(zlib.decompress(file.read(end - file.tell())))  # noqa: S301  # as Whoosh
            rows.append(np.cumsum(steps, dtype=np.int32))
            counts.append(np.asarray(held, np.float64))
            if sum(map(len, rows)) > len(self.paragraphs):
                raise ValueError("more postings than rows")
        return (rows[0], counts[0]) if len(rows) == 1 else (np.concatenate(rows), np.concatenate(counts))


class _MappedStorage(FileStorage):
    """A directory whose files are only read."""

    def open_file(self, name: str, **kwargs) -> StructFile:
        path = Path(self._fpath(name))
        if not path.stat().st_size:
            return StructFile(BytesIO(), name)
        with path.open("rb") as file:
            return StructFile(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), name)
