"""How the archive is read. Each page calls one of these; none issues a query for every row.

A ``symbol`` argument is canonical. Mentions that are not certain never count. "Cited by" and "citing" count
paragraphs, not mentions: a paragraph that names a resolution twice cites it once.
"""

from .documents import DocumentQuerySet
from .history import IssuedTextQuerySet, MovedAnchorQuerySet
from .mentions import MentionQuerySet, PinpointQuerySet
from .paragraphs import ParagraphQuerySet
from .references import BodyQuerySet, ResolutionQuerySet, SeriesQuerySet, StateQuerySet

__all__ = [
    "DocumentQuerySet",
    "IssuedTextQuerySet",
    "MovedAnchorQuerySet",
    "MentionQuerySet",
    "PinpointQuerySet",
    "ParagraphQuerySet",
    "BodyQuerySet",
    "ResolutionQuerySet",
    "SeriesQuerySet",
    "StateQuerySet",
]
