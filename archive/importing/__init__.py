"""Bringing files into the archive: ``files`` finds and reads them, ``run`` parses, stores and reports,
``returning`` refuses what would show withheld words again.
"""

from .files import NotRead, find_files, printable, read_source, stored_sources
from .returning import refuse_returning
from .run import FileReport, ImportBatch, Status, Totals, parse_source

__all__ = [
    "FileReport",
    "ImportBatch",
    "NotRead",
    "Status",
    "Totals",
    "find_files",
    "parse_source",
    "printable",
    "read_source",
    "refuse_returning",
    "stored_sources",
]
