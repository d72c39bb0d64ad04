"""The documents that changed since they were indexed, as a small index of their own, in a folder that is gone
at once: a right quotation is not called wrong because the index is behind.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from search.engine.index.columns import ColumnFiles, Columns, Row
from search.engine.index.literal import LiteralIndex, write_literal_index
from search.engine.index.rows import exact_fields, token_fields
from search.engine.protocol import Index, Slice

from .segments import prepared_rows

MOST = 3_000  # paragraphs


@lru_cache(maxsize=1)
def uncovered_of(index: Index) -> Slice | None:
    """Returns the uncovered documents, without their words; None where they are more than ``MOST``. It is
    kept while the archive stands at its revision.
    """
    if index.coverage.paragraphs > MOST:
        return None
    lengths = dict.fromkeys(token_fields(), 0)
    with TemporaryDirectory() as folder:  # what is mapped stays readable
        directory = Path(folder)
        with ColumnFiles(directory, exact_fields(), lengths) as files:
            for one in prepared_rows(sorted(index.coverage.uncovered)):
                files.add(Row(one.paragraph, one.document, one.exact, one.stored, lengths))
            keys = files.finish()
        columns = Columns(directory)
        write_literal_index(directory, zip(keys.paragraphs, keys.documents, columns.texts(), strict=True))
        return Slice(LiteralIndex.of(directory), columns, np.arange(len(columns)))
