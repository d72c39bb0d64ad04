"""The core: turns a UN document's file into frozen dataclasses. Pure Python; knows no database.

``PARSER_VERSION`` is raised whenever equal input may give other output.
"""

from .document import parse_document, parse_source
from .errors import DocumentError

PARSER_VERSION = "10"

__all__ = ["PARSER_VERSION", "DocumentError", "parse_document", "parse_source"]
