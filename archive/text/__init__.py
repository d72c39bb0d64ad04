"""The core: turns a UN document's file into frozen dataclasses. Pure Python; knows no database.

``PARSER_VERSION`` is raised whenever equal input may give other output. The functions are loaded when
they are first asked for: whoever needs one room of the core, as the tables do, does not wait for all of them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .document import parse_document, parse_source
    from .errors import DocumentError

PARSER_VERSION = "18"
_WHERE = {"DocumentError": "errors", "parse_document": "document", "parse_source": "document"}

__all__ = ["PARSER_VERSION", "DocumentError", "parse_document", "parse_source"]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_WHERE[name]}", __name__), name)
