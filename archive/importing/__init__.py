"""Bringing files into the archive: ``files`` finds and reads them, ``run`` parses, stores and reports."""

from .files import NotRead, find_files, printable, read_source, stored_sources
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
    "stored_sources",
]
