"""Records of the UN's library catalogue that a person exported: facts of documents that are not held.

``marc`` and ``table`` read MARCXML and CSV into ``Record`` values, ``store`` writes them.
"""

from .reading import Problem, read_records
from .record import Record
from .store import Stored, store_records

__all__ = ["Problem", "Record", "Stored", "read_records", "store_records"]
