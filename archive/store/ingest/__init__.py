"""From parsed documents to the archive's tables: ``store_document`` is the one way in.

``checks`` refuses what is inconsistent; ``symbols`` finds the row; ``facts`` sets the columns; ``paragraphs``
writes the body; ``history`` keeps issued addresses; ``resolve`` links mentions to what is held.
"""

from .facts import canonical_symbol, correct_document
from .resolve import relink_names
from .store import outcome_of, store_document
from .subjects import relink_subjects
from .values import Outcome, RefusedError, Result, Source, Why

__all__ = [
    "Outcome",
    "RefusedError",
    "Result",
    "Source",
    "Why",
    "canonical_symbol",
    "correct_document",
    "outcome_of",
    "relink_names",
    "relink_subjects",
    "store_document",
]
