"""Records of the UN's library catalogue that a person exported: facts of documents that are not held.

``marc`` and ``reading`` read MARCXML and CSV into ``Record`` values, ``store`` writes them.
"""

from .marc import Record
from .reading import Problem, read_records
from .store import Stored, store_records

__all__ = ["Problem", "Record", "Stored", "read_records", "store_records"]
