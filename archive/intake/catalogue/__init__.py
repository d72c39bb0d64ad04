"""Records of the UN's library catalogue that a person exported: facts of documents that are not held.

``marc`` and ``reading`` read MARCXML and CSV into ``Record`` values; ``reading`` writes them too.
"""

from .marc import Record
from .reading import Problem, Stored, read_records, store_records

__all__ = ["Problem", "Record", "Stored", "read_records", "store_records"]
