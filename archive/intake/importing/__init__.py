"""Bringing files into the archive: ``files`` finds and reads them, also inside archives (``packed``), and
reports what became of each; ``run`` parses and stores; ``same_document`` compares two of one document and
refuses what would show withheld words again. ``bundled`` tells which files of the program are to be read.
"""

from .bundled import bundled_files
from .files import Found, NotRead, Report, Row, find_files, printable, read_source, stored_sources
from .run import NOT_STORED, FileReport, ImportBatch, Status, Totals, parse_source, read_and_parse
from .same_document import facts_shown, refuse_returning
