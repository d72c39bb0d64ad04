"""The documents that changed since they were indexed, as a small index of their own: a right quotation is not
called wrong because the index is behind.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from search.engine.index.columns import Row
from search.engine.index.rows import token_fields
from search.engine.index.small import small_index
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
    found = prepared_rows(sorted(index.coverage.uncovered))
    texts, values = small_index(
        Row(one.paragraph, one.document, one.exact, one.stored, lengths) for one in found
    )
    return Slice(texts, values, np.arange(len(values)))
