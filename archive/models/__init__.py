"""The archive's tables.

``documents``, ``paragraphs``, ``mentions``: what is held. ``references``: bodies, States, resolutions and
series that documents speak of. ``history``: what was ever issued under an address. ``imports``: how it came
in. ``querysets``: how all of it is read.
"""

from .documents import Document, DroppedLine, SourceFile, SymbolAlias
from .history import IssuedText, MovedAnchor
from .imports import ImportOutcome, ImportRun
from .mentions import BodyMention, Mention, Pinpoint
from .paragraphs import Paragraph
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
    "Pinpoint",
    "Resolution",
    "SourceFile",
    "State",
    "SymbolAlias",
]
