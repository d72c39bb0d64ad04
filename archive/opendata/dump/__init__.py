"""The whole archive as files to take away: every document as its JSON twin, and tables in one SQLite file.

The same archive gives the same bytes, whenever and wherever it is written.
"""

from .manifest import DumpFile, Manifest, offered, open_file, read_manifest
from .write import remove_dump, write_dump

__all__ = ["DumpFile", "Manifest", "offered", "open_file", "read_manifest", "remove_dump", "write_dump"]
