"""The archive's tables.

``documents``: what is held, paragraph by paragraph. ``references``: bodies, States, resolutions and series
that documents speak of. ``history``: what was ever issued under an address. ``imports``: how it came in.
"""

from .documents import BodyMention, Document, DroppedLine, Mention, Paragraph, SourceFile, SymbolAlias
from .history import IssuedText, MovedAnchor
from .imports import ImportOutcome, ImportRun
from .references import Body, DocumentSeries, Resolution, State

__all__ = [
    "Body",
    "BodyMention",
    "Document",
    "DocumentSeries",
    "DroppedLine",
    "ImportOutcome",
    "ImportRun",
    "IssuedText",
    "Mention",
    "MovedAnchor",
    "Paragraph",
    "Resolution",
    "SourceFile",
    "State",
    "SymbolAlias",
]
