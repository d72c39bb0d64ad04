"""From parsed documents to the archive's tables: ``store_document`` is the one way in.

``checks`` refuses what is inconsistent; ``symbols`` finds the row; ``facts`` sets the columns; ``paragraphs``
writes the body; ``history`` keeps issued addresses; ``resolve`` links mentions to what is held. The names are
loaded when they are first asked for: the desk, which every start loads, needs an error and no reader.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .facts import canonical_symbol, correct_document
    from .resolve import relink_names
    from .store import outcome_of, store_document
    from .subjects import relink_subjects
    from .values import Outcome, RefusedError, Result, Source, Why

_WHERE = {
    "canonical_symbol": "facts",
    "correct_document": "facts",
    "outcome_of": "store",
    "relink_names": "resolve",
    "relink_subjects": "subjects",
    "store_document": "store",
} | dict.fromkeys(("Outcome", "RefusedError", "Result", "Source", "Why"), "values")


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_WHERE[name]}", __name__), name)
