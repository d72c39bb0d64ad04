"""Many paragraphs written to Whoosh at once: postings gathered as numbers, sorted as one array.

Whoosh itself makes an object of every posting, sorts these, looks up the length of a field for each and hands
it through four methods; with processes to share this work it pickles every paragraph on the way. The files
are Whoosh's own all the same (``codec.whoosh3``), only their blocks are longer: all are read anyway.
"""

from __future__ import annotations

import zlib
from array import array
from itertools import groupby
from operator import sub
from pathlib import Path
from pickle import dumps

from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC, W3FieldWriter, W3TermInfo
from whoosh.system import pack_ushort
from whoosh.writing import SegmentWriter

from search.index.rows import Entry

from .collected import Collected, Holding

BLOCK = 8192  # postings
MANY = 32  # postings of a block for which an array is the shorter form
PICKLED = 4  # with bytes as they are
SMALL = 200  # bytes that are not worth packing


class BulkWriter(SegmentWriter):
    """Writes all that is added as one further segment. Takes ``add_entry`` in place of ``add_document``."""

    def __init__(self, index, numbers: str, document: str) -> None:
        """``numbers`` is the column of the paragraphs' ids, ``document`` the field of the documents' ids."""
        super().__init__(index, compound=False)
        self._numbers, self._document = numbers, document
        self._kind = self.schema[numbers].column_type
        self._collected = Collected(Path(index.storage.folder))

    def add_entry(self, entry: Entry) -> None:
        tokens = {**entry.tokens, self._document: {str(entry.document): 1}}
        self._collected.add(Entry(self.docnum, entry.document, tokens))
        self.perdocwriter.start_doc(self.docnum)
        self.perdocwriter.add_column_value(self._numbers, self._kind, entry.paragraph)
        self.perdocwriter.finish_doc()
        self.docnum += 1
        self._added = True

    def cancel(self) -> None:
        self._collected.close()
        super().cancel()

    def _flush_segment(self) -> None:
        self.perdocwriter.close()
        for name, terms in groupby(self._collected.holdings(), key=lambda one: one[0][0]):
            self.fieldwriter.start_field(name, self.schema[name])
            for (_, term), holding in terms:
                _write_term(self.fieldwriter, term.encode(), holding)
            self.fieldwriter.finish_field()
        self.fieldwriter.close()


def _write_term(writer: W3FieldWriter, term: bytes, holding: Holding) -> None:
    """The postings of a term, and where they lie."""
    file = writer._postfile
    start = file.tell()
    file.write(WHOOSH3_HEADER_MAGIC)
    documents, counts = holding.paragraphs.tolist(), holding.counts.tolist()
    for place in range(0, len(documents), BLOCK):
        last = place + BLOCK >= len(documents)
        _write_block(file, documents[place : place + BLOCK], counts[place : place + BLOCK], last)
    about = W3TermInfo(
        weight=float(sum(counts)),
        df=len(documents),
        maxlength=0,
        maxweight=float(max(counts)),
        minid=documents[0],
        maxid=documents[-1],
    )
    about.set_extent(start, file.tell() - start)
    writer._tindex.add(pack_ushort(writer._fieldid) + term, about.to_bytes())


def _write_block(file, documents: list[int], counts: list[int], last: bool) -> None:
    """One block: about it, then distances between documents, and counts in the shortest of their forms. Many
    of them as arrays, which Whoosh reads like its own tuples, and which need no object for each posting.
    """
    many = len(documents) >= MANY
    before = [0, *documents[:-1]]
    most = max(counts)
    alike = None if most == 1 else float(most)
    weights = alike if most == min(counts) else array("B", counts) if many else tuple(counts)
    steps = array("I", map(sub, documents, before)) if many else tuple(map(sub, documents, before))
    data = dumps((steps, weights, None), PICKLED)
    packed = 3 if len(data) > SMALL else 0
    if packed:
        data = zlib.compress(data, packed)
    about = dumps((len(documents), documents[-1], float(most), packed, 0, 0), PICKLED)
    size = len(about) + len(data)
    file.write_int(-size if last else size)
    file.write(about)
    file.write(data)
