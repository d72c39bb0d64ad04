"""Bringing files into the archive: ``files`` finds and reads them, ``run`` parses, stores and reports."""

from .files import find_files, read_source, stored_sources
from .run import FileReport, ImportBatch, Status, Totals, parse_source

__all__ = [
    "FileReport",
    "ImportBatch",
    "Status",
    "Totals",
    "find_files",
    "parse_source",
    "read_source",
    "stored_sources",
]
